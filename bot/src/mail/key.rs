//! The private key for DKIM: what `openssl genpkey`, `openssl genrsa` and opendkim-genkey write.
//!
//! The signing library reads RSA as PKCS#1 and Ed25519 as 32 bytes; keys are mostly written as
//! PKCS#8, which wraps either. The wrapping is taken off here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::message::dkim::{DkimSigningAlgorithm, DkimSigningKey};

/// Why a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not PEM, or a public key, or one with a passphrase.
    #[error("no private key in PEM form; make one with `openssl genpkey -algorithm RSA`")]
    NoKey,
    /// Another kind than RSA and Ed25519.
    #[error("neither RSA nor Ed25519")]
    Kind,
    /// RSA below 1024 bits is refused by receivers, and a damaged key by us.
    #[error("damaged")]
    Damaged,
}

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OBJECT: u8 = 0x06;

/// The key in `pem`.
pub(super) fn read_key(pem: &str) -> Result<DkimSigningKey, KeyFault> {
    if pem.contains("-----BEGIN RSA PRIVATE KEY-----") {
        return rsa(pem);
    }
    let text = between(pem, "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----")
        .ok_or(KeyFault::NoKey)?;
    let text: String = text.split_whitespace().collect();
    let der = STANDARD.decode(text).map_err(|_| KeyFault::NoKey)?;
    let (kind, key) = unwrap(&der).ok_or(KeyFault::Damaged)?;
    match kind {
        RSA => rsa(&pkcs1(key)),
        ED25519 => {
            let (seed, _) = take(key, OCTETS).ok_or(KeyFault::Damaged)?;
            DkimSigningKey::new(&STANDARD.encode(seed), DkimSigningAlgorithm::Ed25519)
                .map_err(|_| KeyFault::Damaged)
        }
        _ => Err(KeyFault::Kind),
    }
}

fn rsa(pem: &str) -> Result<DkimSigningKey, KeyFault> {
    DkimSigningKey::new(pem.trim(), DkimSigningAlgorithm::Rsa).map_err(|_| KeyFault::Damaged)
}

fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    text.split_once(begin)?.1.split_once(end).map(|(inside, _)| inside)
}

/// Kind and inner key of a PKCS#8 structure (RFC 5958).
fn unwrap(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (inside, _) = take(der, SEQUENCE)?;
    let (_version, rest) = take(inside, INTEGER)?;
    let (algorithm, rest) = take(rest, SEQUENCE)?;
    let (kind, _) = take(algorithm, OBJECT)?;
    let (key, _) = take(rest, OCTETS)?;
    Some((kind, key))
}

/// The content of the first element, which must have `tag`, and what follows it.
fn take(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |sum, digit| sum << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length)).flatten()
}

fn pkcs1(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    let body = lines.join("\n");
    format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made for this test alone with `openssl genpkey`.
    const PKCS8: &str = include_str!("../../tests/mail/rsa.pem");
    const PKCS1: &str = include_str!("../../tests/mail/rsa-traditional.pem");
    const ED: &str = include_str!("../../tests/mail/ed25519.pem");
    const EC: &str = include_str!("../../tests/mail/ec.pem");

    #[test]
    fn both_writings_of_both_kinds_are_read() {
        for pem in [PKCS8, PKCS1, ED] {
            assert!(read_key(pem).is_ok(), "{pem}");
        }
    }

    #[test]
    fn other_keys_are_refused_with_a_reason() {
        for (pem, expected) in [
            (EC, KeyFault::Kind),
            ("", KeyFault::NoKey),
            ("MIIE", KeyFault::NoKey),
            ("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----", KeyFault::NoKey),
            ("-----BEGIN PRIVATE KEY-----\nMC4C\n-----END PRIVATE KEY-----", KeyFault::Damaged),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nMC4C\n-----END RSA PRIVATE KEY-----",
                KeyFault::Damaged,
            ),
        ] {
            assert_eq!(read_key(pem).err(), Some(expected), "{pem}");
        }
    }
}
