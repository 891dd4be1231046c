//! What is logged of a failure: the whole chain of causes, in one line.

use std::error::Error;
use std::fmt::Write;

/// Logs that the store failed, and why. An error of the store names places and states, never addresses or texts.
pub(crate) fn failed(error: &(dyn Error + 'static)) {
    tracing::error!(error = chain(error), "store failed");
}

/// `error: its cause: the cause of that`; what a message has already said of its cause is not said again.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.ends_with(&said) {
            let _ = write!(text, ": {said}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::chain;

    #[test]
    fn a_failure_is_told_with_its_causes() {
        let cause = std::io::Error::other("the disk is full");
        let path = "/data".into();
        let error = fenghuo_store::Error::File { path, source: std::sync::Arc::new(cause) };
        let told = chain(&error);
        assert_eq!(told, "`/data`: cannot be created, read or written: the disk is full");
    }
}
