//! As much of HTTP/1.1 as a fake server needs, with the power to break off in the middle of an answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// What goes back.
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: String,
    /// Half of it, then the connection ends.
    pub(super) cut: bool,
}

impl Response {
    pub(super) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, kind: "application/json", body: body.to_string(), cut: false }
    }
}

/// Answers the requests of one connection until it ends.
pub(super) fn serve(stream: TcpStream, answer: impl Fn(&str, &[u8]) -> Response) {
    let _ = stream.set_nodelay(true);
    let Ok(reading) = stream.try_clone() else { return };
    let (mut reader, mut writer) = (BufReader::new(reading), stream);
    while let Some((path, body)) = request(&mut reader) {
        let response = answer(&path, &body);
        let head = format!(
            "HTTP/1.1 {} Status\r\ncontent-type: {}\r\ncontent-length: {}\r\n\r\n",
            response.status,
            response.kind,
            response.body.len()
        );
        let whole = head + &response.body;
        let length = if response.cut { whole.len() - response.body.len() / 2 } else { whole.len() };
        if writer.write_all(&whole.as_bytes()[..length]).is_err() || response.cut {
            let _ = writer.shutdown(std::net::Shutdown::Both);
            return;
        }
    }
}

/// Path and body of the next request.
fn request(reader: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, body))
}
