//! Does promised jobs, a few at a time, and remembers failures.

use super::{StopSign, report};
use crate::actions::{ActionError, Context, extraction, work};
use crate::domain::job::{Job, Work};
use std::time::Duration;
use tokio::task::JoinSet;

/// How often due jobs are looked for when nothing was promised meanwhile.
const IDLE: Duration = Duration::from_secs(5);

/// Does jobs until told to stop; those in hand are finished first.
pub async fn run(context: Context, workers: usize, mut stop: StopSign) {
    let mut revisions = context.revisions();
    let mut in_hand: JoinSet<Job> = JoinSet::new();
    let mut busy: Vec<Job> = Vec::new();
    loop {
        if !*stop.borrow() && busy.len() < workers {
            start_due(&context, workers, &mut busy, &mut in_hand).await;
        }
        if in_hand.is_empty() && *stop.borrow() {
            return;
        }
        tokio::select! {
            Some(done) = in_hand.join_next() => match done {
                Ok(job) => busy.retain(|other| other.id != job.id),
                Err(error) => {
                    tracing::error!(%error, "a job broke off");
                    if in_hand.is_empty() { busy.clear(); }
                }
            },
            _ = revisions.changed(), if busy.len() < workers => {}
            _ = stop.changed() => {}
            () = tokio::time::sleep(IDLE) => {}
        }
    }
}

async fn start_due(context: &Context, workers: usize, busy: &mut Vec<Job>, in_hand: &mut JoinSet<Job>) {
    let due = match work::due(context, workers * 2).await {
        Ok(due) => due,
        Err(error) => {
            tracing::error!(%error, "due jobs could not be read");
            return;
        }
    };
    for job in due {
        if busy.len() >= workers {
            return;
        }
        if busy.iter().all(|other| other.id != job.id) {
            busy.push(job.clone());
            in_hand.spawn(finish(context.clone(), job));
        }
    }
}

/// Does one job and settles it: its row goes away, or waits for another attempt.
async fn finish(context: Context, job: Job) -> Job {
    let result = perform(&context, &job).await.map_err(|error| report(&error));
    if let Err(error) = work::settle(&context, job.clone(), result).await {
        tracing::error!(%error, job = %job.id, "a job could not be settled");
    }
    job
}

async fn perform(context: &Context, job: &Job) -> Result<(), ActionError> {
    match job.work {
        Work::Extract { material, version } => extraction::extract(context, material, version).await.map(drop),
    }
}
