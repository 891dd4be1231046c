//! Everything that must survive a restart: sessions, the inbox, subscribers, campaigns and the ledger of
//! their deliveries, officials, content gaps, votes, audit.
//!
//! One public API over `SQLite` and `PostgreSQL`, verbs of the domain, time as a parameter. SQL stands
//! here and nowhere else, with `$1` placeholders, which both take. What is said in a session, a
//! message or a vote means nothing here: states and replies are opaque text, documents are names.

mod account;
mod actor;
mod address;
mod audit;
mod backup;
mod board;
mod bounce;
mod campaign;
mod change;
mod confirmation;
mod database;
mod day;
mod delivery;
mod error;
mod feedback;
mod forget;
mod gap;
mod hash;
mod id;
mod inbox;
mod official;
mod outlet;
mod purge;
mod queues;
mod quota;
mod reach;
mod relay;
mod scrub;
mod segment;
mod self_check;
mod session;
mod subscriber;
mod word;

pub use account::Hold;
pub use actor::{Actor, Via};
pub use address::{Account, Address};
pub use audit::{AuditEntry, AuditReport, Deed};
pub use backup::{Counts, Finding, Verified};
pub use board::{BoardEntry, BoardFigure};
pub use bounce::{Bounce, Bounced};
pub use campaign::{
    Audience, AudienceCount, Campaign, CampaignFilter, CampaignId, CampaignKind, CampaignState,
    Draft, OccasionMark, Publication, PublicationFilter, UnknownPolicy,
};
pub use change::Change;
pub use confirmation::ConfirmToken;
pub use database::{Location, Lock, Store};
pub use delivery::{
    Delivery, DeliveryCount, DeliveryFilter, DeliveryKey, DeliveryOutcome, DeliveryState, Finished,
    LeaseTerms, Leased, Materialised, Progress, RecoveredDeliveries, WEEKLY_CAP,
};
pub use error::Error;
pub use feedback::Feedback;
pub use forget::Forgotten;
pub use gap::Gap;
pub use inbox::{
    AfterDeath, Claimed, Completion, Ear, InboxCounts, InboxEntry, InboxState, Listed, Outcome,
    Received, Recovered, Run, Then, Update,
};
pub use official::{DeskSession, DeskToken, Official, OfficialChange, OfficialRole};
pub use outlet::{OUTLET_CHAT, Outlet, WHOLE_ACCOUNT};
pub use purge::Purged;
pub use quota::QuotaTaken;
pub use reach::{Month, Reach, ReachRow};
pub use relay::{Relay, RelayAdded, RelayId, StoredRelay};
pub use scrub::Scrubbed;
pub use self_check::SelfCheck;
pub use session::SessionId;
pub use subscriber::{LeaveToken, Quiet, Subscriber, SubscriberId, Subscription};
