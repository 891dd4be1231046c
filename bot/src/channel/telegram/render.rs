//! A reply as messages of Telegram: text below 4096 units a message, the buttons below the last one.

use serde::{Deserialize, Serialize};

use super::keyboard::{Keyboard, keyboard, listed};
use super::markup::{Line, units};
use crate::conversation::{Block, Reply};

/// Longest text of a message after its entities are parsed.
/// <https://core.telegram.org/bots/api#sendmessage>
pub(super) const MAX_UNITS: usize = 4096;

/// What stands where a line is too long to be shown.
const MORE: &str = "…（全文见网页）";

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Part {
    /// Telegram's HTML.
    pub(super) text: String,
    /// Rows of buttons; empty without any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) keyboard: Keyboard,
}

/// The messages of `reply`; links begin at `public_url`.
pub(super) fn render(reply: &Reply, public_url: &str) -> Vec<Part> {
    let mut blocks: Vec<Vec<Line>> = Vec::new();
    let mut number = 0;
    for block in &reply.blocks {
        blocks.push(lines(block, reply, public_url, &mut number));
    }
    let notes = reply.named_sources().into_iter().chain(reply.approval.clone());
    blocks.push(notes.map(|note| Line::plain(&note)).collect());
    let mut parts = pack(&blocks.into_iter().map(glued).collect::<Vec<_>>());
    if let Some(last) = parts.last_mut() {
        last.keyboard = keyboard(reply);
    }
    parts
}

/// Words of our own as one message.
pub(super) fn plain(text: &str) -> Vec<Part> {
    pack(&[glued(text.lines().map(text_line).collect())])
}

fn lines(block: &Block, reply: &Reply, public_url: &str, number: &mut usize) -> Vec<Line> {
    match block {
        Block::Text { text } => text.lines().map(text_line).collect(),
        Block::Card { lines } => lines.iter().map(|line| Line::bold(&short(line))).collect(),
        Block::Steps { items } => {
            let numbered = items.iter().zip(1..).map(|(item, n)| format!("{n}. {item}"));
            numbered.map(|line| Line::plain(&short(&line))).collect()
        }
        Block::Choices { choices } => listed(choices, number),
        // The card names the number; Telegram makes it one to call by itself.
        Block::Link { href, .. } if href.starts_with("tel:") => Vec::new(),
        Block::Link { label, href } => vec![Line::link(&short(label), &absolute(href, public_url))],
        // Telegram shows no SVG: the drawing is seen on the page.
        Block::Image { src, alt } => {
            let page = page_of(reply).unwrap_or(src);
            vec![Line::link(&short(&format!("〔图：{alt}〕")), &absolute(page, public_url))]
        }
    }
}

fn text_line(line: &str) -> Line {
    let line = short(line);
    if line.starts_with('【') && line.ends_with('】') {
        Line::bold(&line)
    } else {
        Line::plain(&line)
    }
}

/// Where `line` does not fit into a message it ends with its last whole sentence that does; a wrong
/// belief (✗) is left out altogether rather than parted from its correction.
fn short(line: &str) -> String {
    if units(line) <= MAX_UNITS {
        return line.to_owned();
    }
    if line.contains('✗') {
        return MORE.to_owned();
    }
    let mut room = MAX_UNITS - units(MORE);
    let fits = |c: &char| room.checked_sub(c.len_utf16()).map(|left| room = left).is_some();
    let head: String = line.chars().take_while(fits).collect();
    let end = head.rfind(['。', '！', '？', '；']).map(|at| at + '。'.len_utf8());
    format!("{}{MORE}", &head[..end.unwrap_or(head.len())])
}

fn page_of(reply: &Reply) -> Option<&String> {
    reply.blocks.iter().find_map(|block| match block {
        Block::Link { href, .. } if href.starts_with('/') => Some(href),
        _ => None,
    })
}

fn absolute(href: &str, public_url: &str) -> String {
    if href.starts_with('/') { format!("{public_url}{href}") } else { href.to_owned() }
}

/// Lines that no message may part: one alone, or a wrong belief with the correction in the next line.
type Clump = Vec<Line>;

fn glued(lines: Vec<Line>) -> Vec<Clump> {
    let mut clumps: Vec<Clump> = Vec::new();
    for line in lines {
        match clumps.last_mut() {
            Some(last) if line.html().starts_with('✓') && opens_belief(last) => last.push(line),
            _ => clumps.push(vec![line]),
        }
    }
    clumps
}

fn opens_belief(clump: &Clump) -> bool {
    clump.len() == 1 && clump[0].html().starts_with('✗') && !clump[0].html().contains('✓')
}

/// Fills messages with blocks; a block that does not fit any more begins a new one, and only a
/// block longer than a message is parted, between its lines.
fn pack(blocks: &[Vec<Clump>]) -> Vec<Part> {
    let mut sheet = Sheet::default();
    for block in blocks.iter().filter(|block| !block.is_empty()) {
        let length: usize = block.iter().map(length).sum();
        sheet.begin_block(length);
        for clump in block {
            sheet.add(clump);
        }
    }
    sheet.end()
}

/// Length of a clump with the line breaks after its lines.
fn length(clump: &Clump) -> usize {
    clump.iter().map(|line| line.units() + 1).sum()
}

/// The message being filled, and those that are full.
#[derive(Default)]
struct Sheet {
    full: Vec<Part>,
    text: String,
    units: usize,
}

impl Sheet {
    fn begin_block(&mut self, length: usize) {
        if self.units > 0 && self.units + 1 + length > MAX_UNITS {
            self.turn();
        }
        if self.units > 0 {
            self.text.push('\n');
            self.units += 1;
        }
    }

    fn add(&mut self, clump: &Clump) {
        if self.units > 0 && self.units + length(clump) > MAX_UNITS + 1 {
            self.turn();
        }
        for line in clump {
            self.text.push_str(line.html());
            self.text.push('\n');
        }
        self.units += length(clump);
    }

    fn turn(&mut self) {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        self.units = 0;
        if !text.is_empty() {
            self.full.push(Part { text, keyboard: Vec::new() });
        }
    }

    fn end(mut self) -> Vec<Part> {
        self.turn();
        self.full
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::markup::tests::seen;
    use super::*;
    use crate::conversation::ReplyKind;

    fn reply(blocks: Vec<Block>) -> Reply {
        let kind = ReplyKind::Answer;
        Reply { kind, blocks, sources: Vec::new(), reviewed: None, approval: None }
    }

    fn texts(blocks: Vec<Block>) -> Vec<String> {
        let parts = render(&reply(blocks), "https://fire.example");
        parts.into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn blocks_read_as_one_message() {
        let text = |text: &str| Block::Text { text: text.into() };
        let shown = texts(vec![
            text("【油锅】\n关火 & 盖<盖>"),
            Block::Steps { items: vec!["关火".into(), "盖锅盖".into()] },
            Block::Image { src: "/media/pan.svg".into(), alt: "盖锅盖".into() },
            Block::Link { label: "打 119".into(), href: "tel:119".into() },
            Block::Link { label: "看全文".into(), href: "/knowledge/oil/".into() },
        ]);
        assert_eq!(
            shown,
            ["<b>【油锅】</b>\n关火 &amp; 盖&lt;盖&gt;\n\n1. 关火\n2. 盖锅盖\n\n\
              <a href=\"https://fire.example/knowledge/oil/\">〔图：盖锅盖〕</a>\n\n\
              <a href=\"https://fire.example/knowledge/oil/\">看全文</a>"]
        );
    }

    #[test]
    fn a_block_that_does_not_fit_begins_the_next_message() {
        let long = |c: &str| Block::Text { text: c.repeat(1_500) };
        let shown = texts(vec![long("甲"), long("乙"), long("丙")]);
        assert_eq!(shown, ["甲".repeat(1_500) + "\n\n" + &"乙".repeat(1_500), "丙".repeat(1_500)]);
    }

    #[test]
    fn a_wrong_belief_stays_with_its_correction() {
        let fill = "甲".repeat(4_090);
        let shown = texts(vec![Block::Text {
            text: format!("{fill}\n✗ 误区：泼水。\n✓ 正确：盖锅盖。"),
        }]);
        assert_eq!(shown[1], "✗ 误区：泼水。\n✓ 正确：盖锅盖。");
        let endless = format!("✗ 误区：{}。✓ 正确：盖锅盖。", "泼".repeat(5_000));
        assert_eq!(texts(vec![Block::Text { text: endless }]), [MORE]);
    }

    fn block() -> impl Strategy<Value = Block> {
        let text = prop_oneof![
            any::<String>(),
            "[\u{4e00}-\u{9fff}，。？<>& \n]{0,1500}",
            "🔥{0,1500}",
            "(✗ 误区：[甲乙。]{0,700} ✓ 正确：[丙丁。]{0,700}\n){0,4}",
        ];
        prop_oneof![
            text.prop_map(|text| Block::Text { text }),
            prop::collection::vec("[一-龥<>&🔥]{0,300}", 0..20)
                .prop_map(|items| Block::Steps { items }),
            prop::collection::vec(any::<String>(), 0..8).prop_map(|lines| Block::Card { lines }),
            (any::<String>(), "/[a-z\"<>&]{0,20}")
                .prop_map(|(label, href)| Block::Link { label, href }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn every_message_fits_reads_as_html_and_parts_no_belief(blocks in prop::collection::vec(block(), 1..14)) {
            for text in texts(blocks) {
                let seen = seen(&text).expect("balanced HTML");
                prop_assert!((1..=MAX_UNITS).contains(&units(&seen)), "{}", units(&seen));
                for line in seen.lines().filter(|line| line.starts_with("✗ 误区")) {
                    prop_assert!(line.contains("✓ 正确"), "{}", line);
                }
            }
        }
    }
}
