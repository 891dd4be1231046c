//! The loudspeaker script: what a person reads out, or a voice, with every number in words.
//!
//! The key line comes twice, a drill says that it is one at both ends, and nothing is left that a
//! voice could read wrong: 119 is 一一九, 2026 is a year or two thousand and twenty-six.

mod number;

use fenghuo_content::markdown::plain_text;
use fenghuo_content::published::{Mode, Part, Relayed, Said, Stage};
use fenghuo_content::{Content, Library, Published};
use jiff::{Timestamp, tz};

pub(crate) use number::spoken;

/// The script of `published`, one sentence a line.
pub(crate) fn script(published: &Published, library: &Library) -> String {
    let mut lines = vec![format!("{}，请注意听。", address(published, library))];
    let mark = match published.mode {
        Mode::Real => None,
        Mode::Drill => Some("这是演练，不是真的。"),
        Mode::Test => Some("这是测试，不用做什么。"),
    };
    lines.extend(mark.map(|mark| format!("{mark}{mark}")));
    match &published.said {
        Said::Own(own) => {
            let lead = match own.part {
                Part::First => None,
                Part::Correction => Some("前面发过的通知有更正，以这一次为准。"),
                Part::Withdrawal => Some("前面发过的通知撤回了，不要再照着做。"),
            };
            lines.extend(lead.map(str::to_owned));
            let text = written(published, library).unwrap_or_else(|| plain_text(&own.message));
            lines.extend(sentences(&text));
        }
        Said::Relay(relay) => lines.extend(relayed(relay)),
    }
    // What was written to be spoken says its key line again by itself.
    let again = lines.iter().any(|line| line.contains("再说一遍"));
    if let Some(key) = key(published).filter(|_| !again) {
        lines.push(format!("再说一遍：{key}"));
    }
    lines.push(format!("这条通知{}有效。", until(published.expires)));
    lines.extend(mark.map(str::to_owned));
    let numbers: Vec<&str> =
        library.place.hotlines.iter().map(|line| line.number.as_str()).collect();
    let mut script = String::new();
    for line in lines {
        script.push_str(&spoken(&line, &numbers));
        script.push('\n');
    }
    script
}

/// Whom it speaks to.
fn address(published: &Published, library: &Library) -> String {
    let names: Vec<&str> =
        published.regions.iter().map(|id| library.regions.name(id)).take(6).collect();
    match names.as_slice() {
        [] => format!("{}的乡亲们", library.place.name),
        names => format!("{}的乡亲们", names.join("、")),
    }
}

/// 广播稿: of the message itself, else of the notice it came from.
fn written(published: &Published, library: &Library) -> Option<String> {
    let Said::Own(own) = &published.said else { return None };
    if let Some(script) = &own.script {
        return Some(plain_text(&script.blocks));
    }
    if own.part != Part::First {
        return None;
    }
    let document = own.document.as_ref().and_then(|id| library.find(id.as_str()))?;
    match &document.content {
        Content::Notice(notice) => Some(plain_text(&notice.script.blocks)),
        _ => None,
    }
}

fn relayed(relay: &Relayed) -> Vec<String> {
    let what = match relay.stage {
        Stage::Alert => "发布",
        Stage::Update => "更新",
        Stage::Cancel => "解除",
    };
    let mut lines = vec![format!("下面转发{}{what}的预警，原文是：", relay.issuer)];
    lines.extend(relay.text.iter().flat_map(|text| sentences(text)));
    if !relay.actions.is_empty() {
        lines.push("预警原文完了。下面是我们的消防提醒。".to_owned());
        lines.extend(
            sentences(&plain_text(&relay.actions))
                .into_iter()
                .filter(|line| !line.starts_with("详见")),
        );
    }
    lines
}

/// The sentence that must not be missed: the first one.
fn key(published: &Published) -> Option<String> {
    let text = match &published.said {
        Said::Own(own) => plain_text(&own.message),
        Said::Relay(relay) => relay.text.join("\n"),
    };
    sentences(&text).into_iter().next()
}

/// One sentence a line, each with its end.
fn sentences(text: &str) -> Vec<String> {
    let parts = text.split_inclusive(['。', '！', '？', '；', '\n']);
    let parts = parts.map(|part| part.trim().trim_start_matches("· "));
    parts
        .filter(|part| part.chars().any(char::is_alphanumeric))
        .map(|part| {
            if part.ends_with(['。', '！', '？', '；', '：']) {
                part.to_owned()
            } else {
                format!("{part}。")
            }
        })
        .collect()
}

/// `到11月12日8点30分`, Beijing time.
fn until(at: Timestamp) -> String {
    let time = tz::offset(8).to_datetime(at);
    let (day, clock) = match (time.hour(), time.minute()) {
        (0, 0) => (time.date().yesterday().unwrap_or(time.date()), "夜里12点".to_owned()),
        (hour, 0) => (time.date(), format!("{hour}点")),
        (hour, minute) => (time.date(), format!("{hour}点{minute}分")),
    };
    format!("到{}月{}日{clock}", day.month(), day.day())
}
