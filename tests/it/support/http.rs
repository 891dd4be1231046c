//! As much of HTTP/1.1 as a fake server needs, with the power to break off in the middle of an answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// What came in.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// With its query.
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The header `name`.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body, where it is JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What goes back.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) kind: &'static str,
    pub(crate) body: String,
    /// Half of it, then the connection ends.
    pub(crate) cut: bool,
}

impl Response {
    pub(crate) fn json(status: u16, body: &serde_json::Value) -> Self {
        Self { status, kind: "application/json", body: body.to_string(), cut: false }
    }
}

/// Answers the requests of one connection until it ends.
pub(crate) fn serve(stream: TcpStream, answer: impl Fn(&Request) -> Response) {
    let _ = stream.set_nodelay(true);
    let Ok(reading) = stream.try_clone() else { return };
    let (mut reader, mut writer) = (BufReader::new(reading), stream);
    while let Some(request) = request(&mut reader) {
        let response = answer(&request);
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

/// The next request.
fn request(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request { path, headers, body: Vec::new() };
    let length = request.header("content-length").map_or(Ok(0), str::parse).ok()?;
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}
