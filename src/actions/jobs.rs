//! Promised jobs: which are due, and what became of them.

use crate::actions::extraction::ocr;
use crate::actions::{ActionError, Context};
use crate::domain::job::{Job, JobState, Lane};
use crate::store;
use chrono::TimeDelta;

/// The jobs of a lane that are due now, the earliest first.
pub async fn due(context: &Context, lane: Lane, limit: usize) -> Result<Vec<Job>, ActionError> {
    let now = context.clock.now();
    context.store.read("job.due", move |tx| Ok::<_, ActionError>(store::jobs::due(tx, lane, now, limit)?)).await
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

/// Puts a job off without counting an attempt: what it needs is not there.
pub async fn put_off(context: &Context, job: Job, pause: TimeDelta) -> Result<(), ActionError> {
    let later = Job { run_at: context.clock.now() + pause, ..job.clone() };
    let put_off = move |tx: &mut store::WriteTx<'_>| {
        store::jobs::done(tx, &job);
        store::jobs::promise(tx, &later)?;
        Ok::<_, ActionError>(())
    };
    context.store.write("job.put-off", context.stamp(), put_off).await?;
    Ok(())
}

/// Removes a job that was done; one that failed waits longer each time and is parked in the end.
pub async fn settle(context: &Context, job: Job, result: Result<(), String>) -> Result<(), ActionError> {
    let now = context.clock.now();
    let settle = move |tx: &mut store::WriteTx| {
        store::jobs::done(tx, &job);
        if let Err(error) = &result {
            let later = job.clone().after_failure(error.clone(), now);
            store::jobs::promise(tx, &later)?;
            if later.state == JobState::Parked {
                ocr::give_up(tx, &later.work, now)?;
            }
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("job.settle", context.stamp(), settle).await?;
    Ok(())
}
