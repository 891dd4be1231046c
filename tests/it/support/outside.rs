//! Any server outside, on loopback: it answers as told and writes down what it was asked.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::http::{self, Request, Response};

/// The running server.
pub(crate) struct Outside {
    address: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    requests: Mutex<Vec<Request>>,
}

impl Outside {
    /// Answers with `answer`, which is told how many requests came before.
    pub(crate) fn start(
        answer: impl Fn(&Request, usize) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let (server, answer) = (Arc::clone(&shared), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (shared, answer) = (Arc::clone(&server), Arc::clone(&answer));
                std::thread::spawn(move || {
                    http::serve(stream, |request| {
                        let before = shared.note(request);
                        answer(request, before)
                    });
                });
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.shared.lock().clone()
    }
}

impl Shared {
    fn note(&self, request: &Request) -> usize {
        let mut requests = self.lock();
        requests.push(request.clone());
        requests.len() - 1
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Request>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
