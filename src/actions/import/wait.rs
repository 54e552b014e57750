//! Waiting for what an import promised: files whose text is still to be read.

use super::Place;
use crate::actions::{ActionError, Context};
use crate::domain::id::{JobId, MaterialId};
use crate::domain::job::{JobState, Work};
use crate::domain::material::Extraction;
use crate::domain::text::decoding::Decodings;
use crate::store::{self, ReadTx};
use std::time::Duration;

/// How often to ask whether a version has been read.
const POLL: Duration = Duration::from_millis(50);

/// A version whose text is still to be read.
pub(super) struct Promised {
    pub(super) material: MaterialId,
    pub(super) version: u32,
    /// The job that reads it, when this very import promised it.
    pub(super) job: Option<JobId>,
    pub(super) place: Place,
    /// As what the summary counts the row.
    pub(super) counted: Counted,
}

/// A count of the summary.
pub(super) enum Counted {
    Created,
    Updated,
    Unchanged,
}

/// What became of a promise to read a version.
pub(super) enum Read {
    /// What its text was put right from.
    Done(Decodings),
    Unreadable {
        code: String,
        message: String,
    },
    /// Given up for now: not the file's fault.
    Parked,
}

impl Promised {
    /// Blocks until the version is read, cannot be read, or is given up for now.
    pub(super) fn wait(&self, context: &Context) -> Result<Read, ActionError> {
        let (material, number, job) = (self.material, self.version, self.job);
        loop {
            let (version, parked) = context.store.read_blocking("import.wait", move |tx| {
                let version = store::versions::get(tx, material, number)?;
                let pending = version.as_ref().is_some_and(|version| version.extraction == Extraction::Pending);
                let parked = pending && is_parked(tx, job, &Work::Extract { material, version: number })?;
                Ok::<_, ActionError>((version, parked))
            })?;
            let Some(version) = version else { return Ok(Read::Done(Decodings::default())) };
            match version.extraction {
                Extraction::Pending if parked => return Ok(Read::Parked),
                Extraction::Pending => std::thread::sleep(POLL),
                Extraction::Failed { code, message } => return Ok(Read::Unreadable { code, message }),
                _ => return Ok(Read::Done(version.decodings)),
            }
        }
    }
}

/// Whether the job of some work was given up; one that another import promised is looked for among all.
fn is_parked(tx: &dyn ReadTx, job: Option<JobId>, work: &Work) -> Result<bool, ActionError> {
    if let Some(id) = job {
        return Ok(store::jobs::get(tx, id)?.is_some_and(|job| job.state == JobState::Parked));
    }
    Ok(store::jobs::all(tx)?.iter().any(|job| job.state == JobState::Parked && job.work == *work))
}
