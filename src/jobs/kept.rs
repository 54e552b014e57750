//! Keeps what is made of the whole log, and lies in memory, at the log's end: suggestions, and the classes that searches find.

use super::StopSign;
use crate::actions::{ActionError, Context, search, suggestions};
use std::time::{Duration, Instant};

/// How long to look for nothing new at most: with a new day come new counts.
const IDLE: Duration = Duration::from_mins(30);
/// Making it anew may take so much of one core's time: after it comes a pause of so many times its length …
const PAUSE_TIMES: u32 = 20;
/// … and of so much at least, so that a stream of changes is taken in together.
const PAUSE: Duration = Duration::from_millis(300);

/// Keeps what is suggested while typing, until told to stop.
pub async fn suggestions(context: Context, stop: StopSign) {
    keep(context, stop, ("suggestions", suggestions::refresh)).await;
}

/// Keeps the classes that searches find, until told to stop.
pub async fn classes(context: Context, stop: StopSign) {
    keep(context, stop, ("classes to be found", search::refresh_classes)).await;
}

/// A name for the program's log, and what takes in all that is new and answers whether anything was; it blocks.
type Kept = (&'static str, fn(&Context) -> Result<bool, ActionError>);

async fn keep(context: Context, mut stop: StopSign, (what, refresh): Kept) {
    let mut revisions = context.revisions();
    while !*stop.borrow() {
        let started = Instant::now();
        if let Err(error) = step(&context, refresh).await {
            tracing::warn!(what, error = %error.with_causes(), "what is kept could not follow the log");
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

async fn step(context: &Context, refresh: fn(&Context) -> Result<bool, ActionError>) -> Result<bool, ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || refresh(&context)).await?
}
