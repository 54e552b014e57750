//! Background work: promised jobs, and the index that follows the log. Both stop at a sign and leave nothing half done.

mod extract;
mod index;

pub use extract::run as run_jobs;
pub use index::run as follow_log;

/// Tells background work to stop; it stops after the piece in hand.
pub type StopSign = tokio::sync::watch::Receiver<bool>;
