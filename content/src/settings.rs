//! The files beside the documents: `library.toml`, taxonomies, regions, lexicon.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::{
    Audience, Danger, Diagnostic, DocumentId, Files, Hotline, Lexicon, Library, Place, Region,
    RegionKind, Regions, Setting, Topic, Word, load,
};

/// An empty library with everything but documents and media.
pub(crate) fn read(files: &Files, faults: &mut Vec<Diagnostic>) -> Library {
    let mut reader = Reader { files, faults };
    let place = reader.place();
    let regions = reader.regions(&place.region);
    let topics = reader.topics();
    let audiences = reader.audiences();
    let lexicon = reader.lexicon();
    let mut library = Library::default();
    library.place = place;
    library.regions = regions;
    library.topics = topics;
    library.audiences = audiences;
    library.lexicon = lexicon;
    library
}

struct Reader<'a> {
    files: &'a Files,
    faults: &'a mut Vec<Diagnostic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLibrary {
    title: String,
    place: RawPlace,
    #[serde(default)]
    hotline: Vec<RawHotline>,
    #[serde(default)]
    operator: String,
    #[serde(default)]
    icp: String,
    #[serde(default)]
    require_reviewer: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlace {
    name: String,
    region: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHotline {
    number: String,
    name: String,
    #[serde(default)]
    name_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopics {
    topic: Vec<RawTopic>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopic {
    id: String,
    name: String,
    #[serde(default)]
    order: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAudiences {
    audience: Vec<RawAudience>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAudience {
    id: String,
    name: String,
    settings: Vec<Setting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegions {
    region: Vec<RawRegion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegion {
    id: String,
    name: String,
    kind: RegionKind,
    parent: Option<String>,
    code: Option<String>,
    #[serde(default)]
    polygon: Vec<(f64, f64)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSynonyms {
    #[serde(default)]
    group: Vec<RawGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGroup {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEmergencies {
    #[serde(default)]
    danger: Vec<toml::Spanned<RawDanger>>,
    #[serde(default)]
    now: Vec<String>,
    #[serde(default)]
    not_now: Vec<String>,
    #[serde(default)]
    sets: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDanger {
    id: String,
    card: Vec<String>,
    #[serde(default)]
    card_en: Vec<String>,
    guide: Option<String>,
    triggers: Vec<String>,
    #[serde(default)]
    counter: Vec<String>,
}

impl Reader<'_> {
    fn error(&mut self, path: &str, line: u32, rule: &'static str, message: String, help: &str) {
        self.faults.push(Diagnostic::error(path, line, rule, message, help));
    }

    /// The text of `path`, a missing file being a fault.
    fn text(&mut self, path: &str) -> Option<String> {
        let Some(bytes) = self.files.bytes(path) else {
            self.error(
                path,
                1,
                "file-missing",
                format!("缺少 {path}"),
                "从自带的资料库复制一份再改",
            );
            return None;
        };
        load::decode(path, bytes).map_err(|fault| self.faults.push(fault)).ok()
    }

    fn toml<T: DeserializeOwned>(&mut self, path: &str) -> Option<T> {
        let text = self.text(path)?;
        match toml::from_str(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                let line = error.span().map_or(1, |span| line_at(&text, span.start));
                let message = format!("写得不对：{}", error.message());
                self.error(path, line, "settings-toml", message, "对照自带资料库里的同名文件改");
                None
            }
        }
    }

    fn place(&mut self) -> Place {
        let path = "library.toml";
        let Some(raw) = self.toml::<RawLibrary>(path) else { return Place::default() };
        let hotlines: Vec<Hotline> = raw
            .hotline
            .into_iter()
            .map(|RawHotline { number, name, name_en }| Hotline { number, name, name_en })
            .collect();
        if !hotlines.iter().any(|hotline| hotline.number == "119") {
            self.error(
                path,
                1,
                "hotline-119",
                "电话里没有 119".to_owned(),
                "加一个 [[hotline]]，number = \"119\"",
            );
        }
        let RawLibrary { title, place, operator, icp, require_reviewer, .. } = raw;
        Place {
            title,
            name: place.name,
            region: place.region,
            hotlines,
            operator,
            icp,
            require_reviewer,
        }
    }

    fn regions(&mut self, county: &str) -> Regions {
        let path = "regions.toml";
        let raw = self.toml::<RawRegions>(path).map_or_else(Vec::new, |raw| raw.region);
        let all: Vec<Region> = raw
            .into_iter()
            .map(|raw| {
                let RawRegion { id, name, kind, parent, code, polygon } = raw;
                Region { id, name, kind, parent, code, polygon }
            })
            .collect();
        let regions = Regions::new(all);
        self.check_regions(path, &regions, county);
        regions
    }

    fn check_regions(&mut self, path: &str, regions: &Regions, county: &str) {
        let ids: Vec<&str> = regions.iter().map(|region| region.id.as_str()).collect();
        self.check_ids(path, &ids);
        let mut faults = Vec::new();
        for region in regions.iter() {
            let parent = region.parent.as_deref().and_then(|id| regions.find(id));
            let fine = match region.kind {
                RegionKind::County => region.parent.is_none(),
                RegionKind::Township => parent.is_some_and(|p| p.kind == RegionKind::County),
                RegionKind::Village => parent.is_some_and(|p| p.kind == RegionKind::Township),
            };
            if !fine {
                faults.push(format!("“{}”的上级不对", region.name));
            }
        }
        if regions.find(county).is_none_or(|region| region.kind != RegionKind::County) {
            faults.push(format!("library.toml 里的 region = \"{county}\" 不是这里的县"));
        }
        for message in faults {
            self.error(
                path,
                1,
                "region-tree",
                message,
                "县没有 parent，乡镇的 parent 是县，村的 parent 是乡镇",
            );
        }
    }

    /// Ids must be unique and well-formed.
    fn check_ids(&mut self, path: &str, ids: &[&str]) {
        let mut seen = std::collections::HashSet::new();
        for id in ids {
            let fine = (1..=40).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if !fine {
                self.error(
                    path,
                    1,
                    "settings-id",
                    format!("编号 `{id}` 不对"),
                    "只用小写字母、数字和连字符，最多 40 个",
                );
            }
            if !seen.insert(id) {
                self.error(
                    path,
                    1,
                    "settings-id-twice",
                    format!("编号 `{id}` 写了两次"),
                    "每个编号只写一次",
                );
            }
        }
    }

    fn topics(&mut self) -> Vec<Topic> {
        let path = "topics.toml";
        let raw = self.toml::<RawTopics>(path).map_or_else(Vec::new, |raw| raw.topic);
        let mut topics: Vec<Topic> = raw
            .into_iter()
            .map(|raw| Topic { id: raw.id, name: raw.name, order: raw.order })
            .collect();
        let ids: Vec<&str> = topics.iter().map(|topic| topic.id.as_str()).collect();
        self.check_ids(path, &ids);
        topics.sort_by_key(|topic| topic.order);
        topics
    }

    fn audiences(&mut self) -> Vec<Audience> {
        let path = "audiences.toml";
        let raw = self.toml::<RawAudiences>(path).map_or_else(Vec::new, |raw| raw.audience);
        let audiences: Vec<Audience> = raw
            .into_iter()
            .map(|raw| Audience { id: raw.id, name: raw.name, settings: raw.settings })
            .collect();
        let ids: Vec<&str> = audiences.iter().map(|audience| audience.id.as_str()).collect();
        self.check_ids(path, &ids);
        audiences
    }

    fn lexicon(&mut self) -> Lexicon {
        let words = self.words();
        let synonyms = self.synonyms();
        let path = "lexicon/emergencies.toml";
        let Some(raw) = self.toml::<RawEmergencies>(path) else {
            return Lexicon { words, synonyms, ..Lexicon::default() };
        };
        let text = self.text(path).unwrap_or_default();
        let dangers = raw
            .danger
            .into_iter()
            .map(|danger| {
                self.danger(path, line_at(&text, danger.span().start), danger.into_inner())
            })
            .collect();
        let RawEmergencies { now, not_now, sets, .. } = raw;
        Lexicon { words, synonyms, dangers, now, not_now, sets }
    }

    fn danger(&mut self, path: &str, line: u32, raw: RawDanger) -> Danger {
        let RawDanger { id, card, card_en, guide, triggers, counter } = raw;
        let mut fault =
            |message: String, help: &str| self.error(path, line, "danger", message, help);
        if card.is_empty() || card.len() > 4 || card.iter().any(|l| l.trim().is_empty()) {
            fault(format!("`{id}` 的卡片要有一到四行"), "每行一两句短话，最多四行");
        }
        if !card.first().is_some_and(|first| first.contains("119")) {
            fault(format!("`{id}` 的卡片第一行没有 119"), "第一行就写打 119");
        }
        let parsed = guide.as_deref().map(DocumentId::parse);
        if let Some(None) = parsed {
            let guide = guide.unwrap_or_default();
            fault(format!("`{id}` 的指引 `{guide}` 不是文章编号"), "写 guide = \"guides/…\"");
        }
        Danger { id, card, card_en, guide: parsed.flatten(), triggers, counter, line }
    }

    /// Groups of two words or more; what is wrong with the others is told by `check/lexicon.rs`.
    fn synonyms(&mut self) -> Vec<Vec<String>> {
        let groups = self.toml::<RawSynonyms>("lexicon/synonyms.toml");
        let groups = groups.map_or_else(Vec::new, |raw| raw.group).into_iter();
        let fine =
            |words: &Vec<String>| words.len() >= 2 && words.iter().all(|w| !w.trim().is_empty());
        groups.map(|group| group.words).filter(fine).collect()
    }

    /// `词 [frequency]` a line; `#` begins a comment.
    fn words(&mut self) -> Vec<Word> {
        let path = "lexicon/words.txt";
        let text = self.text(path).unwrap_or_default();
        let mut words = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let mut parts = line.split('#').next().unwrap_or_default().split_whitespace();
            let Some(word) = parts.next() else { continue };
            let frequency = parts.next().map(str::parse);
            if parts.next().is_some() || matches!(frequency, Some(Err(_))) {
                self.error(
                    path,
                    number,
                    "words",
                    format!("读不懂 `{line}`"),
                    "一行一个词，后面可以空一格写词频数字",
                );
                continue;
            }
            words.push(Word { text: word.to_owned(), frequency: frequency.and_then(Result::ok) });
        }
        words
    }
}

fn line_at(text: &str, offset: usize) -> u32 {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + u32::try_from(before.iter().filter(|b| **b == b'\n').count()).unwrap_or(0)
}
