//! Works on batches of documents, one after the other, beside everything else.

use super::StopSign;
use crate::actions::{ActionError, Context, batches};
use std::time::Duration;

/// How often a batch is looked for when nothing was written meanwhile, and how long a failure waits.
const IDLE: Duration = Duration::from_secs(20);

/// Works until told to stop; a batch in hand is begun again after the next start.
pub async fn run(context: Context, mut stop: StopSign) {
    let mut revisions = context.revisions();
    while !*stop.borrow() {
        let pause = match step(&context).await {
            Ok(true) => continue,
            Ok(false) => false,
            Err(error) => {
                tracing::error!(error = %error.with_causes(), "a batch could not be worked on");
                true
            }
        };
        tokio::select! {
            _ = revisions.changed(), if !pause => {}
            _ = stop.changed() => return,
            () = tokio::time::sleep(IDLE) => {}
        }
    }
}

async fn step(context: &Context) -> Result<bool, ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || batches::next(&context)).await?
}
