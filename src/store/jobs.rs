//! Promised jobs: rows by id, and the waiting ones of each lane in the order of their time.

use super::key::{Key, u64_at, uuid_at};
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, WriteTx, record};
use crate::domain::id::JobId;
use crate::domain::job::{Job, JobState, Lane};
use chrono::{DateTime, Utc};

fn key(id: JobId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

fn millis(at: DateTime<Utc>) -> u64 {
    u64::try_from(at.timestamp_millis()).unwrap_or(0)
}

fn time_key(job: &Job) -> Vec<u8> {
    Key::new().u64(millis(job.run_at)).uuid(job.id.0).into_bytes()
}

fn queue(lane: Lane) -> Table {
    match lane {
        Lane::Files => Table::JobsByTime,
        Lane::Ocr => Table::OcrJobsByTime,
    }
}

/// The job with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: JobId) -> Result<Option<Job>, StoreError> {
    tx.get(Table::Jobs, &key(id))?.map(|bytes| record::decode(Table::Jobs, &bytes)).transpose()
}

/// Promises a job; a waiting one is found at its time.
///
/// # Errors
/// When the row cannot be written.
pub fn promise(tx: &mut WriteTx<'_>, job: &Job) -> Result<(), StoreError> {
    let row = record::encode(Table::Jobs, job)?;
    tx.put(Table::Jobs, key(job.id), row);
    if job.state == JobState::Waiting {
        tx.put(queue(job.work.lane()), time_key(job), Vec::new());
    }
    Ok(())
}

/// Takes a job away, done or about to be promised anew.
pub fn done(tx: &mut WriteTx<'_>, job: &Job) {
    tx.remove(Table::Jobs, key(job.id));
    tx.remove(queue(job.work.lane()), time_key(job));
}

/// The waiting jobs of a lane whose time has come, the earliest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn due(tx: &dyn ReadTx, lane: Lane, now: DateTime<Utc>, limit: usize) -> Result<Vec<Job>, StoreError> {
    let mut found = Vec::new();
    for (key, _) in tx.scan(queue(lane), &Scan::all().limit(limit))? {
        if u64_at(&key, 0).is_some_and(|at| at > millis(now)) {
            break;
        }
        if let Some(id) = uuid_at(&key, 8) {
            found.extend(get(tx, JobId(id))?);
        }
    }
    Ok(found)
}

/// Every job, waiting and parked.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Job>, StoreError> {
    let rows = tx.scan(Table::Jobs, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Jobs, bytes)).collect()
}
