//! Who speaks: the signature of the platform over what it sends, and ours over sealed replies.

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;

/// The signature of `parts`: SHA-1 over them sorted and joined, in hex. For a request these are token,
/// timestamp and nonce; for a sealed body the ciphertext as well.
pub(super) fn sign(parts: &[&str]) -> String {
    let mut parts = parts.to_vec();
    parts.sort_unstable();
    let mut digest = Sha1::new();
    for part in parts {
        digest.update(part.as_bytes());
    }
    hex(&digest.finalize())
}

/// Whether `given` is the signature of `parts`; takes the same time wherever they differ.
pub(super) fn is_signed(given: &str, parts: &[&str]) -> bool {
    sign(parts).as_bytes().ct_eq(given.as_bytes()).into()
}

/// Lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a string takes everything");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_signatures_are_reproduced() {
        for (parts, expected) in [
            // The platform's own sample.
            (["spamtest", "1409735669", "1320562132"], "16120ec1b8dbb870f510d87ce6bc2463eae6ca1a"),
            // wechatpy, tests/test_utils.py.
            (["test", "1410685589", "test"], "f21891de399b4e33a1a93c9a7b8a8fffb5a443ff"),
        ] {
            assert_eq!(sign(&parts), expected);
            assert!(is_signed(expected, &parts));
        }
    }

    #[test]
    fn nothing_else_is_signed() {
        let parts = ["spamtest", "1409735669", "1320562132"];
        let good = sign(&parts);
        for given in ["", "0", &good[1..], &good.to_uppercase(), &format!("{good} ")] {
            assert!(!is_signed(given, &parts), "{given}");
        }
        assert!(!is_signed(&good, &["spamtest", "1409735669", "1320562133"]));
    }
}
