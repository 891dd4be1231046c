//! From a request to a post: who sent it, when, for whom it was sealed, and whether it came before.

use axum::http::StatusCode;
use serde::Deserialize;

use super::account::WeChatAccount;
use super::cipher::{self, Cipher};
use super::post::Post;
use super::replay::{Signatures, is_fresh};
use super::signature::is_signed;
use super::xml::{self, Fields};

/// What stands in the address of a callback.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    signature: String,
    timestamp: String,
    nonce: String,
    echostr: String,
    encrypt_type: String,
    msg_signature: String,
}

/// Why a request is not answered.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// Not from the platform, or another token.
    #[error("the signature is not made with our token")]
    Signature,
    /// Too old, or our clock is wrong.
    #[error("its time is more than five minutes from ours")]
    Stale,
    /// This signature has carried another message.
    #[error("its signature has carried another message")]
    Reused,
    /// Not for us.
    #[error(transparent)]
    Sealed(#[from] cipher::Fault),
    /// We are in safe mode.
    #[error("it is not sealed, though aes_key is set: choose 安全模式 on the platform")]
    Open,
    /// We are not.
    #[error("it is sealed, but aes_key is not set")]
    NoKey,
    /// Not readable.
    #[error(transparent)]
    Xml(#[from] xml::Fault),
    /// No message.
    #[error("it has no sender, kind or number")]
    Shape,
}

impl Refusal {
    /// What the sender hears.
    pub(super) fn status(&self) -> StatusCode {
        if self.is_unreadable() { StatusCode::BAD_REQUEST } else { StatusCode::FORBIDDEN }
    }

    /// Whether it came from the platform all the same, and is to be listed.
    pub(super) fn is_unreadable(&self) -> bool {
        matches!(self, Self::Xml(_) | Self::Shape)
    }
}

/// Who may come in at an account.
pub(super) struct Gate {
    account: WeChatAccount,
    signatures: Signatures,
}

impl Gate {
    pub(super) fn new(account: WeChatAccount) -> Self {
        Self { account, signatures: Signatures::default() }
    }

    /// The answer to the question whether this address is ours.
    pub(super) fn echo(&self, query: &Query, now: i64) -> Result<String, Refusal> {
        match &self.account.cipher {
            Some(cipher)
                if !query.msg_signature.is_empty()
                    && self.is_sealed_by_us(query, &query.echostr) =>
            {
                self.check_time(query, now)?;
                Ok(cipher.decrypt(&query.echostr)?)
            }
            _ => {
                self.check(query, now)?;
                Ok(query.echostr.clone())
            }
        }
    }

    /// The post in `body`.
    pub(super) fn open(&self, query: &Query, body: &str, now: i64) -> Result<Post, Refusal> {
        self.check(query, now)?;
        let fields = self.fields(query, xml::read(body)?)?;
        let post = Post::read(&fields).ok_or(Refusal::Shape)?;
        match self.signatures.admit(&query.signature, &post.id, now) {
            true => Ok(post),
            false => Err(Refusal::Reused),
        }
    }

    fn check(&self, query: &Query, now: i64) -> Result<(), Refusal> {
        let parts = [self.account.token.as_str(), &query.timestamp, &query.nonce];
        match is_signed(&query.signature, &parts) {
            true => self.check_time(query, now),
            false => Err(Refusal::Signature),
        }
    }

    fn check_time(&self, query: &Query, now: i64) -> Result<(), Refusal> {
        if is_fresh(&query.timestamp, now) { Ok(()) } else { Err(Refusal::Stale) }
    }

    /// The fields of the message; of one in both forms (兼容模式) the sealed ones, where we have a key.
    fn fields(&self, query: &Query, outer: Fields) -> Result<Fields, Refusal> {
        let sealed = query.encrypt_type == "aes";
        match &self.account.cipher {
            Some(cipher) if sealed => self.unseal(cipher, query, &outer),
            Some(_) => Err(Refusal::Open),
            None if sealed && outer.text("MsgType").is_empty() => Err(Refusal::NoKey),
            None => Ok(outer),
        }
    }

    fn unseal(&self, cipher: &Cipher, query: &Query, outer: &Fields) -> Result<Fields, Refusal> {
        let sealed = outer.text("Encrypt");
        if !self.is_sealed_by_us(query, sealed) {
            return Err(Refusal::Signature);
        }
        Ok(xml::read(&cipher.decrypt(sealed)?)?)
    }

    fn is_sealed_by_us(&self, query: &Query, sealed: &str) -> bool {
        let parts = [self.account.token.as_str(), &query.timestamp, &query.nonce, sealed];
        is_signed(&query.msg_signature, &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::super::signature::sign;
    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    const APP: &str = "wx2c2769f8efd9abc2";
    const PLAIN: &str = "<xml><ToUserName>gh_1</ToUserName><FromUserName>oA</FromUserName>\
        <CreateTime>7</CreateTime><MsgType>text</MsgType><Content>火</Content><MsgId>1</MsgId></xml>";

    fn gate(key: Option<&str>) -> Gate {
        Gate::new(WeChatAccount::parse("main", APP, "spamtest", key).expect("an account"))
    }

    fn query(nonce: &str) -> Query {
        let signature = sign(&["spamtest", "1000", nonce]);
        Query { signature, timestamp: "1000".into(), nonce: nonce.into(), ..Query::default() }
    }

    fn sealed(nonce: &str, app: &str, inner: &str) -> (Query, String) {
        let cipher = Cipher::parse(KEY, app).expect("a key");
        let text = cipher.encrypt(inner, [7; 16]);
        let msg_signature = sign(&["spamtest", "1000", nonce, &text]);
        let query = Query { encrypt_type: "aes".into(), msg_signature, ..query(nonce) };
        (query, format!("<xml><ToUserName>gh_1</ToUserName><Encrypt>{text}</Encrypt></xml>"))
    }

    fn text(post: Result<Post, Refusal>) -> String {
        post.map_or_else(|refusal| refusal.to_string(), |post| post.chat)
    }

    #[test]
    fn plain_and_sealed_posts_come_in_where_they_are_expected() {
        assert_eq!(text(gate(None).open(&query("1"), PLAIN, 1000)), "oA");
        let (asked, body) = sealed("2", APP, PLAIN);
        assert_eq!(text(gate(Some(KEY)).open(&asked, &body, 1000)), "oA");
        // Both forms in one body, as 兼容模式 sends them.
        let both = body.replace("</xml>", &PLAIN["<xml><ToUserName>gh_1</ToUserName>".len()..]);
        assert_eq!(text(gate(Some(KEY)).open(&asked, &both, 1000)), "oA");
        assert_eq!(text(gate(None).open(&asked, &both, 1000)), "oA");
        assert!(matches!(gate(None).open(&asked, &body, 1000), Err(Refusal::NoKey)));
        assert!(matches!(gate(Some(KEY)).open(&query("3"), PLAIN, 1000), Err(Refusal::Open)));
    }

    #[test]
    fn forged_old_and_misdirected_posts_stay_out() {
        let forged = Query { nonce: "9".into(), ..query("1") };
        assert!(matches!(gate(None).open(&forged, PLAIN, 1000), Err(Refusal::Signature)));
        assert!(matches!(gate(None).open(&query("1"), PLAIN, 1301), Err(Refusal::Stale)));
        let safe = gate(Some(KEY));
        let (asked, body) = sealed("2", "wx0000000000000000", PLAIN);
        let refused = safe.open(&asked, &body, 1000);
        assert!(matches!(refused, Err(Refusal::Sealed(cipher::Fault::App))));
        let (asked, body) = sealed("3", APP, PLAIN);
        let other = Query { msg_signature: "0".repeat(40), ..asked };
        assert!(matches!(safe.open(&other, &body, 1000), Err(Refusal::Signature)));
        let (asked, body) = sealed("4", APP, "<!DOCTYPE a><xml/>");
        let refused = safe.open(&asked, &body, 1000).expect_err("it declares");
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn a_signature_seen_on_the_way_carries_nothing_else() {
        let gate = gate(None);
        assert_eq!(text(gate.open(&query("1"), PLAIN, 1000)), "oA");
        assert_eq!(text(gate.open(&query("1"), PLAIN, 1005)), "oA");
        let other = PLAIN.replace("<MsgId>1<", "<MsgId>2<");
        assert!(matches!(gate.open(&query("1"), &other, 1006), Err(Refusal::Reused)));
    }

    #[test]
    fn the_address_is_confirmed_in_both_modes() {
        let asked = Query { echostr: "5927782489442352469".into(), ..query("1") };
        assert_eq!(gate(None).echo(&asked, 1000).expect("ours"), "5927782489442352469");
        assert_eq!(gate(Some(KEY)).echo(&asked, 1000).expect("ours"), "5927782489442352469");
        let echo = Cipher::parse(KEY, APP).expect("a key").encrypt("42", [1; 16]);
        let msg_signature = sign(&["spamtest", "1000", "1", &echo]);
        let asked = Query { echostr: echo, msg_signature, ..query("1") };
        assert_eq!(gate(Some(KEY)).echo(&asked, 1000).expect("ours"), "42");
        assert!(matches!(gate(Some(KEY)).echo(&asked, 2000), Err(Refusal::Stale)));
        let forged = Query { echostr: "x".into(), ..Query::default() };
        assert!(matches!(gate(None).echo(&forged, 1000), Err(Refusal::Signature)));
    }
}
