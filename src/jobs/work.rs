//! Does promised jobs of one lane, a few at a time, and remembers failures.

use super::{StopSign, report};
use crate::actions::ocr::Step;
use crate::actions::{ActionError, Context, extraction, ocr, work};
use crate::domain::job::{Job, Lane, Work};
use chrono::TimeDelta;
use std::time::Duration;
use tokio::task::JoinSet;

/// How often due jobs are looked for when nothing was promised meanwhile.
const IDLE: Duration = Duration::from_secs(5);
/// When a job is looked at again that lacks a language of the recognising program.
const LACKING: TimeDelta = TimeDelta::hours(1);

/// Does jobs until told to stop; those in hand are finished first, or left at a place where they can go on.
pub async fn run(context: Context, lane: Lane, workers: usize, mut stop: StopSign) {
    let mut revisions = context.revisions();
    let mut in_hand: JoinSet<Job> = JoinSet::new();
    let mut busy: Vec<Job> = Vec::new();
    loop {
        if !*stop.borrow() && busy.len() < workers && is_possible(&context, lane).await {
            let due = due(&context, lane, workers * 2).await;
            for job in due {
                if busy.len() < workers && busy.iter().all(|other| other.id != job.id) {
                    busy.push(job.clone());
                    in_hand.spawn(finish(context.clone(), job, stop.clone()));
                }
            }
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

/// Jobs that nothing on this machine can do wait untouched.
async fn is_possible(context: &Context, lane: Lane) -> bool {
    match lane {
        Lane::Files => true,
        Lane::Ocr => ocr::is_possible(context).await,
    }
}

async fn due(context: &Context, lane: Lane, limit: usize) -> Vec<Job> {
    work::due(context, lane, limit).await.unwrap_or_else(|error| {
        tracing::error!(%error, "due jobs could not be read");
        Vec::new()
    })
}

/// What is to become of a job's row.
enum End {
    Done,
    /// It goes on when the program runs again.
    Left,
    /// It lacks something that may come.
    PutOff,
}

/// Does one job and settles it: its row goes away, or waits for another attempt.
async fn finish(context: Context, job: Job, stop: StopSign) -> Job {
    let settled = match perform(&context, &job, &stop).await {
        Ok(End::Left) => Ok(()),
        Ok(End::PutOff) => work::put_off(&context, job.clone(), LACKING).await,
        Ok(End::Done) => work::settle(&context, job.clone(), Ok(())).await,
        Err(error) => work::settle(&context, job.clone(), Err(report(&error))).await,
    };
    if let Err(error) = settled {
        tracing::error!(%error, job = %job.id, "a job could not be settled");
    }
    job
}

async fn perform(context: &Context, job: &Job, stop: &StopSign) -> Result<End, ActionError> {
    match job.work {
        Work::Extract { material, version } => {
            extraction::extract(context, material, version).await?;
            Ok(End::Done)
        }
        Work::Ocr { material, version } => loop {
            match ocr::step(context, material, version).await? {
                Step::Done => return Ok(End::Done),
                Step::More if *stop.borrow() => return Ok(End::Left),
                Step::More => {}
                Step::Lacks(packages) => {
                    tracing::warn!(%material, ?packages, "a scan waits for a language to be installed");
                    return Ok(End::PutOff);
                }
            }
        },
    }
}
