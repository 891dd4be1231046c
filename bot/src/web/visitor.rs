//! Who asks, as far as the limits must know; danger is answered whoever asks and however often.

use std::net::IpAddr;

use axum::Extension;

use super::{ApiError, BotState};

/// The client a request comes from; whoever serves the router puts it into the extensions of the request.
#[derive(Clone, Copy, Debug)]
pub struct Visitor(pub IpAddr);

impl BotState {
    /// Whether `visitor` may go on, having said `text`; one without an address always may.
    pub(crate) fn admit(
        &self,
        visitor: Option<Extension<Visitor>>,
        text: Option<&str>,
    ) -> Result<(), ApiError> {
        let Some(Extension(Visitor(ip))) = visitor else { return Ok(()) };
        match self.limits.client(ip) {
            Err(_) if text.is_some_and(|text| self.is_danger(text)) => Ok(()),
            Err(wait) => Err(ApiError::TooFast { wait }),
            Ok(()) => Ok(()),
        }
    }

    /// Whether `text` says that it is happening now.
    pub(crate) fn is_danger(&self, text: &str) -> bool {
        self.current.get().engine.is_danger(text)
    }
}
