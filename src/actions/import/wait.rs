//! Waits until what an import has promised to read is read.

use super::Place;
use crate::actions::{ActionError, Context};
use crate::domain::decoding::Decodings;
use crate::domain::id::{JobId, MaterialId};
use crate::domain::job::JobState;
use crate::domain::material::Extraction;
use crate::store;
use std::time::Duration;

/// How often it is asked whether the promised extractions are done.
const POLL: Duration = Duration::from_millis(50);

/// A version whose text is still to be read.
pub(super) struct Promised {
    pub(super) material: MaterialId,
    pub(super) version: u32,
    pub(super) job: JobId,
    pub(super) place: Place,
}

/// What became of a promise to read a version.
pub(super) enum Read {
    Done(Decodings),
    Unreadable { code: String, message: String },
    Parked,
}

impl Promised {
    /// Blocks until the version is read, cannot be read, or is given up for now.
    pub(super) fn wait(&self, context: &Context) -> Result<Read, ActionError> {
        let (material, number, job) = (self.material, self.version, self.job);
        loop {
            let (version, job) = context.store.read_blocking("import.wait", move |tx| {
                Ok::<_, ActionError>((store::versions::get(tx, material, number)?, store::jobs::get(tx, job)?))
            })?;
            let Some(version) = version else { return Ok(Read::Done(Decodings::default())) };
            match version.extraction {
                Extraction::Pending if job.is_some_and(|job| job.state == JobState::Parked) => return Ok(Read::Parked),
                Extraction::Pending => std::thread::sleep(POLL),
                Extraction::Failed { code, message } => return Ok(Read::Unreadable { code, message }),
                _ => return Ok(Read::Done(version.decodings)),
            }
        }
    }
}
