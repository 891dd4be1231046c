//! How the databases run each statement on the ledger: none may walk rows that are done. A million of them lie
//! there, and every second or so somebody asks what is next.

#![cfg(test)]

use sqlx::Connection;

use super::{DeliveryFilter, DeliveryState};
use super::{complete, finish, lease, list, mark, materialise, recover, snapshot};
use crate::database::{Dialect, Statement, sql};
use crate::{Location, Store};

/// A statement, its values, and the index by which it must reach the ledger.
struct Case {
    text: String,
    values: Vec<Bound>,
    index: &'static str,
}

#[derive(Clone, Copy)]
enum Bound {
    Number(i64),
    Json,
    Word,
    Flag,
}

use Bound::{Flag, Json, Number, Word};

/// By campaign and recipient, one after the other.
const KEY: &str = "key";
const QUEUE: &str = "delivery_queue";
const ACTIVE: &str = "delivery_active";
const LISTED: &str = "delivery_listed";

fn cases(dialect: Dialect) -> Vec<Case> {
    let case =
        |text: String, values: &[Bound], index| Case { text, values: values.to_vec(), index };
    let one = Number(1);
    let pick = |[sqlite, postgres]: [&str; 2]| dialect.pick(sqlite, postgres).to_owned();
    let listing = |filter| list::listing(dialect, filter);
    let (sent, failed) = (Number(10), Number(11));
    let unlocked = lease::due(dialect).replace(" FOR UPDATE OF delivery SKIP LOCKED", "");
    vec![
        case(pick(lease::WAITING), &[one, one], QUEUE),
        case(unlocked, &[one, one, one, one, one], QUEUE),
        case(mark::mark(dialect), &[one, Json, one, one, one, one], KEY),
        case(mark::give_back(dialect, "2, 3"), &[one, Json, one, one], KEY),
        case(complete::complete(dialect), &[Json, one, one, one], KEY),
        case(recover::lost(dialect), &[one, one, one], ACTIVE),
        case(recover::requeue(dialect), &[one, one, one], ACTIVE),
        case(recover::settle(dialect), &[one, one, one, one, Flag], ACTIVE),
        case(finish::exhausted(dialect), &[], QUEUE),
        case(finish::exhausted(dialect), &[], ACTIVE),
        case(finish::sweep(dialect), &[one, Word, one, one], QUEUE),
        case(finish::abandon(dialect), &[one, one], ACTIVE),
        case(finish::release_leases(dialect), &[one], ACTIVE),
        case(pick(snapshot::NUMBERS), &[one, one, one], KEY),
        case(list::PROGRESS.to_owned(), &[one], KEY),
        case(list::COUNTS.to_owned(), &[one], KEY),
        case(list::UNKNOWN.to_owned(), &[], LISTED),
        case(listing(DeliveryFilter::All), &[one, one, one, one], KEY),
        case(listing(DeliveryFilter::State(DeliveryState::Sent)), &[one, one, one, sent], KEY),
        case(
            listing(DeliveryFilter::State(DeliveryState::Failed)),
            &[one, one, one, failed],
            LISTED,
        ),
        case(listing(DeliveryFilter::Repeated), &[one, one, one, one], KEY),
    ]
}

async fn plan(store: &Store, case: &Case, explain: &str) -> String {
    let text = format!("{explain} {}", case.text);
    let bind = |statement: Statement, value: &Bound| match value {
        Number(number) => statement.bind(*number),
        Json => statement.bind("[1]"),
        Word => statement.bind("cancelled"),
        Flag => statement.bind(false),
    };
    let statement = case.values.iter().fold(sql(sqlx::AssertSqlSafe(text)), bind);
    let rows = store.rows(statement).await.expect("planned");
    let column = if explain.contains("QUERY PLAN") { "detail" } else { "QUERY PLAN" };
    let steps = rows.iter().map(|row| row.get::<String>(column).expect("text"));
    steps.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn sqlite_never_walks_what_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("opened");
    for case in cases(Dialect::Sqlite) {
        let plan = plan(&store, &case, "EXPLAIN QUERY PLAN").await;
        let name = if case.index == KEY { "PRIMARY KEY (campaign=?" } else { case.index };
        assert!(plan.contains(name), "{}\n{plan}", case.text);
        for step in plan.lines().filter(|step| step.contains("delivery")) {
            // The index of what is in hand may be walked whole: it holds what is on its way, no more.
            let bounded = step.starts_with("SEARCH") || step.contains("INDEX delivery_active");
            assert!(bounded, "{}\n{plan}", case.text);
        }
    }
    // Materialising walks subscribers by number, and looks at nothing twice.
    for (everybody, follows) in [(true, false), (false, false), (false, true)] {
        let text = materialise::insert(Dialect::Sqlite, everybody, follows);
        let values = vec![Number(1), Number(1), Number(1), Number(1), Json];
        let case = Case { text, values, index: KEY };
        let plan = plan(&store, &case, "EXPLAIN QUERY PLAN").await;
        let first = plan.lines().next().expect("a step");
        assert!(
            first.contains("subscriber USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
            "{plan}"
        );
        assert!(!plan.contains("SCAN segment") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

/// As the planner really does it, with a table of which nearly all is done, and its statistics.
#[tokio::test]
async fn postgres_never_walks_what_is_done() {
    let Ok(url) = std::env::var("FENGHUO_TEST_POSTGRES") else { return };
    let schema = format!("test_plan_{}", std::process::id());
    let mut connection = sqlx::PgConnection::connect(&url).await.expect("the server answers");
    let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.expect("created");
    let joint = if url.contains('?') { '&' } else { '?' };
    let location = Location::parse(&format!("{url}{joint}options=-csearch_path%3D{schema}"));
    let store = Store::connect(&location.expect("well-formed")).await.expect("opened");
    let fill = format!(
        "SET search_path TO {schema};
         INSERT INTO delivery (campaign, recipient, account, segment, state, due, attempt, repeats, epoch)
         SELECT campaign, recipient, 1, 1,
                CASE WHEN recipient > 29900 THEN 0 WHEN recipient > 29890 THEN 2
                     WHEN recipient % 1000 = 0 THEN 11 ELSE 10 END, 0, 1, 0, 1
         FROM generate_series(1, 3) AS campaign, generate_series(1, 30000) AS recipient;
         INSERT INTO campaign (code, kind, title, body, overrides, audience, urgent, policy, expires, state,
                version, author, editor, overridden, created, position, materialised, swept)
         SELECT n::text, 0, '', '', '', '', FALSE, 2, 9999999999, CASE WHEN n < 2 THEN 5 ELSE 10 END,
                1, '', '', FALSE, 0, 0, TRUE, TRUE FROM generate_series(1, 500) AS n;
         INSERT INTO segment (account, region, role) VALUES (1, '', '');
         ANALYZE"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(fill)).execute(&mut connection).await.expect("filled");
    for case in cases(Dialect::Postgres) {
        let plan = plan(&store, &case, "EXPLAIN").await;
        // A report reads all rows of its campaign, and a third of this table is that.
        if case.text == list::PROGRESS || case.text == list::COUNTS {
            continue;
        }
        assert!(!plan.contains("Seq Scan on delivery"), "{}\n{plan}", case.text);
        // By key, or by what is in hand: both are looked up.
        let names = if case.index == KEY { &["delivery_pkey", ACTIVE][..] } else { &[case.index] };
        assert!(names.iter().any(|name| plan.contains(name)), "{}\n{plan}", case.text);
    }
    store.close().await;
    let drop = format!("DROP SCHEMA {schema} CASCADE");
    sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&mut connection).await.expect("dropped");
}
