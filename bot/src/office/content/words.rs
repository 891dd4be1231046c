//! The words of a campaign for readers in one region, before a channel gives them its form.

use fenghuo_content::markdown::{Block, Body, Section};
use fenghuo_content::published::Stage;
use fenghuo_content::{Library, Region, RegionKind};
use fenghuo_store::CampaignKind;
use jiff::Timestamp;

use super::placeholder::{Missing, fill};
use crate::office::moment::moment;
use crate::office::{Fault, Subject};

/// Heading of the section that is for loudspeakers alone.
pub(super) const SCRIPT: &str = "广播稿";

/// What all words stand on.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// Names of places, hotlines, operator.
    pub library: &'a Library,
    /// Where links begin, without a slash at the end.
    pub public_url: &'a str,
}

/// Everything one message says.
pub(super) struct Words {
    /// Lines that stand before everything: what this is, what it corrects, who has issued it.
    pub(super) marks: Vec<String>,
    /// Title with its kind.
    pub(super) title: String,
    /// The words of somebody else, paragraph by paragraph, without a change.
    pub(super) verbatim: Vec<String>,
    /// The first paragraph.
    pub(super) short: Vec<Block>,
    /// What stands between it and the first section.
    pub(super) intro: Vec<Block>,
    pub(super) sections: Vec<Section>,
    pub(super) script: Option<Section>,
    /// Issuer, expiry, code, how to verify.
    pub(super) foot: Vec<String>,
    /// Address of the published page.
    pub(super) link: String,
}

impl Words {
    /// The words of `subject` for readers of `channel` in `region`.
    pub(super) fn new(
        ground: Ground<'_>,
        subject: &Subject,
        channel: &str,
        region: &Region,
    ) -> Result<Self, Fault> {
        let over = subject.draft.overrides.get(channel);
        let field = over.map_or_else(|| "body".to_owned(), |_| format!("override:{channel}"));
        let source = over.unwrap_or(&subject.draft.body);
        let reader = (region, missing(subject));
        let text = fill(ground.library, reader, &field, source)?;
        let title = match &subject.relay {
            // Braces in the words of others are not ours.
            Some(_) => subject.draft.title.clone(),
            None => fill(ground.library, reader, "title", &subject.draft.title)?,
        };
        let Body { mut intro, mut sections } = Body::read(&text);
        let script = sections.iter().position(|section| section.title == SCRIPT);
        let script = script.map(|at| sections.remove(at));
        let rest = if intro.is_empty() { Vec::new() } else { intro.split_off(1) };
        Ok(Self {
            marks: marks(ground, subject, region),
            title: format!("{}{title}", label(subject)),
            verbatim: subject.relay.as_ref().map(|relay| relay.text.clone()).unwrap_or_default(),
            short: intro,
            intro: rest,
            sections,
            script,
            foot: foot(ground, subject, channel),
            link: page(ground.public_url, &subject.code),
        })
    }
}

/// Address of the published page of the notice `code`.
pub fn page(public_url: &str, code: &str) -> String {
    format!("{public_url}/notices/{code}/")
}

/// What the kind is called before the title.
pub fn kind_name(kind: CampaignKind) -> &'static str {
    match kind {
        CampaignKind::Notice => "安全提示",
        CampaignKind::Relay => "转发预警",
        CampaignKind::Drill => "演练",
        CampaignKind::Test => "测试",
        CampaignKind::Correction => "更正",
        CampaignKind::Withdrawal => "撤回",
    }
}

fn label(subject: &Subject) -> String {
    let kind = match subject.relay.as_ref().map(|relay| relay.stage) {
        Some(Stage::Update) => "转发预警更新",
        Some(Stage::Cancel) => "转发预警解除",
        Some(Stage::Alert) | None => kind_name(subject.draft.kind),
    };
    let again = if subject.is_drill() && subject.draft.kind != CampaignKind::Drill {
        "【演练】"
    } else if subject.is_test() && subject.draft.kind != CampaignKind::Test {
        "【测试】"
    } else {
        ""
    };
    format!("{again}【{kind}】")
}

/// What stands for a name without a value in the words of `subject`.
pub(super) fn missing(subject: &Subject) -> Missing {
    if subject.refers.is_some() { Missing::General } else { Missing::Fault }
}

fn marks(ground: Ground<'_>, subject: &Subject, region: &Region) -> Vec<String> {
    let mut marks = Vec::new();
    if subject.is_drill() {
        marks.push("【演练】这是演练，不是真的。".to_owned());
    }
    if subject.is_test() {
        marks.push("【测试】这是测试消息，不用做什么。".to_owned());
    }
    if let Some(first) = subject.refers.as_ref().filter(|_| subject.relay.is_none()) {
        let filled = fill(ground.library, (region, Missing::General), "title", &first.title);
        let title = filled.unwrap_or_else(|_| first.title.clone());
        let of = format!("{}发出的“{title}”（编号 {}）", moment(first.issued), first.code);
        match subject.draft.kind {
            CampaignKind::Withdrawal => marks.push(format!("撤回{of}，请不要再转发。")),
            _ => marks.push(format!("更正{of}，以这一条为准。")),
        }
    }
    if let Some(relay) = &subject.relay {
        marks.push(format!("发布单位：{}", relay.issuer));
        marks.push(format!("原文编号：{}，{}发布", relay.identifier, moment(relay.sent)));
        if !relay.areas.is_empty() {
            marks.push(format!("涉及：{}", relay.areas.join("、")));
        }
    }
    marks
}

fn foot(ground: Ground<'_>, subject: &Subject, channel: &str) -> Vec<String> {
    let operator = &ground.library.place.operator;
    let role = if subject.relay.is_some() { "转发" } else { "发布" };
    let verify = format!("{}/verify?code={}", ground.public_url, subject.code);
    let talks = matches!(channel, "telegram" | "wechat");
    let mut foot = vec![format!("{role}：{operator}"), expiry(subject.draft.expires)];
    foot.push(if talks {
        format!("编号 {}，发给本号或打开 {verify} 可查真假", subject.code)
    } else {
        format!("编号 {}，查真假：{verify}", subject.code)
    });
    if talks {
        foot.push("不想再收，发“退订”".to_owned());
    }
    if subject.is_drill() {
        foot.push("再说一遍：这是演练".to_owned());
    }
    foot
}

fn expiry(expires: Timestamp) -> String {
    format!("有效期至{}", moment(expires))
}

/// The region `id`, or the county where the library does not know it any more.
pub(in crate::office) fn region_of(library: &Library, id: &str) -> Region {
    let known = library.regions.find(id).or_else(|| library.county());
    known.cloned().unwrap_or_else(|| Region {
        id: library.place.region.clone(),
        name: library.place.name.clone(),
        kind: RegionKind::County,
        parent: None,
        code: None,
        polygon: Vec::new(),
    })
}
