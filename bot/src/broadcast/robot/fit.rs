//! Texts within the limits of a channel: cut after a sentence, with the address of the whole.

/// As much of `text` as `measure` finds no longer than `most`. What is cut off leaves the address behind.
pub(in crate::broadcast) fn fit(
    text: &str,
    link: &str,
    most: usize,
    measure: impl Fn(&str) -> usize,
) -> String {
    if measure(text) <= most {
        return text.to_owned();
    }
    let tail = format!("\n……\n全文：{link}");
    let room = most.saturating_sub(measure(&tail));
    let mut used = 0;
    let (mut end, mut sentence) = (0, 0);
    for (at, c) in text.char_indices() {
        used += measure(c.encode_utf8(&mut [0; 4]));
        if used > room {
            break;
        }
        end = at + c.len_utf8();
        if matches!(c, '。' | '！' | '？' | '；' | '\n') {
            sentence = end;
        }
    }
    // A text without sentences is cut where it must be.
    let cut = if sentence * 2 > end { sentence } else { end };
    format!("{}{tail}", text[..cut].trim_end())
}

/// Length in bytes of UTF-8.
pub(in crate::broadcast) fn bytes(text: &str) -> usize {
    text.len()
}

/// Length in bytes as part of a JSON body.
pub(in crate::broadcast) fn json_bytes(text: &str) -> usize {
    let escaped = |c: char| match c {
        '"' | '\\' | '\n' | '\r' | '\t' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    };
    text.chars().map(escaped).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LINK: &str = "https://fire.example/notices/ABC234/";

    #[test]
    fn a_short_text_stays_and_a_long_one_ends_after_a_sentence() {
        assert_eq!(fit("关火。", LINK, 9, bytes), "关火。");
        let long = "油锅起火先关火。再盖锅盖。".repeat(100);
        let cut = fit(&long, LINK, 2048, bytes);
        assert!(cut.len() <= 2048 && cut.len() > 1900, "{}", cut.len());
        assert!(cut.ends_with(&format!("锅盖。\n……\n全文：{LINK}")) || cut.contains("关火。\n……"));
    }

    #[test]
    fn a_text_without_an_end_is_cut_between_characters() {
        let cut = fit(&"火".repeat(1000), LINK, 300, bytes);
        assert!(cut.len() <= 300 && cut.starts_with('火') && cut.ends_with(LINK));
    }

    proptest! {
        #[test]
        fn nothing_is_ever_longer_than_it_may_be(text in "\\PC*", most in 100_usize..500) {
            prop_assert!(fit(&text, LINK, most, json_bytes).len() <= most);
            let written = serde_json::to_string(&text).expect("a string");
            prop_assert_eq!(json_bytes(&text) + 2, written.len());
        }
    }
}
