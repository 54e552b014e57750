//! Background work: promised jobs, the index and the suggestions that follow the log, counts of use. All stop at a sign and leave nothing
//! half done.

use crate::actions::ActionError;

mod extract;
mod index;
mod suggestions;
mod usage;

pub use extract::run as run_jobs;
pub use index::run as follow_log;
pub use suggestions::run as keep_suggestions;
pub use usage::run as keep_usage;

/// Tells background work to stop; it stops after the piece in hand.
pub type StopSign = tokio::sync::watch::Receiver<bool>;

/// A failure with its causes.
fn report(error: &ActionError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
