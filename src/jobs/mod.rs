//! Background work: promised jobs, the index and the suggestions that follow the log, uploads, counts of use. All stop at a sign and leave nothing
//! half done.

mod batches;
mod calendar;
mod index;
mod kept;
mod likeness;
mod uploads;
mod usage;
mod work;

pub use batches::run as run_batches;
pub use calendar::run as turn_days;
pub use index::run as follow_log;
pub use kept::{classes as keep_classes, suggestions as keep_suggestions};
pub use likeness::run as sign_texts;
pub use uploads::run as keep_uploads;
pub use usage::run as keep_usage;
pub use work::run as run_jobs;

/// Tells background work to stop; it stops after the piece in hand.
pub type StopSign = tokio::sync::watch::Receiver<bool>;
