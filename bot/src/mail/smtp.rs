//! Handing letters to the relay over a few lines kept open, and knowing at each step what that means.
//!
//! lettre's own transport tells a lost connection as one error. Here the commands are given one by
//! one, because everything hangs on where it was lost: before the final dot nothing was handed over,
//! after it nobody knows.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Code;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::relay::{Relay, Tls};

/// Lines open at once; a local Postfix takes 50 by default.
const LINES: usize = 10;
const CONNECT: Duration = Duration::from_secs(5);
/// Up to the permission to send the text; a relay that is slower is asked again later.
const PREPARE: Duration = Duration::from_secs(12);
/// For the text, up to the reply to its final dot.
const FINAL: Duration = Duration::from_secs(20);
/// For putting a line in order again.
const RESET: Duration = Duration::from_secs(2);
/// All of them together, with the wait for a line: as long as handing over may take.
pub(super) const PATIENCE: Duration = Duration::from_secs(45);
/// Relays close lines that are silent for long.
const IDLE: Duration = Duration::from_secs(20);

/// How handing over ended. Reasons name no one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Handed {
    /// The relay has taken it.
    Accepted,
    /// Nothing was handed over: no line, or the relay does not talk to us.
    NotSent(String),
    /// The relay wants it later (4xx).
    Later(String),
    /// The relay will never take it for this recipient (5xx).
    Refused {
        /// Why.
        reason: String,
        /// The address does not exist.
        gone: bool,
    },
    /// The relay will never take this letter, whoever it is for.
    Unfit(String),
    /// The final dot was on its way when the line broke.
    Unknown(String),
}

/// The lines to one relay.
pub(super) struct Smtp {
    relay: Relay,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
    lines: Semaphore,
}

/// Where an attempt ended before the final dot.
enum Early {
    /// The line broke; another one may be better.
    Broken(String),
    /// The relay said no; the line is fine.
    Said(Handed),
}

impl Smtp {
    pub(super) fn new(relay: Relay) -> Self {
        Self { relay, idle: Mutex::default(), lines: Semaphore::new(LINES) }
    }

    /// Hands over `letter`, which bounces to `from`.
    pub(super) async fn send(&self, from: &Address, to: &Address, letter: &[u8]) -> Handed {
        let Ok(Ok(_line)) = timeout(CONNECT, self.lines.acquire()).await else {
            return Handed::NotSent("all lines to the relay are busy".to_owned());
        };
        // A line kept open may have been closed by the relay meanwhile; then a fresh one is tried.
        while let Some(line) = self.kept() {
            match self.attempt(line, from, to, letter).await {
                Err(Early::Broken(_)) => {}
                Err(Early::Said(handed)) | Ok(handed) => return handed,
            }
        }
        let line = match self.connect().await {
            Ok(line) => line,
            Err(reason) => return Handed::NotSent(reason),
        };
        match self.attempt(line, from, to, letter).await {
            Err(Early::Broken(reason)) => Handed::NotSent(reason),
            Err(Early::Said(handed)) | Ok(handed) => handed,
        }
    }

    /// Says goodbye on the lines kept open.
    pub(super) async fn close(&self) {
        while let Some(mut line) = self.kept() {
            let _ = timeout(Duration::from_secs(1), line.command(Quit)).await;
        }
    }

    fn kept(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        idle.retain(|(_, since)| since.elapsed() < IDLE);
        idle.pop().map(|(line, _)| line)
    }

    fn keep(&self, line: AsyncSmtpConnection) {
        if !line.has_broken() {
            let mut idle = self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            idle.push((line, Instant::now()));
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        match timeout(CONNECT, self.open()).await {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(reason)) => Err(reason),
            Err(_) => Err("no connection in time".to_owned()),
        }
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, String> {
        let Relay { host, tls, login, .. } = &self.relay;
        let name = ClientId::default();
        let mut line = match tls {
            Tls::Whole => self.open_whole(&name).await,
            _ => self.open_plain(&name).await,
        }?;
        if *tls == Tls::Start {
            let parameters = TlsParameters::new(host.clone()).map_err(|error| told(&error))?;
            line.starttls(parameters, &name).await.map_err(|error| told(&error))?;
        }
        if let Some(login) = login {
            let said = line.auth(&[Mechanism::Plain, Mechanism::Login], login).await;
            said.map_err(|error| told(&error))?;
        }
        Ok(line)
    }

    async fn open_whole(&self, name: &ClientId) -> Result<AsyncSmtpConnection, String> {
        let Relay { host, port, .. } = &self.relay;
        let whole = Some(TlsParameters::new(host.clone()).map_err(|error| told(&error))?);
        let server = (host.as_str(), *port);
        let line =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT), name, whole, None).await;
        line.map_err(|error| told(&error))
    }

    /// The letter and its final dot are two writes: without `TCP_NODELAY` the second waits forty
    /// milliseconds for the relay to acknowledge the first, each time.
    async fn open_plain(&self, name: &ClientId) -> Result<AsyncSmtpConnection, String> {
        let Relay { host, port, .. } = &self.relay;
        let stream = TcpStream::connect((host.as_str(), *port)).await;
        let stream = stream.and_then(|stream| stream.set_nodelay(true).map(|()| stream));
        let stream = stream.map_err(|error| format!("no connection: {}", error.kind()))?;
        let line = AsyncSmtpConnection::connect_with_transport(Box::new(stream), name).await;
        line.map_err(|error| told(&error))
    }

    async fn attempt(
        &self,
        mut line: AsyncSmtpConnection,
        from: &Address,
        to: &Address,
        letter: &[u8],
    ) -> Result<Handed, Early> {
        let result = match timeout(PREPARE, prepare(&mut line, from, to)).await {
            Ok(Ok(())) => finish(&mut line, letter).await,
            Ok(Err(early)) => Err(early),
            Err(_) => Err(Early::Broken("no reply in time".to_owned())),
        };
        match result {
            Ok(Handed::Unknown(_)) | Err(Early::Broken(_)) => {}
            Ok(_) => self.keep(line),
            Err(Early::Said(_)) => {
                if matches!(timeout(RESET, line.command(Rset)).await, Ok(Ok(_))) {
                    self.keep(line);
                }
            }
        }
        result
    }
}

/// Everything up to the permission to send the text.
async fn prepare(
    line: &mut AsyncSmtpConnection,
    from: &Address,
    to: &Address,
) -> Result<(), Early> {
    // That our own address is refused is no fault of the recipient: somebody mends it, then it goes on.
    step(line, Mail::new(Some(from.clone()), Vec::new()), |code, reason| match code {
        code if !is_permanent(code) => Handed::Later(reason),
        _ => Handed::NotSent(format!("MAIL: {reason}")),
    })
    .await?;
    step(line, Rcpt::new(to.clone(), Vec::new()), |code, reason| match code {
        code if is_permanent(code) => Handed::Refused { gone: is_gone(&reason), reason },
        _ => Handed::Later(reason),
    })
    .await?;
    step(line, Data, |code, reason| match code {
        code if is_permanent(code) => Handed::Refused { reason, gone: false },
        _ => Handed::Later(reason),
    })
    .await
}

/// The text and its final dot. What breaks before the dot was begun is not sent, whatever comes after is unknown.
async fn finish(line: &mut AsyncSmtpConnection, letter: &[u8]) -> Result<Handed, Early> {
    let written = AtomicBool::new(false);
    let parts = std::iter::once(letter).chain(std::iter::from_fn(|| {
        written.store(true, Ordering::Relaxed);
        None
    }));
    let reply = timeout(FINAL, line.message_iter(parts)).await;
    match reply {
        Ok(Ok(_)) => Ok(Handed::Accepted),
        Ok(Err(error)) => match error.status() {
            Some(code) if is_permanent(code) => Ok(Handed::Unfit(said(code, &error))),
            Some(code) => Ok(Handed::Later(said(code, &error))),
            None if written.load(Ordering::Relaxed) => Ok(Handed::Unknown(told(&error))),
            None => Err(Early::Broken(told(&error))),
        },
        Err(_) if written.load(Ordering::Relaxed) => {
            Ok(Handed::Unknown("no reply to the final dot".to_owned()))
        }
        Err(_) => Err(Early::Broken("the text is not taken in time".to_owned())),
    }
}

async fn step(
    line: &mut AsyncSmtpConnection,
    command: impl std::fmt::Display,
    refusal: impl FnOnce(Code, String) -> Handed,
) -> Result<(), Early> {
    let Err(error) = line.command(command).await else { return Ok(()) };
    match error.status() {
        // 421: the relay is closing the line.
        Some(code) if u16::from(code) == 421 => Err(Early::Broken(said(code, &error))),
        Some(code) => Err(Early::Said(refusal(code, said(code, &error)))),
        None => Err(Early::Broken(told(&error))),
    }
}

fn is_permanent(code: Code) -> bool {
    u16::from(code) >= 500
}

/// Addresses that do not exist, and mailboxes that are closed (RFC 3463).
fn is_gone(reason: &str) -> bool {
    let status = reason.split(' ').nth(1).unwrap_or_default();
    (status.starts_with("5.1.") && !matches!(status, "5.1.7" | "5.1.8")) || status == "5.2.1"
}

/// The reply by its numbers only: its words repeat the address.
fn said(code: Code, error: &Error) -> String {
    let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let status = words.split_whitespace().next().filter(|word| is_status(word));
    match status {
        Some(status) => format!("{} {status}", u16::from(code)),
        None => u16::from(code).to_string(),
    }
}

/// `5.1.1`
fn is_status(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let digits =
        |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(digits)
}

/// An error of the line itself.
fn told(error: &Error) -> String {
    if let Some(code) = error.status() {
        return said(code, error);
    }
    match () {
        () if error.is_tls() => "TLS failed".to_owned(),
        () if error.is_client() => "the relay lacks what is configured (STARTTLS, AUTH)".to_owned(),
        () if error.is_response() => "connection closed by the relay".to_owned(),
        () => "no connection, or it broke".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::fake::{Fail, Relay as Fake};

    async fn send(smtp: &Smtp) -> Handed {
        let from = "b@bounce.fire.example".parse().expect("an address");
        let to = "ma@qq.com".parse().expect("an address");
        smtp.send(&from, &to, b"Subject: x\r\n\r\n.dot\r\n").await
    }

    fn smtp(fake: &Fake) -> Smtp {
        Smtp::new(Relay::parse(&fake.url()).expect("an address"))
    }

    #[tokio::test]
    async fn letters_go_down_one_line_and_dots_arrive() {
        let fake = Fake::start();
        let smtp = smtp(&fake);
        for _ in 0..3 {
            assert_eq!(send(&smtp).await, Handed::Accepted);
        }
        let taken = fake.taken();
        assert_eq!((taken.len(), fake.lines()), (3, 1));
        assert_eq!(taken[0].from, "b@bounce.fire.example");
        assert!(taken[0].letter.contains("\r\n.dot\r\n"), "{:?}", taken[0].letter);
    }

    #[tokio::test]
    async fn what_each_end_means() {
        let refused = |reason: &str, gone| Handed::Refused { reason: reason.to_owned(), gone };
        for (fail, expected) in [
            (Fail::Rcpt("550 5.1.1 <ma@qq.com>: no such user"), refused("550 5.1.1", true)),
            (Fail::Rcpt("552 5.2.2 full"), refused("552 5.2.2", false)),
            (Fail::Rcpt("554 no"), refused("554", false)),
            (Fail::Rcpt("450 4.2.0 greylisted"), Handed::Later("450 4.2.0".to_owned())),
            (Fail::Dot("451 4.7.1 later"), Handed::Later("451 4.7.1".to_owned())),
            (Fail::Dot("554 5.6.0 a bad letter"), Handed::Unfit("554 5.6.0".to_owned())),
            (Fail::CutAfterDot, Handed::Unknown("connection closed by the relay".to_owned())),
            (Fail::CutBeforeText, Handed::NotSent("connection closed by the relay".to_owned())),
        ] {
            let fake = Fake::start();
            let smtp = smtp(&fake);
            fake.fail(fail);
            assert_eq!(send(&smtp).await, expected, "{fail:?}");
            // The next letter goes through, whatever happened to this one.
            assert_eq!(send(&smtp).await, Handed::Accepted, "after {fail:?}");
        }
    }

    #[tokio::test]
    async fn a_line_the_relay_has_closed_is_replaced() {
        let fake = Fake::start();
        let smtp = smtp(&fake);
        assert_eq!(send(&smtp).await, Handed::Accepted);
        fake.fail(Fail::Restart);
        assert_eq!(send(&smtp).await, Handed::Accepted);
        assert_eq!((fake.taken().len(), fake.lines()), (2, 2));
    }

    #[tokio::test]
    async fn nothing_is_sent_where_nobody_listens() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = port.local_addr().expect("an address").port();
        let relay = Relay::parse(&format!("smtp://127.0.0.1:{port}")).expect("an address");
        assert!(matches!(send(&Smtp::new(relay)).await, Handed::NotSent(_)));
    }
}
