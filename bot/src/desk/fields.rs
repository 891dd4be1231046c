//! The fields of a form as they came: names may repeat, nothing is trusted.

/// Fields in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    pairs: Vec<(String, String)>,
    files: Vec<File>,
}

/// A file that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) field: String,
    pub(super) bytes: Vec<u8>,
}

impl Fields {
    pub(super) fn new(pairs: Vec<(String, String)>, files: Vec<File>) -> Self {
        Self { pairs, files }
    }

    /// The first value of `name` without the space around it; empty where it is absent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of `name` as it was typed, with `\n` as the end of a line.
    pub(super) fn lines(&self, name: &str) -> String {
        self.raw(name).replace("\r\n", "\n")
    }

    /// All values of `name`.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// Values of fields whose name begins with `prefix`, by the rest of the name.
    pub(super) fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.pairs
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// The bytes of a file, unless the field was left empty.
    pub(super) fn file(&self, field: &str) -> Option<&[u8]> {
        let file = self.files.iter().find(|file| file.field == field);
        file.map(|file| file.bytes.as_slice()).filter(|bytes| !bytes.is_empty())
    }

    /// All pairs but those of the frame, for a form that is shown again.
    pub(super) fn without(&self, names: &[&str]) -> Vec<(String, String)> {
        self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
    }

    /// The first value of `name` as it came.
    pub(super) fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Fields::new(pairs, Vec::new())
    }

    #[test]
    fn names_may_repeat_and_absent_ones_are_empty() {
        let form = fields(&[("region", "a"), ("title", " 清明 "), ("region", "b")]);
        assert_eq!(form.all("region"), ["a", "b"]);
        assert_eq!((form.text("title"), form.text("body")), ("清明", ""));
        assert!(form.has("region") && !form.has("body"));
    }

    #[test]
    fn lines_of_a_browser_become_lines_of_a_text() {
        assert_eq!(fields(&[("body", "a\r\n\r\nb ")]).lines("body"), "a\n\nb ");
    }

    #[test]
    fn fields_of_a_family_come_by_the_rest_of_their_name() {
        let form = fields(&[("override:telegram", "x"), ("override:", "y"), ("over", "z")]);
        let all: Vec<_> = form.under("override:").collect();
        assert_eq!(all, [("telegram", "x"), ("", "y")]);
    }
}
