//! How a command fails, and the exit status each way has (CONTRACTS.md).

use std::process::ExitCode;

use crate::output;

/// Why a command did not succeed.
pub(crate) enum Failure {
    /// It ran and found something: faults, a floor not reached. What it is has been printed already.
    Findings,
    /// Wrong usage or configuration.
    Usage(anyhow::Error),
    /// It cannot run.
    Run(anyhow::Error),
}

impl Failure {
    /// Wrong usage, in one sentence.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage(anyhow::anyhow!(message.into()))
    }

    /// Says on standard error what happened and gives the exit status.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::Findings => ExitCode::from(1),
            Self::Usage(error) => {
                output::complain(&format!("error: {error:#}"));
                ExitCode::from(2)
            }
            Self::Run(error) => {
                output::complain(&format!("error: {error:#}"));
                ExitCode::from(3)
            }
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Run(error)
    }
}
