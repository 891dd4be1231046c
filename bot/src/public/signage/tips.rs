//! Tips for screens: title and first steps of articles, those of the season first.

use fenghuo_content::markdown::{Block, BlockKind, plain_text};
use fenghuo_content::{Content, Kind, Library};

/// Tips a page carries.
const MOST: usize = 40;
/// Lines of one tip, and characters of a line: what is read at five metres in twelve seconds.
const LINES: usize = 4;
const CHARACTERS: usize = 34;

/// One tip.
pub(super) struct Tip<'a> {
    pub(super) title: &'a str,
    pub(super) lines: Vec<String>,
}

/// Articles whose season is not the whole year and holds `month`, then the others in their order.
pub(super) fn tips(library: &Library, month: i8) -> Vec<Tip<'_>> {
    let mut documents: Vec<_> = library.of_kind(Kind::Knowledge).collect();
    documents.sort_by_key(|document| {
        let season = document.meta.season;
        (season.is_all(), !season.contains(month))
    });
    let now = |season: fenghuo_content::Season| season.is_all() || season.contains(month);
    let tips = documents.into_iter().filter(|document| now(document.meta.season)).filter_map(|d| {
        let Content::Knowledge(knowledge) = &d.content else { return None };
        let lines = short(&knowledge.answer)?;
        Some(Tip { title: &d.meta.title, lines })
    });
    tips.take(MOST).collect()
}

/// The first lines of `answer` that fit; `None` where the first does not: what is cut short might mislead.
fn short(answer: &[Block]) -> Option<Vec<String>> {
    let fits = |line: &str| line.chars().count() <= CHARACTERS && !line.contains(['✗', '✓']);
    let steps = answer.iter().find_map(|block| match &block.kind {
        BlockKind::List { items, .. } => Some(items),
        _ => None,
    });
    let lines: Vec<String> = match steps {
        Some(items) => {
            let steps: Vec<String> = items.iter().map(|item| plain_text(&item.blocks)).collect();
            // Steps belong together: all or none.
            if steps.len() > LINES || !steps.iter().all(|step| fits(step)) {
                return None;
            }
            steps.iter().enumerate().map(|(at, step)| format!("{}. {step}", at + 1)).collect()
        }
        None => {
            let text = plain_text(answer);
            let sentences = text.split_inclusive(['。', '！', '\n']).map(str::trim);
            sentences
                .filter(|sentence| !sentence.is_empty())
                .take_while(|sentence| fits(sentence))
                .take(LINES)
                .map(str::to_owned)
                .collect()
        }
    };
    (!lines.is_empty()).then_some(lines)
}

#[cfg(test)]
mod tests {
    use fenghuo_content::published::Relayed;

    use super::*;

    #[test]
    fn steps_stay_together_and_sentences_stop_before_a_long_one() {
        let long = "长".repeat(40);
        for (text, expected) in [
            ("先说。\n\n1. 关火。\n2. 盖盖。", Some(vec!["1. 关火。", "2. 盖盖。"])),
            ("1. a\n2. b\n3. c\n4. d\n5. e", None),
            ("不烧纸。不烧荒。", Some(vec!["不烧纸。", "不烧荒。"])),
            (long.as_str(), None),
            ("- ✗ 误区：泼水。 ✓ 正确：盖盖。", None),
        ] {
            let found = short(&Relayed::actions(text));
            let expected = expected.map(|l| l.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(found, expected, "{text}");
        }
    }
}
