//! What stands before the router: pages that are ready are answered at once, all else goes through the layers.
//!
//! Nine of ten requests are for such pages. The layers box a future each; here a page costs a look-up, its headers and
//! a count.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::future::RouteFuture;
use fenghuo_bot::public::Views;
use fenghuo_site::{Current, ready_page};
use tower::Service;

use super::access::Shown;
use super::{etag, headers};

/// The router with its short cut.
#[derive(Clone)]
pub(crate) struct Front {
    pub(super) current: Current,
    pub(super) views: Views,
    pub(super) shown: Shown,
    pub(super) router: Router,
}

impl Front {
    /// A page that is ready, with everything the layers would have added.
    fn page<B>(&self, request: &axum::http::Request<B>) -> Option<Response> {
        let started = Instant::now();
        let world = self.current.get();
        let (method, uri) = (request.method(), request.uri());
        let mut response = ready_page(&world, method, uri, request.headers())?;
        etag::weaken_coded(&mut response);
        headers::put(response.headers_mut());
        self.views.note(method, uri, &response);
        self.shown.record(method, response.status(), started);
        Some(response)
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Answer {
        match self.page(&request) {
            Some(response) => Answer::Ready(Some(response)),
            None => Answer::Routed(Service::<Request>::call(&mut self.router, request)),
        }
    }
}

/// A response that is there, or one the router makes.
pub(crate) enum Answer {
    Ready(Option<Response>),
    Routed(RouteFuture<Infallible>),
}

impl Future for Answer {
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.get_mut() {
            Self::Ready(response) => {
                Poll::Ready(Ok(response.take().expect("a future is not polled once it is done")))
            }
            Self::Routed(future) => Pin::new(future).poll(context),
        }
    }
}
