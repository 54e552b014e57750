//! Keeps the index at the end of the log.

use super::StopSign;
use crate::actions::{ActionError, Context, indexing};
use std::time::Duration;

/// How long to wait after a failure before the same changes are tried again.
const PAUSE: Duration = Duration::from_secs(2);

/// Follows the log until told to stop; the last changes are applied before it ends.
pub async fn run(context: Context, mut stop: StopSign) {
    let mut revisions = context.revisions();
    loop {
        match step(&context).await {
            Ok(true) => {}
            Ok(false) if *stop.borrow() => return,
            Ok(false) => {
                tokio::select! {
                    _ = revisions.changed() => {}
                    _ = stop.changed() => {}
                }
            }
            Err(error) => {
                tracing::error!(error = %error.with_causes(), "the index could not follow the log");
                if *stop.borrow() {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn step(context: &Context) -> Result<bool, ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || indexing::follow(&context)).await?
}
