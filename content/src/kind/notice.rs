//! Notice: a seasonal safety notice (安全提示) of ours, which falls due by a rule of the calendar.

use serde::{Deserialize, Serialize};

use super::reading;
use crate::When;
use crate::front::Front;
use crate::markdown::{Block, Body, Section, plain_text};

/// A seasonal notice.
#[derive(Clone, Debug)]
pub struct Notice {
    /// When it falls due.
    pub when: Vec<When>,
    /// Region ids it is meant for; empty for the whole county.
    pub regions: Vec<String>,
    /// How serious.
    pub severity: NoticeSeverity,
    /// Hours until it expires after its day begins.
    pub expires_after_hours: u32,
    /// The short message, at most 200 characters.
    pub message: Vec<Block>,
    /// Blocks of the page between message and first section.
    pub intro: Vec<Block>,
    /// 广播稿, the loudspeaker script.
    pub script: Section,
    /// Further sections of the page.
    pub details: Vec<Section>,
}

/// How serious, in CAP's words; ours never carry a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NoticeSeverity {
    /// An ordinary reminder.
    Minor,
    /// A time of the year in which fires are many.
    Moderate,
    /// Danger to life is likely where the advice is not followed.
    Severe,
}

/// Most characters of a short message.
const MESSAGE_LIMIT: usize = 200;

impl Notice {
    pub(crate) fn read(front: &mut Front<'_>, mut body: Body) -> Option<Self> {
        let when = rules(front);
        let regions = front.optional("regions").unwrap_or_default();
        let severity = front.required("severity");
        let expires_after_hours = hours(front);
        let intro = if body.intro.is_empty() { Vec::new() } else { body.intro.split_off(1) };
        let message = std::mem::take(&mut body.intro);
        if message.is_empty() {
            front.error(1, "notice-message", "没有短信", "第一段写 200 字以内的短信，放在各节之前");
        }
        let line = message.first().map_or(1, |block| block.line);
        reading::check_length(front, line, "短信", &plain_text(&message), MESSAGE_LIMIT);
        let script = reading::section(front, &mut body, "广播稿");
        Some(Self {
            when: when?,
            regions,
            severity: severity?,
            expires_after_hours: expires_after_hours?,
            message,
            intro,
            script: script?,
            details: body.sections,
        })
    }
}

/// One rule or a list of them.
fn rules(front: &mut Front<'_>) -> Option<Vec<When>> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Rules {
        One(String),
        Many(Vec<String>),
    }
    let line = front.line("when");
    let texts = match front.required::<Rules>("when")? {
        Rules::One(text) => vec![text],
        Rules::Many(texts) => texts,
    };
    let mut rules = Vec::new();
    for text in texts {
        match When::parse(&text) {
            Ok(rule) => rules.push(rule),
            Err(help) => front.error(line, "notice-when", format!("看不懂时间 `{text}`"), help),
        }
    }
    if rules.is_empty() {
        front.error(line, "notice-when", "没有时间", "写 when = \"11-09\" 等");
    }
    Some(rules)
}

/// `72h` as 72.
fn hours(front: &mut Front<'_>) -> Option<u32> {
    let line = front.line("expires_after");
    let text = front.text("expires_after")?;
    let hours =
        text.strip_suffix('h').and_then(|n| n.parse().ok()).filter(|n| (1..=24 * 400).contains(n));
    if hours.is_none() {
        let help = "写小时数，例如 expires_after = \"72h\"";
        front.error(line, "front-value", format!("`{text}` 不是有效期"), help);
    }
    hours
}
