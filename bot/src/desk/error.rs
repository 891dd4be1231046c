//! What the desk refuses, as a page with a sentence that says what to do. What happened inside is logged here, once.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use crate::office;

/// A request that is not carried out.
#[derive(Debug)]
pub(super) enum DeskError {
    /// The body cannot be read.
    Unreadable(StatusCode),
    /// It does not come from a page of this session.
    Forged,
    /// Her role does not allow it.
    NotAllowed,
    /// There is no such thing.
    Missing,
    /// The office refuses, with a sentence for officials.
    Refused {
        /// What is wrong and what to do.
        sentence: String,
        /// Where to go on.
        back: Option<String>,
        /// What was typed, so that it can be used again.
        typed: String,
    },
    /// The database does not answer.
    Store(fenghuo_store::Error),
}

#[derive(Template)]
#[template(path = "desk/refusal.html")]
struct View {
    frame: Frame,
    sentence: String,
    back: Option<String>,
    typed: String,
}

impl DeskError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable(status) => *status,
            Self::Forged | Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::Missing => StatusCode::NOT_FOUND,
            Self::Refused { .. } => StatusCode::CONFLICT,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Unreadable(StatusCode::PAYLOAD_TOO_LARGE) => "内容太长",
            Self::Unreadable(_) => "没有读懂",
            Self::Forged => "请再按一次",
            Self::NotAllowed => "没有权限",
            Self::Missing => "没有这一页",
            Self::Refused { .. } => "没有办成",
            Self::Store(_) => "暂时不可用",
        }
    }

    fn sentence(&self) -> String {
        match self {
            Self::Unreadable(StatusCode::PAYLOAD_TOO_LARGE) => {
                "一次提交的内容太长，没有保存。请按浏览器的返回键，内容还在，删短以后再提交。"
            }
            Self::Unreadable(_) => "提交的内容读不出来，没有保存。请按浏览器的返回键再试一次。",
            Self::Forged => {
                "这次提交不是从值班台当前的页面发来的，没有执行。请按浏览器的返回键，刷新后再按一次。"
            }
            Self::NotAllowed => "您的角色不能做这件事。需要的话，请管理员调整角色。",
            Self::Missing => "没有找到。可能地址写错了。",
            Self::Refused { sentence, .. } => sentence,
            Self::Store(_) => "数据库没有响应，没有保存。请过一会儿再试；急事请改用电话。",
        }
        .to_owned()
    }

    /// The page without anybody logged in.
    pub(super) fn plain(self, state: &DeskState) -> Response {
        self.page(state, None)
    }

    /// The page for `signed`.
    pub(super) fn page(self, state: &DeskState, signed: Option<&Signed>) -> Response {
        if let Self::Store(error) = &self {
            tracing::error!(error = error as &dyn std::error::Error, "store failed");
        }
        let (status, sentence) = (self.status(), self.sentence());
        let frame = Frame::new(state, signed, self.title());
        let (back, typed) = match self {
            Self::Refused { back, typed, .. } => (back, typed),
            _ => (None, String::new()),
        };
        page::show(status, &View { frame, sentence, back, typed })
    }
}

impl DeskError {
    /// What the office refuses, told with its own sentence; `back` is where to go on.
    pub(super) fn of(error: office::Error, back: impl Into<String>) -> Self {
        let back = Some(back.into());
        match error {
            office::Error::Store(fenghuo_store::Error::NotFound { .. }) => Self::Missing,
            office::Error::Store(fenghuo_store::Error::NotAllowed) => Self::NotAllowed,
            office::Error::Store(error) if !is_refusal(&error) => Self::Store(error),
            error => Self::Refused { sentence: error.chinese(), back, typed: String::new() },
        }
    }

    /// The same with what was `typed` shown again.
    pub(super) fn keeping(mut self, text: &str) -> Self {
        if let Self::Refused { typed, .. } = &mut self {
            text.clone_into(typed);
        }
        self
    }
}

fn is_refusal(error: &fenghuo_store::Error) -> bool {
    office::Error::from(error.clone()).is_refusal()
}

impl From<fenghuo_store::Error> for DeskError {
    fn from(error: fenghuo_store::Error) -> Self {
        Self::Store(error)
    }
}
