//! Short ASCII names for parts of the library, so that a choice fits into 64 bytes on every channel.

use sha2::{Digest, Sha256};

/// Longest name that stands as it is; two of them fit into one choice.
const MAX_LEN: usize = 44;

/// `name` itself where it is short ASCII, else `~` and the first digits of its hash.
pub(super) fn handle(name: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_/".contains(&b);
    if (1..=MAX_LEN).contains(&name.len()) && name.bytes().all(plain) {
        name.to_owned()
    } else {
        format!("~{}", digest(name))
    }
}

/// Whether `handle` stands for `name`.
pub(super) fn names(handle: &str, name: &str) -> bool {
    match handle.strip_prefix('~') {
        Some(hash) => hash == digest(name),
        None => handle == name,
    }
}

/// 48 bits of SHA-256: enough to tell the parts of one library apart.
pub(super) fn digest(name: &str) -> String {
    Sha256::digest(name).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_short_ascii_and_names_what_it_was_made_from() {
        let long = "a".repeat(200);
        for name in ["hot-door", "kitchen/oil-pan", "学校宿舍", "", &long, "a:b", "~abc"] {
            let short = handle(name);
            assert!(short.is_ascii() && (1..=MAX_LEN).contains(&short.len()), "{name}");
            assert!(!short.contains(':'), "{name}");
            assert!(names(&short, name), "{name}");
            assert!(!names(&short, "other"), "{name}");
        }
    }
}
