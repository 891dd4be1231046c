//! Configuration: `fenghuo.toml` < environment < flags; unknown keys are refused.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;
use toml::{Table, Value};

mod email;
mod office;
mod outlet;
mod public;
mod season;
mod telegram;
mod wechat;

pub(crate) use email::Email;
pub(crate) use outlet::{Robot, Webhook};
pub(crate) use public::{Cap, Relay};
pub(crate) use season::Season;
pub(crate) use telegram::Telegram;
pub(crate) use wechat::WeChat;

const FILE: &str = "fenghuo.toml";
const PREFIX: &str = "FENGHUO_";

/// All settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) database: Database,
    pub(crate) search: Search,
    /// Bots by name.
    pub(crate) telegram: BTreeMap<String, Telegram>,
    /// Official accounts by name.
    pub(crate) wechat: BTreeMap<String, WeChat>,
    /// Robots in group chats by name.
    pub(crate) robot: BTreeMap<String, Robot>,
    /// Systems of the county by name.
    pub(crate) webhook: BTreeMap<String, Webhook>,
    pub(crate) cap: Cap,
    /// Feeds of those who may warn, by name.
    pub(crate) relay: BTreeMap<String, Relay>,
    pub(crate) season: Season,
    /// The relay mail goes through.
    pub(crate) email: Option<Email>,
}

/// `[server]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Server {
    /// Address to listen on.
    pub(crate) listen: SocketAddr,
    /// Address others reach it at; `http://LISTEN` by default.
    pub(crate) public_url: Option<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Vec<IpAddr>,
    /// Origins whose pages may show the chat in a frame (`/widget.js`).
    pub(crate) embed_origins: Vec<String>,
    /// Token that opens `/metrics` to others than loopback.
    pub(crate) metrics_token: Option<String>,
}

/// `[database]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Database {
    /// `sqlite://PATH` or `postgres://…`; a file under the data folder by default.
    pub(crate) url: Option<String>,
}

/// `[search]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Search {
    /// Whether the sentence encoder helps; answers go by words alone without.
    pub(crate) semantic: bool,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8119)),
            public_url: None,
            trusted_proxies: Vec::new(),
            embed_origins: Vec::new(),
            metrics_token: None,
        }
    }
}

impl Default for Search {
    fn default() -> Self {
        Self { semantic: true }
    }
}

impl Config {
    /// Reads the file (`fenghuo.toml` where none is named), then the environment.
    pub(crate) fn read(file: Option<&Path>) -> anyhow::Result<Self> {
        Self::from_parts(file_table(file)?, std::env::vars())
    }

    fn from_parts(
        mut table: Table,
        environment: impl Iterator<Item = (String, String)>,
    ) -> anyhow::Result<Self> {
        for (name, value) in environment {
            overlay(&mut table, &name, &value)?;
        }
        read_secret_files(&mut table)?;
        let config: Self = Value::Table(table).try_into().context("configuration")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        if let Some(url) = &self.server.public_url {
            check_public_url(url)?;
        }
        for origin in &self.server.embed_origins {
            check_origin(origin)?;
        }
        let public = self.server.public_url.is_some();
        if let Some(email) = &self.email {
            email.check(public).context("[email]")?;
        }
        for (name, bot) in &self.telegram {
            bot.check(name, public).with_context(|| format!("[telegram.{name}]"))?;
        }
        for (name, account) in &self.wechat {
            account.check(name, public).with_context(|| format!("[wechat.{name}]"))?;
        }
        for (name, robot) in &self.robot {
            robot.check(name).with_context(|| format!("[robot.{name}]"))?;
        }
        for (name, webhook) in &self.webhook {
            webhook.check(name).with_context(|| format!("[webhook.{name}]"))?;
        }
        self.season.check().context("[season]")?;
        Ok(())
    }

    /// The public address without a slash at its end.
    pub(crate) fn public_url(&self, listen: SocketAddr) -> String {
        match &self.server.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{listen}"),
        }
    }
}

/// Names in the configuration become part of addresses and of rows.
fn check_name(name: &str) -> anyhow::Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    anyhow::ensure!(
        (1..=40).contains(&name.len()) && name.chars().all(plain),
        "a name has 1 to 40 of a-z, 0-9 and `-`"
    );
    Ok(())
}

/// A public address is `http(s)://host[:port][/path]`, without query.
pub(crate) fn check_public_url(url: &str) -> anyhow::Result<()> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let fine =
        rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(['?', '#', ' ', '"', '<', '>']));
    anyhow::ensure!(fine, "public_url `{url}`: write https://host without query");
    Ok(())
}

/// An origin is `https://host[:port]`; it becomes part of a header.
fn check_origin(origin: &str) -> anyhow::Result<()> {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    let fine = rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain));
    anyhow::ensure!(fine, "embed_origins: `{origin}`: write https://host without a path");
    Ok(())
}

fn file_table(file: Option<&Path>) -> anyhow::Result<Table> {
    let path = file.unwrap_or(Path::new(FILE));
    match std::fs::read_to_string(path) {
        Ok(text) => text.parse().with_context(|| format!("`{}`", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && file.is_none() => {
            Ok(Table::new())
        }
        Err(error) => Err(error).with_context(|| format!("`{}`", path.display())),
    }
}

/// Puts `FENGHUO_SERVER__LISTEN=…` at `server.listen`; a name without `__` is no setting.
fn overlay(table: &mut Table, name: &str, value: &str) -> anyhow::Result<()> {
    let Some(rest) = name.strip_prefix(PREFIX).filter(|rest| rest.contains("__")) else {
        return Ok(());
    };
    let lower = rest.to_ascii_lowercase();
    let mut keys: Vec<&str> = lower.split("__").collect();
    let last = keys.pop().context("a name has at least one part")?;
    let mut current = table;
    for key in keys {
        current = current
            .entry(key)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .with_context(|| format!("`{name}`: `{key}` is no section"))?;
    }
    current.insert(last.to_owned(), typed(value));
    Ok(())
}

/// A value of the environment as TOML would read it, else as text.
fn typed(text: &str) -> Value {
    let parsed =
        format!("value = {text}").parse::<Table>().ok().and_then(|mut t| t.remove("value"));
    match parsed {
        Some(value @ (Value::Boolean(_) | Value::Integer(_) | Value::Array(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}

/// `KEY_file = "path"` becomes `KEY` with the content of the file.
fn read_secret_files(table: &mut Table) -> anyhow::Result<()> {
    let names: Vec<String> = table.keys().cloned().collect();
    for name in names {
        if let Some(Value::Table(inner)) = table.get_mut(&name) {
            read_secret_files(inner)?;
        } else if let Some(key) = name.strip_suffix("_file") {
            let path = table.get(&name).and_then(Value::as_str).unwrap_or_default().to_owned();
            anyhow::ensure!(
                !table.contains_key(key),
                "both `{key}` and `{name}` are set; keep one"
            );
            let text =
                std::fs::read_to_string(&path).with_context(|| format!("`{name}`: `{path}`"))?;
            table.remove(&name);
            table.insert(key.to_owned(), Value::String(text.trim_end().to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(file: &str, environment: &[(&str, &str)]) -> anyhow::Result<Config> {
        let pairs = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::from_parts(file.parse()?, pairs.collect::<Vec<_>>().into_iter())
    }

    #[test]
    fn environment_stands_over_the_file() {
        let file = "[server]\nlisten = \"127.0.0.1:1\"\npublic_url = \"https://a.example\"";
        let config =
            config(file, &[("FENGHUO_SERVER__LISTEN", "127.0.0.1:2")]).expect("well-formed");
        assert_eq!(config.server.listen.port(), 2);
        assert_eq!(config.public_url(config.server.listen), "https://a.example");
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_refused() {
        for file in [
            "[server]\nlisten = 8119",
            "[server]\nlissten = \"127.0.0.1:1\"",
            "[serwer]\n",
            "[server]\npublic_url = \"a.example\"",
            "[server]\nmetrics_token_file = \"/no/such/file\"",
            "[server]\nembed_origins = [\"https://a.example/page\"]",
            "[server]\nembed_origins = [\"*\"]",
            "[server]\nembed_origins = [\"https://a.example; script-src *\"]",
            "[email]\nsmtp = \"smtp://127.0.0.1\"\nfrom = \"a@fire.example\"",
        ] {
            assert!(config(file, &[]).is_err(), "{file}");
        }
        assert!(config("", &[("FENGHUO_SERVER__NOPE", "1")]).is_err());
    }

    #[test]
    fn environment_values_are_typed_and_other_names_are_left_alone() {
        let environment =
            [("FENGHUO_SEARCH__SEMANTIC", "false"), ("FENGHUO_OFFICIAL_PASSWORD", "x")];
        assert!(!config("", &environment).expect("well-formed").search.semantic);
    }
}
