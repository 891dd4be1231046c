//! What a button means: its id as it travels through a channel, and the action it stands for.
//!
//! Ids are ASCII, at most 64 bytes (Telegram's limit), and name the thing itself, so that a button
//! of yesterday still works or is refused politely.

use super::handle::handle;
use super::subscription::Step;

/// What a choice asks for. Names in it are handles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action<'a> {
    /// The menu.
    Menu,
    /// End the guide, quiz or check.
    Leave,
    /// One step back.
    Back,
    /// On with the guide, quiz or check.
    Resume,
    /// Forget this conversation.
    Forget,
    /// A page of a list.
    List(List<'a>, usize),
    /// Open a document.
    Document(&'a str),
    /// A step of a guide, the first by default.
    Guide { guide: &'a str, step: Option<&'a str> },
    /// A quiz from its beginning, or an option of one of its questions.
    Quiz { quiz: &'a str, pick: Option<(usize, Pick)> },
    /// A checklist from its beginning, or the mark of one of its items.
    Check { checklist: &'a str, mark: Option<(usize, Mark)> },
    /// A vote on the answer with this digest.
    Vote { helpful: bool, answer: &'a str },
    /// The votes of the last answer once more.
    Rate,
    /// A step of subscribing.
    Subscription(Step<'a>),
    /// Ask for the code of a notice.
    Verify,
    /// The sent message of this code.
    Sent(&'a str),
}

/// Lists to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List<'a> {
    Guides,
    Quizzes,
    Checklists,
    Grades,
    Lessons(&'a str),
    Cases,
    Categories,
    CasesOf(&'a str),
    Notices,
}

/// A tap on a question of a quiz.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pick {
    /// This option.
    Option(usize),
    /// All options wanted are ticked.
    Done,
}

/// How an item of a checklist is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// 符合
    Fine,
    /// 不符合
    Faulty,
    /// 跳过
    Skipped,
}

impl Mark {
    /// The letter it has in ids and sessions.
    pub(super) fn letter(self) -> char {
        match self {
            Self::Fine => 'y',
            Self::Faulty => 'n',
            Self::Skipped => 's',
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Fine, Self::Faulty, Self::Skipped]
            .into_iter()
            .find(|m| text == m.letter().to_string())
    }
}

impl<'a> Action<'a> {
    /// Reads an id; `None` for anything we never wrote.
    pub(super) fn parse(id: &'a str) -> Option<Self> {
        let parts: Vec<&str> = id.split(':').collect();
        Some(match *parts {
            ["menu"] => Self::Menu,
            ["quit"] => Self::Leave,
            ["back"] => Self::Back,
            ["go"] => Self::Resume,
            ["forget"] => Self::Forget,
            ["l", list, page] => Self::List(list_without_name(list)?, page.parse().ok()?),
            ["l", list, name, page] => Self::List(list_of(list, name)?, page.parse().ok()?),
            ["d", document] => Self::Document(document),
            ["g", guide] => Self::Guide { guide, step: None },
            ["g", guide, step] => Self::Guide { guide, step: Some(step) },
            ["q", quiz] => Self::Quiz { quiz, pick: None },
            ["q", quiz, question, pick] => {
                let pick = if pick == "ok" { Pick::Done } else { Pick::Option(pick.parse().ok()?) };
                Self::Quiz { quiz, pick: Some((question.parse().ok()?, pick)) }
            }
            ["k", checklist] => Self::Check { checklist, mark: None },
            ["k", checklist, item, mark] => {
                Self::Check { checklist, mark: Some((item.parse().ok()?, Mark::parse(mark)?)) }
            }
            ["f"] => Self::Rate,
            ["v"] => Self::Verify,
            ["n", code] if !code.is_empty() => Self::Sent(code),
            ["s", ..] => Self::Subscription(Step::parse(&parts[1..])?),
            ["f", "y", answer] => Self::Vote { helpful: true, answer },
            ["f", "n", answer] => Self::Vote { helpful: false, answer },
            _ => return None,
        })
    }

    /// The id of the choice.
    pub(super) fn id(self) -> String {
        match self {
            Self::Menu => "menu".to_owned(),
            Self::Leave => "quit".to_owned(),
            Self::Back => "back".to_owned(),
            Self::Resume => "go".to_owned(),
            Self::Forget => "forget".to_owned(),
            Self::List(list, page) => format!("l:{}:{page}", list.id()),
            Self::Document(name) => format!("d:{name}"),
            Self::Guide { guide, step: None } => format!("g:{guide}"),
            Self::Guide { guide, step: Some(step) } => bounded("g", guide, step),
            Self::Quiz { quiz, pick: None } => format!("q:{quiz}"),
            Self::Quiz { quiz, pick: Some((question, Pick::Option(option))) } => {
                format!("q:{quiz}:{question}:{option}")
            }
            Self::Quiz { quiz, pick: Some((question, Pick::Done)) } => {
                format!("q:{quiz}:{question}:ok")
            }
            Self::Check { checklist, mark: None } => format!("k:{checklist}"),
            Self::Check { checklist, mark: Some((item, mark)) } => {
                format!("k:{checklist}:{item}:{}", mark.letter())
            }
            Self::Rate => "f".to_owned(),
            Self::Verify => "v".to_owned(),
            Self::Sent(code) => format!("n:{code}"),
            Self::Subscription(step) => step.id(),
            Self::Vote { helpful, answer } => {
                format!("f:{}:{answer}", if helpful { 'y' } else { 'n' })
            }
        }
    }
}

/// Two names of up to 44 bytes may exceed 64 together; the second one gives way.
fn bounded(letter: &str, first: &str, second: &str) -> String {
    let id = format!("{letter}:{first}:{second}");
    if id.len() <= 64 { id } else { format!("{letter}:{first}:~{}", super::handle::digest(second)) }
}

impl List<'_> {
    fn id(self) -> String {
        match self {
            Self::Guides => "guides".to_owned(),
            Self::Quizzes => "quizzes".to_owned(),
            Self::Checklists => "checks".to_owned(),
            Self::Grades => "grades".to_owned(),
            Self::Lessons(band) => format!("lessons:{band}"),
            Self::Cases => "cases".to_owned(),
            Self::Categories => "kinds".to_owned(),
            Self::CasesOf(category) => format!("cases:{}", handle(category)),
            Self::Notices => "notices".to_owned(),
        }
    }
}

fn list_without_name(list: &str) -> Option<List<'static>> {
    Some(match list {
        "guides" => List::Guides,
        "quizzes" => List::Quizzes,
        "checks" => List::Checklists,
        "grades" => List::Grades,
        "cases" => List::Cases,
        "kinds" => List::Categories,
        "notices" => List::Notices,
        _ => return None,
    })
}

fn list_of<'a>(list: &str, name: &'a str) -> Option<List<'a>> {
    match list {
        "lessons" => Some(List::Lessons(name)),
        "cases" => Some(List::CasesOf(name)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Action<'_>; 28] = [
        Action::Menu,
        Action::Leave,
        Action::Back,
        Action::Resume,
        Action::Forget,
        Action::List(List::Guides, 0),
        Action::List(List::Quizzes, 1),
        Action::List(List::Checklists, 2),
        Action::List(List::Grades, 0),
        Action::List(List::Lessons("upper"), 3),
        Action::List(List::Cases, 0),
        Action::List(List::Categories, 0),
        Action::List(List::CasesOf("~0123456789ab"), 1),
        Action::List(List::Notices, 0),
        Action::Document("knowledge/kitchen/oil-pan-fire"),
        Action::Guide { guide: "trapped", step: None },
        Action::Guide { guide: "trapped", step: Some("hot-door") },
        Action::Quiz { quiz: "summer", pick: None },
        Action::Quiz { quiz: "summer", pick: Some((3, Pick::Option(1))) },
        Action::Quiz { quiz: "summer", pick: Some((3, Pick::Done)) },
        Action::Check { checklist: "home", mark: None },
        Action::Check { checklist: "home", mark: Some((12, Mark::Faulty)) },
        Action::Vote { helpful: true, answer: "0123456789ab" },
        Action::Vote { helpful: false, answer: "0123456789ab" },
        Action::Rate,
        Action::Verify,
        Action::Sent("A7K9M2"),
        Action::Subscription(Step::Town("chengguan")),
    ];

    #[test]
    fn every_action_survives_its_id() {
        for action in ALL {
            let id = action.id();
            if let Action::List(List::CasesOf(name), _) = action {
                assert_eq!(id, format!("l:cases:{}:1", handle(name)));
            } else {
                assert_eq!(Action::parse(&id), Some(action), "{id}");
            }
        }
    }

    #[test]
    fn ids_are_ascii_of_at_most_64_bytes() {
        let long = handle(&"x".repeat(44));
        for action in [
            Action::Document(&long),
            Action::Guide { guide: &long, step: Some(&long) },
            Action::Quiz { quiz: &long, pick: Some((9999, Pick::Option(99))) },
            Action::Check { checklist: &long, mark: Some((9999, Mark::Skipped)) },
            Action::List(List::CasesOf("学校宿舍"), 9999),
        ] {
            let id = action.id();
            assert!(id.is_ascii() && id.len() <= 64, "{id}");
            assert!(Action::parse(&id).is_some(), "{id}");
        }
    }

    #[test]
    fn what_we_never_wrote_is_no_action() {
        for id in [
            "",
            ":",
            "x",
            "g",
            "q:a:b:c",
            "q:a:-1:0",
            "k:a:1:z",
            "l:all:0",
            "l:cases:x",
            "f:x:1",
            "火",
            "menu:1",
        ] {
            assert_eq!(Action::parse(id), None, "{id}");
        }
    }
}
