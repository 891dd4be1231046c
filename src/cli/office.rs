//! What officials can say on the command line.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Args)]
pub(crate) struct OfficialArgs {
    #[command(subcommand)]
    pub(crate) action: OfficialAction,
}

#[derive(Subcommand)]
pub(crate) enum OfficialAction {
    /// Add an official; her password is read from the terminal or `FENGHUO_OFFICIAL_PASSWORD`.
    Add {
        name: String,
        /// What she may do.
        #[arg(long, value_enum)]
        role: RoleArg,
    },
    /// List all officials.
    List {
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Give an official another role.
    Role {
        name: String,
        #[arg(value_enum)]
        role: RoleArg,
    },
    /// Give an official another password.
    Password { name: String },
    /// Take everything from an official, and end her sessions.
    Disable { name: String },
    /// Give it back.
    Enable { name: String },
}

/// Roles as words of the command line.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum RoleArg {
    /// Reads.
    Viewer,
    /// Writes, edits, submits.
    Editor,
    /// Returns, approves, schedules, sends, pauses, cancels.
    Approver,
    /// All of it, and officials.
    Admin,
}

#[derive(Args)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    pub(crate) action: AuditAction,
}

#[derive(Subcommand)]
pub(crate) enum AuditAction {
    /// Follow the chain of the log from its beginning; a break gives exit status 1.
    Verify {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// The newest entries, newest first.
    List {
        /// How many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
        limit: u32,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub(crate) struct CampaignArgs {
    #[command(subcommand)]
    pub(crate) action: CampaignAction,
}

#[derive(Subcommand)]
pub(crate) enum CampaignAction {
    /// Write a draft.
    New {
        /// What it is: notice, drill or test.
        #[arg(long, value_name = "KIND", default_value = "notice", conflicts_with_all = ["relay", "notice"])]
        kind: String,
        /// Begin from a notice of the library.
        #[arg(long, value_name = "ID", conflicts_with = "relay")]
        notice: Option<String>,
        /// Pass on the CAP message in FILE, word for word.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["title", "file"])]
        relay: Option<PathBuf>,
        #[command(flatten)]
        text: TextArgs,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Change a draft; what is not named stays.
    Edit {
        id: String,
        #[command(flatten)]
        text: TextArgs,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Show the pre-flight sheet: text per channel, audience, time, faults, warnings.
    Preview {
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Hand a draft to a second person.
    Submit(VerbArgs),
    /// Give it back to be changed.
    Return(ReasonArgs),
    /// Approve it, as another person than who wrote it.
    Approve(VerbArgs),
    /// Set when it begins.
    Schedule {
        #[command(flatten)]
        verb: VerbArgs,
        /// When, e.g. `2026-11-09 08:10` (Beijing time).
        #[arg(long, value_name = "TIME")]
        at: String,
    },
    /// Publish it and begin sending; a running `serve` carries it out.
    Send {
        #[command(flatten)]
        verb: VerbArgs,
        /// Release it without a second person; audited and told to all officials.
        #[arg(long, requires = "reason")]
        emergency: bool,
        /// Why there is no time for a second person.
        #[arg(long, value_name = "TEXT", requires = "emergency")]
        reason: Option<String>,
    },
    /// Stop it for the moment.
    Pause {
        #[command(flatten)]
        verb: VerbArgs,
        /// Why.
        #[arg(long, value_name = "TEXT", default_value = "")]
        reason: String,
    },
    /// Go on.
    Resume(VerbArgs),
    /// Stop it for good.
    Cancel(ReasonArgs),
    /// Draft a correction of a campaign that was published.
    Correct {
        id: String,
        #[command(flatten)]
        text: TextArgs,
        #[command(flatten)]
        common: CommonArgs,
    },
    /// Draft the withdrawal of a campaign that was published.
    Withdraw(ReasonArgs),
    /// Decide about messages of which nobody knows whether they arrived (policy `ask`).
    Resolve {
        #[command(flatten)]
        verb: VerbArgs,
        /// Send them again; without, they stay listed.
        #[arg(long)]
        resend: bool,
    },
    /// Note that the loudspeakers of a township or village have read it out.
    Heard {
        #[command(flatten)]
        verb: VerbArgs,
        /// Where, by its id.
        #[arg(long, value_name = "ID")]
        region: String,
    },
    /// List campaigns, newest first.
    List {
        /// Only in this state; may be given more than once.
        #[arg(long, value_name = "STATE")]
        state: Vec<String>,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Where a campaign stands.
    Status {
        id: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// What became of it, by township, setting, channel and hour.
    Report {
        id: String,
        /// Print one CSV table.
        #[arg(long, conflicts_with = "json")]
        csv: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// The notices of a year with what became of them.
    Plan {
        /// Year (default: this year).
        #[arg(long, value_parser = clap::value_parser!(i16).range(1900..=2100))]
        year: Option<i16>,
        /// Print a calendar file.
        #[arg(long, conflicts_with = "json")]
        ics: bool,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
}

/// Whose act it is.
#[derive(Args)]
pub(crate) struct CommonArgs {
    /// The official who acts.
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) official: String,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A verb on one campaign.
#[derive(Args)]
pub(crate) struct VerbArgs {
    /// The campaign, `c12` or `12`.
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) common: CommonArgs,
}

/// A verb that needs a reason.
#[derive(Args)]
pub(crate) struct ReasonArgs {
    #[command(flatten)]
    pub(crate) verb: VerbArgs,
    /// Why; stands in the audit log.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

/// What a draft says, and to whom.
#[derive(Args)]
pub(crate) struct TextArgs {
    /// Title, one line.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Markdown, the first paragraph is the short message (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Text of its own for a channel.
    #[arg(long = "override", value_name = "CHANNEL=FILE")]
    pub(crate) overrides: Vec<String>,
    /// Region id, with all below it; may be given more than once. `all`: the whole county.
    #[arg(long, value_name = "ID")]
    pub(crate) region: Vec<String>,
    /// Setting: agency, school, community, enterprise, village, home, web; `all`.
    #[arg(long, value_name = "SETTING")]
    pub(crate) role: Vec<String>,
    /// Channel: telegram, wechat, email, robot, webhook; `all`.
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) channel: Vec<String>,
    /// Region left out.
    #[arg(long, value_name = "ID")]
    pub(crate) except_region: Vec<String>,
    /// Setting left out.
    #[arg(long, value_name = "SETTING")]
    pub(crate) except_role: Vec<String>,
    /// Channel left out.
    #[arg(long, value_name = "CHANNEL")]
    pub(crate) except_channel: Vec<String>,
    /// When it ends, e.g. `2026-11-12 18:00` or a day (Beijing time; default: three days from now).
    #[arg(long, value_name = "TIME")]
    pub(crate) expires: Option<String>,
    /// When it is meant to begin.
    #[arg(long, value_name = "TIME")]
    pub(crate) starts: Option<String>,
    /// Goes out first, and into quiet hours: `--urgent` or `--urgent=false`.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) urgent: Option<bool>,
    /// What happens where nobody knows whether it arrived: never, resend, ask.
    #[arg(long, value_name = "POLICY")]
    pub(crate) policy: Option<String>,
    /// The document of the library it comes from.
    #[arg(long, value_name = "ID")]
    pub(crate) document: Option<String>,
}
