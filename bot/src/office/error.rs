//! What an official cannot do, in Chinese for the desk and in English for the command line.

use fenghuo_store::CampaignState;

use super::Fault;

/// Why a verb was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What was written has faults; all of them.
    #[error("the draft has {} faults", .0.len())]
    Faults(Vec<Fault>),
    /// The words are not those that were approved: the library has changed since.
    #[error(
        "the text differs from what was approved, since the library has changed; return it and approve it again"
    )]
    Changed,
    /// A message of others cannot be passed on.
    #[error("this is no warning that can be passed on: {0}")]
    Unreadable(String),
    /// The warning has been passed on before.
    #[error("this warning is known; campaign {0} passes it on")]
    Known(fenghuo_store::CampaignId),
    /// It ends a warning nobody was told of, so that nobody is told of its end either; what waited is cancelled.
    #[error(
        "it ends a warning that was never sent; {0} drafts are cancelled, and there is nothing to send"
    )]
    Ended(usize),
    /// The password cannot be hashed, which only an empty memory explains.
    #[error("the password cannot be hashed")]
    Hash,
    /// The store refused it, or failed.
    #[error(transparent)]
    Store(#[from] fenghuo_store::Error),
}

impl Error {
    /// The same for people at the desk.
    pub fn chinese(&self) -> String {
        match self {
            Self::Faults(faults) => {
                faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            }
            Self::Changed => {
                "批准以后资料库变了，现在的文字和批准的不一样；退回去，改好再批一次".to_owned()
            }
            Self::Unreadable(why) => format!("这个文件不能转发：{why}"),
            Self::Known(campaign) => format!("这条预警已经在 {campaign} 里了"),
            Self::Ended(_) => {
                "它解除的那条预警还没有发出去，草稿已经取消，两条都不用发了".to_owned()
            }
            Self::Hash => "密码没有存上，请再试一次".to_owned(),
            Self::Store(error) => store(error),
        }
    }

    /// Whether it is the official's to mend; everything else is the operator's.
    pub fn is_refusal(&self) -> bool {
        use fenghuo_store::Error as Store;
        !matches!(self, Self::Hash)
            && !matches!(
                self,
                Self::Store(
                    Store::Url { .. }
                        | Store::Open { .. }
                        | Store::File { .. }
                        | Store::Locked { .. }
                        | Store::Outdated { .. }
                        | Store::NewerSchema { .. }
                        | Store::Served { .. }
                        | Store::NotEmpty { .. }
                        | Store::Backup { .. }
                        | Store::Query(_)
                )
            )
    }
}

fn store(error: &fenghuo_store::Error) -> String {
    use fenghuo_store::Error as Store;
    match error {
        Store::Stale => "别人刚刚改过；您写的还在这里，对照新的再存一次".to_owned(),
        Store::NotFound { what } => format!("没有这个{}", thing(what)),
        Store::Taken { what } => format!("这个{}已经有了，换一个", thing(what)),
        Store::OccasionTaken { campaign: Some(campaign) } => {
            format!("这一次已经有 {campaign} 了，不会再建一个")
        }
        Store::OccasionTaken { campaign: None } => "这一次已经错过，记录在案，不再补发".to_owned(),
        Store::Missing { what } => format!("要写{}", thing(what)),
        Store::WrongState { found } => {
            format!("现在是“{}”，做不了这一步；刷新看看是不是别人已经办了", state_name(*found))
        }
        Store::SamePerson => "写的人不能自己批；请另一位有批准权的同事来批".to_owned(),
        Store::NotAllowed => "您的权限做不了这一步；请找有批准权的同事或管理员".to_owned(),
        _ => "系统现在存不了，请稍后再试；一直这样请找管理员".to_owned(),
    }
}

fn thing(what: &str) -> &str {
    match what {
        "campaign" => "通知",
        "official" => "账号",
        "code" => "编号",
        "occasion" => "时令",
        "reason" => "理由",
        "later expiry" => "更晚的有效期",
        "board entry" => "数字",
        other => other,
    }
}

/// Name of a state.
pub fn state_name(state: CampaignState) -> &'static str {
    match state {
        CampaignState::Draft => "草稿",
        CampaignState::Submitted => "待批",
        CampaignState::Returned => "退回",
        CampaignState::Approved => "已批准",
        CampaignState::Scheduled => "定时",
        CampaignState::Sending => "发送中",
        CampaignState::Paused => "暂停",
        CampaignState::Done => "已发完",
        CampaignState::Cancelled => "已取消",
        CampaignState::Expired => "已过期",
    }
}
