//! Drafts: where they begin, and what is wrong with all of one that is not its text.

use fenghuo_content::{Content, DocumentId, Library};
use fenghuo_store::{Audience, Campaign, CampaignKind, Draft, UnknownPolicy};
use jiff::{SignedDuration, Timestamp};

use super::{Fault, Subject, audience};

/// A message that holds longer than this is no message but a document of the library.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);
/// A new draft holds for three days.
const USUAL: SignedDuration = SignedDuration::from_hours(72);

/// Faults of `subject` apart from its text; its audience has been expanded.
pub(super) fn faults(library: &Library, subject: &Subject, now: Timestamp) -> Vec<Fault> {
    let draft = &subject.draft;
    let mut faults = audience::faults(library, &draft.audience);
    let mut fault = |field: &str, message: &str| faults.push(Fault::new(field, message));
    if draft.expires <= now {
        fault("expires", "有效期已经过了；写一个以后的时间");
    } else if draft.expires > now + LONGEST {
        fault("expires", "有效期最长一年；长期的内容写进资料库");
    }
    if let Some(starts) = draft.starts
        && starts >= draft.expires
    {
        fault("starts", "开始时间在有效期之后，一条也发不出去；改早一些");
    }
    if let Some(document) = &draft.document
        && DocumentId::parse(document).is_none_or(|id| library.find(id.as_str()).is_none())
    {
        fault("document", "资料库里没有这一篇；核对编号，它是文件路径去掉 .md");
    }
    let follows = matches!(draft.kind, CampaignKind::Correction | CampaignKind::Withdrawal);
    if follows && subject.refers.is_none() {
        fault("kind", "更正和撤回要从原来那条通知开始");
    }
    if draft.kind == CampaignKind::Relay && subject.relay.is_none() {
        fault("kind", "转发预警要从预警文件开始，不能自己写");
    }
    if draft.kind != CampaignKind::Relay && subject.relay.is_some() {
        fault("kind", "转发的预警原文只能作为转发预警发出");
    }
    faults
}

/// An empty draft of `kind` for the whole county.
pub fn blank(kind: CampaignKind, now: Timestamp) -> Draft {
    Draft {
        kind,
        title: String::new(),
        body: String::new(),
        overrides: std::collections::BTreeMap::new(),
        audience: Audience::default(),
        urgent: false,
        policy: UnknownPolicy::Never,
        expires: now + USUAL,
        starts: None,
        document: None,
        occasion: None,
        refers: None,
        relay: None,
    }
}

/// A draft from the library notice `id`; `None` where there is no such notice.
pub fn from_notice(library: &Library, id: &str, now: Timestamp) -> Option<Draft> {
    let document = library.find(id)?;
    let Content::Notice(notice) = &document.content else { return None };
    let body = super::source::markdown_of(notice);
    let hours = SignedDuration::from_hours(i64::from(notice.expires_after_hours));
    let audience = Audience { regions: notice.regions.clone(), ..Audience::default() };
    Some(Draft {
        title: document.meta.title.clone(),
        body,
        audience: audience::expand(library, &audience),
        expires: now + hours,
        document: Some(id.to_owned()),
        ..blank(CampaignKind::Notice, now)
    })
}

/// A correction of `first`, to be rewritten.
pub fn correction_of(first: &Campaign, now: Timestamp) -> Draft {
    Draft {
        kind: CampaignKind::Correction,
        title: first.draft.title.clone(),
        body: first.draft.body.clone(),
        audience: first.draft.audience.clone(),
        urgent: first.draft.urgent,
        policy: first.draft.policy,
        expires: first.draft.expires.max(now + USUAL),
        document: first.draft.document.clone(),
        refers: Some(first.id),
        ..blank(CampaignKind::Correction, now)
    }
}

/// A withdrawal of `first` for `reason`.
pub fn withdrawal_of(first: &Campaign, reason: &str, now: Timestamp) -> Draft {
    let why = reason.trim().trim_end_matches(['。', '.', '！']);
    let because =
        if why.is_empty() { String::new() } else { format!("原因：{}。", escaped(why)) };
    Draft {
        title: first.draft.title.clone(),
        body: format!("这条通知不算数了，请不要照它做，也不要再转发。{because}"),
        audience: first.draft.audience.clone(),
        urgent: first.draft.urgent,
        policy: first.draft.policy,
        expires: first.draft.expires.max(now + USUAL),
        refers: Some(first.id),
        ..blank(CampaignKind::Withdrawal, now)
    }
}

/// `text` as Markdown that shows it as it is.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}
