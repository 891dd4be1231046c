//! Laws whose dates differ between documents: the older one is probably a version no longer in force.

use std::collections::HashMap;

use fenghuo_content::{Document, Documents, Source, SourceKind};

/// The newest date with which each law is cited, by title.
pub(crate) struct Laws(HashMap<String, String>);

impl Laws {
    pub(super) fn new(documents: &Documents) -> Self {
        let mut newest: HashMap<String, String> = HashMap::new();
        for source in documents.iter().filter(|d| !d.meta.draft).flat_map(laws) {
            match newest.get_mut(title(source)) {
                Some(date) if *date >= source.date => {}
                Some(date) => date.clone_from(&source.date),
                None => drop(newest.insert(title(source).to_owned(), source.date.clone())),
            }
        }
        Self(newest)
    }

    /// Laws that `document` cites with an older date than the library does elsewhere, each with the newer date.
    pub(crate) fn outdated<'a>(
        &'a self,
        document: &'a Document,
    ) -> impl Iterator<Item = (&'a Source, &'a str)> {
        let newest = |source: &'a Source| Some((source, self.0.get(title(source))?.as_str()));
        laws(document).filter_map(newest).filter(|(source, newest)| is_older(&source.date, newest))
    }
}

fn laws(document: &Document) -> impl Iterator<Item = &Source> {
    document.meta.sources.iter().filter(|source| source.kind == SourceKind::Law)
}

/// Editors write titles with and without their marks.
fn title(source: &Source) -> &str {
    source.title.trim().trim_start_matches('《').trim_end_matches('》')
}

/// Whether `date` is older than `newest`; a date that is only less precise is not.
fn is_older(date: &str, newest: &str) -> bool {
    let differing = date.bytes().zip(newest.bytes()).find(|(a, b)| a != b);
    differing.is_some_and(|(a, b)| a < b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_less_precise_date_is_not_older() {
        for (date, newest, expected) in [
            ("2016", "2016-02-06", false),
            ("2016-02-06", "2016-02-06", false),
            ("2019-04-23", "2021-04-29", true),
            ("2006-01-21", "2016", true),
            ("2021-04", "2021-10-01", true),
            ("2022", "2021-10-01", false),
        ] {
            assert_eq!(is_older(date, newest), expected, "{date} {newest}");
        }
    }
}
