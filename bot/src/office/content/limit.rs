//! The channels a campaign has words for, and how long they may be there, as data: the desk counts while one types.

use serde::Serialize;

/// How a channel counts length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// UTF-16 code units of what the reader sees.
    Utf16,
    /// Characters.
    Characters,
    /// Bytes in UTF-8.
    Bytes,
}

impl Unit {
    /// Length of `text`.
    pub fn count(self, text: &str) -> usize {
        match self {
            Self::Utf16 => text.encode_utf16().count(),
            Self::Characters => text.chars().count(),
            Self::Bytes => text.len(),
        }
    }

    /// What the number is called in Chinese.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf16 | Self::Characters => "字",
            Self::Bytes => "字节",
        }
    }
}

/// A channel, and what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Channel {
    /// `telegram`, `wechat`, `email`, `robot`, `webhook`, `page`, `speaker`: key of overrides.
    pub id: &'static str,
    /// Chinese name.
    pub name: &'static str,
    /// Most of `unit` that one message holds, footer included.
    pub most: usize,
    /// How it counts.
    pub unit: Unit,
    /// Whether it has recipients, so that an audience can name it.
    pub sends: bool,
}

/// All channels. Telegram: <https://core.telegram.org/bots/api#sendmessage>; `WeChat`: 600 characters; robots: the
/// smallest of the three, `WeCom`'s 2,048 bytes; a loudspeaker script of 600 characters takes three minutes.
pub const CHANNELS: [Channel; 7] = [
    channel("telegram", "Telegram", 4096, Unit::Utf16, true),
    channel("wechat", "微信公众号", 600, Unit::Characters, true),
    channel("email", "电子邮件", 60_000, Unit::Characters, true),
    channel("robot", "工作群机器人", 2048, Unit::Bytes, true),
    channel("webhook", "县级平台接口", 60_000, Unit::Bytes, true),
    channel("page", "网页", 20_000, Unit::Characters, false),
    channel("speaker", "大喇叭", 600, Unit::Characters, false),
];

/// Most characters of a short message: the first paragraph.
pub const SHORT: usize = 200;
/// Most characters of a title: one line on a telephone.
pub const TITLE: usize = 40;
/// Most characters of a text.
pub const BODY: usize = 20_000;

const fn channel(
    id: &'static str,
    name: &'static str,
    most: usize,
    unit: Unit,
    sends: bool,
) -> Channel {
    Channel { id, name, most, unit, sends }
}

/// The channel `id`.
pub fn find_channel(id: &str) -> Option<&'static Channel> {
    CHANNELS.iter().find(|channel| channel.id == id)
}

/// Chinese name of the channel `id`, or the id itself.
pub fn channel_name(id: &str) -> &str {
    find_channel(id).map_or(id, |channel| channel.name)
}
