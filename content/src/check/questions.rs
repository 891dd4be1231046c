//! One question, one document: no question is claimed twice, however it is spelled.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::{Diagnostic, Document, Kind, Lang, Library};

/// Words that mean the same in a question, and the one they are read as.
const SAME: &[(&str, &str)] = &[
    ("怎么办|咋办|咋整|咋弄|怎么弄|怎么整|如何是好|怎么处理|如何处理|该怎么做|怎么做", "办"),
    ("怎么样|怎样|怎么|咋样|咋|如何", "怎"),
    ("能不能|可不可以|可以不可以|行不行|能否|是否可以|可否|行吗|可以吗|能吗", "能"),
    ("要不要|用不用|需不需要|需要吗|是否需要", "要"),
    ("为什么|为啥|为何|咋回事|怎么回事|什么原因", "因"),
    ("什么|啥|哪些", "啥"),
    ("多少|几", "几"),
    ("着火了?|起火了?|失火了?|烧起来了?|着起来了?", "火"),
    ("电动自行车|电动车|电瓶车|电单车", "车"),
    ("煤气罐|液化气罐|液化气瓶|煤气瓶|气罐|气瓶", "瓶"),
    ("小孩子?|孩子|儿童|娃娃?|小朋友", "娃"),
    ("老年人|老人家?|老头老太太?", "老"),
    ("家里|家中|屋里|屋内|室内", "家"),
    ("[的了吗呢啊呀吧嘛着过么哦哈请问我]|应该|到底|究竟|一下|那个|这个|时候|的话", ""),
];

static READ_AS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let compile = |(words, one): &(&str, &'static str)| {
        (Regex::new(words).expect("a constant pattern"), *one)
    };
    SAME.iter().map(compile).collect()
});

/// No question is claimed by two documents.
pub(super) fn library(library: &Library, faults: &mut Vec<Diagnostic>) {
    let mut owners: HashMap<(Lang, String), (&Document, &str)> = HashMap::new();
    for document in library.documents().iter().filter(|d| d.kind() == Kind::Knowledge) {
        for question in document.questions() {
            let known = owners.insert((document.lang, key(question)), (document, question));
            if let Some((owner, asked)) = known.filter(|(owner, _)| owner.id != document.id) {
                let message = if asked == question {
                    format!("问题“{question}”在 {} 里也有", owner.path)
                } else {
                    format!("问题“{question}”和 {} 的“{asked}”是同一个", owner.path)
                };
                let help = "留给最合适的一篇，另一篇换个问法";
                faults.push(Diagnostic::error(&document.path, 1, "question-twice", message, help));
            }
        }
    }
}

/// `question` without what spelling and small words add.
fn key(question: &str) -> String {
    let plain: String = question.chars().map(narrow).filter(|c| c.is_alphanumeric()).collect();
    let read = READ_AS.iter().fold(plain.to_lowercase(), |text, (words, one)| {
        words.replace_all(&text, *one).into_owned()
    });
    // A question of small words only keeps them.
    if read.is_empty() { plain } else { read }
}

/// Wide letters as narrow ones, Chinese figures as Arabic ones.
fn narrow(c: char) -> char {
    let figures = "零一二三四五六七八九";
    if let Some(value) = figures.chars().position(|figure| figure == c) {
        return char::from_digit(u32::try_from(value).unwrap_or(0), 10).unwrap_or(c);
    }
    match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_has_one_key_however_it_is_spelled() {
        for (one, other) in [
            ("油锅着火怎么办？", "油锅起火了咋办"),
            ("电动车能不能进电梯", "电动自行车可不可以进电梯？"),
            ("打１１９要钱吗", "打119要钱么"),
            ("LED灯会着火吗", "led灯会着火吗"),
            ("二楼着火咋办", "2楼着火了怎么办"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        for (one, other) in [
            ("油锅着火怎么办", "油锅为什么着火"),
            ("灭火器怎么用", "灭火器能不能用"),
            ("一楼着火", "二楼着火"),
        ] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }
}
