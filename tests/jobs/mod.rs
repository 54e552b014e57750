//! Promised jobs: retried later each time, parked in the end, taken up again, finished before the program stops.

mod scans;

use chrono::TimeDelta;
use hoclieu::actions::context::{Context, Tools};
use hoclieu::actions::import::{ImportOptions, Summary, import};
use hoclieu::actions::progress::Silent;
use hoclieu::actions::{extraction, jobs};
use hoclieu::clock::Clock;
use hoclieu::domain::job::{Job, Lane, MAX_ATTEMPTS, Work};
use hoclieu::extract::{Extractor, Limits};
use hoclieu::jobs::{follow_log, run_jobs};
use hoclieu::store::Store;
use std::path::Path;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::support::library::{small_bounds, small_tools};
use crate::support::program::PROGRAM;

/// How long background work may take; machines under test are busy.
const PATIENCE: Duration = Duration::from_mins(3);

/// A library of which the reading child is `program`.
fn library(folder: &Path, program: &str) -> (Context, Clock) {
    let clock = Clock::fixed(Clock::system().now());
    let tools = Tools {
        extractor: Extractor::with_program(program, Limits::default()),
        ..small_tools(folder, &Store::in_memory().unwrap(), &clock)
    };
    (Context::new(tools, small_bounds()).unwrap(), clock)
}

/// Imports a folder with one Markdown file in a thread of its own.
fn import_one(context: &Context, folder: &Path) -> JoinHandle<Summary> {
    let documents = folder.join("tai-lieu");
    std::fs::create_dir(&documents).unwrap();
    std::fs::write(documents.join("nem.md"), "# Trồng ném\n\nNém trên đất cát, thoát nước tốt.").unwrap();
    let context = context.clone();
    tokio::task::spawn_blocking(move || import(&context, &documents, &ImportOptions::default(), &Silent).unwrap())
}

async fn due(context: &Context) -> Vec<Job> {
    jobs::due(context, Lane::Files, 10).await.unwrap()
}

/// Waits for the promise that the import makes.
async fn promised(context: &Context) -> Job {
    for _ in 0..600 {
        if let Some(job) = due(context).await.into_iter().next() {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the import promised nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_fails_is_tried_later_each_time_then_parked_and_a_restart_takes_it_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let (context, clock) = library(folder.path(), "/nonexistent/program");
    let (stop, stopped) = watch::channel(false);
    let index = tokio::spawn(follow_log(context.clone(), stopped));
    let importing = import_one(&context, folder.path());
    promised(&context).await;
    for attempt in 1..=MAX_ATTEMPTS {
        let [job] = due(&context).await.try_into().unwrap();
        let Work::Extract { material, version } = job.work else { panic!("{job:?}") };
        let error = extraction::extract(&context, material, version).await.unwrap_err();
        jobs::settle(&context, job, Err(error.to_string())).await.unwrap();
        assert!(due(&context).await.is_empty(), "attempt {attempt} is not repeated at once");
        clock.set(clock.now() + TimeDelta::hours(1));
    }
    assert!(due(&context).await.is_empty(), "a parked job is left alone");
    let summary = importing.await.unwrap();
    stop.send(true).unwrap();
    index.await.unwrap();
    assert_eq!((summary.created, summary.problems.len()), (1, 1), "{summary:?}");
    assert_eq!(summary.problems[0].code, "extraction-parked");
    assert_eq!(jobs::take_up_parked(&context).await.unwrap(), 1);
    let [job] = due(&context).await.try_into().unwrap();
    assert_eq!(job.attempts, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn importing_again_waits_for_what_an_earlier_import_was_killed_over() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _clock) = library(folder.path(), PROGRAM);
    let (stop, stopped) = watch::channel(false);
    // The first import promised to read the file, and nobody is there to keep the promise.
    let abandoned = import_one(&context, folder.path());
    let job = promised(&context).await;
    abandoned.abort();
    let documents = folder.path().join("tai-lieu");
    let again = context.clone();
    let again = tokio::task::spawn_blocking(move || import(&again, &documents, &ImportOptions::default(), &Silent));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!again.is_finished(), "the file is not read yet");
    let jobs = tokio::spawn(run_jobs(context.clone(), Lane::Files, 1, stopped.clone()));
    let index = tokio::spawn(follow_log(context.clone(), stopped));
    let summary = again.await.unwrap().unwrap();
    assert_eq!((summary.unchanged, summary.problems.len()), (1, 0), "{summary:?}");
    let Work::Extract { material, .. } = job.work else { panic!("{job:?}") };
    let page = hoclieu::actions::materials::page(&context, material, 1).await.unwrap();
    assert!(page.text().contains("Ném trên đất cát"));
    stop.send(true).unwrap();
    jobs.await.unwrap();
    index.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn work_in_hand_is_finished_before_the_program_stops_and_what_was_read_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (context, _clock) = library(folder.path(), PROGRAM);
    let importing = import_one(&context, folder.path());
    promised(&context).await;
    let (stop, stopped) = watch::channel(false);
    let jobs = tokio::spawn(run_jobs(context.clone(), Lane::Files, 1, stopped.clone()));
    let index = tokio::spawn(follow_log(context.clone(), stopped));
    let summary = importing.await.unwrap();
    assert_eq!((summary.created, summary.problems.len()), (1, 0), "{summary:?}");
    stop.send(true).unwrap();
    jobs.await.unwrap();
    index.await.unwrap();
    assert!(due(&context).await.is_empty());
}
