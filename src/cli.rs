//! The command line (CONTRACTS.md).

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::clock::parse_now;

mod office;

pub(crate) use office::{
    AuditAction, AuditArgs, CampaignAction, CampaignArgs, CommonArgs, OfficialAction, OfficialArgs,
    ReasonArgs, RoleArg, TextArgs, VerbArgs,
};

/// Fire-safety knowledge of a county: website, chat, lessons and broadcast desk from one folder of Markdown.
#[derive(Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) serve: ServeArgs,
}

/// Where things are.
#[derive(Args, Clone)]
pub(crate) struct PlaceArgs {
    /// Configuration file (default: `fenghuo.toml` where it exists).
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Library folder instead of the built-in library.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) library: Option<PathBuf>,
    /// Data folder: database, index.
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,
}

#[derive(Subcommand)]
#[expect(clippy::large_enum_variant, reason = "parsed once a process")]
pub(crate) enum Command {
    /// Serve website, API and chat (the default).
    Serve(ServeArgs),
    /// Write the website into a folder for a static host.
    Build(BuildArgs),
    /// Check the library.
    Check(CheckArgs),
    /// Answer one question, or a file of them.
    Ask(AskArgs),
    /// Search the library.
    Search(SearchArgs),
    /// Measure answers on golden questions, or plain retrieval.
    Eval(EvalArgs),
    /// Write a stub of a document that explains itself.
    New(NewArgs),
    /// Print when notices fall due.
    Calendar(CalendarArgs),
    /// List the questions that had no answer.
    Gaps(GapsArgs),
    /// Write a lesson, or the lessons of a season, as a file for a school; or the whole library as one file.
    Pack(PackArgs),
    /// Count what came in on the channels; list what is unknown, refused, unreadable or was repeated.
    Inbox(InboxArgs),
    /// Back up, restore, verify or move the database.
    Store(StoreArgs),
    /// Manage officials: who may write, approve and send.
    Official(OfficialArgs),
    /// Write, approve, send, correct and report campaigns.
    Campaign(CampaignArgs),
    /// Read and verify the log of who did what.
    Audit(AuditArgs),
}

#[derive(Args, Clone, Default, PartialEq, Eq)]
pub(crate) struct ServeArgs {
    /// Address to listen on (default 127.0.0.1:8119).
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) listen: Option<SocketAddr>,
    /// Rebuild and reload pages when the library changes.
    #[arg(long)]
    pub(crate) watch: bool,
    /// Pretend it is TIME, for rehearsals; only on loopback.
    #[arg(long, value_name = "TIME", value_parser = parse_now)]
    pub(crate) now: Option<Timestamp>,
    /// Start in spite of errors in the library, leaving faulty documents out.
    #[arg(long)]
    pub(crate) unchecked: bool,
}

#[derive(Args)]
pub(crate) struct BuildArgs {
    /// Folder to write into.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Address the site will have.
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Build in spite of errors, leaving faulty documents out.
    #[arg(long)]
    pub(crate) unchecked: bool,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Report on reviews instead: overdue ones and changed laws are findings.
    #[arg(long)]
    pub(crate) freshness: bool,
    /// Check as for a county that goes live: every document must name its reviewer.
    #[arg(long)]
    pub(crate) live: bool,
}

#[derive(Args)]
pub(crate) struct AskArgs {
    /// The question.
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    pub(crate) question: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Show how the answer came about.
    #[arg(long, conflicts_with = "batch")]
    pub(crate) explain: bool,
    /// Read `{"id","q"}` lines from FILE (`-`: standard input) and write one answer a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) batch: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct SearchArgs {
    /// What to search for.
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    pub(crate) query: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Read `{"id","q"}` lines from FILE (`-`: standard input) and write what is found for each as one line of JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) batch: Option<PathBuf>,
    /// Most results.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) limit: u8,
}

#[derive(Args)]
pub(crate) struct EvalArgs {
    /// Files of golden questions.
    #[arg(required_unless_present = "docs")]
    pub(crate) files: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Fail below a floor, e.g. `right=.92` or `emergency=.99`.
    #[arg(long, value_name = "NAME=SHARE", num_args = 1.., value_parser = parse_floor)]
    pub(crate) floor: Vec<(String, f64)>,
    /// Learn the weights of retrieval from these files, and print what each fold gives.
    #[arg(long, requires = "out", conflicts_with_all = ["docs", "floor"])]
    pub(crate) tune: bool,
    /// Where to write the learned weights.
    #[arg(long, value_name = "FILE", requires = "tune")]
    pub(crate) out: Option<PathBuf>,
    /// Passages for plain retrieval: `{"id","text"}` lines.
    #[arg(long, value_name = "FILE", requires = "queries", conflicts_with = "files")]
    pub(crate) docs: Option<PathBuf>,
    /// Questions for plain retrieval: `{"question","doc_id"}` lines.
    #[arg(long, value_name = "FILE", requires = "docs")]
    pub(crate) queries: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct NewArgs {
    /// Kind of document.
    #[arg(value_enum)]
    pub(crate) kind: KindArg,
    /// Slug, e.g. `kitchen/oil-pan-fire` for knowledge, `sent-off` for others.
    pub(crate) slug: String,
}

/// Kinds as words of the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum KindArg {
    Knowledge,
    Case,
    Guide,
    Lesson,
    Quiz,
    Checklist,
    Notice,
    Bulletin,
    Board,
    Page,
}

#[derive(Args)]
pub(crate) struct CalendarArgs {
    /// Year (default: this year).
    #[arg(long, value_parser = clap::value_parser!(i16).range(1900..=2100))]
    pub(crate) year: Option<i16>,
}

#[derive(Args)]
pub(crate) struct GapsArgs {
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct PackArgs {
    /// Lesson, e.g. `summer-p46`; all lessons of a season: `season/summer`; the whole library with its search in one
    /// HTML file that needs no network: `crisis`.
    pub(crate) lesson: String,
    /// Format of the file; the crisis copy has only one.
    #[arg(long, value_enum)]
    pub(crate) format: Option<PackFormat>,
    /// Address of the site that the pack names as its origin.
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// File to write (`-`: standard output; default: named after lesson and format, in this folder).
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Formats of a lesson pack.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum PackFormat {
    A4,
    Slides,
    Epub,
    Scorm,
    Gift,
    Ics,
    Zip,
}

#[derive(Args)]
pub(crate) struct InboxArgs {
    /// One JSON object a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct StoreArgs {
    #[command(subcommand)]
    pub(crate) action: StoreAction,
}

#[derive(Subcommand)]
pub(crate) enum StoreAction {
    /// Write everything into FILE, while servers run: a copy of an `SQLite` file, or (from `PostgreSQL`, and where FILE ends with .jsonl) portable JSON lines.
    Backup {
        /// File to write; an existing one is refused.
        file: PathBuf,
    },
    /// Read a backup of either kind into the configured database, which must be empty.
    Restore {
        /// File to read.
        file: PathBuf,
    },
    /// Look whether the database is whole; findings give exit status 1.
    Verify {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Copy everything into another database, which must be empty; stop `serve` first.
    Copy {
        /// `sqlite://PATH` or `postgres://USER@HOST/NAME`.
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

fn parse_floor(text: &str) -> Result<(String, f64), String> {
    let (name, share) = text.split_once('=').ok_or("write NAME=SHARE, e.g. right=.92")?;
    let share: f64 = share.parse().map_err(|_| format!("`{share}` is no number"))?;
    if (0.0..=1.0).contains(&share) {
        Ok((name.to_owned(), share))
    } else {
        Err("a share is 0 to 1".to_owned())
    }
}
