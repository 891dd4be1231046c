//! An official account of ours, as configured and checked.

use super::cipher::Cipher;

/// An official account.
#[derive(Clone)]
pub struct WeChatAccount {
    pub(super) name: String,
    pub(super) token: String,
    /// In safe mode.
    pub(super) cipher: Option<Cipher>,
}

/// Why an account cannot be as it is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeChatFault {
    /// Not an `AppID`.
    #[error("app_id: write it as the platform shows it, wx and 16 letters and digits")]
    AppId,
    /// Not a `Token`.
    #[error("token: 3 to 32 letters and digits, the same as on the platform")]
    Token,
    /// Not an `EncodingAESKey`.
    #[error("aes_key: 43 letters and digits, the EncodingAESKey of the platform")]
    AesKey,
}

impl WeChatAccount {
    /// The account `name`; with an `aes_key` it is in safe mode and takes nothing unsealed.
    ///
    /// # Errors
    /// What does not have the shape the platform gives it.
    pub fn parse(
        name: &str,
        app_id: &str,
        token: &str,
        aes_key: Option<&str>,
    ) -> Result<Self, WeChatFault> {
        let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !app_id.starts_with("wx") || app_id.len() != 18 || !plain(app_id) {
            return Err(WeChatFault::AppId);
        }
        if !(3..=32).contains(&token.len()) || !plain(token) {
            return Err(WeChatFault::Token);
        }
        let cipher =
            aes_key.map(|key| Cipher::parse(key, app_id).ok_or(WeChatFault::AesKey)).transpose()?;
        Ok(Self { name: name.to_owned(), token: token.to_owned(), cipher })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_platform_never_gives_is_refused() {
        let key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
        let fault = |app_id: &str, token: &str, key: Option<&str>| {
            WeChatAccount::parse("main", app_id, token, key).err()
        };
        let app_id = "wx2c2769f8efd9abc2";
        assert_eq!(fault(app_id, "spamtest", Some(key)), None);
        assert_eq!(fault(app_id, "spamtest", None), None);
        for bad in ["", "gh_10f6c3c3ac5a", "wx2c2769f8efd9abc", "wx2c2769f8efd9abc "] {
            assert_eq!(fault(bad, "spamtest", None), Some(WeChatFault::AppId), "{bad}");
        }
        for bad in ["", "ab", "with space", &"a".repeat(33)] {
            assert_eq!(fault(app_id, bad, None), Some(WeChatFault::Token), "{bad}");
        }
        for bad in ["", &key[1..], "短"] {
            assert_eq!(fault(app_id, "abc", Some(bad)), Some(WeChatFault::AesKey), "{bad}");
        }
    }
}
