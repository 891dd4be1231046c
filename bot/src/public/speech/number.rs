//! Numbers in words, as they are said in Chinese.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// `text` without any digit: telephone numbers (those `known`, and whatever is called or begins with 0) digit by
/// digit, years digit by digit, all else as numbers.
pub(crate) fn spoken(text: &str, known: &[&str]) -> String {
    let characters: Vec<char> = text.chars().map(half_width).collect();
    let mut out = String::new();
    let mut at = 0;
    while at < characters.len() {
        if characters[at].is_ascii_digit() {
            let token = Token::at(&characters, at);
            token.say(&characters, known, &mut out);
            at = token.end;
        } else {
            out.push(characters[at]);
            at += 1;
        }
    }
    out
}

/// Only digits and what stands in numbers: the rest of the text keeps its marks.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '％' => '%',
        _ => c,
    }
}

/// A run of digits, perhaps with a fraction, and the sign that joins it with the next one.
struct Token {
    start: usize,
    end: usize,
    whole: String,
    fraction: Option<String>,
    /// `%` follows.
    percent: bool,
}

impl Token {
    fn at(characters: &[char], start: usize) -> Self {
        let mut end = start;
        let mut whole = String::new();
        while end < characters.len() {
            let thousands = characters[end] == ','
                && groups_of_three(&characters[end..])
                && whole.len() <= 3 * (1 + whole.len() / 3);
            if !characters[end].is_ascii_digit() && !thousands {
                break;
            }
            if !thousands {
                whole.push(characters[end]);
            }
            end += 1;
        }
        let digits = |from: usize| {
            characters[from.min(characters.len())..]
                .iter()
                .take_while(|c| c.is_ascii_digit())
                .count()
        };
        let decimals = if characters.get(end) == Some(&'.') { digits(end + 1) } else { 0 };
        let fraction =
            (decimals > 0).then(|| characters[end + 1..=end + decimals].iter().collect());
        if decimals > 0 {
            end += 1 + decimals;
        }
        let percent = characters.get(end) == Some(&'%');
        Self { start, end: end + usize::from(percent), whole, fraction, percent }
    }

    fn say(&self, characters: &[char], known: &[&str], out: &mut String) {
        let next = characters.get(self.end).copied();
        let before = self.start.checked_sub(1).map(|at| characters[at]);
        self.join(characters, before, out);
        if self.percent {
            out.push_str("百分之");
        }
        if matches!(before, Some(':' | '：')) && self.whole == "00" {
            out.push('整');
            return;
        }
        let plain = self.fraction.is_none() && !self.percent;
        let year = plain && self.whole.len() == 4 && next == Some('年');
        if plain && self.is_telephone(characters, known, next) {
            out.extend(self.whole.chars().map(digit));
        } else if year {
            out.extend(self.whole.chars().map(digit).map(|c| if c == '零' { '〇' } else { c }));
        } else {
            out.push_str(&number(&self.whole));
        }
        if let Some(fraction) = &self.fraction {
            out.push('点');
            out.extend(fraction.chars().map(digit));
        }
        if matches!(next, Some(':' | '：'))
            && characters.get(self.end + 1).is_some_and(char::is_ascii_digit)
        {
            // `8:30`: the colon itself is taken back by the minutes.
            out.push('点');
        }
    }

    /// Puts the right word for the sign between two numbers: minutes after a colon, 到 in a range.
    fn join(&self, characters: &[char], before: Option<char>, out: &mut String) {
        let after_digit = self.start >= 2 && characters[self.start - 2].is_ascii_digit();
        match before {
            Some(':' | '：') if after_digit => {
                out.pop();
            }
            Some('-' | '–' | '—' | '~' | '～') if after_digit => {
                out.pop();
                // `0931-1234567` is no range.
                if self.whole.len() < 7 {
                    out.push('到');
                }
            }
            Some('-' | '−') => {
                out.pop();
                out.push('负');
            }
            Some('.') if after_digit => {
                out.pop();
                out.push('点');
            }
            _ => {}
        }
    }

    /// Whether it is dialled, not counted.
    fn is_telephone(&self, characters: &[char], known: &[&str], next: Option<char>) -> bool {
        let counted = next.is_some_and(|c| {
            "年月日号点时分秒个人户台次天米度级元条起只辆层楼公里岁吨斤".contains(c)
        });
        let from = self.start.saturating_sub(4);
        let before: String = characters[from..self.start].iter().collect();
        let dialled =
            ["打", "拨", "电话", "呼", "报警", "致电"].iter().any(|word| before.contains(word));
        known.contains(&self.whole.as_str()) && !counted
            || (dialled && !counted && self.whole.len() >= 3)
            || (self.whole.len() >= 2 && self.whole.starts_with('0'))
            || (before.ends_with('-') && self.whole.len() >= 7)
            || self.whole.len() > 12
    }
}

/// `,000` and no fourth digit.
fn groups_of_three(rest: &[char]) -> bool {
    rest.len() >= 4
        && rest[1..4].iter().all(char::is_ascii_digit)
        && rest.get(4).is_none_or(|c| !c.is_ascii_digit())
}

fn digit(c: char) -> char {
    c.to_digit(10).map_or(c, |value| DIGITS[value as usize])
}

/// A whole number as it is said: `10` 十, `105` 一百零五, `20000` 两万.
fn number(digits: &str) -> String {
    let trimmed = digits.trim_start_matches('0');
    let Ok(value) = trimmed.parse::<u64>() else {
        return if trimmed.is_empty() {
            "零".to_owned()
        } else {
            digits.chars().map(digit).collect()
        };
    };
    let mut groups = Vec::new();
    let mut rest = value;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let mut out = String::new();
    for (power, group) in groups.iter().enumerate().rev() {
        let higher = !out.is_empty();
        if *group == 0 {
            continue;
        }
        // A gap within the number is said as one 零.
        let gap =
            higher && (*group < 1000 || groups[power + 1] % 10 == 0 && groups[power + 1] == 0);
        if gap {
            out.push('零');
        }
        match (group, power) {
            (2, 1..) => out.push('两'),
            _ => out.push_str(&below_ten_thousand(*group, !higher)),
        }
        out.push_str(["", "万", "亿", "万亿"].get(power).copied().unwrap_or("万亿"));
    }
    out
}

fn below_ten_thousand(value: u64, first: bool) -> String {
    let mut out = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = usize::try_from(value / unit % 10).expect("one digit");
        if digit == 0 {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push('零');
            gap = false;
        }
        // 十二, not 一十二; 两百 and 两千, not 二百.
        match (digit, unit) {
            (1, 10) if out.is_empty() && first => {}
            (2, 100 | 1000) => out.push('两'),
            _ => out.push(DIGITS[digit]),
        }
        out.push_str(name);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_said_as_people_say_them() {
        for (text, expected) in [
            ("着火打119", "着火打一一九"),
            ("山火打12119或119。", "山火打一二一一九或一一九。"),
            ("电话0931-1234567", "电话零九三一一二三四五六七"),
            ("2026年11月9日8:30", "二〇二六年十一月九日八点三十"),
            ("2026年11月9日8：05", "二〇二六年十一月九日八点零五"),
            ("8:00集合", "八点整集合"),
            ("有119户", "有一百一十九户"),
            ("10米", "十米"),
            ("离开12米，105人", "离开十二米，一百零五人"),
            ("2000元到20000元", "两千元到两万元"),
            ("1,200公顷", "一千两百公顷"),
            ("100000人", "十万人"),
            ("10050", "一万零五十"),
            ("10–15分钟", "十到十五分钟"),
            ("3.5米", "三点五米"),
            ("降到15%", "降到百分之十五"),
            ("-12度", "负十二度"),
            ("０", "零"),
            ("没有数字", "没有数字"),
        ] {
            assert_eq!(spoken(text, &["119", "12119"]), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_digit_is_left(text in "[0-9０-９:：.,%\\-–年月日打人 火a]{0,40}") {
            let said = spoken(&text, &["119"]);
            prop_assert!(!said.chars().any(|c| c.is_numeric() && c != '〇' && !DIGITS.contains(&c) && !"十百千万亿两".contains(c)), "{}", said);
        }

        #[test]
        fn every_number_has_one_reading(a in 0_u64..2_000_000_000, b in 0_u64..2_000_000_000) {
            prop_assert_eq!(number(&a.to_string()) == number(&b.to_string()), a == b);
        }
    }
}
