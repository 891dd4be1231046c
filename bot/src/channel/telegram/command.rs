//! The commands of the bot, and its menu, which is made from them.

use serde_json::{Value, json};
use teloxide::utils::command::BotCommands;

use crate::conversation::{Message, deep_link};

/// What can be asked for with a slash; the descriptions are the menu.
#[derive(Clone, Debug, PartialEq, Eq, BotCommands)]
#[command(rename_rule = "lowercase")]
pub(super) enum Command {
    #[command(description = "开始")]
    Start(String),
    #[command(description = "怎么用")]
    Help,
    #[command(description = "遇险一步步做")]
    Guides,
    #[command(description = "做测验")]
    Quiz,
    #[command(description = "安全自查")]
    Check,
    #[command(description = "按年级找课程")]
    Lessons,
    #[command(description = "真实案例")]
    Cases,
    #[command(description = "应季提示")]
    Notices,
    #[command(description = "订阅通知、看自己的订阅")]
    Subscribe,
    #[command(description = "退订，马上停发")]
    Stop,
    #[command(description = "免打扰时间")]
    Quiet,
    #[command(description = "查通知真假")]
    Verify(String),
    #[command(description = "评价上一条回答")]
    Feedback,
    #[command(description = "删除我的全部记录")]
    Forget,
}

impl Command {
    /// What it means to the conversation.
    pub(super) fn message(self) -> Message {
        let word = match self {
            Self::Start(payload) => return deep_link(&payload),
            Self::Verify(code) => return Message::Text(format!("/verify {code}")),
            Self::Help => "/help",
            Self::Guides => "/guides",
            Self::Quiz => "/quiz",
            Self::Check => "/check",
            Self::Lessons => "/lessons",
            Self::Cases => "/cases",
            Self::Notices => "/notices",
            Self::Subscribe => "/subscribe",
            Self::Stop => "/stop",
            Self::Quiet => "/quiet",
            Self::Feedback => "/feedback",
            Self::Forget => "/forget",
        };
        Message::Text(word.to_owned())
    }

    /// The body of `setMyCommands`; `/start` needs no entry.
    pub(super) fn menu() -> Value {
        let entry = |command: &teloxide::types::BotCommand| {
            let name = command.command.trim_start_matches('/');
            json!({ "command": name, "description": command.description })
        };
        let all = Self::bot_commands();
        json!({ "commands": all.iter().skip(1).map(entry).collect::<Vec<_>>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_may_name_the_bot_and_carry_something() {
        for (text, expected) in [
            ("/start", Some(Command::Start(String::new()))),
            ("/start t-chengguan", Some(Command::Start("t-chengguan".into()))),
            ("/quiz@fire_bot", Some(Command::Quiz)),
            ("/verify A1B2C3", Some(Command::Verify("A1B2C3".into()))),
            ("/quiz@other_bot", None),
            ("/nothing", None),
            ("着火了", None),
        ] {
            assert_eq!(Command::parse(text, "fire_bot").ok(), expected, "{text}");
        }
    }

    #[test]
    fn the_menu_has_an_entry_for_every_command_but_start() {
        let menu = Command::menu();
        let entries = menu["commands"].as_array().expect("a list");
        assert_eq!(entries.len(), 13);
        assert_eq!(entries[0]["command"], "help");
        for entry in entries {
            let description = entry["description"].as_str().expect("text");
            assert!((1..=256).contains(&description.chars().count()));
        }
    }
}
