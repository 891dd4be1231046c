//! An address as someone types it: half width, lower case, or not an address.

/// The longest address there is (RFC 5321, path of 256 with its brackets).
const MAX: usize = 254;

/// `text` as an address one can write to; `None` where it is none.
///
/// Chinese input methods type `＠` and `。`; both are meant as `@` and `.`. Letters are lowered
/// throughout: no provider of ours tells `Ma@` from `ma@`, and one person shall be one subscriber.
pub(crate) fn mailbox(text: &str) -> Option<String> {
    let typed: String = text.trim().chars().map(half).collect();
    let address = typed.to_ascii_lowercase();
    let (user, domain) = address.rsplit_once('@')?;
    let fine = address.len() <= MAX
        && is_user(user)
        && is_host(domain)
        && address.parse::<lettre::Address>().is_ok();
    fine.then_some(address)
}

fn half(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '。' => '.',
        _ => c,
    }
}

/// Dot-atoms only: a quoted user would be one more way to smuggle a line end.
fn is_user(user: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
    (1..=64).contains(&user.len())
        && user.bytes().all(plain)
        && !user.starts_with('.')
        && !user.ends_with('.')
        && !user.contains("..")
}

fn is_host(domain: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    labels.len() > 1
        && labels.iter().all(|part| label(part))
        && labels.last().is_some_and(|last| last.bytes().any(|b| b.is_ascii_alphabetic()))
}

/// So much of an address that its owner knows it and nobody else: `m…@qq.com`.
pub(crate) fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((user, domain)) => {
            let first: String = user.chars().take(1).collect();
            format!("{first}…@{domain}")
        }
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_tidied_or_refused() {
        for (typed, expected) in [
            (" Ma.Li@QQ.com ", Some("ma.li@qq.com")),
            ("１２３＠qq。com", Some("123@qq.com")),
            ("a+b@mail.fire.example", Some("a+b@mail.fire.example")),
            ("a@b", None),
            ("@qq.com", None),
            ("a@@qq.com", None),
            ("a b@qq.com", None),
            ("a@qq..com", None),
            (".a@qq.com", None),
            ("a@-qq.com", None),
            ("a@1.2.3.4", None),
            ("a@qq.com\r\nBcc: b@qq.com", None),
            ("\"a\\r\\n\"@qq.com", None),
            ("马@qq.com", None),
            ("a@消防.中国", None),
            ("", None),
        ] {
            assert_eq!(mailbox(typed).as_deref(), expected, "{typed}");
        }
        assert_eq!(mailbox(&format!("{}@qq.com", "a".repeat(65))), None);
        assert_eq!(mailbox(&format!("a@{}com", "a.".repeat(130))), None);
    }

    #[test]
    fn a_masked_address_keeps_its_first_letter_and_its_provider() {
        assert_eq!(masked("mali@qq.com"), "m…@qq.com");
    }
}
