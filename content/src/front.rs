//! Front matter: TOML between two `+++` lines, every fault of it named with its line.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use toml::Value;

use crate::Diagnostic;

const FENCE: &str = "+++";

/// The keys of one document, taken one by one by its reader; what is left over is unknown.
pub(crate) struct Front<'a> {
    path: &'a str,
    values: BTreeMap<String, (u32, Value)>,
    /// Names already asked for, to propose one for a mistyped key.
    known: Vec<&'static str>,
    faults: Vec<Diagnostic>,
}

/// Front matter, text below it, and the line the text begins on.
pub(crate) struct Split<'a> {
    pub(crate) front: Front<'a>,
    pub(crate) body: &'a str,
    pub(crate) body_line: u32,
}

/// A date written as TOML date or as string.
pub(crate) struct Day(pub(crate) Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match Value::deserialize(deserializer)? {
            Value::Datetime(date) => date.to_string(),
            Value::String(text) => text,
            other => return Err(D::Error::custom(format!("`{other}` 不是日期"))),
        };
        text.parse().map(Self).map_err(|_| D::Error::custom(format!("`{text}` 不是日期")))
    }
}

impl<'a> Front<'a> {
    /// Splits `text` into front matter and body.
    pub(crate) fn split(path: &'a str, text: &'a str) -> Result<Split<'a>, Diagnostic> {
        let fault = |line, message: &str, help: &str| {
            Diagnostic::error(path, line, "front-fence", message, help)
        };
        let after =
            text.strip_prefix(FENCE).and_then(|rest| rest.strip_prefix('\n')).ok_or_else(|| {
                fault(1, "第一行不是 +++", "文件开头写一行 +++，再写标题等内容，再写一行 +++")
            })?;
        let end = closing_fence(after)
            .ok_or_else(|| fault(1, "开头的 +++ 没有结束", "在正文之前补一行 +++"))?;
        let (toml, rest) = after.split_at(end);
        let body = rest[FENCE.len()..].strip_prefix('\n').unwrap_or(&rest[FENCE.len()..]);
        let body_line = 3 + line_count(toml);
        Ok(Split { front: Self::parse(path, toml)?, body, body_line })
    }

    fn parse(path: &'a str, toml: &str) -> Result<Self, Diagnostic> {
        let table: toml::Table = toml.parse().map_err(|error: toml::de::Error| {
            let line =
                error.span().map_or(2, |span| 2 + line_count(&toml[..span.start.min(toml.len())]));
            let message = format!("开头的 TOML 写错了：{}", error.message());
            Diagnostic::error(path, line, "front-toml", message, "检查引号、方括号和等号是否成对")
        })?;
        let lines = key_lines(toml);
        let values = table
            .into_iter()
            .map(|(key, value)| {
                let line = lines.get(&key).copied().unwrap_or(2);
                (key, (line, value))
            })
            .collect();
        Ok(Self { path, values, known: Vec::new(), faults: Vec::new() })
    }

    /// Path of the document.
    pub(crate) fn path(&self) -> &'a str {
        self.path
    }

    /// Line of `key`, or of the front matter itself.
    pub(crate) fn line(&self, key: &str) -> u32 {
        self.values.get(key).map_or(1, |(line, _)| *line)
    }

    /// Takes `key` where it is present and well-formed.
    pub(crate) fn optional<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        self.known.push(key);
        let (line, value) = self.values.remove(key)?;
        match value.try_into() {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("`{key}` 写得不对：{}", error.message());
                self.error(line, "front-value", message, expected(key));
                None
            }
        }
    }

    /// Takes `key`, which must be present.
    pub(crate) fn required<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<T> {
        if !self.values.contains_key(key) {
            self.known.push(key);
            self.error(1, "front-missing", format!("缺少 `{key}`"), expected(key));
            return None;
        }
        self.optional(key)
    }

    /// Takes a text that must not be empty.
    pub(crate) fn text(&mut self, key: &'static str) -> Option<String> {
        let line = self.line(key);
        let text: String = self.required(key)?;
        if text.trim().is_empty() {
            self.error(line, "front-empty", format!("`{key}` 是空的"), expected(key));
            return None;
        }
        Some(text.trim().to_owned())
    }

    /// Takes a list that must hold at least `least` entries.
    pub(crate) fn list(&mut self, key: &'static str, least: usize) -> Option<Vec<String>> {
        let line = self.line(key);
        let list: Vec<String> = self.required(key)?;
        if list.len() < least || list.iter().any(|entry| entry.trim().is_empty()) {
            let message = format!("`{key}` 至少要有 {least} 项，而且不能有空项");
            self.error(line, "front-empty", message, expected(key));
        }
        Some(list)
    }

    /// Notes an error at `line`.
    pub(crate) fn error(
        &mut self,
        line: u32,
        rule: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.faults.push(Diagnostic::error(self.path, line, rule, message, help));
    }

    /// Notes a fault of another file, such as the CSV beside the document.
    pub(crate) fn note(&mut self, fault: Diagnostic) {
        self.faults.push(fault);
    }

    /// All faults, those of unknown keys among them.
    pub(crate) fn finish(mut self) -> Vec<Diagnostic> {
        let left: Vec<(String, u32)> =
            self.values.iter().map(|(key, (line, _))| (key.clone(), *line)).collect();
        for (key, line) in left {
            let help = match nearest(&key, &self.known) {
                Some(name) => format!("是不是想写 `{name}`？不需要就删掉"),
                None => "这类文章没有这个键，删掉它".to_owned(),
            };
            self.error(line, "front-unknown-key", format!("不认识的键 `{key}`"), help);
        }
        self.faults
    }
}

/// Offset of the line that closes the front matter.
fn closing_fence(text: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            return Some(offset);
        }
        offset += line.len();
    }
    None
}

fn line_count(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|b| *b == b'\n').count()).unwrap_or(u32::MAX - 8)
}

/// Line in the file of each top-level key: the first line of the file is the fence.
fn key_lines(toml: &str) -> BTreeMap<String, u32> {
    let Ok(table) = toml::de::DeTable::parse(toml) else { return BTreeMap::new() };
    let line = |start: usize| 2 + line_count(&toml[..start]);
    table.get_ref().keys().map(|key| (key.get_ref().to_string(), line(key.span().start))).collect()
}

/// How a key is written, for messages.
fn expected(key: &str) -> &'static str {
    match key {
        "title" => "写 title = \"一句话标题\"",
        "summary" => "写 summary = \"80 字以内的摘要\"",
        "audience" => "写 audience = [\"resident\"]，编号见 audiences.toml",
        "topics" => "写 topics = [\"kitchen\"]，编号见 topics.toml",
        "season" => "写 season = [\"all\"] 或月份 season = [6, 7, 8]",
        "reviewed" | "date" | "deadline" | "due" => "写日期，例如 2026-11-23，不加引号",
        "answer" => "写 answer = \"\"\"…\"\"\"，300 字以内，第一句就是动作",
        "questions" => "写 questions = [\"…\", \"…\", \"…\"]，至少三种问法",
        "urgency" => "写 urgency = \"now\"、\"prepare\" 或 \"learn\"",
        "sources" => "写 [[sources]]，下面是 title、issuer、date、kind",
        "grades" => "写 grades = [4, 5, 6]，0 表示幼儿园",
        "when" => "写 when = \"11-09\"、\"农历十月初一\"、\"清明 -7d\" 等",
        "severity" => "写 severity = \"minor\"、\"moderate\" 或 \"severe\"",
        "expires_after" => "写小时数，例如 expires_after = \"72h\"",
        "type" => "写 type = \"fire\" 或 \"hazard\"",
        "figures" => "写 figures = \"final\" 或 \"preliminary\"",
        "start" => "写第一步的编号，例如 start = \"smoke\"",
        "period" => "写月份，例如 period = \"2026-10\"",
        "target" => "写数字，例如 target = 3",
        _ => "写法见 docs/AUTHORING.md",
    }
}

/// The known name within two edits of `key`.
pub(crate) fn nearest<'n>(key: &str, names: &[&'n str]) -> Option<&'n str> {
    names
        .iter()
        .map(|name| (edits(key, name), *name))
        .filter(|(distance, name)| *distance <= 2 && *distance < name.len())
        .min()
        .map(|(_, name)| name)
}

/// Levenshtein distance over bytes; both are short ASCII names.
fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str) -> Vec<(u32, &'static str)> {
        match Front::split("knowledge/a/b.md", text) {
            Ok(split) => split.front.finish().iter().map(|d| (d.line, d.rule)).collect(),
            Err(fault) => vec![(fault.line, fault.rule)],
        }
    }

    #[test]
    fn broken_fences_and_toml_are_named_with_their_line() {
        for (text, expected) in [
            ("标题", (1, "front-fence")),
            ("+++\ntitle = \"x\"\n", (1, "front-fence")),
            ("+++\ntitle = \n+++\n", (2, "front-toml")),
            ("+++\na = 1\nb = [1,\n+++\n", (3, "front-toml")),
            ("+++\ntitel = \"x\"\n+++\n", (2, "front-unknown-key")),
        ] {
            assert_eq!(faults(text).first(), Some(&expected), "{text}");
        }
    }

    #[test]
    fn body_begins_on_its_own_line() {
        let Ok(split) = Front::split("p", "+++\na = 1\n+++\n正文\n") else {
            panic!("well-formed")
        };
        assert_eq!((split.body, split.body_line), ("正文\n", 4));
    }

    #[test]
    fn a_mistyped_key_gets_a_proposal() {
        assert_eq!(nearest("titel", &["title", "summary"]), Some("title"));
        assert_eq!(nearest("colour", &["title", "summary"]), None);
    }
}
