//! Keeps the classes that searches find at the end of the log.

use super::StopSign;
use crate::actions::{ActionError, Context, search};
use std::time::{Duration, Instant};

/// How long to look for nothing new at most.
const IDLE: Duration = Duration::from_mins(30);
/// Laying them out may take so much of one core's time: after it comes a pause of so many times its length …
const PAUSE_TIMES: u32 = 20;
/// … and of so much at least, so that a stream of changes is taken in together.
const PAUSE: Duration = Duration::from_millis(300);

/// Follows the log until told to stop.
pub async fn run(context: Context, mut stop: StopSign) {
    let mut revisions = context.revisions();
    while !*stop.borrow() {
        let started = Instant::now();
        if let Err(error) = step(&context).await {
            tracing::warn!(error = %error.with_causes(), "classes to be found could not follow the log");
        }
        let pause = PAUSE.max(started.elapsed() * PAUSE_TIMES);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => return,
        }
        tokio::select! {
            _ = revisions.changed() => {}
            _ = stop.changed() => return,
            () = tokio::time::sleep(IDLE) => {}
        }
    }
}

async fn step(context: &Context) -> Result<bool, ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || search::refresh_classes(&context)).await?
}
