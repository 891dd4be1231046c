//! How `DingTalk` and Feishu tell our requests from others'.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// `DingTalk`: the secret is the key, time in milliseconds and secret are the message. As base64, not yet
/// escaped for an address.
pub(super) fn dingtalk(secret: &str, milliseconds: i64) -> String {
    mac(secret.as_bytes(), format!("{milliseconds}\n{secret}").as_bytes())
}

/// Feishu: time in seconds and secret are the key, the message is empty.
pub(super) fn feishu(secret: &str, seconds: i64) -> String {
    mac(format!("{seconds}\n{secret}").as_bytes(), b"")
}

fn mac(key: &[u8], message: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed with Python's hmac after the platforms' own samples.
    #[test]
    fn signatures_are_those_of_the_platforms() {
        let signed = dingtalk("SECtest", 1_700_000_000_000);
        assert_eq!(signed, "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g=");
        let signed = feishu("test", 1_700_000_000);
        assert_eq!(signed, "eSJQnOl8XqPTMPHWz9e5IzeHS/tqoc68g2967ekIPmg=");
    }
}
