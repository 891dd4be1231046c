//! What officials do, once for the desk and the command line: write, check, approve, send, correct, take back.
//!
//! Who may do what and which state follows which is kept by `store`; how a message travels is the business of
//! `broadcast`; how officials see all this is `desk`'s. Between them stand the words: one source, every channel,
//! nothing dangerous, nothing too long, nothing without an end.

pub mod audience;
mod bureau;
pub mod content;
mod draft;
mod error;
mod fault;
mod keep;
mod login;
pub mod moment;
mod outlet;
mod password;
mod relay;
mod report;
mod season;
mod settings;
mod sheet;
mod source;
mod subject;
mod text;
mod throttle;
mod verb;

pub(crate) use audience::township_of;
pub use bureau::Office;
pub use draft::{blank, correction_of, from_notice, withdrawal_of};
pub use error::{Error, state_name};
pub use fault::Fault;
pub use login::{Credentials, Login, LoginError};
pub use outlet::Place;
pub use report::{Report, Tally};
pub use season::{Due, DueState, Ticked, calendar};
pub use settings::{Line, SeasonRule, Settings};
pub use sheet::{ChannelChoice, ChannelSheet, Sheet};
pub use subject::{NO_CODE, Referred, RelayHead, Subject};
