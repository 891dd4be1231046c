//! Replies that rest on no document: greetings, and the honest "this is not what I am for".

use fenghuo_content::Library;

use crate::Choice;
use crate::analysis::{Glyph, units};

/// Longest text that can be a greeting, in characters.
const LONGEST: usize = 14;

const GREETINGS: [&str; 40] = [
    "你好",
    "您好",
    "hi",
    "hello",
    "哈喽",
    "嗨",
    "在吗",
    "在不在",
    "有人吗",
    "早上好",
    "下午好",
    "晚上好",
    "早安",
    "晚安",
    "喂",
    "你是谁",
    "你是什么",
    "你叫什么",
    "介绍一下你自己",
    "你会什么",
    "你能做什么",
    "你能干什么",
    "你能干啥",
    "怎么用",
    "帮助",
    "help",
    "nihao",
    "ni hao",
    "大家好",
    "嘿",
    "你好啊",
    "hey",
    "你能帮我什么",
    "可以问什么",
    "能问什么",
    "能问啥",
    "你会啥",
    "start",
    "你能回答什么",
    "早",
];

const THANKS: [&str; 16] = [
    "谢谢",
    "谢了",
    "多谢",
    "感谢",
    "谢谢你",
    "谢谢您",
    "thanks",
    "thank you",
    "辛苦了",
    "再见",
    "拜拜",
    "bye",
    "好的",
    "知道了",
    "明白了",
    "ok",
];

/// The reply to a greeting or thanks, if `text` is nothing else.
pub(crate) fn reply(text: &str, library: &Library) -> Option<String> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
    let bare = bare.trim_end_matches(['啊', '呀', '吗', '呢', '哦', '啦', '哈', '了']);
    let same = |known: &str| {
        bare == known.trim_end_matches(['啊', '呀', '吗', '呢', '哦', '啦', '哈', '了'])
    };
    if GREETINGS.iter().any(|known| same(known)) {
        return Some(greeting(library));
    }
    if THANKS.iter().any(|known| same(known)) {
        return Some("不客气。还有消防安全的问题，接着问我。着火了先打119。".to_owned());
    }
    let empty = !units(text)
        .iter()
        .any(|u| matches!(u.glyph, Glyph::Han(_) | Glyph::Word(_) | Glyph::Syllable));
    empty.then(|| greeting(library))
}

fn greeting(library: &Library) -> String {
    let place = &library.place.name;
    format!(
        "你好，这里是{place}的消防安全问答。着火、有人被困，先打119。\n\
         你可以直接问，比如：\n· 油锅着火怎么办\n· 电动车能在楼道充电吗\n· 闻到煤气味先做什么\n· 灭火器怎么用\n· 堵了疏散通道怎么罚"
    )
}

/// Near topics to choose from.
pub(crate) fn suggest(choices: &[Choice]) -> String {
    let mut out = "没找到正好对上的内容。你是不是想问：".to_owned();
    for choice in choices {
        out.push_str(&format!("\n· {}", choice.label));
    }
    out.push_str("\n换个说法再问一次也可以。着火、有人被困，马上打119。");
    out
}

/// What this is for, and whom to call; `call` is said first.
pub(crate) fn unknown(library: &Library, call: Option<&str>) -> String {
    let mut out = call.map(|call| format!("{call}\n")).unwrap_or_default();
    out.push_str(
        "这个问题资料库里没有，我不能乱答。我只答消防安全的事：起火逃生、灭火、用电用气、电动车、防火检查和相关法律。",
    );
    out.push_str("\n别的事可以打：");
    let numbers: Vec<String> = library
        .place
        .hotlines
        .iter()
        .map(|hotline| format!("{} {}", hotline.number, hotline.name))
        .collect();
    out.push_str(&numbers.join("，"));
    out.push('。');
    out
}
