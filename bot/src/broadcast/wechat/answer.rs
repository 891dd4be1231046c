//! What the platform answers, and what that means for a message.

use std::time::Duration;

use serde::Deserialize;

use crate::broadcast::Verdict;

/// Too many requests in a minute.
const MINUTE: Duration = Duration::from_secs(60);
/// A quota of the platform is used up.
const HOUR: Duration = Duration::from_secs(3600);

/// An answer; a token in it stays unread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Answer {
    /// 0 or missing: done.
    #[serde(default)]
    pub(super) errcode: i64,
    #[serde(default)]
    pub(super) errmsg: String,
    /// Mass sends say `msg_id`, templates `msgid`.
    #[serde(default, alias = "msgid")]
    pub(super) msg_id: Option<i64>,
}

impl Answer {
    /// Whether the token is no longer good: the request was refused, another token is needed.
    pub(super) fn wants_token(&self) -> bool {
        matches!(self.errcode, 40001 | 40014 | 42001)
    }

    /// How the message ended. Codes: 全局返回码说明 of the platform's documentation.
    pub(super) fn verdict(&self) -> Verdict {
        let Self { errcode, errmsg, msg_id } = self;
        let reason = || format!("{errcode} {errmsg}");
        let sent = || Verdict::Sent { id: msg_id.map(|id| id.to_string()) };
        match errcode {
            0 => sent(),
            // clientmsgid or client_msg_id known: it had been sent already.
            45065 | 43116 => sent(),
            45011 | 45076 => Verdict::RetryAfter(MINUTE),
            45009 | 45028 => Verdict::RetryAfter(HOUR),
            // 不合法的 OpenID; 需要接收者关注.
            40003 | 43004 => Verdict::Unreachable { reason: reason(), gone: true },
            // 48 hours are over; five messages have been sent; she refuses this kind.
            45015 | 45047 | 43101 => Verdict::Unreachable { reason: reason(), gone: false },
            // Content too long or found unlawful.
            45002 | 45008 | 87014 => Verdict::Rejected(reason()),
            // Busy, no right, wrong secret: nothing that ails text or recipient.
            _ => Verdict::NotSent(reason()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_decides() {
        let said = |body: &str| serde_json::from_str::<Answer>(body).expect("an answer").verdict();
        let sent = |id: &str| Verdict::Sent { id: Some(id.to_owned()) };
        assert_eq!(said(r#"{"errcode":0,"msg_id":34182,"msg_data_id":1}"#), sent("34182"));
        assert_eq!(said(r#"{"errcode":0,"msgid":200228332}"#), sent("200228332"));
        assert_eq!(said(r#"{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":7}"#), sent("7"));
        assert_eq!(said(r#"{"errcode":45009}"#), Verdict::RetryAfter(HOUR));
        assert!(matches!(said(r#"{"errcode":43004}"#), Verdict::Unreachable { gone: true, .. }));
        assert!(matches!(said(r#"{"errcode":45015}"#), Verdict::Unreachable { gone: false, .. }));
        assert!(matches!(said(r#"{"errcode":45002}"#), Verdict::Rejected(_)));
        assert!(matches!(said(r#"{"errcode":48001}"#), Verdict::NotSent(_)));
        assert!(matches!(said(r#"{"errcode":-1}"#), Verdict::NotSent(_)));
    }
}
