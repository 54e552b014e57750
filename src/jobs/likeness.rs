//! Keeps signatures of texts at the end of the log.

use super::StopSign;
use crate::actions::{ActionError, Context, likeness};
use std::time::Duration;

/// How long to wait after a failure before the same entries are looked at again.
const PAUSE: Duration = Duration::from_secs(5);

/// Follows the log until told to stop.
pub async fn run(context: Context, mut stop: StopSign) {
    let mut revisions = context.revisions();
    while !*stop.borrow() {
        match step(&context).await {
            Ok(true) => {}
            Ok(false) => {
                tokio::select! {
                    _ = revisions.changed() => {}
                    _ = stop.changed() => {}
                }
            }
            Err(error) => {
                tracing::error!(error = %error.with_causes(), "texts could not be signed");
                tokio::select! {
                    () = tokio::time::sleep(PAUSE) => {}
                    _ = stop.changed() => {}
                }
            }
        }
    }
}

async fn step(context: &Context) -> Result<bool, ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || likeness::follow_blocking(&context)).await?
}
