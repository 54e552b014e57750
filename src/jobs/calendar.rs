//! Turns to each new day.

use super::StopSign;
use crate::actions::schedule::{learners, requests};
use crate::actions::{ActionError, Context, calendar};
use std::time::Duration;

/// How often the day is looked at.
const EVERY: Duration = Duration::from_mins(1);

/// Turns to each new day until told to stop.
pub async fn run(context: Context, mut stop: StopSign) {
    let mut turned = None;
    while !*stop.borrow() {
        let today = context.today();
        if turned != Some(today) {
            match turn(&context).await {
                Ok(_) => turned = Some(today),
                Err(error) => tracing::error!(error = %error.with_causes(), "a new day could not be turned to"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn turn(context: &Context) -> Result<usize, ActionError> {
    let (context, today) = (context.clone(), context.today());
    tokio::task::spawn_blocking(move || {
        let lapsed = requests::lapse_blocking(&context, today)? + learners::forget_old_blocking(&context)?;
        Ok(calendar::turn_blocking(&context, today)? + lapsed)
    })
    .await?
}
