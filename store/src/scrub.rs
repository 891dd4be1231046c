//! Taking out of a question what could name a person: numbers, addresses, accounts.
//!
//! It errs towards removing: editors need the subject of a question, not its details.

use std::sync::LazyLock;

use regex::Regex;

/// Longest text kept, in characters.
const MAX_CHARS: usize = 200;

/// Stands where something was removed.
const REMOVED: &str = "〔略〕";

/// Text without telephone numbers, identity cards, e-mail addresses, street addresses and accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scrubbed(String);

/// In order: what contains digits of another pattern comes first.
static PATTERNS: LazyLock<[Regex; 6]> = LazyLock::new(|| {
    [
        // Web and e-mail addresses.
        r"(?i)[a-z0-9._%+-]+[@＠][a-z0-9.-]+|(?:https?://|www\.)[^\s\p{Han}，。；！？]+",
        // Accounts that are named as such.
        r"(?i)(?:微信|扣扣|qq|wx|vx|wechat|telegram)(?:号|id)?\s*(?:是|为|[:：])?\s*[a-z0-9_-]{5,}",
        // Licence plates.
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·•\s-]?[A-Za-z0-9]{5,6}",
        // Telephone numbers with separators, then any other run of seven digits (identity cards, bank cards).
        r"(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}|0\d{2,3}[-\s]\d{7,8}|\d(?:[-\s]?\d){6,}[xX]?",
        // 幸福小区3号楼2单元501室, 人民路12号, 王家村三组8号
        r"(?:\p{Han}{1,8}?(?:大道|路|街|巷|弄|小区|花园|新村|村|社区|公寓|大厦|家园|苑|镇|乡))?(?:[\d一二三四五六七八九十百零]{1,5}(?:号楼|号院|栋|幢|单元|号|室|组|社|座))(?:\s*[\d一二三四五六七八九十百零]{1,5}(?:号楼|单元|号|楼|层|室|户)?)*",
        // Control and invisible characters, which have no meaning to an editor.
        r"[\p{Cc}\p{Cf}]+",
    ]
    .map(|pattern| Regex::new(pattern).expect("patterns are constant"))
});

/// `text` without e-mail and web addresses and long numbers: what a channel says of somebody it could not
/// reach often names her.
pub(crate) fn without_addresses(text: &str) -> String {
    let [web, _, _, number, _, _] = &*PATTERNS;
    let clean = web.replace_all(text, REMOVED);
    number.replace_all(&clean, REMOVED).into_owned()
}

impl Scrubbed {
    /// Scrubs `text` and cuts it to 200 characters.
    pub fn of(text: &str) -> Self {
        // Whole first: a number cut in half would no longer look like one.
        let head: String = text.chars().take(MAX_CHARS * 10).collect();
        let [web, account, plate, number, address, invisible] = &*PATTERNS;
        let mut clean = invisible.replace_all(&head, " ").into_owned();
        for pattern in [web, account, plate, number, address] {
            clean = pattern.replace_all(&clean, REMOVED).into_owned();
        }
        Self(clean.trim().chars().take(MAX_CHARS).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_could_name_a_person_is_removed() {
        for secret in [
            "13812345678",
            "138 1234 5678",
            "+86-138-1234-5678",
            "１３８１２３４５６７８",
            "0937-2612345",
            "62010219900101123X",
            "6222 0212 3456 7890",
            "li.ming@example.com",
            "微信：liming_1990",
            "QQ12345678",
            "甘F·12345",
            "3号楼2单元501",
            "三号楼二单元",
            "https://example.com/u?id=3",
        ] {
            let text = Scrubbed::of(&format!("请问{secret}，无人机能查火情吗"));
            assert!(!text.as_str().contains(secret), "{secret}: {}", text.as_str());
            assert!(text.as_str().ends_with("，无人机能查火情吗"), "{secret}: {}", text.as_str());
        }
    }

    #[test]
    fn an_address_goes_with_its_street() {
        for (text, expected) in [
            ("人民路12号的路灯谁管", "〔略〕的路灯谁管"),
            ("幸福小区3号楼2单元501室漏水", "〔略〕漏水"),
            ("王家村三组8号想装太阳能", "〔略〕想装太阳能"),
        ] {
            assert_eq!(Scrubbed::of(text).as_str(), expected);
        }
    }

    #[test]
    fn the_subject_of_a_question_stays() {
        for text in [
            "打119要钱吗",
            "12345 能举报吗",
            "2026年消防日是哪天",
            "6层楼要不要装喷淋",
            "屋里能放多少酒精",
            "5公斤灭火器够不够",
        ] {
            assert_eq!(Scrubbed::of(text).as_str(), text);
        }
    }

    #[test]
    fn a_number_on_the_cut_is_removed_whole() {
        let text = Scrubbed::of(&format!("{}13812345678", "火".repeat(195)));
        assert!(!text.as_str().contains("138"));
    }

    proptest! {
        #[test]
        fn no_seven_digits_in_a_row_survive(text in "[0-9 火x@.-]{0,300}") {
            let clean = Scrubbed::of(&text);
            let longest = clean.as_str().split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            prop_assert!(longest.unwrap_or(0) < 7, "{}", clean.as_str());
        }

        #[test]
        fn any_text_is_cut_to_its_length(text in any::<String>()) {
            prop_assert!(Scrubbed::of(&text).as_str().chars().count() <= MAX_CHARS);
        }
    }
}
