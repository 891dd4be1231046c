//! Many rows of values in one place of a statement, as JSON, in the words of either database.

use serde_json::Value as Json;

use super::{Dialect, without_nul};

/// The type of a column in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Text(&'static str),
    Number(&'static str),
}

/// What selects `columns` out of the list in place 1, in its order.
pub(crate) fn listed(dialect: Dialect, columns: &[Column]) -> String {
    let column = |(place, column): (usize, &Column)| match (dialect, column) {
        (Dialect::Sqlite, Column::Text(name) | Column::Number(name))
        | (Dialect::Postgres, Column::Text(name)) => format!("value->>{place} AS {name}"),
        (Dialect::Postgres, Column::Number(name)) => format!("(value->>{place})::bigint AS {name}"),
    };
    let columns = columns.iter().enumerate().map(column).collect::<Vec<_>>().join(", ");
    let source = dialect.pick(
        "json_each($1)",
        "jsonb_array_elements($1::jsonb) WITH ORDINALITY AS listed (value, place) ORDER BY place",
    );
    format!("SELECT {columns} FROM {source}")
}

/// The list as the statement takes it.
pub(crate) fn list(rows: Vec<Json>) -> String {
    // JSON writes NUL as an escape, which `PostgreSQL` refuses as well.
    let text = Json::Array(rows).to_string();
    if text.contains("\\u0000") { without_escaped_nul(&text) } else { without_nul(text) }
}

/// Replaces each escaped NUL; a backslash that is itself escaped begins nothing.
fn without_escaped_nul(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        clean.push_str(before);
        rest = match from.strip_prefix("\\u0000") {
            Some(after) => {
                clean.push('\u{fffd}');
                after
            }
            None => {
                // What follows a backslash in JSON is one ASCII character at least.
                clean.push_str(&from[..2]);
                &from[2..]
            }
        };
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nul_is_replaced_wherever_it_hides_and_nothing_else_is() {
        for (given, expected) in [
            ("a\0b", "a\u{fffd}b"),
            ("\\u0000", "\\u0000"),
            ("\\\0", "\\\u{fffd}"),
            ("\"\0\"", "\"\u{fffd}\""),
            ("火\n", "火\n"),
        ] {
            let text = list(vec![json!([given])]);
            let back: Vec<(String,)> = serde_json::from_str(&text).expect("JSON");
            assert_eq!(back[0].0, expected, "{given:?}");
        }
    }
}
