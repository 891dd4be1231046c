//! The stable split of golden lines: by what they are about, so that no document is in both halves.

use serde::Serialize;

use super::GoldenLine;

/// Which half a line belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Split {
    /// Weights are learned on it.
    Tune,
    /// Only measured on.
    Test,
}

impl Split {
    /// A third of all documents, and of all lines without one, are for the test.
    pub fn of(line: &GoldenLine) -> Self {
        if hash(line).is_multiple_of(3) { Self::Test } else { Self::Tune }
    }

    /// The word in reports.
    pub fn key(self) -> &'static str {
        match self {
            Self::Tune => "tune",
            Self::Test => "test",
        }
    }
}

/// Fold of a line within the tuning half, below `folds`.
pub(super) fn fold(line: &GoldenLine, folds: u64) -> u64 {
    hash(line) / 3 % folds
}

/// FNV-1a, which is the same on every machine and in every version.
fn hash(line: &GoldenLine) -> u64 {
    let key = line.doc.as_deref().unwrap_or(&line.id);
    let mixed = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    // The low bits of FNV follow the last byte too closely.
    mixed ^ (mixed >> 32)
}
