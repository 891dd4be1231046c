//! Words in the form of a channel; where all of them do not fit, the short message and the way to the rest.

use fenghuo_content::Region;

use super::form::{Form, MARKDOWN, PLAIN, SEEN, TELEGRAM, html as escaped};
use super::html;
use super::limit::Channel;
use super::words::{Ground, Words};
use crate::broadcast::Rendered;
use crate::office::{Fault, Subject};

/// What parts a warning of others from what we add.
const OURS: &str = "以上是预警原文。我们的消防提醒：";

/// How much of the words is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    /// The short message with a link to the page.
    Short,
}

/// The words of a campaign on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// As senders take it.
    pub rendered: Rendered,
    /// As the reader sees it, without marks.
    pub text: String,
    /// Its length as the channel counts it.
    pub length: usize,
    /// Whether only the short message is shown, since all of it does not fit.
    pub shortened: bool,
}

/// The words of `subject` on `channel` for readers in `region`.
///
/// # Errors
/// The fault of a placeholder.
pub fn render(
    ground: Ground<'_>,
    subject: &Subject,
    channel: &Channel,
    region: &Region,
) -> Result<Shown, Fault> {
    let words = Words::new(ground, subject, channel.id, region)?;
    let base = ground.public_url;
    if channel.id == "speaker" {
        return Ok(spoken(&words, subject, channel, base));
    }
    let whole = Extent::Whole;
    let fits = fits(&words, channel, whole, base);
    let extent = if fits { whole } else { Extent::Short };
    let seen = lay_out(seen_form(channel), &words, extent, base);
    Ok(Shown {
        length: length(&words, channel, extent, base),
        shortened: !fits,
        text: seen,
        rendered: Rendered {
            title: words.title.clone(),
            plain: lay_out(&PLAIN, &words, extent, base),
            markdown: lay_out(&MARKDOWN, &words, extent, base),
            html: match channel.id {
                "telegram" => lay_out(&TELEGRAM, &words, extent, base),
                _ => page(&words, base),
            },
            link: words.link.clone(),
            code: subject.code.clone(),
            expires: subject.draft.expires,
        },
    })
}

fn fits(words: &Words, channel: &Channel, extent: Extent, base: &str) -> bool {
    length(words, channel, extent, base) <= channel.most
}

/// Robots are sent Markdown or plain text, as each kind has it: the longer one counts.
fn length(words: &Words, channel: &Channel, extent: Extent, base: &str) -> usize {
    let count = |form: &Form| channel.unit.count(&lay_out(form, words, extent, base));
    match channel.id {
        "robot" => count(&MARKDOWN).max(count(&PLAIN)),
        _ => count(seen_form(channel)),
    }
}

fn seen_form(channel: &Channel) -> &'static Form {
    if channel.id == "telegram" { &SEEN } else { &PLAIN }
}

/// `shown` with the township of its readers in the link to the page, so that openings count for it: the same link for
/// all of the township. Left as it is where it would not fit, and for the county.
///
/// Not for public accounts, one of whose few mass sends goes to all townships at once, and not for machines.
pub fn placed(shown: Shown, channel: &Channel, township: Option<&str>) -> Shown {
    let Some(township) = township.filter(|_| matches!(channel.id, "telegram" | "email" | "robot"))
    else {
        return shown;
    };
    let Rendered { link, .. } = &shown.rendered;
    let (link, to) = (link.clone(), format!("{link}?region={township}"));
    let placed = |text: &str| text.replace(&link, &to);
    let (plain, markdown) = (placed(&shown.rendered.plain), placed(&shown.rendered.markdown));
    let longest = channel.unit.count(&plain).max(channel.unit.count(&markdown));
    if channel.id != "telegram" && longest > channel.most {
        return shown;
    }
    let html = placed(&shown.rendered.html);
    Shown {
        text: if channel.id == "telegram" { shown.text } else { placed(&shown.text) },
        rendered: Rendered { plain, markdown, html, link: to, ..shown.rendered },
        ..shown
    }
}

/// All paragraphs, an empty line between them.
fn lay_out(form: &Form, words: &Words, extent: Extent, base: &str) -> String {
    let line = |lines: &[String]| -> Vec<String> { lines.iter().map(|l| form.text(l)).collect() };
    let mut head: Vec<String> = words.marks.iter().map(|mark| form.bold(mark)).collect();
    // What a correction corrects stands below its title; a drill is marked before everything.
    let marked = usize::from(words.marks.first().is_some_and(|mark| mark.starts_with('【')));
    head.insert(marked, form.bold(&words.title));
    let mut paragraphs = vec![head.join(form.newline)];
    // Somebody else's words come whole or not at all; what we add is no part of them.
    if words.verbatim.is_empty() {
        paragraphs.extend(form.blocks(&words.short, base));
    }
    match extent {
        Extent::Whole => {
            if !words.verbatim.is_empty() {
                paragraphs.extend(line(&words.verbatim));
                paragraphs.push(form.bold(OURS));
                paragraphs.extend(form.blocks(&words.short, base));
            }
            paragraphs.extend(form.blocks(&words.intro, base));
            for section in &words.sections {
                let mut lines = vec![form.bold(&section.title)];
                lines.extend(form.blocks(&section.blocks, base));
                paragraphs.push(lines.join(form.newline));
            }
        }
        Extent::Short => paragraphs.push(form.linked("看全文", &words.link)),
    }
    paragraphs.push(line(&words.foot).join(form.newline));
    paragraphs.join("\n\n")
}

/// A body of HTML for mails and platforms.
fn page(words: &Words, base: &str) -> String {
    let mut out = String::new();
    let marked = usize::from(words.marks.first().is_some_and(|mark| mark.starts_with('【')));
    for mark in &words.marks[..marked] {
        out.push_str(&format!("<p><strong>{}</strong></p>\n", escaped(mark)));
    }
    out.push_str(&format!("<h1>{}</h1>\n", escaped(&words.title)));
    for mark in &words.marks[marked..] {
        out.push_str(&format!("<p><strong>{}</strong></p>\n", escaped(mark)));
    }
    for paragraph in &words.verbatim {
        out.push_str(&format!("<p>{}</p>\n", escaped(paragraph)));
    }
    if !words.verbatim.is_empty() {
        out.push_str(&format!("<hr>\n<p><strong>{OURS}</strong></p>\n"));
    }
    out.push_str(&html::blocks(&words.short, base));
    out.push_str(&html::blocks(&words.intro, base));
    for section in &words.sections {
        out.push_str(&format!("<h2>{}</h2>\n", escaped(&section.title)));
        out.push_str(&html::blocks(&section.blocks, base));
    }
    let foot: Vec<String> = words.foot.iter().map(|line| escaped(line)).collect();
    out.push_str(&format!(
        "<hr>\n<p>{}</p>\n<p><a href=\"{}\">网页</a></p>\n",
        foot.join("<br>"),
        escaped(&words.link)
    ));
    out
}

/// The loudspeaker script: its own section, else the short message. How it is read is `public`'s part.
fn spoken(words: &Words, subject: &Subject, channel: &Channel, base: &str) -> Shown {
    let blocks = match &words.script {
        Some(script) => &script.blocks,
        None => &words.short,
    };
    let own = SEEN.blocks(blocks, base);
    let text = words.verbatim.iter().cloned().chain(own).collect::<Vec<_>>().join("\n");
    Shown {
        length: channel.unit.count(&text),
        shortened: false,
        rendered: Rendered {
            title: words.title.clone(),
            plain: text.clone(),
            markdown: text.clone(),
            html: html::blocks(blocks, base),
            link: words.link.clone(),
            code: subject.code.clone(),
            expires: subject.draft.expires,
        },
        text,
    }
}
