//! Words typed instead of buttons: `帮助`, `/quiz`, `退出`, `2`.

use super::choice::{Action, List};
use super::subscription::Step;
use super::{Choice, Message, Session};

/// Characters of a notice's code.
const CODE_LEN: usize = 6;

/// What a typed command asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// The help text and the menu.
    Help,
    /// What a button does as well.
    Act(Action<'static>),
}

/// Words of each command; matched whole, never inside a question.
const COMMANDS: [(&[&str], Command); 17] = [
    (&["/help", "/start", "/menu", "帮助", "菜单", "功能", "help", "menu"], Command::Help),
    (&["/quit", "退出", "结束", "不做了", "quit", "exit"], Command::Act(Action::Leave)),
    (&["/back", "返回", "上一步", "返回上一步", "上一项", "back"], Command::Act(Action::Back)),
    (&["/continue", "继续", "接着来"], Command::Act(Action::Resume)),
    (&["/forget", "清除", "忘掉", "忘记我", "删除我的记录"], Command::Act(Action::Forget)),
    (&["/guide", "/guides", "分步指引", "指引"], Command::Act(Action::List(List::Guides, 0))),
    (
        &["/quiz", "测验", "做测验", "做题", "答题", "考考我"],
        Command::Act(Action::List(List::Quizzes, 0)),
    ),
    (
        &["/check", "/checks", "自查", "安全自查", "自查表"],
        Command::Act(Action::List(List::Checklists, 0)),
    ),
    (&["/lesson", "/lessons", "课程", "上课", "教案"], Command::Act(Action::List(List::Grades, 0))),
    (
        &["/case", "/cases", "案例", "真实案例", "火灾案例"],
        Command::Act(Action::List(List::Cases, 0)),
    ),
    (
        &["/notice", "/notices", "提示", "应季提示", "安全提示"],
        Command::Act(Action::List(List::Notices, 0)),
    ),
    (
        &["/subscribe", "订阅", "订阅通知", "我的订阅"],
        Command::Act(Action::Subscription(Step::Show)),
    ),
    (
        &["/stop", "/unsubscribe", "退订", "取消订阅", "停止订阅", "不要再发", "td"],
        Command::Act(Action::Subscription(Step::Leave)),
    ),
    (&["/quiet", "免打扰", "免打扰时间"], Command::Act(Action::Subscription(Step::QuietHours))),
    (&["/verify", "查证", "核实", "查通知真假"], Command::Act(Action::Verify)),
    (&["/feedback", "评价", "反馈"], Command::Act(Action::Rate)),
    (&["/kinds", "案例分类"], Command::Act(Action::List(List::Categories, 0))),
];

impl Command {
    /// The command `said` is, if it is nothing else.
    pub(super) fn of(said: &str) -> Option<Self> {
        let word = plain(said);
        COMMANDS
            .iter()
            .find(|(words, _)| words.contains(&word.as_str()))
            .map(|(_, command)| *command)
    }
}

/// What a link into the bot asks for: `t-` township, `g-` guide, `q-` quiz, `k-` checklist, `v-` code
/// of a notice. QR codes on posters carry them. Anything else opens the menu.
pub fn deep_link(payload: &str) -> Message {
    let choice = |id: String| Message::Choice(id);
    match payload.trim().split_once('-') {
        Some(("t", region)) => choice(Action::Subscription(Step::Town(region)).id()),
        Some(("g", guide)) => choice(Action::Guide { guide, step: None }.id()),
        Some(("q", quiz)) => choice(Action::Quiz { quiz, pick: None }.id()),
        Some(("k", checklist)) => choice(Action::Check { checklist, mark: None }.id()),
        Some(("v", code)) => Message::Text(format!("/verify {code}")),
        _ if payload == "subscribe" => choice(Action::Subscription(Step::Show).id()),
        _ => Message::Text("/start".to_owned()),
    }
}

/// The code of a notice in `said`: alone where it was `asked` for, else behind a word that says so.
pub(super) fn code(asked: bool, said: &str) -> Option<String> {
    let word = plain(said);
    let named = ["/verify", "查证", "核实", "验证", "编号"];
    let rest = named.iter().find_map(|name| word.strip_prefix(name));
    let code = rest.or_else(|| asked.then_some(word.as_str()))?;
    let code = code.trim_matches(|c: char| c.is_whitespace() || ":：".contains(c));
    // Written in two halves, as on posters; words without a digit stay words: `help me` is no code.
    let joined: String = match code.bytes().any(|b| b.is_ascii_digit()) {
        true => code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect(),
        false => code.to_owned(),
    };
    let fits = joined.len() == CODE_LEN && joined.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then(|| joined.to_ascii_uppercase())
}

/// The choice `said` names by its number.
pub(super) fn numbered<'a>(session: &'a Session, said: &str) -> Option<&'a Choice> {
    number(&plain(said)).and_then(|n| session.offered.get(n.checked_sub(1)?))
}

/// The choice `said` repeats word for word.
pub(super) fn labelled<'a>(session: &'a Session, said: &str) -> Option<&'a Choice> {
    let word = plain(said);
    session.offered.iter().find(|choice| !word.is_empty() && plain(&choice.label) == word)
}

/// Numbers of options typed at once: `1 3`, `13`, `A、C`.
pub(super) fn several(said: &str, options: usize) -> Option<Vec<usize>> {
    let word = plain(said);
    let marks: Vec<char> =
        word.chars().filter(|c| !c.is_whitespace() && !",，、.和;；".contains(*c)).collect();
    let picked: Option<Vec<usize>> = marks
        .iter()
        .map(|c| match c {
            'a'..='h' => Some(*c as usize - 'a' as usize),
            _ => usize::try_from(c.to_digit(10)?).ok()?.checked_sub(1),
        })
        .collect();
    picked.filter(|all| !all.is_empty() && all.iter().all(|n| *n < options))
}

/// Without marks around it, half width, lower case.
fn plain(said: &str) -> String {
    let half = |c: char| match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    };
    let text: String = said.chars().map(half).collect();
    text.trim_matches(|c: char| c.is_whitespace() || "。.,，!?；;：:、[]()\"'“”".contains(c))
        .to_lowercase()
}

fn number(word: &str) -> Option<usize> {
    const CIRCLED: &str = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫";
    const CHINESE: [&str; 12] =
        ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    let word = word.strip_prefix('第').unwrap_or(word);
    let word = word.trim_end_matches(['个', '项']);
    let mut characters = word.chars();
    if let (Some(first), None) = (characters.next(), characters.next())
        && let Some(at) = CIRCLED.chars().position(|c| c == first)
    {
        return Some(at + 1);
    }
    CHINESE.iter().position(|n| *n == word).map(|at| at + 1).or_else(|| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_whole_message() {
        for (said, expected) in [
            ("帮助", Some(Command::Help)),
            (" /help ", Some(Command::Help)),
            ("／ＨＥＬＰ", Some(Command::Help)),
            ("退出。", Some(Command::Act(Action::Leave))),
            ("案例", Some(Command::Act(Action::List(List::Cases, 0)))),
            ("学校火灾案例有哪些", None),
            ("怎么退出火场", None),
            ("", None),
        ] {
            assert_eq!(Command::of(said), expected, "{said}");
        }
    }

    #[test]
    fn a_number_or_a_label_names_an_offered_choice() {
        let mut session = Session::default();
        for label in ["门烫", "门不烫", "有用"] {
            session.offered.push(Choice { id: label.into(), label: label.into() });
        }
        for (said, expected) in [
            ("1", Some("门烫")),
            ("２", Some("门不烫")),
            ("2.", Some("门不烫")),
            ("③", Some("有用")),
            ("第二个", Some("门不烫")),
            ("[1]", Some("门烫")),
            ("0", None),
            ("4", None),
            ("119", None),
            ("1楼着火", None),
        ] {
            assert_eq!(numbered(&session, said).map(|c| c.label.as_str()), expected, "{said}");
        }
        for (said, expected) in
            [("门不烫。", Some("门不烫")), ("有用", Some("有用")), ("门", None), ("", None)]
        {
            assert_eq!(labelled(&session, said).map(|c| c.label.as_str()), expected, "{said}");
        }
    }

    #[test]
    fn a_code_is_taken_as_one_only_where_it_is_meant() {
        for (asked, said, expected) in [
            (true, "a1b2c3", Some("A1B2C3")),
            (true, "编号：Ａ１Ｂ２Ｃ３。", Some("A1B2C3")),
            (false, "查证 a1b2c3", Some("A1B2C3")),
            (false, "/verify A1B2C3", Some("A1B2C3")),
            (true, "a7k 9m2", Some("A7K9M2")),
            (true, "A7K-9M2", Some("A7K9M2")),
            (true, "help me", None),
            (false, "stoves", None),
            (true, "着火了", None),
            (true, "1234567", None),
            (true, "a1b2c", None),
            (false, "查证", None),
        ] {
            assert_eq!(code(asked, said).as_deref(), expected, "{said}");
        }
    }

    #[test]
    fn several_options_can_be_typed_at_once() {
        for (said, expected) in [
            ("1 3", Some(vec![0, 2])),
            ("13", Some(vec![0, 2])),
            ("A、C", Some(vec![0, 2])),
            ("ac", Some(vec![0, 2])),
            ("b", Some(vec![1])),
            ("5", None),
            ("0", None),
            ("怎么选", None),
            ("", None),
        ] {
            assert_eq!(several(said, 4), expected, "{said}");
        }
    }
}
