//! Writes counts of use each minute and tidies them each day; what is remembered for a few minutes is forgotten on the way.

use super::StopSign;
use crate::actions::{ActionError, Context, accounts, batches, complaints, usage};
use std::time::Duration;

/// How often counts are written.
const EVERY: Duration = Duration::from_mins(1);

/// Writes and tidies until told to stop; what has gathered is written before it ends.
pub async fn run(context: Context, mut stop: StopSign) {
    let mut tidied = None;
    while !*stop.borrow() {
        let today = context.today();
        if tidied != Some(today) {
            done("tidied", perform(&context, usage::tidy).await);
            done("tidied of old batches", perform(&context, batches::tidy).await);
            done("tidied of old complaints", perform(&context, complaints::tidy).await);
            tidied = Some(today);
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
        accounts::forget_quiet(&context);
        done("written", perform(&context, usage::flush_blocking).await);
    }
}

async fn perform(context: &Context, act: fn(&Context) -> Result<(), ActionError>) -> Result<(), ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || act(&context)).await?
}

fn done(what: &str, result: Result<(), ActionError>) {
    if let Err(error) = result {
        tracing::warn!(error = %error.with_causes(), "counts of use could not be {what}");
    }
}
