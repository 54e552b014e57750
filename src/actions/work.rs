//! Promised jobs: which are due, and what became of them.

use crate::actions::{ActionError, Context};
use crate::domain::job::{Job, JobState};
use crate::store;

/// The jobs that are due now, the earliest first.
pub async fn due(context: &Context, limit: usize) -> Result<Vec<Job>, ActionError> {
    let now = context.clock.now();
    context.store.read("job.due", move |tx| Ok::<_, ActionError>(store::jobs::due(tx, now, limit)?)).await
}

/// Promises every parked job anew: an operator who starts the program again has looked at it. Answers how many.
pub async fn take_up_parked(context: &Context) -> Result<usize, ActionError> {
    let now = context.clock.now();
    let take_up = move |tx: &mut store::WriteTx<'_>| {
        let parked = store::jobs::all(tx)?.into_iter().filter(|job| job.state == JobState::Parked);
        let parked: Vec<Job> = parked.collect();
        for job in &parked {
            store::jobs::promise(tx, &Job::new(job.id, job.work.clone(), now))?;
        }
        Ok::<_, ActionError>(parked.len())
    };
    Ok(context.store.write("job.take-up", context.stamp(), take_up).await?.value)
}

/// Removes a job that was done; one that failed waits longer each time and is parked in the end.
pub async fn settle(context: &Context, job: Job, result: Result<(), String>) -> Result<(), ActionError> {
    let now = context.clock.now();
    let settle = move |tx: &mut store::WriteTx| {
        store::jobs::done(tx, &job);
        if let Err(error) = &result {
            store::jobs::promise(tx, &job.clone().after_failure(error.clone(), now))?;
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("job.settle", context.stamp(), settle).await?;
    Ok(())
}
