//! One log line and one count a request: route, status, time; never a text, a query or an address.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

pub(super) async fn record(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "static".to_owned(), |path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let elapsed = start.elapsed();
    let labels =
        [("method", method.to_string()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("fenghuo_http_requests_total", &labels).increment(1);
    metrics::histogram!("fenghuo_http_request_seconds", "route" => route.clone()).record(elapsed);
    let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status, micros, "request");
    response
}

/// The same for pages that are answered before the router, with the counts looked up once.
#[derive(Clone)]
pub(super) struct Shown {
    sent: metrics::Counter,
    known: metrics::Counter,
    seconds: metrics::Histogram,
}

impl Shown {
    /// The counts of the recorder that is installed now.
    pub(super) fn new() -> Self {
        let requests = |status| metrics::counter!("fenghuo_http_requests_total", "method" => "GET", "route" => "static", "status" => status);
        Self {
            sent: requests("200"),
            known: requests("304"),
            seconds: metrics::histogram!("fenghuo_http_request_seconds", "route" => "static"),
        }
    }

    /// Counts and logs one page.
    pub(super) fn record(&self, method: &Method, status: StatusCode, started: Instant) {
        let elapsed = started.elapsed();
        match (method == Method::GET, status) {
            (true, StatusCode::OK) => self.sent.increment(1),
            (true, StatusCode::NOT_MODIFIED) => self.known.increment(1),
            _ => {
                let (method, status) = (method.to_string(), status.as_str().to_owned());
                metrics::counter!("fenghuo_http_requests_total", "method" => method, "route" => "static", "status" => status)
                    .increment(1);
            }
        }
        self.seconds.record(elapsed);
        let micros = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        tracing::info!(%method, route = "static", status = status.as_u16(), micros, "request");
    }
}
