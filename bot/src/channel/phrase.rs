//! Words of the channels themselves, for what never gets as far as the conversation.

/// A message without words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// A picture or a file.
    Picture,
    /// A film.
    Video,
    /// Speech.
    Voice,
    /// A place on the map.
    Place,
    /// A sticker, a contact and so on.
    Other,
}

impl Unreadable {
    /// What we say to it.
    pub(crate) fn reply(self) -> &'static str {
        match self {
            Self::Picture => {
                "图片我看不懂。请打字说一句，比如“插座冒火花怎么办”。\n着火了、有人被困，马上打119。"
            }
            Self::Video => "视频我看不懂。请打字说一句要问的事。\n着火了、有人被困，马上打119。",
            Self::Voice => {
                "语音我听不懂，对不起。请打字，错别字、拼音都可以。\n着火了、有人被困，马上打119，直接说话就行。"
            }
            Self::Place => {
                "位置我收不到119那里去。着火了、有人被困，马上打119，告诉接警员：乡镇、村名或小区、门牌，附近有什么。"
            }
            Self::Other => {
                "请打字问一句，比如“电动车怎么充电才安全”。\n着火了、有人被困，马上打119。"
            }
        }
    }
}

/// To a group that took us in.
pub(crate) fn joined(name: &str) -> String {
    format!(
        "大家好，我回答消防安全的问题。在群里问我，请在话里写上 @{name}，或者回复我说的话。\n\
         着火了、有人被困，先打119，不要等我回答。"
    )
}
