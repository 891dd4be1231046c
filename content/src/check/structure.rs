//! Structure across documents: names, taxonomies, addresses, questions. Links are left to `links.rs`.

use std::collections::BTreeMap;

use super::{lexicon, questions};
use crate::front::nearest;
use crate::kind::Incident;
use crate::{Content, Diagnostic, Document, Files, Kind, Lang, Library};

/// Files the library has no use for.
pub(super) fn files(files: &Files) -> Vec<Diagnostic> {
    let known = ["library.toml", "topics.toml", "audiences.toml", "regions.toml"];
    let lexicons = [lexicon::WORDS, lexicon::SYNONYMS, lexicon::EMERGENCIES];
    files
        .paths()
        .filter(|path| {
            let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
            let data = ending == "csv" && files.bytes(&format!("{stem}.md")).is_some();
            let drawing = path.starts_with("media/") && matches!(ending, "svg" | "png");
            let document = ending == "md" && path.contains('/');
            !(known.contains(path) || lexicons.contains(path) || data || drawing || document)
        })
        .map(|path| {
            Diagnostic::warning(
                path,
                1,
                "file-unused",
                "这个文件没有用到",
                "移出资料库，或改成规定的名字",
            )
        })
        .collect()
}

/// Checks documents against each other and against the taxonomies.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for document in library.documents() {
        faults.extend(self::document(library, document));
    }
    addresses(library, &mut faults);
    questions::library(library, &mut faults);
    faults
}

/// Checks one document against the taxonomies.
pub(super) fn document(library: &Library, document: &Document) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    Check { library, document, faults: &mut faults }.run();
    faults
}

struct Check<'a> {
    library: &'a Library,
    document: &'a Document,
    faults: &'a mut Vec<Diagnostic>,
}

impl Check<'_> {
    fn error(&mut self, line: u32, rule: &'static str, message: String, help: impl Into<String>) {
        self.faults.push(Diagnostic::error(&self.document.path, line, rule, message, help));
    }

    fn run(&mut self) {
        self.taxonomies();
        self.sources();
        self.kind();
        if self.document.lang == Lang::En && self.library.find(self.document.id.as_str()).is_none()
        {
            self.error(1, "variant-alone", "没有对应的中文文章".to_owned(), "先写同名的中文文章");
        }
    }

    fn taxonomies(&mut self) {
        let topics: Vec<&str> = self.library.topics.iter().map(|t| t.id.as_str()).collect();
        let audiences: Vec<&str> = self.library.audiences.iter().map(|a| a.id.as_str()).collect();
        let document = self.document;
        self.names("topics", &document.meta.topics, &topics);
        self.names("audience", &document.meta.audience, &audiences);
    }

    fn names(&mut self, key: &str, used: &[String], known: &[&str]) {
        for name in used.iter().filter(|name| !known.contains(&name.as_str())) {
            let help = match nearest(name, known) {
                Some(close) => format!("是不是 `{close}`？"),
                None => format!("可以用：{}", known.join("、")),
            };
            self.error(1, "unknown-name", format!("`{key}` 里的 `{name}` 不存在"), help);
        }
    }

    fn sources(&mut self) {
        let needs = matches!(
            self.document.kind(),
            Kind::Knowledge | Kind::Case | Kind::Lesson | Kind::Checklist | Kind::Notice
        );
        let meta = &self.document.meta;
        if needs && meta.sources.is_empty() {
            self.error(
                1,
                "source-missing",
                "没有来源".to_owned(),
                "加上 [[sources]]，写清标题、发布机关和日期",
            );
        }
        if self.library.place.require_reviewer && meta.reviewer.is_none() {
            let help =
                "请消防救援机构审定后写 reviewer，或在 library.toml 里设 require_reviewer = false";
            self.error(1, "reviewer-missing", "没有审定机构".to_owned(), help);
        }
    }

    fn kind(&mut self) {
        match &self.document.content {
            Content::Notice(notice) => {
                let regions = notice.regions.iter().map(String::as_str).collect();
                self.regions(regions, None);
            }
            Content::Bulletin(bulletin) => {
                let rows = bulletin.rows.iter().map(|row| row.township.as_str()).collect();
                self.regions(rows, Some("csv"));
            }
            Content::Board(board) => {
                let rows = board.rows.iter().map(|row| row.region.as_str()).collect();
                self.regions(rows, Some("csv"));
            }
            Content::Case(case) => self.incident(&case.incident),
            _ => {}
        }
    }

    fn regions(&mut self, used: Vec<&str>, ending: Option<&str>) {
        let known: Vec<&str> = self.library.regions.iter().map(|r| r.id.as_str()).collect();
        let path = match ending {
            Some(ending) => format!("{}.{ending}", self.document.path.trim_end_matches(".md")),
            None => self.document.path.clone(),
        };
        // A data row stands one line below its index, the header being line 1.
        for (line, region) in (2..).zip(used).filter(|(_, region)| !known.contains(region)) {
            let line = if ending.is_some() { line } else { 1 };
            let help = match nearest(region, &known) {
                Some(close) => format!("是不是 `{close}`？编号见 regions.toml"),
                None => "编号见 regions.toml".to_owned(),
            };
            let message = format!("没有编号为 `{region}` 的地方");
            self.faults.push(Diagnostic::error(&path, line, "unknown-region", message, help));
        }
    }

    fn incident(&mut self, incident: &Incident) {
        if let Incident::Hazard(hazard) = incident
            && hazard.deadline < hazard.date
        {
            self.error(
                1,
                "hazard-deadline",
                "整改期限早于公布日期".to_owned(),
                "核对 date 和 deadline",
            );
        }
    }
}

/// Every address belongs to one document, old ones included.
fn addresses(library: &Library, faults: &mut Vec<Diagnostic>) {
    let mut owners: BTreeMap<String, &Document> =
        library.documents().iter().map(|document| (document.address(), document)).collect();
    for document in library.documents() {
        for alias in &document.meta.aliases {
            if *alias == document.address() {
                let message = format!("旧网址 `{alias}` 就是本篇现在的网址");
                let help = "删掉它；aliases 只写以前用过的网址";
                faults.push(Diagnostic::error(&document.path, 1, "alias-self", message, help));
                continue;
            }
            if let Some(owner) = owners.insert(alias.clone(), document) {
                let message = format!("旧网址 `{alias}` 已经属于 {}", owner.path);
                faults.push(Diagnostic::error(
                    &document.path,
                    1,
                    "alias-taken",
                    message,
                    "删掉其中一个",
                ));
            }
        }
    }
}
