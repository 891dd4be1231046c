//! An aiogram bot (`PyPI`) behind a webhook, which answers every message with the same text.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::post::SECRET;

/// The peer; it ends with its value.
pub(crate) struct Peer {
    child: Child,
    port: String,
}

impl Peer {
    /// Starts it with `python`, which has aiogram.
    pub(crate) fn start(python: &str, api: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/inbox/peer.py");
        let mut child = Command::new(python)
            .args([script, api, SECRET])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python starts");
        let mut port = String::new();
        let mut lines = BufReader::new(child.stdout.take().expect("piped"));
        lines.read_line(&mut port).expect("a line");
        Self { child, port: port.trim().to_owned() }
    }

    pub(crate) fn hook(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
