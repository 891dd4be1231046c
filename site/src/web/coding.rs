//! Pages compressed once and kept so: most browsers take brotli, the others gzip, and a page is asked for many times.

use std::io::Write;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Shorter texts are sent as they are.
const WORTH: usize = 512;

/// Brotli's quality: 11 takes ten times as long for two percent.
const QUALITY: i32 = 9;

/// Brotli's window as a power of two; larger than any page.
const WINDOW: i32 = 22;

/// A content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// The shortest one the reader takes.
    pub(crate) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(header::ACCEPT_ENCODING).iter();
        let named: Vec<&str> = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        [Self::Brotli, Self::Gzip]
            .into_iter()
            .find(|coding| named.iter().any(|one| takes(one, coding.name())))
    }
}

/// Whether one element of `Accept-Encoding` names `coding` and does not rule it out.
fn takes(element: &str, coding: &str) -> bool {
    let mut parts = element.split(';').map(str::trim);
    let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
    let refused = parts.any(|part| {
        part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0)
    });
    named && !refused
}

/// The compressed forms of one body, each made when it is first wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coded {
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Coded {
    /// `body` in `coding`; `None` where it would gain nothing.
    pub(crate) fn of(&self, body: &Bytes, coding: Coding) -> Option<Bytes> {
        if body.len() < WORTH {
            return None;
        }
        let made = match coding {
            Coding::Brotli => self.brotli.get_or_init(|| brotli(body).into()),
            Coding::Gzip => self.gzip.get_or_init(|| gzip(body).into()),
        };
        (!made.is_empty() && made.len() < body.len()).then(|| made.clone())
    }
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let params = ::brotli::enc::BrotliEncoderParams {
        quality: QUALITY,
        lgwin: WINDOW,
        size_hint: body.len(),
        ..Default::default()
    };
    let mut out = Vec::with_capacity(body.len() / 4);
    match ::brotli::BrotliCompress(&mut &body[..], &mut out, &params) {
        Ok(_) => out,
        Err(_) => Vec::new(),
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::best());
    // Writing to memory cannot fail.
    encoder.write_all(body).and_then(|()| encoder.finish()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use axum::body::Bytes;
    use axum::http::{HeaderMap, HeaderValue, header};
    use flate2::read::GzDecoder;

    use super::{Coded, Coding};

    #[test]
    fn the_shortest_coding_the_reader_takes_is_chosen() {
        for (accepted, expected) in [
            ("gzip, deflate, br, zstd", Some(Coding::Brotli)),
            ("gzip", Some(Coding::Gzip)),
            ("br;q=0, gzip;q=0.5", Some(Coding::Gzip)),
            ("BR", Some(Coding::Brotli)),
            ("identity", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(Coding::wanted(&headers), expected, "{accepted}");
        }
    }

    #[test]
    fn what_is_compressed_comes_back_the_same() {
        let body = Bytes::from("油锅着火，先关火，盖锅盖。".repeat(100));
        let coded = Coded::default();
        let mut read = Vec::new();
        let small = coded.of(&body, Coding::Brotli).expect("it is long enough");
        brotli::BrotliDecompress(&mut &small[..], &mut read).expect("brotli");
        assert_eq!(read, body);
        let small = coded.of(&body, Coding::Gzip).expect("it is long enough");
        let mut read = Vec::new();
        GzDecoder::new(&small[..]).read_to_end(&mut read).expect("gzip");
        assert_eq!(read, body);
    }

    #[test]
    fn short_texts_stay_as_they_are() {
        assert_eq!(Coded::default().of(&Bytes::from("119"), Coding::Gzip), None);
    }
}
