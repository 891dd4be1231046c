//! What is wrong with what an official wrote: where, and what to do about it, in Chinese.

use std::fmt;

use serde::Serialize;

/// A fault of a draft. All are told at once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    /// The field it stands in: `title`, `body`, `override:telegram`, `expires`, `starts`, `audience`, `document`, `kind`.
    pub field: String,
    /// Line of the text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl Fault {
    /// A fault of a whole field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), line: None, message: message.into() }
    }

    /// A fault in a line of a text.
    pub fn at(field: impl Into<String>, line: u32, message: impl Into<String>) -> Self {
        Self { field: field.into(), line: Some(line), message: message.into() }
    }

    /// The name of the field as forms show it.
    pub fn field_name(&self) -> String {
        let name = match self.field.as_str() {
            "title" => "标题",
            "body" => "正文",
            "expires" => "有效期",
            "starts" => "开始时间",
            "audience" => "发给谁",
            "document" => "资料",
            "kind" => "类型",
            "reason" => "理由",
            "password" => "密码",
            "name" => "姓名",
            other => match other.strip_prefix("override:") {
                Some(channel) => {
                    return format!("{}的另写稿", super::content::channel_name(channel));
                }
                None => other,
            },
        };
        name.to_owned()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}第 {line} 行：{}", self.field_name(), self.message),
            None => write!(f, "{}：{}", self.field_name(), self.message),
        }
    }
}
