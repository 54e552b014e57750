//! Does promised jobs of one lane, a few at a time, and remembers failures.

use super::StopSign;
use crate::actions::extraction::ocr::Step;
use crate::actions::extraction::{self, ocr};
use crate::actions::schedule::registration;
use crate::actions::{ActionError, Context, jobs, letters, review, schedule};
use crate::domain::id::MaterialId;
use crate::domain::job::{Job, Lane, Work};
use chrono::TimeDelta;
use std::time::Duration;
use tokio::task::JoinSet;

/// How often due jobs are looked for when nothing was promised meanwhile.
const IDLE: Duration = Duration::from_secs(5);
/// When a job is looked at again that lacks a language of the recognising program.
const LACKING: TimeDelta = TimeDelta::hours(1);
/// After so many steps a scan lets the next one have its turn: a leaflet is not to wait for a book.
const STEPS_IN_TURN: usize = 10;

/// Does jobs until told to stop; those in hand are finished first, or left at a place where they can go on.
pub async fn run(context: Context, lane: Lane, workers: usize, mut stop: StopSign) {
    let mut revisions = context.revisions();
    let mut in_hand: JoinSet<Job> = JoinSet::new();
    let mut busy: Vec<Job> = Vec::new();
    loop {
        if !*stop.borrow() && busy.len() < workers {
            for job in due(&context, lane, workers * 2).await {
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

/// The jobs that are due; those that nothing on this machine can do wait untouched.
async fn due(context: &Context, lane: Lane, limit: usize) -> Vec<Job> {
    let due = jobs::due(context, lane, limit).await.unwrap_or_else(|error| {
        tracing::error!(error = %error.with_causes(), "due jobs could not be read");
        Vec::new()
    });
    let is_possible = due.is_empty() || lane == Lane::Files || ocr::is_possible(context).await;
    if is_possible { due } else { Vec::new() }
}

/// What is to become of a job's row.
enum End {
    Done,
    /// It goes on when the program runs again.
    Left,
    /// It goes on after a while, behind those that wait by then.
    PutOff(TimeDelta),
}

/// Does one job and settles it: its row goes away, or waits for another attempt.
async fn finish(context: Context, job: Job, stop: StopSign) -> Job {
    let settled = match perform(&context, &job, &stop).await {
        Ok(End::Left) => Ok(()),
        Ok(End::PutOff(pause)) => jobs::put_off(&context, job.clone(), pause).await,
        Ok(End::Done) => jobs::settle(&context, job.clone(), Ok(())).await,
        Err(error) => jobs::settle(&context, job.clone(), Err(error.with_causes())).await,
    };
    if let Err(error) = settled {
        tracing::error!(error = %error.with_causes(), job = %job.id, "a job could not be settled");
    }
    job
}

async fn perform(context: &Context, job: &Job, stop: &StopSign) -> Result<End, ActionError> {
    match job.work {
        Work::Extract { material, version } => {
            extraction::extract(context, material, version).await?;
            Ok(End::Done)
        }
        Work::Publish { material, version } => {
            review::publish_due(context, material, version).await?;
            Ok(End::Done)
        }
        Work::Offer { class, registration, until: _ } => {
            registration::queue::lapse(context, class, registration).await?;
            Ok(End::Done)
        }
        Work::Letter { material, version, news, to } => {
            letters::send(context, job.id, (material, version), (news, to)).await?;
            Ok(End::Done)
        }
        Work::RequestLetter { request, news, to } => {
            schedule::requests::letters::send(context, job.id, (request, news, to)).await?;
            Ok(End::Done)
        }
        Work::Ocr { material, version } => recognise(context, material, version, stop).await,
    }
}

async fn recognise(context: &Context, material: MaterialId, version: u32, stop: &StopSign) -> Result<End, ActionError> {
    for _ in 0..STEPS_IN_TURN {
        match ocr::step(context, material, version).await? {
            Step::Done => return Ok(End::Done),
            Step::More if *stop.borrow() => return Ok(End::Left),
            Step::More => {}
            Step::Lacks(packages) => {
                tracing::warn!(%material, ?packages, "a scan waits for a language to be installed");
                return Ok(End::PutOff(LACKING));
            }
        }
    }
    Ok(End::PutOff(TimeDelta::zero()))
}
