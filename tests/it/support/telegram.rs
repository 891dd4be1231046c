//! The binary with a bot on the fake Bot API, and telephones that talk to it.

use std::fmt::Write;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::App;
use super::bot_api::{BotApi, TOKEN, seen};

/// What Telegram sends along with its updates.
pub(crate) const SECRET: &str = "s3cret_of-the-webhook";

/// How updates come in.
#[derive(Clone, Copy)]
pub(crate) enum Mode {
    Polling,
    Webhook,
}

/// A server with one bot.
pub(crate) struct Bot {
    pub(crate) api: BotApi,
    pub(crate) app: Option<App>,
    arguments: Vec<String>,
    _config: TempDir,
}

impl Bot {
    /// A bot of a small library, on a day of its own.
    pub(crate) fn start(mode: Mode) -> Self {
        Self::with_lines(mode, "")
    }

    /// The same with more lines of configuration (`{api}` is the fake).
    pub(crate) fn with_lines(mode: Mode, lines: &str) -> Self {
        let library = super::root().join("bot/tests/library").display().to_string();
        Self::with(mode, lines, &["--library", &library, "--now", "2026-11-10T09:00:00+08:00"])
    }

    /// A bot with more lines of configuration, and arguments.
    pub(crate) fn with(mode: Mode, lines: &str, arguments: &[&str]) -> Self {
        let api = BotApi::start();
        let folder = tempfile::tempdir().expect("a folder");
        // Secrets lie in files, as `docs/OPERATIONS.md` has it.
        let secret = |name: &str, value: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, format!("{value}\n")).expect("written");
            file.display().to_string()
        };
        let token = secret("token", TOKEN);
        let mode = match mode {
            Mode::Polling => "mode = \"polling\"".to_owned(),
            Mode::Webhook => {
                format!("mode = \"webhook\"\nsecret_file = \"{}\"", secret("secret", SECRET))
            }
        };
        let config = format!(
            "[server]\npublic_url = \"https://fire.example\"\n[telegram.main]\ntoken_file = \"{token}\"\n\
             api_url = \"{}\"\n{mode}\n{lines}\n",
            api.url()
        )
        .replace("{api}", &api.url());
        let file = folder.path().join("fenghuo.toml");
        std::fs::write(&file, config).expect("written");
        let mut all = vec!["--config".to_owned(), file.display().to_string()];
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let mut bot = Self { api, app: None, arguments: all, _config: folder };
        bot.serve(tempfile::tempdir().expect("a folder"));
        bot
    }

    /// Starts the server on `data`.
    pub(crate) fn serve(&mut self, data: TempDir) {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        self.app = Some(App::on(data, &arguments).settled());
    }

    pub(crate) fn app(&self) -> &App {
        self.app.as_ref().expect("it runs")
    }

    /// Runs another command on the same data and configuration.
    pub(crate) fn run(&self, command: &[&str]) -> std::process::Output {
        self.command(command).output().expect("the binary starts")
    }

    /// Another command on the same data and configuration, not run yet.
    pub(crate) fn command(&self, command: &[&str]) -> std::process::Command {
        let data = self.app().data.path().display().to_string();
        let mut arguments = vec!["--data", &data];
        arguments.extend(self.arguments.iter().map(String::as_str));
        // `--now` is the server's own.
        if let Some(at) = arguments.iter().position(|argument| *argument == "--now") {
            arguments.drain(at..at + 2);
        }
        arguments.extend(command);
        super::fenghuo(&arguments)
    }

    /// Ends the server as a power cut would; its data.
    pub(crate) fn kill(&mut self) -> TempDir {
        self.app.take().expect("it runs").kill()
    }

    /// Lets the server end well; its data.
    pub(crate) fn stop(&mut self) -> TempDir {
        let (well, data) = self.app.take().expect("it runs").stop();
        assert!(well, "the server ended badly");
        data
    }

    /// Posts an update as Telegram does; the status.
    pub(crate) fn post(&self, update: &Value, secret: &str) -> u16 {
        let request = self.app().request("POST", "/in/telegram/main");
        let request = request.header("x-telegram-bot-api-secret-token", secret);
        request.json(update).send().expect("an answer").status().as_u16()
    }
}

/// A person with a telephone: what she says and sees, written down.
pub(crate) struct Phone<'a> {
    pub(crate) bot: &'a Bot,
    pub(crate) chat: i64,
    heard: usize,
    log: String,
}

impl<'a> Phone<'a> {
    pub(crate) fn new(bot: &'a Bot, chat: i64) -> Self {
        Self { bot, chat, heard: 0, log: String::new() }
    }

    /// Types `text` and waits for the reply, which ends with buttons.
    pub(crate) fn say(&mut self, text: &str) -> &mut Self {
        let _ = write!(self.log, "人：{text}\n\n");
        self.bot.api.push(message(self.chat, json!({ "text": text })));
        self.hear_to_buttons()
    }

    /// Taps the button whose text contains `label` below the last message.
    pub(crate) fn tap(&mut self, label: &str) -> &mut Self {
        let data = self.data_of(label);
        let _ = write!(self.log, "人：[{label}]\n\n");
        self.bot.api.push(tap(self.chat, &data));
        self.hear_to_buttons()
    }

    /// Sends `update` and waits for one message.
    pub(crate) fn send(&mut self, update: Value, shown: &str) -> &mut Self {
        let _ = write!(self.log, "人：{shown}\n\n");
        self.bot.api.push(update);
        self.hear();
        self.log.push_str("──────────\n\n");
        self
    }

    /// What comes without being asked for.
    pub(crate) fn overhear(&mut self) -> &mut Self {
        self.hear();
        self.log.push_str("──────────\n\n");
        self
    }

    pub(crate) fn log(&self) -> &str {
        &self.log
    }

    fn data_of(&self, label: &str) -> String {
        let message = self.bot.api.messages(self.chat).pop().expect("a message");
        let buttons = buttons(&message);
        let found = buttons.iter().flatten().find(|(text, _)| text.contains(label));
        found.unwrap_or_else(|| panic!("no button {label} in {buttons:?}")).1.clone()
    }

    fn hear_to_buttons(&mut self) -> &mut Self {
        while self.hear()["reply_markup"].is_null() {}
        self.log.push_str("──────────\n\n");
        self
    }

    fn hear(&mut self) -> Value {
        self.heard += 1;
        let message = self.bot.api.wait_message(self.chat, self.heard);
        let text = seen(message["text"].as_str().expect("text")).expect("HTML");
        let _ = writeln!(self.log, "{text}");
        for row in buttons(&message) {
            let row: Vec<String> = row.iter().map(|(text, _)| format!("[{text}]")).collect();
            let _ = writeln!(self.log, "{}", row.join(" "));
        }
        self.log.push('\n');
        message
    }
}

/// Text and data of the buttons of a message, by row.
fn buttons(message: &Value) -> Vec<Vec<(String, String)>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = message["reply_markup"]["inline_keyboard"].as_array().into_iter().flatten();
    rows.map(|row| {
        let row = row.as_array().into_iter().flatten();
        row.map(|button| (text(&button["text"]), text(&button["callback_data"]))).collect()
    })
    .collect()
}

fn person(id: i64) -> Value {
    json!({ "id": id.abs(), "is_bot": false, "first_name": "马" })
}

fn chat(id: i64) -> Value {
    if id > 0 {
        json!({ "id": id, "type": "private", "first_name": "马" })
    } else {
        json!({ "id": id, "type": "supergroup", "title": "城关镇网格群" })
    }
}

/// A message in the chat `id` that carries `content`.
pub(crate) fn message(id: i64, content: Value) -> Value {
    json!({ "message": whole(id, content) })
}

/// The same, edited.
pub(crate) fn edited(id: i64, content: Value) -> Value {
    let mut message = whole(id, content);
    message["edit_date"] = 1_800_000_001.into();
    json!({ "edited_message": message })
}

fn whole(id: i64, content: Value) -> Value {
    let mut message =
        json!({ "message_id": 77, "date": 1_800_000_000, "from": person(id), "chat": chat(id) });
    let Value::Object(content) = content else { panic!("{content} is no object") };
    for (key, value) in content {
        message[key] = value;
    }
    message
}

/// A tap on the button that carries `data`.
pub(crate) fn tap(id: i64, data: &str) -> Value {
    json!({ "callback_query": {
        "id": format!("tap-{data}"), "from": person(id), "chat_instance": "1", "data": data,
        "message": { "message_id": 76, "date": 1_800_000_000, "chat": chat(id), "text": "…",
            "from": { "id": 4242, "is_bot": true, "first_name": "烽火", "username": "fenghuo_test_bot" } },
    } })
}

/// The bot's standing in a chat changes.
pub(crate) fn standing(id: i64, was: &str, is: &str) -> Value {
    let member = |status: &str| json!({ "status": status, "until_date": 0, "user": { "id": 4242, "is_bot": true, "first_name": "烽火", "username": "fenghuo_test_bot" } });
    json!({ "my_chat_member": { "chat": chat(id), "from": person(id), "date": 1_800_000_000,
        "old_chat_member": member(was), "new_chat_member": member(is) } })
}
