//! Requests of ours to addresses outside: what is certain about how one ended, and where none may go.
//!
//! An address stands in no error: tokens and keys are part of many.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{RequestBuilder, StatusCode};

/// Connecting takes no longer than this, or nothing was sent.
const CONNECT: Duration = Duration::from_secs(5);
/// A connection nobody has used for longer may be closed by the other side just as we write.
const IDLE: Duration = Duration::from_secs(20);

/// Where requests may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Anywhere: the operator has written the address and wants it so.
    Anywhere,
    /// Not to this machine nor into the network it stands in.
    Public,
}

/// How a request ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// An answer came, whole.
    Answered {
        /// Its status.
        status: StatusCode,
        /// Its body.
        body: Vec<u8>,
        /// `Retry-After` in seconds.
        retry_after: Option<u64>,
    },
    /// It never left: no connection.
    NotSent(String),
    /// It may have arrived: timeout, reset, or an answer that broke off.
    Unknown(String),
}

/// A client that follows no redirects.
///
/// # Errors
/// When TLS cannot be set up.
pub(crate) fn client(reach: Reach) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .pool_idle_timeout(IDLE)
        .redirect(reqwest::redirect::Policy::none());
    match reach {
        Reach::Anywhere => builder.build(),
        Reach::Public => builder.dns_resolver(Arc::new(PublicOnly)).build(),
    }
}

/// Whether `url` may be asked under `reach`. Names are looked at when they are resolved, numbers here.
pub(crate) fn allows(reach: Reach, url: &reqwest::Url) -> bool {
    let web = matches!(url.scheme(), "http" | "https");
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
    web && !host.is_empty() && (reach == Reach::Anywhere || !ip.is_ok_and(|ip| !is_public(ip)))
}

/// Sends `request`; an answer longer than `most` bytes is none.
pub(crate) async fn send(request: RequestBuilder, most: usize) -> Ended {
    let response = match request.send().await {
        Ok(response) => response,
        Err(error) if error.is_connect() || error.is_builder() => {
            return Ended::NotSent(told(error));
        }
        Err(error) => return Ended::Unknown(told(error)),
    };
    let status = response.status();
    let header = response.headers().get(reqwest::header::RETRY_AFTER);
    let retry_after = header.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    match body_of(response, most).await {
        Ok(body) => Ended::Answered { status, body, retry_after },
        Err(reason) => Ended::Unknown(reason),
    }
}

async fn body_of(mut response: reqwest::Response, most: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(told)? {
        if body.len() + chunk.len() > most {
            return Err("response too large".to_owned());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// An error without the address.
pub(crate) fn told(error: reqwest::Error) -> String {
    let kind = match () {
        () if error.is_timeout() => "timeout",
        () if error.is_connect() => "no connection",
        () => "connection broken",
    };
    let error = error.without_url();
    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
    format!("{kind}{}", cause.unwrap_or_default())
}

/// Resolves names to public addresses only, so that no name leads inside, today or tomorrow.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|at| is_public(at.ip())).collect();
            if public.is_empty() {
                return Err(io::Error::other("the name has no public address").into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Whether `ip` is an address of the open internet (IANA special-purpose registries).
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(four) => is_public_v4(four),
        IpAddr::V6(six) => match six.to_ipv4_mapped().or_else(|| translated(six)) {
            Some(four) => is_public_v4(four),
            None => is_public_v6(six),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmark = a == 198 && (18..20).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || shared
        || benchmark
        || protocol)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    // Only 2000::/3 is given out at all.
    first & 0xe000 == 0x2000 && !(first == 0x2001 && second == 0xdb8)
}

/// The address behind NAT64 (`64:ff9b::/96`) or 6to4 (`2002::/16`).
fn translated(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = ip.segments();
    let four = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match [a, b, c, d, e, f] {
        [0x64, 0xff9b, 0, 0, 0, 0] => Some(four(high, low)),
        [0x2002, high, low, ..] => Some(four(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_is_public() {
        for (ip, public) in [
            ("8.8.8.8", true),
            ("127.0.0.1", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("0.0.0.0", false),
            ("255.255.255.255", false),
            ("224.0.0.1", false),
            ("2400:3200::1", true),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_public(ip.parse().expect("an address")), public, "{ip}");
        }
    }

    #[test]
    fn a_number_that_leads_inside_is_refused_unless_it_may() {
        for (url, public) in [
            ("https://example.com/hook", true),
            ("http://127.0.0.1:8080/", false),
            ("http://[::1]/", false),
            ("http://2130706433/", false),
            ("ftp://example.com/", false),
        ] {
            let url = reqwest::Url::parse(url).expect("an address");
            assert_eq!(allows(Reach::Public, &url), public, "{url}");
        }
        let inside = reqwest::Url::parse("http://10.0.0.1/").expect("an address");
        assert!(allows(Reach::Anywhere, &inside));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_not_followed() {
        let client = client(Reach::Public).expect("a client");
        let ended = send(client.post("http://localhost:1/secret-path"), 99).await;
        assert!(
            matches!(&ended, Ended::NotSent(reason) if !reason.contains("secret")),
            "{ended:?}"
        );
    }
}
