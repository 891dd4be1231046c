//! So much of HTTP/1.1 as the bench needs at both ends, so that little of the machine goes into it.

/// Where a message ends.
pub(crate) struct Head {
    /// Where the body begins.
    pub(crate) body: usize,
    length: usize,
}

impl Head {
    /// The head at the start of `bytes`, where it is complete. Bodies have a length here.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let body = find(bytes, b"\r\n\r\n")? + 4;
        let head = std::str::from_utf8(&bytes[..body]).ok()?;
        let length = head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        Some(Self { body, length: length.unwrap_or(0) })
    }

    /// Where the message ends.
    pub(crate) fn whole(&self) -> usize {
        self.body + self.length
    }
}

/// Where `part` begins in `bytes`.
pub(crate) fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let first = *part.first()?;
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(part) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}
