//! An official account that sends, as configured.

/// An official account that sends campaigns.
#[derive(Clone)]
pub struct WeChatBroadcast {
    /// Its name in the configuration, the same as of the account that answers.
    pub name: String,
    /// 开发者ID(AppID)
    pub app_id: String,
    /// 开发者密码(AppSecret)
    pub app_secret: String,
    /// Another API than `WeChat`'s.
    pub api_url: Option<String>,
    /// Which of its capabilities is used.
    pub way: WeChatWay,
    /// How often that may be done.
    pub quota: WeChatQuota,
}

/// How an account sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeChatWay {
    /// 群发 to a list of 2 to 10,000 followers; one request counts once.
    Mass,
    /// 模板消息, one follower a request.
    Template(WeChatTemplate),
    /// 客服消息: only whoever has written within 48 hours can be reached, at most five times.
    Service,
}

/// Which field of a template takes what. Fields `thing…` hold 20 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeChatTemplate {
    /// 模板ID
    pub id: String,
    /// Takes the title, e.g. `thing1`.
    pub title: String,
    /// Takes the code, e.g. `character_string2`.
    pub code: Option<String>,
    /// Takes the expiry, e.g. `time3`.
    pub expires: Option<String>,
}

/// How many requests a day or a month, Beijing time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeChatQuota {
    /// Subscription accounts: one mass send a day.
    Daily(u32),
    /// Service accounts: four mass sends a month.
    Monthly(u32),
}
