//! Cutting text to the limits of a block: between lines, else between sentences, always marked with `…`.

/// `text` with at most `limit` characters.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    text.chars().take(limit - 1).chain(['…']).collect()
}

/// Whole lines of `text` up to `limit` characters: a wrong belief and its correction share a line.
pub(super) fn cut_lines(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut length = 1;
    for line in text.lines() {
        length += line.chars().count() + 1;
        if length > limit {
            break;
        }
        out.push_str(line);
        out.push('\n');
    }
    if out.is_empty() { cut_sentences(text, limit) } else { out + "…" }
}

/// Whole sentences of `text` up to `limit` characters.
fn cut_sentences(text: &str, limit: usize) -> String {
    let head: String = text.chars().take(limit - 1).collect();
    let end = head.rfind(['。', '！', '？', '；']).map(|at| at + '。'.len_utf8());
    format!("{}…", &head[..end.unwrap_or(head.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_lines_and_else_between_sentences() {
        for (text, limit, expected) in [
            ("短", 5, "短"),
            ("第一行\n第二行\n第三行", 9, "第一行\n第二行\n…"),
            ("一句话。两句话。三句话。", 9, "一句话。两句话。…"),
            ("没有标点的一长串文字", 6, "没有标点的…"),
        ] {
            let result = cut_lines(text, limit);
            assert_eq!(result, expected);
            assert!(result.chars().count() <= limit.max(text.chars().count()));
        }
    }

    #[test]
    fn a_wrong_belief_is_never_parted_from_its_correction() {
        let myth = "✗ 误区：油锅着火泼水。 ✓ 正确：关火，盖锅盖。";
        let text = format!("{myth}\n{myth}");
        assert_eq!(cut_lines(&text, myth.chars().count() + 10), format!("{myth}\n…"));
    }
}
