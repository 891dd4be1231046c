//! A reply as one text message: at most 600 characters, numbers instead of buttons, the rest behind a link.

use super::phrase;
use crate::conversation::{Block, Choice, Reply};

/// Longest text of a passive reply: 2048 bytes, which is 600 Chinese characters and a little.
pub(super) const MAX_CHARS: usize = 600;
pub(super) const MAX_BYTES: usize = 2048;

/// What choices and sources must leave to the words themselves.
const ROOM: usize = 260;
/// Choices this short share a line.
const SHORT_LABEL: usize = 5;

/// The text of `reply`; links begin at `public_url`.
pub(super) fn render(reply: &Reply, public_url: &str) -> String {
    let page = page(reply, public_url);
    let whole = join(&whole(reply, public_url));
    if fits(&whole) {
        return whole;
    }
    let tail = tail(reply, &page);
    let room = |text: &str| fits(&format!("{text}\n\n{tail}"));
    let mut text = String::new();
    for block in reply.blocks.iter().filter(|block| is_body(block)) {
        for (at, clump) in glued(&lines(block, public_url)).iter().enumerate() {
            let gap = if text.is_empty() {
                ""
            } else if at == 0 {
                "\n\n"
            } else {
                "\n"
            };
            let longer = format!("{text}{gap}{clump}");
            if !room(&longer) {
                return format!("{}\n\n{tail}", opened(text, clump, &room));
            }
            text = longer;
        }
    }
    format!("{text}\n\n{tail}")
}

/// Whether the platform takes `text`.
pub(super) fn fits(text: &str) -> bool {
    text.len() <= MAX_BYTES && text.chars().count() <= MAX_CHARS
}

/// Everything in reading order, the choices last: the number is typed right below them.
fn whole(reply: &Reply, public_url: &str) -> Vec<String> {
    let bodies = reply.blocks.iter().map(|block| lines(block, public_url).join("\n"));
    let mut parts: Vec<String> = bodies.collect();
    parts.push(notes(reply, usize::MAX).join("\n"));
    let mut number = 0;
    for block in &reply.blocks {
        if let Block::Choices { choices } = block {
            let head = if number == 0 { phrase::PICK } else { "" };
            parts.push(format!("{head}\n{}", numbered(choices, &mut number, usize::MAX)));
        }
    }
    parts
}

/// Below words that were cut: where the rest is, sources, and every choice, the shorter the more there are.
fn tail(reply: &Reply, page: &str) -> String {
    let more = format!("{}{page}", phrase::CUT);
    let ways = [(2, usize::MAX), (1, usize::MAX), (1, 16), (0, 16), (0, 6)];
    let made = ways.iter().map(|(sources, label)| {
        let mut parts = vec![more.clone(), notes(reply, *sources).join("\n")];
        parts.push(all_choices(reply, *label));
        join(&parts)
    });
    let mut made = made.skip_while(|tail| tail.chars().count() > MAX_CHARS - ROOM);
    made.next().unwrap_or(more)
}

fn all_choices(reply: &Reply, label: usize) -> String {
    let choices: Vec<Choice> = reply.choices().cloned().collect();
    match choices.as_slice() {
        [] => String::new(),
        choices => format!("{}\n{}", phrase::PICK, numbered(choices, &mut 0, label)),
    }
}

/// `[1] 门烫`; labels longer than `longest` end in `…`.
fn numbered(choices: &[Choice], number: &mut usize, longest: usize) -> String {
    let short = choices.iter().all(|choice| choice.label.chars().count() <= SHORT_LABEL);
    let lines: Vec<String> = choices
        .iter()
        .map(|choice| {
            *number += 1;
            format!("[{number}] {}", plain(&cut(&choice.label, longest)))
        })
        .collect();
    lines.join(if short { "　" } else { "\n" })
}

fn cut(label: &str, longest: usize) -> String {
    if label.chars().count() <= longest {
        return label.to_owned();
    }
    label.chars().take(longest.saturating_sub(1)).chain(['…']).collect()
}

/// `sources` of the sources, and the line about approval.
fn notes(reply: &Reply, sources: usize) -> Vec<String> {
    let named = reply.named_sources().into_iter().take(sources);
    let approval = reply.approval.clone().filter(|_| !reply.sources.is_empty());
    named.chain(approval).map(|line| plain(&line)).collect()
}

fn is_body(block: &Block) -> bool {
    match block {
        Block::Choices { .. } => false,
        // The page is linked below.
        Block::Link { href, .. } => !href.starts_with('/'),
        _ => true,
    }
}

fn lines(block: &Block, public_url: &str) -> Vec<String> {
    match block {
        Block::Text { text } => text.lines().map(plain).collect(),
        Block::Card { lines } => lines.iter().map(|line| plain(line)).collect(),
        Block::Steps { items } => {
            let steps = items.iter().zip(1..);
            steps.map(|(item, number)| plain(&format!("{number}. {item}"))).collect()
        }
        Block::Choices { .. } => Vec::new(),
        // The card names the number; a telephone makes it one to call by itself.
        Block::Link { href, .. } if href.starts_with("tel:") => Vec::new(),
        Block::Link { label, href } => vec![link(label, href, public_url)],
        Block::Image { alt, .. } => vec![plain(&format!("〔图：{alt}〕"))],
    }
}

/// Where the whole text stands: the page of the reply, else the site.
fn page(reply: &Reply, public_url: &str) -> String {
    let page = reply.blocks.iter().find_map(|block| match block {
        Block::Link { href, .. } if href.starts_with('/') => Some(href.as_str()),
        _ => None,
    });
    link(phrase::REST, page.unwrap_or("/"), public_url)
}

fn link(label: &str, href: &str, public_url: &str) -> String {
    let base = if href.starts_with('/') { public_url } else { "" };
    let href: String =
        href.chars().filter(|c| !c.is_whitespace() && !"\"<>".contains(*c)).collect();
    format!("<a href=\"{base}{href}\">{}</a>", plain(label))
}

/// Words without what the platform would take for a link.
fn plain(text: &str) -> String {
    let legal = |c: &char| !c.is_control() || *c == '\n';
    text.chars().filter(legal).map(|c| if c == '<' { '＜' } else { c }).collect()
}

fn join(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim()).filter(|p| !p.is_empty()).collect();
    parts.join("\n\n")
}

/// Lines that may not be parted: a wrong belief and the correction in the next line stay together.
fn glued(lines: &[String]) -> Vec<String> {
    let mut clumps: Vec<String> = Vec::new();
    for line in lines {
        match clumps.last_mut() {
            Some(last) if line.starts_with('✓') && opens_belief(last) => {
                last.push('\n');
                last.push_str(line);
            }
            _ => clumps.push(line.clone()),
        }
    }
    clumps
}

fn opens_belief(clump: &str) -> bool {
    clump.starts_with('✗') && !clump.contains('✓') && !clump.contains('\n')
}

/// `text`, which is not to be empty: where nothing fitted, the whole sentences of `clump` that do. Of a
/// wrong belief nothing is taken.
fn opened(text: String, clump: &str, room: &impl Fn(&str) -> bool) -> String {
    if !text.is_empty() || clump.contains('✗') {
        return text;
    }
    let ends = clump.char_indices().filter(|(_, c)| "。！？；".contains(*c));
    let heads = ends.map(|(at, c)| &clump[..at + c.len_utf8()]);
    let head = heads.take_while(|head| room(head)).last();
    head.map_or_else(|| clump.chars().take(100).collect(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::conversation::ReplyKind;

    const SITE: &str = "https://fire.example";

    fn reply(blocks: Vec<Block>) -> Reply {
        let kind = ReplyKind::Answer;
        Reply { kind, blocks, sources: Vec::new(), reviewed: None, approval: None }
    }

    fn text(text: &str) -> Block {
        Block::Text { text: text.into() }
    }

    fn choices(labels: &[&str]) -> Block {
        let choice = |label: &&str| Choice { id: "menu".into(), label: (*label).into() };
        Block::Choices { choices: labels.iter().map(choice).collect() }
    }

    #[test]
    fn a_short_reply_is_shown_whole() {
        let shown = render(
            &reply(vec![
                text("先关火 <再>盖"),
                Block::Steps { items: vec!["关火".into(), "盖锅盖".into()] },
                Block::Link { label: "打 119".into(), href: "tel:119".into() },
                Block::Link { label: "看全文".into(), href: "/knowledge/oil/".into() },
                choices(&["电动车怎么充电", "看看能问什么"]),
                choices(&["有用", "没用"]),
            ]),
            SITE,
        );
        assert_eq!(
            shown,
            "先关火 ＜再>盖\n\n1. 关火\n2. 盖锅盖\n\n\
             <a href=\"https://fire.example/knowledge/oil/\">看全文</a>\n\n\
             回复数字选择：\n[1] 电动车怎么充电\n[2] 看看能问什么\n\n[3] 有用　[4] 没用"
        );
    }

    #[test]
    fn a_long_reply_keeps_its_beginning_its_link_and_its_choices() {
        let line = "关火盖锅盖。".repeat(12);
        let shown = render(
            &reply(vec![
                Block::Card { lines: vec!["先打119。".into()] },
                text(&[line.as_str(); 20].join("\n")),
                Block::Link { label: "看全文".into(), href: "/knowledge/oil/".into() },
                choices(&["门烫", "门不烫"]),
            ]),
            SITE,
        );
        assert!(shown.starts_with("先打119。\n\n关火"), "{shown}");
        assert!(
            shown.ends_with(
                "（太长，这里没放完）<a href=\"https://fire.example/knowledge/oil/\">全文</a>\n\n\
                 回复数字选择：\n[1] 门烫　[2] 门不烫"
            ),
            "{shown}"
        );
        assert!(fits(&shown) && shown.chars().count() > 500, "{}", shown.chars().count());
    }

    #[test]
    fn a_wrong_belief_stays_with_its_correction_or_is_left_to_the_page() {
        let fill = "甲".repeat(540);
        for belief in ["✗ 误区：泼水。\n✓ 正确：盖锅盖。", "✗ 误区：泼水。 ✓ 正确：盖锅盖。"]
        {
            let long = format!("{belief}{}", "好".repeat(90));
            let shown = render(&reply(vec![text(&format!("{fill}\n{long}"))]), SITE);
            assert!(!shown.contains('✗') && !shown.contains('✓'), "{shown}");
        }
        let endless = format!("✗ 误区：{}。✓ 正确：盖锅盖。", "泼".repeat(900));
        let shown = render(&reply(vec![text(&endless)]), SITE);
        assert!(!shown.contains('✗') && shown.contains("fire.example"), "{shown}");
    }

    fn block() -> impl Strategy<Value = Block> {
        let words = prop_oneof![
            any::<String>(),
            "[\u{4e00}-\u{9fff}，。？<>& \n]{0,1500}",
            "🔥{0,700}",
            "(✗ 误区：[甲乙。]{0,300} ✓ 正确：[丙丁。]{0,300}\n){0,4}",
            "(✗ 误区：[甲乙。]{0,300}\n✓ 正确：[丙丁。]{0,300}\n){0,4}",
        ];
        prop_oneof![
            words.prop_map(|text| Block::Text { text }),
            prop::collection::vec("[一-龥<>&🔥]{0,300}", 0..20)
                .prop_map(|items| Block::Steps { items }),
            prop::collection::vec("[一-龥]{0,80}", 0..5).prop_map(|lines| Block::Card { lines }),
            ("[一-龥]{0,40}", "/[a-z\"<>&]{0,20}")
                .prop_map(|(label, href)| Block::Link { label, href }),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn every_text_fits_offers_every_choice_and_parts_no_belief(
            mut blocks in prop::collection::vec(block(), 0..10),
            labels in prop::collection::vec("[一-龥]{1,40}", 0..13),
        ) {
            blocks.push(choices(&labels.iter().map(String::as_str).collect::<Vec<_>>()));
            let shown = render(&reply(blocks), SITE);
            prop_assert!(fits(&shown), "{} {}", shown.chars().count(), shown.len());
            for number in 1..=labels.len() {
                prop_assert!(shown.contains(&format!("[{number}] ")), "{} {}", number, shown);
            }
            prop_assert_eq!(shown.matches("✗ 误区").count(), shown.matches("✓ 正确").count());
            prop_assert_eq!(shown.matches('<').count(), 2 * shown.matches("<a href=").count());
        }
    }
}
