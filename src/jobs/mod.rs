//! Background work: promised jobs, the index and the suggestions that follow the log, counts of use. All stop at a sign and leave nothing
//! half done.

mod batches;
mod extract;
mod index;
mod suggestions;
mod usage;

pub use batches::run as run_batches;
pub use extract::run as run_jobs;
pub use index::run as follow_log;
pub use suggestions::run as keep_suggestions;
pub use usage::run as keep_usage;

/// Tells background work to stop; it stops after the piece in hand.
pub type StopSign = tokio::sync::watch::Receiver<bool>;
