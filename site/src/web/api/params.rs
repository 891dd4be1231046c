//! Query parameters of the lists as they came, and written again for the next page.

use serde::Deserialize;

use crate::machine::encode;

/// Query parameters as they came.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Params {
    pub(super) kind: Option<String>,
    pub(super) topic: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) season: Option<String>,
    pub(super) grade: Option<String>,
    pub(super) minutes: Option<String>,
    pub(super) category: Option<String>,
    #[serde(rename = "type")]
    pub(super) sort: Option<String>,
    pub(super) place: Option<String>,
    pub(super) year: Option<String>,
    pub(super) q: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) limit: Option<String>,
    pub(super) offset: Option<String>,
}

impl Params {
    /// The query of the same list at another offset.
    pub(super) fn at(&self, offset: usize, limit: usize) -> String {
        let kept = [
            ("kind", &self.kind),
            ("topic", &self.topic),
            ("audience", &self.audience),
            ("season", &self.season),
            ("grade", &self.grade),
            ("minutes", &self.minutes),
            ("category", &self.category),
            ("type", &self.sort),
            ("place", &self.place),
            ("year", &self.year),
            ("q", &self.q),
            ("lang", &self.lang),
        ];
        let kept = kept.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let mut query: String =
            kept.map(|(name, value)| format!("{name}={}&", escape(value))).collect();
        query.push_str(&format!("limit={limit}&offset={offset}"));
        query
    }
}

fn escape(value: &str) -> String {
    encode(value).replace('&', "%26").replace('+', "%2B").replace('#', "%23").replace('=', "%3D")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_keeps_the_filter() {
        let params = Params {
            season: Some("summer".into()),
            q: Some("油 & 锅".into()),
            ..Params::default()
        };
        assert_eq!(
            params.at(20, 20),
            "season=summer&q=%E6%B2%B9%20%26%20%E9%94%85&limit=20&offset=20"
        );
    }
}
