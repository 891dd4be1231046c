//! Text cut where a reader would pause, into pieces short enough for a slide.

/// What ends a sentence.
const ENDS: [char; 4] = ['。', '！', '？', '；'];
/// What belongs to the sentence before it.
const CLOSING: [char; 6] = ['”', '’', '）', '》', '」', ')'];
/// Where a sentence that is too long may be cut.
const PAUSES: [char; 4] = ['，', '、', '：', ','];

/// How much room `text` takes: its characters without white space.
pub(super) fn length(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

/// `text` in pieces of at most `limit` characters: whole sentences put together where they fit.
pub(super) fn pieces(text: &str, limit: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for sentence in sentences(text).into_iter().flat_map(|sentence| fit(sentence, limit)) {
        match pieces.last_mut() {
            Some(last) if length(last) + length(sentence) <= limit && !begins_anew(sentence) => {
                last.push_str(sentence);
            }
            _ => pieces.push(sentence.to_owned()),
        }
    }
    pieces
}

/// The sentences of `text` with what ends them.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    cut(text, &ENDS)
}

/// `第二句：…`, `二、…`: the next point of an enumeration.
fn begins_anew(sentence: &str) -> bool {
    const NUMBERS: &str = "一二三四五六七八九十";
    let numbered = |text: &str, after: &[char]| {
        let rest = text.trim_start_matches(|c| NUMBERS.contains(c));
        rest.len() < text.len() && rest.starts_with(after)
    };
    match sentence.strip_prefix('第') {
        Some(rest) => numbered(rest, &['句', '件', '步', '条', '个', '样', '点']),
        None => numbered(sentence, &['、', '是', '，']),
    }
}

/// `sentence` itself, or its parts where it is too long.
fn fit(sentence: &str, limit: usize) -> Vec<&str> {
    if length(sentence) <= limit {
        return vec![sentence];
    }
    let mut parts = Vec::new();
    for part in cut(sentence, &PAUSES) {
        parts.extend(hard(part, limit));
    }
    parts
}

/// `text` cut after each of `marks` and the closing marks that follow.
fn cut<'a>(text: &'a str, marks: &[char]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = marks.contains(&c) || (CLOSING.contains(&c) && ended(text, at, marks));
        let held = next.is_some_and(|next| CLOSING.contains(&next) || ENDS.contains(&next));
        if ends && !held {
            let end = at + c.len_utf8();
            found.push(text[start..end].trim());
            start = end;
        }
    }
    found.push(text[start..].trim());
    found.retain(|piece| !piece.is_empty());
    found
}

/// Whether one of `marks` stands before the closing marks that end at `at`.
fn ended(text: &str, at: usize, marks: &[char]) -> bool {
    text[..at].trim_end_matches(CLOSING).ends_with(marks)
}

/// `text` in runs of at most `limit` characters; the last resort.
fn hard(text: &str, limit: usize) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut rest = text;
    while length(rest) > limit {
        let end = rest.char_indices().nth(limit).map_or(rest.len(), |(at, _)| at);
        let (run, after) = rest.split_at(end);
        runs.push(run);
        rest = after;
    }
    if !rest.is_empty() {
        runs.push(rest);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_their_quotes() {
        for (text, expected) in [
            ("", vec![]),
            ("一句。", vec!["一句。"]),
            ("老师说：“停！”全队停住。", vec!["老师说：“停！”", "全队停住。"]),
            ("先走；再喊", vec!["先走；", "再喊"]),
            ("真的？！走。", vec!["真的？！", "走。"]),
            ("（不点火。）再练", vec!["（不点火。）", "再练"]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn pieces_are_short_and_lose_nothing() {
        let long = "火".repeat(95);
        for text in [
            "第一句：门先试再开。用手背从下往上试，烫就不开。第二句：走廊有烟不穿。",
            "没有句号的一行，可是很长很长，长得一张幻灯片放不下，只好在停顿的地方分开",
            long.as_str(),
        ] {
            let pieces = pieces(text, 20);
            assert!(pieces.iter().all(|piece| length(piece) <= 20), "{pieces:?}");
            assert_eq!(pieces.concat(), text);
        }
    }

    #[test]
    fn a_new_point_begins_a_new_piece() {
        assert_eq!(
            pieces("第一件，会走。第二件，会等。", 40),
            ["第一件，会走。", "第二件，会等。"]
        );
        assert_eq!(
            pieces("三件事。一、收好。二、走一遍。", 40),
            ["三件事。", "一、收好。", "二、走一遍。"]
        );
        assert_eq!(pieces("一起走。一起喊。", 40), ["一起走。一起喊。"]);
    }
}
