//! Who asks: the peer, or whom a trusted proxy names.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use fenghuo_bot::Visitor;

use crate::config::Config;

pub(super) async fn identify(
    State(config): State<Arc<Config>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let forwarded = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect::<Vec<_>>();
    let address = client(peer.ip(), &forwarded, &config.server.trusted_proxies);
    request.extensions_mut().insert(Visitor(address));
    next.run(request).await
}

/// The last address of the chain that no trusted proxy stands behind.
fn client(peer: IpAddr, forwarded: &[&str], trusted: &[IpAddr]) -> IpAddr {
    let mut address = peer;
    for hop in forwarded.iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        match hop.parse() {
            Ok(parsed) => address = parsed,
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let proxy = [ip("127.0.0.1")];
        for (peer, forwarded, trusted, expected) in [
            ("9.9.9.9", vec!["1.2.3.4"], &proxy[..], "9.9.9.9"),
            ("127.0.0.1", vec!["1.2.3.4"], &proxy[..], "1.2.3.4"),
            ("127.0.0.1", vec!["6.6.6.6", "1.2.3.4"], &proxy[..], "1.2.3.4"),
            ("127.0.0.1", vec!["1.2.3.4"], &[][..], "127.0.0.1"),
            ("127.0.0.1", vec!["nonsense"], &proxy[..], "127.0.0.1"),
        ] {
            assert_eq!(client(ip(peer), &forwarded, trusted), ip(expected), "{peer} {forwarded:?}");
        }
    }
}
