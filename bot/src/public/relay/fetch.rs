//! Fetching from addresses that others have written: bounded in size, time and redirects, and never from the
//! networks we stand in ourselves, unless the configuration says so.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, StatusCode, Url};

use crate::public::cap::MAX_BYTES;

const TIMEOUT: Duration = Duration::from_secs(15);
const REDIRECTS: usize = 3;

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The address is none of the web, or one of our own networks.
    #[error("this address is not fetched: {0}")]
    Address(&'static str),
    /// The other side did not answer, or not in time.
    #[error("the request failed")]
    Request(#[source] reqwest::Error),
    /// It answered that there is nothing.
    #[error("the answer was {0}")]
    Status(StatusCode),
    /// More than any feed has.
    #[error("the answer is larger than 1 MB")]
    TooLarge,
}

/// What came.
pub(super) enum Fetched {
    /// The same as the last time.
    Same,
    /// This, with what to say the next time to hear `Same`.
    Body(Vec<u8>, Validators),
}

/// What names the version we have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Validators {
    etag: Option<String>,
    modified: Option<String>,
}

/// A client for such addresses; clones share it.
#[derive(Clone)]
pub(super) struct Fetcher {
    client: Client,
    private: bool,
}

impl Fetcher {
    /// `private`: whether addresses of our own networks are allowed.
    pub(super) fn new(private: bool) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT)
            .no_proxy()
            .user_agent(concat!("fenghuo/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::custom(move |attempt| follow(attempt, private)))
            .dns_resolver(Arc::new(Guarded { private }))
            .build()?;
        Ok(Self { client, private })
    }

    /// What stands at `url`, unless it is still what `known` names.
    pub(super) async fn get(&self, url: &Url, known: &Validators) -> Result<Fetched, Refusal> {
        allowed(url, self.private).map_err(Refusal::Address)?;
        let mut request = self.client.get(url.clone());
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(modified) = &known.modified {
            request = request.header(IF_MODIFIED_SINCE, modified);
        }
        // The address may hold a key.
        let mut response =
            request.send().await.map_err(|error| Refusal::Request(error.without_url()))?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Fetched::Same);
        }
        if !response.status().is_success() {
            return Err(Refusal::Status(response.status()));
        }
        let validators = validators(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| Refusal::Request(error.without_url()))?
        {
            if body.len() + chunk.len() > MAX_BYTES {
                return Err(Refusal::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched::Body(body, validators))
    }
}

fn validators(headers: &HeaderMap) -> Validators {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Validators { etag: text(ETAG), modified: text(LAST_MODIFIED) }
}

fn follow(attempt: Attempt<'_>, private: bool) -> reqwest::redirect::Action {
    if attempt.previous().len() > REDIRECTS {
        return attempt.error("too many redirects");
    }
    let secure = attempt.previous().first().is_some_and(|first| first.scheme() == "https");
    if secure && attempt.url().scheme() != "https" {
        return attempt.error("a redirect away from https");
    }
    match allowed(attempt.url(), private) {
        Ok(()) => attempt.follow(),
        Err(reason) => attempt.error(reason),
    }
}

/// Whether `url` may be asked, as far as it can be seen from itself; names are judged when they are resolved.
fn allowed(url: &Url, private: bool) -> Result<(), &'static str> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err("only http and https");
    }
    let address = match url.host_str() {
        None => return Err("it has no host"),
        Some(host) => host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>(),
    };
    match address {
        Ok(address) if !private && !is_public(address) => Err("a private address"),
        _ => Ok(()),
    }
}

/// Resolves names and leaves out addresses of our own networks, so that no name can lead there.
struct Guarded {
    private: bool,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fine: Vec<SocketAddr> =
                found.filter(|address| private || is_public(address.ip())).collect();
            if fine.is_empty() {
                return Err("the name leads to no public address".into());
            }
            Ok(Box::new(fine.into_iter()) as Addrs)
        })
    }
}

/// Whether `address` is one of the internet, not of a host, a local network or a cloud's inside.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match (v6.to_ipv4_mapped(), embedded(v6)) {
            (Some(v4), _) | (None, Some(v4)) => is_public_v4(v4),
            (None, None) => {
                let first = v6.segments()[0];
                // Only global unicast, without documentation and Teredo.
                (0x2000..0x4000).contains(&first)
                    && !(first == 0x2001 && (v6.segments()[1] < 0x200 || v6.segments()[1] == 0xdb8))
            }
        },
    }
}

/// The address of version 4 inside one of NAT64 or 6to4, which would lead there.
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match s {
        [0x64, 0xff9b, ..] => Some(join(s[6], s[7])),
        [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    !(v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_broadcast()
        || v4.is_multicast()
        || v4.is_documentation()
        || v4.is_unspecified()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (18..20).contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_our_own_networks_are_refused() {
        for (url, expected) in [
            ("https://93.184.216.34/cap.xml", true),
            ("https://[2606:2800:220:1::1]/cap.xml", true),
            ("https://example.com/cap.xml", true),
            ("ftp://93.184.216.34/", false),
            ("file:///etc/passwd", false),
            ("http://127.0.0.1/", false),
            ("http://2130706433/", false),
            ("http://0x7f.1/", false),
            ("http://0.0.0.0/", false),
            ("http://10.1.2.3/", false),
            ("http://100.64.0.1/", false),
            ("http://169.254.169.254/latest/meta-data/", false),
            ("http://192.168.1.1/", false),
            ("http://224.0.0.1/", false),
            ("http://[::1]/", false),
            ("http://[::]/", false),
            ("http://[::ffff:127.0.0.1]/", false),
            ("http://[64:ff9b::7f00:1]/", false),
            ("http://[2002:7f00:1::]/", false),
            ("http://[fc00::1]/", false),
            ("http://[fe80::1]/", false),
            ("http://[2001:db8::1]/", false),
        ] {
            let url: Url = url.parse().expect("a well-formed address");
            assert_eq!(allowed(&url, false).is_ok(), expected, "{url}");
        }
        let own: Url = "http://127.0.0.1:1/".parse().expect("a well-formed address");
        assert!(allowed(&own, true).is_ok());
    }

    #[tokio::test]
    async fn a_name_that_leads_to_ourselves_is_not_fetched() {
        let fetcher = Fetcher::new(false).expect("a client");
        let url: Url = "http://localhost:9/".parse().expect("a well-formed address");
        let refused = fetcher.get(&url, &Validators::default()).await.err().expect("refused");
        let mut text = refused.to_string();
        let mut cause = std::error::Error::source(&refused);
        while let Some(inner) = cause {
            text.push_str(&format!(": {inner}"));
            cause = inner.source();
        }
        assert!(text.contains("no public address"), "{text}");
    }
}
