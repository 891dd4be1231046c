//! The answer to a request: a passive text reply, sealed where the account is in safe mode.

use super::cipher::Cipher;
use super::signature::sign;
use super::xml::cdata;

/// What tells the platform that we have it and say nothing.
pub(super) const NOTHING: &str = "success";

/// Who gets it from whom.
pub(super) struct Addresses<'a> {
    /// Her openid.
    pub(super) to: &'a str,
    /// Our account.
    pub(super) from: &'a str,
}

/// What makes a sealed reply unlike any other.
pub(super) struct Salt {
    /// 16 bytes nobody can guess.
    pub(super) random: [u8; 16],
    /// A number used once.
    pub(super) nonce: u32,
}

/// A text message.
pub(super) fn text(text: &str, addresses: &Addresses<'_>, second: i64) -> String {
    format!(
        "<xml>{}{}<CreateTime>{second}</CreateTime>{}{}</xml>",
        cdata("ToUserName", addresses.to),
        cdata("FromUserName", addresses.from),
        cdata("MsgType", "text"),
        cdata("Content", text)
    )
}

/// `message` sealed and signed.
pub(super) fn seal(
    cipher: &Cipher,
    token: &str,
    message: &str,
    second: i64,
    salt: &Salt,
) -> String {
    let sealed = cipher.encrypt(message, salt.random);
    let (second, nonce) = (second.to_string(), salt.nonce.to_string());
    let signature = sign(&[token, &second, &nonce, &sealed]);
    format!(
        "<xml>{}{}<TimeStamp>{second}</TimeStamp>{}</xml>",
        cdata("Encrypt", &sealed),
        cdata("MsgSignature", &signature),
        cdata("Nonce", &nonce)
    )
}

#[cfg(test)]
mod tests {
    use super::super::signature::is_signed;
    use super::super::xml;
    use super::*;

    #[test]
    fn a_sealed_reply_opens_to_the_message() {
        let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        let cipher = Cipher::parse(key, "wx1").expect("a key");
        let message = text("着火了 ]]> & <b>", &Addresses { to: "oA", from: "gh_1" }, 7);
        let salt = Salt { random: [1; 16], nonce: 42 };
        let fields = xml::read(&seal(&cipher, "token", &message, 7, &salt)).expect("well-formed");
        let sealed = fields.text("Encrypt");
        assert!(is_signed(fields.text("MsgSignature"), &["token", "7", "42", sealed]));
        assert_eq!(fields.text("TimeStamp"), "7");
        let opened = cipher.decrypt(sealed).expect("it is ours");
        let fields = xml::read(&opened).expect("well-formed");
        assert_eq!(fields.text("Content"), "着火了 ]]> & <b>");
        assert_eq!((fields.text("ToUserName"), fields.text("FromUserName")), ("oA", "gh_1"));
        assert_eq!((fields.text("CreateTime"), fields.text("MsgType")), ("7", "text"));
    }
}
