//! Background jobs: promised in the transaction that makes them necessary, done at least once.

use crate::domain::id::{AccountId, ClassId, JobId, MaterialId, RegistrationId, RequestId};
use crate::domain::letter::{News, RequestNews};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What is to be done; doing it twice is the same as doing it once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Read the text out of the files of a version into pages.
    Extract { material: MaterialId, version: u32 },
    /// Recognise the text of those pages of a version that are images.
    Ocr { material: MaterialId, version: u32 },
    /// Make a version public whose day has come, unless it was taken back meanwhile.
    Publish { material: MaterialId, version: u32 },
    /// Take an offered place in a class back whose time is over.
    Offer { class: ClassId, registration: RegistrationId, until: DateTime<Utc> },
    /// Tell someone what happened to a material; sent twice it bears the same id.
    Letter { material: MaterialId, version: u32, news: News, to: AccountId },
    /// Tell someone what became of a request for a speaker; sent twice it bears the same id.
    RequestLetter { request: RequestId, news: RequestNews, to: AccountId },
}

/// Work of one lane never waits behind work of another: recognising a book takes as long as reading a thousand files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Done whenever the program runs.
    Files,
    /// Done while the service runs, where a recognising program is installed.
    Ocr,
}

impl Work {
    /// The lane that the work waits in.
    pub fn lane(&self) -> Lane {
        match self {
            Self::Extract { .. }
            | Self::Publish { .. }
            | Self::Offer { .. }
            | Self::Letter { .. }
            | Self::RequestLetter { .. } => Lane::Files,
            Self::Ocr { .. } => Lane::Ocr,
        }
    }
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// To be done once `run_at` has come.
    Waiting,
    /// Given up until a person looks at it.
    Parked,
}

/// One promised piece of work; its row goes away when it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub work: Work,
    pub state: JobState,
    /// How many times it was tried and failed.
    pub attempts: u32,
    pub run_at: DateTime<Utc>,
    /// The last failure, for the operator.
    pub last_error: Option<String>,
}

/// After so many failed attempts a job is parked.
pub const MAX_ATTEMPTS: u32 = 5;

impl Job {
    /// A job that is due from an instant on.
    pub fn new(id: JobId, work: Work, run_at: DateTime<Utc>) -> Self {
        Self { id, work, state: JobState::Waiting, attempts: 0, run_at, last_error: None }
    }

    /// The job after a failed attempt: later each time (5 s, 20 s, 80 s …), parked in the end.
    #[must_use]
    pub fn after_failure(mut self, error: String, now: DateTime<Utc>) -> Self {
        self.attempts += 1;
        self.last_error = Some(error);
        if self.attempts >= MAX_ATTEMPTS {
            self.state = JobState::Parked;
        } else {
            self.run_at = now + TimeDelta::seconds(5 * 4_i64.pow(self.attempts - 1));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_job_backs_off_and_is_parked_after_five_attempts() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let material = MaterialId(uuid::Uuid::nil());
        let mut job = Job::new(JobId(uuid::Uuid::nil()), Work::Extract { material, version: 1 }, now);
        let mut waits = Vec::new();
        while job.state == JobState::Waiting {
            job = job.after_failure("broken".to_owned(), now);
            waits.push((job.run_at - now).num_seconds());
        }
        assert_eq!(waits, [5, 20, 80, 320, 320]);
        assert_eq!(job.attempts, MAX_ATTEMPTS);
    }
}
