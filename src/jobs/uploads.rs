//! Sees to uploads: whole files whose sender was cut off are looked at each minute, what is left behind is collected
//! each hour.

use super::StopSign;
use crate::actions::{ActionError, Context, uploads::collect};
use std::time::Duration;

const EVERY: Duration = Duration::from_mins(1);
/// What is left behind is collected each so many rounds.
const ROUNDS: u32 = 60;

/// Works until told to stop.
pub async fn run(context: Context, mut stop: StopSign) {
    let mut round = 0;
    while !*stop.borrow() {
        done("finished", collect::finish_whole(&context).await.map(drop));
        if round % ROUNDS == ROUNDS - 1 {
            done("forgotten", perform(&context, |context| collect::forget_blocking(context, false)).await);
        }
        if round % ROUNDS == 0 {
            done("collected", perform(&context, |context| collect::orphans_blocking(context).map(drop)).await);
        }
        round = round.wrapping_add(1);
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn perform(context: &Context, act: fn(&Context) -> Result<(), ActionError>) -> Result<(), ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || act(&context)).await?
}

fn done(what: &str, result: Result<(), ActionError>) {
    if let Err(error) = result {
        tracing::warn!(error = %error.with_causes(), "uploads could not be {what}");
    }
}
