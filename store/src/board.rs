//! Boards: figures by region that one official enters and another confirms; history is kept.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::actor::{permit_person, record};
use crate::database::{Row, sql};
use crate::day::read_day;
use crate::{Actor, Error, OfficialRole, Store};

/// A figure as it is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardFigure {
    /// The board: its document's id.
    pub board: String,
    /// The region.
    pub region: String,
    /// The day it held.
    pub date: Date,
    /// The figure, a decimal number as written.
    pub value: String,
    /// A note.
    pub note: String,
}

/// A figure that was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardEntry {
    /// Its number.
    pub id: i64,
    /// The board.
    pub board: String,
    /// The region.
    pub region: String,
    /// The day it held.
    pub date: Date,
    /// The figure.
    pub value: String,
    /// A note.
    pub note: String,
    /// Who entered it.
    pub entered_by: String,
    /// When.
    pub entered: Timestamp,
    /// Whether the second person found it wrong.
    pub rejected: bool,
    /// The second person.
    pub confirmed_by: Option<String>,
    /// When she looked.
    pub confirmed: Option<Timestamp>,
}

const ENTRY: &str = "SELECT id, board, region, day, value, note, entered_by, entered, rejected,
                            confirmed_by, confirmed FROM board_entry";

impl Store {
    /// Enters figures, all or none, and returns their numbers. None counts before it is confirmed.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], or when the query fails.
    pub async fn add_board_entries(
        &self,
        figures: Vec<BoardFigure>,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<Vec<i64>, Error> {
        let actor = actor.clone();
        self.write(move |transaction| {
            Box::pin(async move {
                permit_person(transaction, &actor, OfficialRole::Editor).await?;
                let mut numbers = Vec::with_capacity(figures.len());
                for figure in figures {
                    let insert = sql("INSERT INTO board_entry
                             (board, region, day, value, note, entered_by, entered, rejected)
                         VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE) RETURNING id")
                    .bind(&figure.board)
                    .bind(&figure.region)
                    .bind(figure.date.to_string())
                    .bind(&figure.value)
                    .bind(&figure.note)
                    .bind(&actor.name)
                    .bind(now.as_second());
                    let row = transaction.row(insert).await?.ok_or(sqlx::Error::RowNotFound)?;
                    let number: i64 = row.get("id")?;
                    let detail = format!(
                        "board={} region={} date={} value={}",
                        figure.board, figure.region, figure.date, figure.value
                    );
                    let subject = format!("b{number}");
                    record(transaction, &actor, ("board.enter", &subject), &detail, now).await?;
                    numbers.push(number);
                }
                Ok(numbers)
            })
        })
        .await
    }

    /// Confirms the figure `id`, or rejects it: somebody else than who entered it.
    ///
    /// # Errors
    /// [`Error::SamePerson`]; [`Error::NotFound`] when there is none, or it was looked at before;
    /// [`Error::NotAllowed`].
    pub async fn confirm_board_entry(
        &self,
        id: i64,
        accept: bool,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let actor = actor.clone();
        self.write(move |transaction| {
            Box::pin(async move {
                permit_person(transaction, &actor, OfficialRole::Editor).await?;
                let missing = Error::NotFound { what: "board entry" };
                let find = sql("SELECT entered_by FROM board_entry WHERE id = $1").bind(id);
                let row = transaction.row(find).await?.ok_or(missing.clone())?;
                if row.get::<String>("entered_by")? == actor.name {
                    return Err(Error::SamePerson);
                }
                let update = sql("UPDATE board_entry
                     SET confirmed_by = $2, confirmed = $3, rejected = $4
                     WHERE id = $1 AND confirmed_by IS NULL")
                .bind(id)
                .bind(&actor.name)
                .bind(now.as_second())
                .bind(!accept);
                if transaction.execute(update).await? == 0 {
                    return Err(missing);
                }
                let action = if accept { "board.confirm" } else { "board.reject" };
                record(transaction, &actor, (action, &format!("b{id}")), "", now).await
            })
        })
        .await
    }

    /// All figures of a board, newest day first; the unconfirmed and rejected too.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn board_entries(&self, board: &str) -> Result<Vec<BoardEntry>, Error> {
        let text = format!("{ENTRY} WHERE board = $1 ORDER BY day DESC, id DESC");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(board);
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// The figures of all boards nobody has looked at yet, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn board_waiting(&self) -> Result<Vec<BoardEntry>, Error> {
        let text = format!("{ENTRY} WHERE confirmed_by IS NULL ORDER BY id");
        self.rows(sql(sqlx::AssertSqlSafe(text))).await?.iter().map(read).collect()
    }

    /// The latest confirmed figure of every region of every board, by board and region.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn board_figures(&self) -> Result<Vec<BoardEntry>, Error> {
        let text = format!(
            "{ENTRY} AS entry WHERE confirmed_by IS NOT NULL AND NOT rejected AND NOT EXISTS (
                 SELECT 1 FROM board_entry AS later
                 WHERE later.board = entry.board AND later.region = entry.region
                   AND later.confirmed_by IS NOT NULL AND NOT later.rejected
                   AND (later.day > entry.day OR (later.day = entry.day AND later.id > entry.id)))
             ORDER BY board, region"
        );
        self.rows(sql(sqlx::AssertSqlSafe(text))).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<BoardEntry, Error> {
    Ok(BoardEntry {
        id: row.get("id")?,
        board: row.get("board")?,
        region: row.get("region")?,
        date: read_day(row.get("day")?),
        value: row.get("value")?,
        note: row.get("note")?,
        entered_by: row.get("entered_by")?,
        entered: row.instant("entered")?,
        rejected: row.get("rejected")?,
        confirmed_by: row.get("confirmed_by")?,
        confirmed: row.maybe_instant("confirmed")?,
    })
}
