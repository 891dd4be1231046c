//! A relay on loopback that writes down what it is given and fails as it is told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How the next letter ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fail {
    /// The reply to RCPT.
    Rcpt(&'static str),
    /// The reply to the final dot.
    Dot(&'static str),
    /// The line is cut instead of a reply to the final dot, which was taken.
    CutAfterDot,
    /// The line is cut instead of a reply to DATA.
    CutBeforeText,
    /// The line is closed politely at MAIL (421), as a restarting relay does.
    Restart,
}

/// A letter the relay has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Envelope sender.
    pub(crate) from: String,
    /// Envelope recipient.
    pub(crate) to: String,
    /// Header and body with CRLF line ends.
    pub(crate) letter: String,
}

/// The relay; it ends with the test.
pub(crate) struct Relay {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    news: Condvar,
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    lines: usize,
    fails: Vec<Fail>,
}

impl Relay {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared::default());
        let server = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let server = Arc::clone(&server);
                std::thread::spawn(move || server.talk(stream));
            }
        });
        Self { port, shared }
    }

    /// For `smtp = "…"`.
    pub(crate) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The next letter ends so.
    pub(crate) fn fail(&self, fail: Fail) {
        self.shared.lock().fails.push(fail);
    }

    /// What was taken so far.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.shared.lock().taken.clone()
    }

    /// Connections so far.
    pub(crate) fn lines(&self) -> usize {
        self.shared.lock().lines
    }

    /// Waits until `count` letters are there.
    pub(crate) fn wait(&self, count: usize) -> Vec<Taken> {
        let until = Instant::now() + Duration::from_secs(20);
        let mut state = self.shared.lock();
        while state.taken.len() < count {
            let left = until.checked_duration_since(Instant::now()).expect("letters in time");
            let waited = self.shared.news.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.taken.clone()
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the next failure when it is one of those `wanted`.
    fn failure(&self, wanted: impl Fn(Fail) -> bool) -> Option<Fail> {
        let mut state = self.lock();
        let first = state.fails.first().copied().filter(|fail| wanted(*fail))?;
        state.fails.remove(0);
        Some(first)
    }

    fn talk(&self, stream: TcpStream) {
        self.lock().lines += 1;
        // A client that goes away ends the conversation.
        let _ = self.converse(stream);
    }

    fn converse(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut out = stream.try_clone()?;
        let mut lines = BufReader::new(stream);
        let (mut from, mut to) = (String::new(), String::new());
        write!(out, "220 relay.example\r\n")?;
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => write!(out, "250-relay.example\r\n250 ENHANCEDSTATUSCODES\r\n")?,
                "MAIL" => {
                    if self.failure(|fail| fail == Fail::Restart).is_some() {
                        write!(out, "421 4.3.2 closing\r\n")?;
                        return Ok(());
                    }
                    from = path(&line);
                    write!(out, "250 2.1.0 fine\r\n")?;
                }
                "RCPT" => match self.failure(|fail| matches!(fail, Fail::Rcpt(_))) {
                    Some(Fail::Rcpt(reply)) => write!(out, "{reply}\r\n")?,
                    _ => {
                        to = path(&line);
                        write!(out, "250 2.1.5 fine\r\n")?;
                    }
                },
                "DATA" => {
                    if self.failure(|fail| fail == Fail::CutBeforeText).is_some() {
                        return Ok(());
                    }
                    write!(out, "354 go on\r\n")?;
                    let letter = text(&mut lines)?;
                    match self.failure(|fail| matches!(fail, Fail::Dot(_) | Fail::CutAfterDot)) {
                        Some(Fail::Dot(reply)) => write!(out, "{reply}\r\n")?,
                        fail => {
                            let taken = Taken { from: from.clone(), to: to.clone(), letter };
                            self.lock().taken.push(taken);
                            self.news.notify_all();
                            if fail.is_some() {
                                return Ok(());
                            }
                            write!(out, "250 2.0.0 queued\r\n")?;
                        }
                    }
                }
                "QUIT" => {
                    write!(out, "221 bye\r\n")?;
                    return Ok(());
                }
                _ => write!(out, "250 fine\r\n")?,
            }
        }
    }
}

/// What stands between `<` and `>`.
fn path(line: &str) -> String {
    let inside = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inside.map_or_else(String::new, |(path, _)| path.to_owned())
}

/// The text up to the final dot, dots unstuffed.
fn text(lines: &mut impl BufRead) -> std::io::Result<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 || line == ".\r\n" {
            return Ok(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
