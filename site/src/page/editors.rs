//! The editors' page: the state of all documents, and those that share one finding.

use std::collections::BTreeSet;

use askama::Template;
use fenghuo_content::{Document, Kind};
use jiff::civil::Date;

use super::Page;
use super::list::{Pager, slice};
use crate::Site;
use crate::audit::{Finding, Row};
use crate::frame::render;
use crate::route::{EDITORS, finding_address};
use crate::season::day_label;
use crate::text::kind_name;

const INTRO: &str = "给维护资料的人看：哪些链接断了，哪些要复核，哪些还没有审定，哪些没有文章链接到，哪些法律写了不同的日期，哪些主题还缺资料。";

#[derive(Template)]
#[template(path = "editors.html")]
struct Editors<'a> {
    title: &'static str,
    intro: &'static str,
    /// Whether it shows one finding only.
    narrowed: bool,
    today: String,
    total: usize,
    findings: Vec<Count>,
    /// Topics that lack kinds of document; on the first page only.
    lacking: Vec<Lack<'a>>,
    /// Where what nobody could answer is listed, behind a login.
    asked: Option<&'static str>,
    rows: Vec<RowView<'a>>,
    pager: Pager,
}

/// One finding and how many documents share it.
struct Count {
    address: String,
    name: &'static str,
    remedy: &'static str,
    count: usize,
    current: bool,
}

/// A topic without some kinds of document.
struct Lack<'a> {
    address: String,
    name: &'a str,
    kinds: String,
}

struct RowView<'a> {
    document: &'a Document,
    address: String,
    kind: &'static str,
    due: Date,
    /// What is to be done.
    notes: Vec<String>,
}

/// Page `page` of all documents, or of those with `finding`.
pub(super) fn editors(site: &Site, finding: Option<Finding>, page: usize) -> Page {
    let all: Vec<usize>;
    let places = match finding {
        Some(finding) => site.audit().found(finding),
        None => {
            all = (0..site.audit().rows.len()).collect();
            &all
        }
    };
    let base = finding.map_or_else(|| EDITORS.to_owned(), finding_address);
    let view = Editors {
        title: finding.map_or("编辑页", Finding::name),
        intro: finding.map_or(INTRO, remedy),
        narrowed: finding.is_some(),
        today: day_label(site.options.today),
        total: places.len(),
        findings: counts(site, finding),
        lacking: if finding.is_none() && page == 0 { lacking(site) } else { Vec::new() },
        // The questions of residents stand in the store, which this crate does not know, and are not for everybody.
        asked: (site.options.live && finding.is_none()).then_some("/desk/gaps"),
        rows: slice(places, page).iter().map(|i| row(site, &site.audit().rows[*i])).collect(),
        pager: Pager::new(&base, page, places.len()),
    };
    Page { title: view.title.to_owned(), main: render(&view), noindex: true, ..Page::default() }
}

fn counts(site: &Site, current: Option<Finding>) -> Vec<Count> {
    let count = |finding: Finding| Count {
        address: finding_address(finding),
        name: finding.name(),
        remedy: remedy(finding),
        count: site.audit().found(finding).len(),
        current: current == Some(finding),
    };
    Finding::ALL.map(count).into()
}

/// Topics for which some kind of help is missing altogether.
fn lacking(site: &Site) -> Vec<Lack<'_>> {
    const WANTED: [Kind; 5] =
        [Kind::Knowledge, Kind::Lesson, Kind::Checklist, Kind::Quiz, Kind::Case];
    let documents = site.library.documents();
    let topics = site.library.topics.iter().filter_map(|topic| {
        let held: BTreeSet<Kind> =
            site.index.of_topic(&topic.id).iter().map(|i| documents[*i].kind()).collect();
        let missing = WANTED.into_iter().filter(|kind| !held.contains(kind)).map(Kind::name);
        let kinds = missing.collect::<Vec<_>>().join("、");
        let address = format!("/topics/{}/", topic.id);
        (!kinds.is_empty()).then_some(Lack { address, name: &topic.name, kinds })
    });
    topics.collect()
}

/// What an editor does about it.
fn remedy(finding: Finding) -> &'static str {
    match finding {
        Finding::Overdue => "对照来源再核对一遍，改 reviewed 的日期。",
        Finding::Soon => "快到复核日期，先看来源有没有更新。",
        Finding::Unapproved => "送消防救援机构审定，再写 reviewer。",
        Finding::Orphaned => "在相关的文章里加一个链接；列表和栏目不算。",
        Finding::Broken => "改成已有的编号，或删掉链接；发布前 fenghuo check 会拦下。",
        Finding::Sources => "同一部法律在别处写着更新的日期，核对条文有没有改。",
    }
}

fn row<'a>(site: &'a Site, row: &Row) -> RowView<'a> {
    let document = &site.library.documents()[row.position];
    let notes = row.findings.iter().flat_map(|finding| match finding {
        Finding::Sources => outdated(site, document),
        Finding::Broken => row.broken.clone(),
        finding => vec![finding.name().to_owned()],
    });
    RowView {
        document,
        address: document.address(),
        kind: kind_name(document.kind(), document.lang),
        due: row.due,
        notes: notes.collect(),
    }
}

fn outdated(site: &Site, document: &Document) -> Vec<String> {
    let laws = site.audit().laws.outdated(document);
    laws.map(|(source, newest)| {
        format!("来源日期不一致：{}，本页 {}，别处 {newest}", source.title, source.date)
    })
    .collect()
}
