//! What the next update of a chat must know of those before it whose commit is still to come.

use std::collections::HashMap;

use fenghuo_store::{Change, SessionId};

/// The sessions as the updates of one batch have left them.
#[derive(Debug, Default)]
pub(crate) struct Carry(HashMap<SessionId, String>);

impl Carry {
    /// The state of session `id`, where an update of this batch has changed it.
    pub(crate) fn session(&self, id: &SessionId) -> Option<String> {
        self.0.get(id).cloned()
    }

    /// Keeps what `changes` leave behind. False: they are about more than can be carried, and nothing more
    /// may be handled before they are committed.
    pub(super) fn keep(&mut self, changes: &[Change]) -> bool {
        changes.iter().all(|change| match change {
            Change::SaveSession { id, state } => {
                self.0.insert(id.clone(), state.clone());
                true
            }
            // Only counted.
            Change::FileGap { .. } | Change::RecordFeedback { .. } => true,
            Change::ForgetSession { .. }
            | Change::Subscribe { .. }
            | Change::Leave { .. }
            | Change::SetActive { .. }
            | Change::Relocate { .. }
            | Change::Forget { .. } => false,
        })
    }
}
