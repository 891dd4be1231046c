//! ZIP files whose bytes depend on nothing but their content, so that a pack keeps its entity tag.

use std::io::{Cursor, Write};

use jiff::civil::Date;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

/// A ZIP in the making; every file of it carries the same day.
pub(super) struct Archive {
    writer: ZipWriter<Cursor<Vec<u8>>>,
    options: SimpleFileOptions,
    names: Vec<String>,
}

impl Archive {
    /// An empty archive whose files are of `day`.
    pub(super) fn new(day: Date) -> Self {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(moment(day))
            .unix_permissions(0o644)
            .system(System::Unix);
        Self { writer: ZipWriter::new(Cursor::new(Vec::new())), options, names: Vec::new() }
    }

    /// Adds `bytes` as they are: for what is packed already, and the first file of an EPUB.
    pub(super) fn store(&mut self, name: &str, bytes: &[u8]) {
        self.write(name, bytes, self.options.compression_method(CompressionMethod::Stored));
    }

    /// Adds `bytes` compressed.
    pub(super) fn add(&mut self, name: &str, bytes: &[u8]) {
        self.write(name, bytes, self.options);
    }

    /// Names of all files so far, in order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The whole file.
    pub(super) fn finish(self) -> Vec<u8> {
        self.writer.finish().expect(IN_MEMORY).into_inner()
    }

    fn write(&mut self, name: &str, bytes: &[u8], options: SimpleFileOptions) {
        self.writer.start_file(name, options).expect(IN_MEMORY);
        self.writer.write_all(bytes).expect(IN_MEMORY);
        self.names.push(name.to_owned());
    }
}

const IN_MEMORY: &str = "names are unique, files small, and writing to memory cannot fail";

/// The format knows no day before 1980.
fn moment(day: Date) -> DateTime {
    let year = u16::try_from(day.year()).unwrap_or_default();
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    DateTime::from_date_and_time(year, part(day.month()), part(day.day()), 0, 0, 0)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn sample(day: Date) -> Vec<u8> {
        let mut archive = Archive::new(day);
        archive.store("mimetype", b"application/epub+zip");
        archive.add("a.txt", "消防".repeat(500).as_bytes());
        assert_eq!(archive.names(), ["mimetype", "a.txt"]);
        archive.finish()
    }

    #[test]
    fn the_same_content_gives_the_same_bytes() {
        assert_eq!(sample(date(2026, 11, 23)), sample(date(2026, 11, 23)));
        assert_ne!(sample(date(2026, 11, 23)), sample(date(2026, 11, 24)));
    }

    #[test]
    fn a_stored_file_begins_at_byte_38_without_an_extra_field() {
        // EPUB OCF 3.3, 4.2.3: readers look for the media type there.
        let bytes = sample(date(2026, 11, 23));
        assert_eq!(&bytes[..4], b"PK\x03\x04");
        assert_eq!(&bytes[30..58], b"mimetypeapplication/epub+zip");
        assert!(bytes.len() < 600, "{}", bytes.len());
    }

    #[test]
    fn a_day_the_format_does_not_know_becomes_its_first() {
        assert!(sample(date(1900, 1, 1)).starts_with(b"PK"));
    }
}
