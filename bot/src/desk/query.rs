//! Queries of addresses, encoded.

/// `pairs` as a query; empty values are left out.
pub(super) fn encode(pairs: &[(&str, &str)]) -> String {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
}

fn escape(text: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    let write = |byte: u8| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn nothing_of_a_value_is_taken_for_the_query() {
        assert_eq!(
            encode(&[("q", "a&b=火"), ("state", ""), ("x", "1")]),
            "q=a%26b%3D%E7%81%AB&x=1"
        );
    }
}
