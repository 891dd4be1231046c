//! Topics, audiences and the seven settings (机关 学校 社区 企业 农村 家庭 网站).

use serde::{Deserialize, Serialize};

/// A subject of the library; documents of one topic share a list page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// Place in lists.
    pub order: u32,
}

/// Who a document is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience {
    /// Id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// Settings it belongs to.
    pub settings: Vec<Setting>,
}

/// One of the seven settings into which knowledge is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// 机关
    Agency,
    /// 学校
    School,
    /// 社区
    Community,
    /// 企业
    Enterprise,
    /// 农村
    Village,
    /// 家庭
    Home,
    /// 网站
    Web,
}

impl Setting {
    /// All seven in order.
    pub const ALL: [Self; 7] = [
        Self::Agency,
        Self::School,
        Self::Community,
        Self::Enterprise,
        Self::Village,
        Self::Home,
        Self::Web,
    ];

    /// Chinese name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Agency => "机关",
            Self::School => "学校",
            Self::Community => "社区",
            Self::Enterprise => "企业",
            Self::Village => "农村",
            Self::Home => "家庭",
            Self::Web => "网站",
        }
    }
}
