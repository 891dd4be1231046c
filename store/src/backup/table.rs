//! The tables, as backup and copy see them: columns with their types, and the key that orders rows.

use serde_json::Value as Json;

use crate::Error;
use crate::database::{Dialect, Row, Statement, Transaction, Value, sql};

/// Rows read at a time.
const PAGE: i64 = 1000;

/// Values written by one statement; both databases take more.
const CHUNK_VALUES: usize = 6000;

/// A table.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// The first ones, `key` of them, order the rows.
    pub(crate) columns: &'static [(&'static str, Kind)],
    pub(crate) key: usize,
    /// Whether the key counts up by itself.
    pub(crate) counts_up: bool,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    Flag,
}

use Kind::{Flag, Number, Text};

/// All tables but the one of versions. A test compares this with what the migrations make.
pub(crate) const TABLES: &[Table] = &[
    table("session", 1, &[("id", Text), ("state", Text), ("updated", Number)]),
    table(
        "gap",
        1,
        &[
            ("question_key", Text),
            ("sample", Text),
            ("times", Number),
            ("first_day", Text),
            ("last_day", Text),
        ],
    ),
    table(
        "feedback",
        4,
        &[("doc", Text), ("section", Text), ("day", Text), ("helpful", Flag), ("times", Number)],
    ),
    counted(
        "account",
        &[
            ("number", Number),
            ("channel", Text),
            ("name", Text),
            ("purpose", Number),
            ("owner", Number),
            ("epoch", Number),
            ("next_update", Number),
            ("blocked_until", Number),
        ],
    ),
    counted(
        "inbox",
        &[
            ("id", Number),
            ("channel", Text),
            ("account", Text),
            ("update_id", Text),
            ("chat", Text),
            ("body", Text),
            ("state", Number),
            ("received", Number),
            ("due", Number),
            ("owner", Number),
            ("epoch", Number),
            ("lease_until", Number),
            ("reply", Text),
            ("reply_hash", Text),
            ("sent_parts", Number),
            ("repeats", Number),
            ("handled", Number),
            ("reason", Text),
            ("forget", Flag),
        ],
    ),
    counted(
        "segment",
        &[("number", Number), ("account", Number), ("region", Text), ("role", Text)],
    ),
    counted(
        "subscriber",
        &[
            ("number", Number),
            ("id", Text),
            ("segment", Number),
            ("channel", Text),
            ("account", Text),
            ("chat", Text),
            ("region", Text),
            ("role", Text),
            ("language", Text),
            ("quiet_from", Number),
            ("quiet_until", Number),
            ("consented", Number),
            ("active", Flag),
            ("outlet", Flag),
            ("leave_token", Text),
        ],
    ),
    table(
        "confirmation",
        1,
        &[
            ("token_hash", Text),
            ("channel", Text),
            ("account", Text),
            ("chat", Text),
            ("region", Text),
            ("role", Text),
            ("language", Text),
            ("quiet_from", Number),
            ("quiet_until", Number),
            ("expires", Number),
        ],
    ),
    table(
        "official",
        1,
        &[
            ("name", Text),
            ("role", Number),
            ("password_hash", Text),
            ("disabled", Flag),
            ("added", Number),
        ],
    ),
    table(
        "desk_session",
        1,
        &[("token_hash", Text), ("official", Text), ("csrf", Text), ("expires", Number)],
    ),
    counted(
        "campaign",
        &[
            ("id", Number),
            ("code", Text),
            ("kind", Number),
            ("title", Text),
            ("body", Text),
            ("overrides", Text),
            ("audience", Text),
            ("urgent", Flag),
            ("policy", Number),
            ("expires", Number),
            ("starts", Number),
            ("document", Text),
            ("occasion", Text),
            ("refers", Number),
            ("relay", Number),
            ("state", Number),
            ("version", Number),
            ("author", Text),
            ("editor", Text),
            ("approver", Text),
            ("overridden", Flag),
            ("approved_hash", Text),
            ("reason", Text),
            ("created", Number),
            ("submitted", Number),
            ("approved", Number),
            ("started", Number),
            ("ended", Number),
            ("frontier", Number),
            ("position", Number),
            ("materialised", Flag),
            ("audience_hash", Text),
            ("audience_count", Number),
            ("swept", Flag),
        ],
    ),
    table("occasion", 1, &[("name", Text), ("campaign", Number), ("reason", Text), ("at", Number)]),
    table(
        "delivery",
        2,
        &[
            ("campaign", Number),
            ("recipient", Number),
            ("account", Number),
            ("segment", Number),
            ("state", Number),
            ("due", Number),
            ("attempt", Number),
            ("repeats", Number),
            ("epoch", Number),
            ("lease_until", Number),
            ("at", Number),
            ("provider_id", Text),
            ("reason", Text),
        ],
    ),
    table("routine", 2, &[("recipient", Number), ("campaign", Number), ("at", Number)]),
    table("bounce", 2, &[("recipient", Number), ("report", Text), ("at", Number)]),
    table(
        "quota",
        4,
        &[("channel", Text), ("name", Text), ("what", Text), ("period", Text), ("used", Number)],
    ),
    counted(
        "relay",
        &[
            ("id", Number),
            ("identifier", Text),
            ("sender", Text),
            ("sent", Text),
            ("msg_type", Text),
            ("refs", Text),
            ("raw", Text),
            ("issuer", Text),
            ("title", Text),
            ("effective", Number),
            ("expires", Number),
            ("source", Text),
            ("received", Number),
        ],
    ),
    counted(
        "board_entry",
        &[
            ("id", Number),
            ("board", Text),
            ("region", Text),
            ("day", Text),
            ("value", Text),
            ("note", Text),
            ("entered_by", Text),
            ("entered", Number),
            ("rejected", Flag),
            ("confirmed_by", Text),
            ("confirmed", Number),
        ],
    ),
    table("page_view", 2, &[("day", Text), ("page", Text), ("times", Number)]),
    table("place_view", 2, &[("day", Text), ("region", Text), ("times", Number)]),
    table(
        "self_check",
        4,
        &[
            ("month", Text),
            ("checklist", Text),
            ("region", Text),
            ("level", Text),
            ("times", Number),
        ],
    ),
    table("self_check_form", 1, &[("form", Text), ("at", Number)]),
    table(
        "screen",
        2,
        &[("region", Text), ("screen", Text), ("first_seen", Number), ("last_seen", Number)],
    ),
    table(
        "acknowledgement",
        3,
        &[("campaign", Number), ("region", Text), ("kind", Text), ("at", Number)],
    ),
    table("coverage", 3, &[("day", Text), ("region", Text), ("role", Text), ("times", Number)]),
    table(
        "audit",
        1,
        &[
            ("number", Number),
            ("at", Number),
            ("actor", Text),
            ("action", Text),
            ("subject", Text),
            ("detail", Text),
            ("previous", Text),
            ("hash", Text),
        ],
    ),
];

const fn table(name: &'static str, key: usize, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { name, columns, key, counts_up: false }
}

const fn counted(name: &'static str, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { name, columns, key: 1, counts_up: true }
}

impl Table {
    /// The names of the columns with commas between.
    fn column_list(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The next rows after `last`, in the order of the key.
    pub(crate) async fn page(
        &self,
        transaction: &mut Transaction,
        last: Option<&Vec<Value>>,
    ) -> Result<Vec<Vec<Value>>, Error> {
        let keys: Vec<&str> = self.columns[..self.key].iter().map(|(name, _)| *name).collect();
        let (keys, columns) = (keys.join(", "), self.column_list());
        let places: Vec<String> = (1..=self.key).map(|n| format!("${n}")).collect();
        let after = match last {
            Some(_) => format!("WHERE ({keys}) > ({})", places.join(", ")),
            None => String::new(),
        };
        let text =
            format!("SELECT {columns} FROM {} {after} ORDER BY {keys} LIMIT {PAGE}", self.name);
        let key = last.into_iter().flat_map(|row| row[..self.key].iter().cloned());
        let statement = key.fold(sql(sqlx::AssertSqlSafe(text)), Statement::bind);
        let rows = transaction.rows(statement).await?;
        rows.iter().map(|row| self.read(row)).collect()
    }

    fn read(&self, row: &Row) -> Result<Vec<Value>, Error> {
        let read = |(name, kind): &(&str, Kind)| -> Result<Value, Error> {
            Ok(match kind {
                Text => Value::Text(row.get(name)?),
                Number => Value::Number(row.get(name)?),
                Flag => Value::Flag(row.get(name)?),
            })
        };
        self.columns.iter().map(read).collect()
    }

    /// Writes `rows`.
    pub(crate) async fn insert(
        &self,
        transaction: &mut Transaction,
        rows: &[Vec<Value>],
    ) -> Result<(), Error> {
        for chunk in rows.chunks(CHUNK_VALUES / self.columns.len()) {
            let places: Vec<String> = (0..chunk.len()).map(|n| self.places(n)).collect();
            let (columns, places) = (self.column_list(), places.join(", "));
            let text = format!("INSERT INTO {} ({columns}) VALUES {places}", self.name);
            let values = chunk.iter().flatten().cloned();
            let statement = values.fold(sql(sqlx::AssertSqlSafe(text)), Statement::bind);
            transaction.execute(statement).await?;
        }
        Ok(())
    }

    /// `($1, $2, …)` of the `row`-th row.
    fn places(&self, row: usize) -> String {
        let first = row * self.columns.len() + 1;
        let places = (first..first + self.columns.len()).map(|n| format!("${n}"));
        format!("({})", places.collect::<Vec<_>>().join(", "))
    }

    /// How many rows it has.
    pub(crate) async fn count(&self, transaction: &mut Transaction) -> Result<u64, Error> {
        let text = format!("SELECT COUNT(*) AS times FROM {}", self.name);
        let row = transaction.row(sql(sqlx::AssertSqlSafe(text))).await?;
        row.map_or(Ok(0), |row| row.count("times"))
    }

    /// Makes the next key follow the highest one that was ever given, once all tables are filled.
    pub(crate) async fn reset_key(&self, transaction: &mut Transaction) -> Result<(), Error> {
        if !self.counts_up {
            return Ok(());
        }
        let (name, key) = (self.name, self.columns[0].0);
        let highest = match name {
            // The ledger remembers numbers of people who have left: nobody else may get one of these.
            "subscriber" => "SELECT MAX(number) FROM (SELECT MAX(number) AS number FROM subscriber
                 UNION ALL SELECT MAX(recipient) FROM delivery
                 UNION ALL SELECT MAX(frontier) FROM campaign) AS given"
                .to_owned(),
            _ => format!("SELECT MAX({key}) FROM {name}"),
        };
        if transaction.dialect() == Dialect::Postgres {
            let text =
                format!("SELECT setval(pg_get_serial_sequence('{name}', '{key}'), ({highest}))");
            return transaction.rows(sql(sqlx::AssertSqlSafe(text))).await.map(drop);
        }
        let clear = sql("DELETE FROM sqlite_sequence WHERE name = $1").bind(name);
        transaction.execute(clear).await?;
        let text = format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT $1, highest
             FROM (SELECT ({highest}) AS highest) WHERE highest IS NOT NULL"
        );
        transaction.execute(sql(sqlx::AssertSqlSafe(text)).bind(name)).await.map(drop)
    }

    /// A row of the portable form; `None` where it does not fit the columns.
    pub(crate) fn row_of_json(&self, row: &[Json]) -> Option<Vec<Value>> {
        if row.len() != self.columns.len() {
            return None;
        }
        let value = |(json, (_, kind)): (&Json, &(&str, Kind))| match (json, kind) {
            (Json::Null, Text) => Some(Value::Text(None)),
            (Json::Null, Number) => Some(Value::Number(None)),
            (Json::String(text), Text) => Some(text.as_str().into()),
            (Json::Number(number), Number) => Some(number.as_i64()?.into()),
            (Json::Bool(flag), Flag) => Some((*flag).into()),
            _ => None,
        };
        row.iter().zip(self.columns).map(value).collect()
    }
}

/// A value of the portable form.
pub(crate) fn json_of(value: &Value) -> Json {
    match value {
        Value::Text(text) => text.as_deref().map_or(Json::Null, Json::from),
        Value::Number(number) => number.map_or(Json::Null, Json::from),
        Value::Flag(flag) => Json::from(*flag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Store;

    #[tokio::test]
    async fn every_table_and_column_of_the_database_is_listed() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("opened");
        let made = sql("SELECT tables.name AS made, columns.name AS column_name
             FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%'
               AND tables.name <> 'schema_version'");
        let rows = store.rows(made).await.expect("asked");
        let mut made: Vec<(String, String)> = rows
            .iter()
            .map(|row| (row.get("made").expect("text"), row.get("column_name").expect("text")))
            .collect();
        let mut listed: Vec<(String, String)> = TABLES
            .iter()
            .flat_map(|table| {
                table.columns.iter().map(|(name, _)| (table.name.to_owned(), (*name).to_owned()))
            })
            .collect();
        made.sort();
        listed.sort();
        assert_eq!(made, listed);
    }
}
