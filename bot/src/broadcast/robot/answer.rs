//! What a robot's platform answers: HTTP 200, and a number that says how it ended.

use std::time::Duration;

use serde_json::{Map, Value};

use super::account::RobotKind;
use crate::broadcast::Verdict;
use crate::outbound::Ended;

/// Whoever was too fast waits a minute …
const MINUTE: Duration = Duration::from_secs(60);
/// … and on `DingTalk` ten.
const PENALTY: Duration = Duration::from_secs(600);

struct Answer {
    errcode: i64,
    errmsg: String,
}

/// What the answer of a robot of `kind` means.
pub(super) fn verdict(kind: RobotKind, ended: Ended) -> Verdict {
    let (status, body, retry_after) = match ended {
        Ended::NotSent(reason) => return Verdict::NotSent(reason),
        Ended::Unknown(reason) => return Verdict::Unknown(reason),
        Ended::Answered { status, body, retry_after } => (status, body, retry_after),
    };
    if status.as_u16() == 429 {
        return Verdict::RetryAfter(retry_after.map_or(MINUTE, Duration::from_secs));
    }
    match read(&body) {
        Some(answer) => meaning(kind, &answer),
        None => Verdict::Unknown(format!("HTTP {status} without an answer of the platform")),
    }
}

/// Feishu says `code` and, from older servers, `StatusCode` as well.
fn read(body: &[u8]) -> Option<Answer> {
    let mut object: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let mut take = |names: [&str; 3]| names.iter().find_map(|name| object.remove(*name));
    let errcode = take(["errcode", "code", "StatusCode"])?.as_i64()?;
    let errmsg = take(["errmsg", "msg", "StatusMessage"]);
    let errmsg = errmsg.and_then(|said| said.as_str().map(str::to_owned)).unwrap_or_default();
    Some(Answer { errcode, errmsg })
}

fn meaning(kind: RobotKind, answer: &Answer) -> Verdict {
    let Answer { errcode, errmsg } = answer;
    match (kind, errcode) {
        (_, 0) => Verdict::Sent { id: None },
        // 系统繁忙: all three ask to try again later.
        (_, -1) => Verdict::NotSent(format!("{errcode} {errmsg}")),
        (RobotKind::WeCom, 45009) | (RobotKind::Feishu, 11232) => Verdict::RetryAfter(MINUTE),
        (RobotKind::DingTalk, 130_101 | 410_100) => Verdict::RetryAfter(PENALTY),
        _ => Verdict::Unreachable { reason: format!("{errcode} {errmsg}"), gone: false },
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;

    fn check(kind: RobotKind, body: &str, expected: &Verdict) {
        let body = body.as_bytes().to_vec();
        let ended = Ended::Answered { status: StatusCode::OK, body, retry_after: None };
        assert_eq!(verdict(kind, ended), *expected);
    }

    #[test]
    fn the_number_in_the_body_decides() {
        let refused = |reason: &str| Verdict::Unreachable { reason: reason.into(), gone: false };
        let sent = Verdict::Sent { id: None };
        check(RobotKind::WeCom, r#"{"errcode":0,"errmsg":"ok","new":[1]}"#, &sent);
        check(RobotKind::WeCom, r#"{"errcode":45009}"#, &Verdict::RetryAfter(MINUTE));
        check(
            RobotKind::WeCom,
            r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#,
            &refused("93000 invalid webhook url"),
        );
        check(RobotKind::DingTalk, r#"{"errcode":130101}"#, &Verdict::RetryAfter(PENALTY));
        check(RobotKind::DingTalk, r#"{"errcode":310000}"#, &refused("310000 "));
        check(RobotKind::DingTalk, r#"{"errcode":-1}"#, &Verdict::NotSent("-1 ".into()));
        check(RobotKind::Feishu, r#"{"StatusCode":0,"StatusMessage":"success"}"#, &sent);
        check(RobotKind::Feishu, r#"{"code":0,"msg":"success","data":{}}"#, &sent);
        check(RobotKind::Feishu, r#"{"code":11232,"msg":"x"}"#, &Verdict::RetryAfter(MINUTE));
        check(RobotKind::Feishu, r#"{"code":19021,"msg":"sign"}"#, &refused("19021 sign"));
        for strange in ["<html>", "", "{}", "[]", r#"{"errcode":"0"}"#] {
            let body = strange.as_bytes().to_vec();
            let ended = Ended::Answered { status: StatusCode::OK, body, retry_after: None };
            let verdict = verdict(RobotKind::WeCom, ended);
            assert!(matches!(verdict, Verdict::Unknown(_)), "{strange}: {verdict:?}");
        }
    }
}
