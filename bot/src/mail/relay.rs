//! Where mail is handed over: the address of the relay, taken apart once.

use lettre::transport::smtp::authentication::Credentials;
use reqwest::Url;

/// The relay of `smtp = "…"`.
#[derive(Clone)]
pub(super) struct Relay {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: Tls,
    pub(super) login: Option<Credentials>,
}

/// Whether the line is enciphered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// Never; for a relay on the same machine.
    Off,
    /// By STARTTLS, or nothing is sent.
    Start,
    /// From the first byte.
    Whole,
}

impl Relay {
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        const SHAPE: &str = "write smtp://host:port or smtps://user:password@host";
        let url = Url::parse(text).map_err(|_| SHAPE)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SHAPE)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SHAPE);
        }
        let (tls, port) = match (url.scheme(), url.query()) {
            ("smtp", None) => (Tls::Off, 25),
            ("smtp", Some("tls=required")) => (Tls::Start, 587),
            ("smtps", None) => (Tls::Whole, 465),
            _ => return Err(SHAPE),
        };
        let login = login(&url)?;
        if login.is_some() && tls == Tls::Off && !is_loopback(host) {
            return Err("a password is not sent over an open line: add ?tls=required");
        }
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: url.port().unwrap_or(port), tls, login })
    }
}

fn login(url: &Url) -> Result<Option<Credentials>, &'static str> {
    let Some(password) = url.password() else {
        return if url.username().is_empty() { Ok(None) } else { Err("the password is missing") };
    };
    let decode = |text: &str| percent_decoded(text).ok_or("a %-sequence is broken");
    Ok(Some(Credentials::new(decode(url.username())?, decode(password)?)))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let pair = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(pair, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relays_have_a_scheme_and_a_host() {
        for (text, expected) in [
            ("smtp://127.0.0.1:2525", Some(("127.0.0.1", 2525, Tls::Off))),
            ("smtp://mail.example", Some(("mail.example", 25, Tls::Off))),
            ("smtp://mail.example?tls=required", Some(("mail.example", 587, Tls::Start))),
            ("smtps://u:p%40ss@mail.example", Some(("mail.example", 465, Tls::Whole))),
            ("smtp://[::1]:25", Some(("::1", 25, Tls::Off))),
            ("smtp://u:p@mail.example", None),
            ("smtps://u@mail.example", None),
            ("smtps://u:%zz@mail.example", None),
            ("smtp://mail.example/path", None),
            ("smtp://mail.example?tls=maybe", None),
            ("http://mail.example", None),
            ("mail.example:25", None),
            ("", None),
        ] {
            let relay = Relay::parse(text).ok();
            let found = relay.as_ref().map(|relay| (relay.host.as_str(), relay.port, relay.tls));
            assert_eq!(found, expected, "{text}");
        }
    }
}
