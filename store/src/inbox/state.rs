//! Where an update is on its way to an answer.

use serde::Serialize;

/// The state of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum InboxState {
    /// On disk, not looked at.
    Received,
    /// Claimed by a process; nothing was sent.
    Handling,
    /// The reply is on disk and waits to be sent.
    Ready,
    /// A request may be on its way.
    Sending,
    /// The reply was delivered, or none was needed.
    Answered,
    /// The channel refused the reply for good.
    Failed,
    /// Whether the reply arrived is not known, or it was given up.
    Unknown,
    /// It could not be read.
    Unparsed,
}

impl InboxState {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::Handling,
        Self::Ready,
        Self::Sending,
        Self::Answered,
        Self::Failed,
        Self::Unknown,
        Self::Unparsed,
    ];

    /// The number in the table; indexes know that pending ones are below ten.
    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Received => 0,
            Self::Handling => 1,
            Self::Ready => 2,
            Self::Sending => 3,
            Self::Answered => 10,
            Self::Failed => 11,
            Self::Unknown => 12,
            Self::Unparsed => 13,
        }
    }

    /// The state of `code`; what no version ever wrote counts as unknown.
    pub(crate) fn of(code: i64) -> Self {
        Self::ALL.into_iter().find(|state| state.code() == code).unwrap_or(Self::Unknown)
    }

    /// Whether something remains to be done.
    pub fn is_pending(self) -> bool {
        self.code() < 10
    }
}

#[cfg(test)]
mod tests {
    use super::InboxState;

    #[test]
    fn every_state_is_found_by_its_number() {
        for state in InboxState::ALL {
            assert_eq!(InboxState::of(state.code()), state);
        }
        assert_eq!(InboxState::of(99), InboxState::Unknown);
    }
}
