//! What waits to be done: promised jobs, how far the texts of files are read, how far the index has come.

use super::allowed;
use crate::actions::error::Noun;
use crate::actions::review::name_of_version;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::id::{JobId, MaterialId};
use crate::domain::job::{Job, JobState};
use crate::domain::material::{Extraction, Version};
use crate::search::fold;
use crate::store::{self, ReadTx, WriteTx};
use serde::Serialize;
use std::collections::BTreeMap;

/// The most jobs, and the most unread files, that are shown.
pub const SHOWN: usize = 100;
/// The code of reading a file.
const EXTRACT: &str = "extract";
/// How many materials are read at once.
const MATERIALS_PER_READ: usize = 500;

/// The queues at one moment.
#[derive(Debug, Clone, Default)]
pub struct Queues {
    pub waiting: usize,
    pub parked: usize,
    /// Those that bear the text that was asked for, parked ones first.
    pub jobs: Vec<JobLine>,
    /// Latest versions of materials by how far their text is read: the state's code with how many there are.
    pub extraction: BTreeMap<String, usize>,
    /// Materials whose file could not be read.
    pub unread: Vec<Unread>,
    /// The revision that searches see, and the latest of the log.
    pub revisions: (u64, u64),
    /// Searches are answered.
    pub is_ready: bool,
}

/// A promised job.
#[derive(Debug, Clone)]
pub struct JobLine {
    pub job: Job,
    /// The code of what is to be done.
    pub kind: String,
    pub material: Option<MaterialId>,
    /// Empty where the job is about no material, or the material is gone.
    pub title: String,
}

/// A material whose file could not be read.
#[derive(Debug, Clone)]
pub struct Unread {
    pub material: MaterialId,
    pub title: String,
    pub code: String,
    pub message: String,
}

/// Looks at the queues; `text` keeps what is about materials whose title contains it.
///
/// # Errors
/// `Forbidden` to all but administrators.
pub async fn look(context: &Context, actor: &Actor, text: &str) -> Result<Queues, ActionError> {
    allowed(actor)?;
    let (index, ready, wanted) = (context.search.revision(), context.is_ready(), fold(text.trim()));
    let look = move |tx: &dyn ReadTx| {
        let mut queues = Queues { is_ready: ready, ..Queues::default() };
        queues.revisions = (index, store::log::latest(tx)?);
        for job in store::jobs::all(tx)? {
            match job.state {
                JobState::Waiting => queues.waiting += 1,
                JobState::Parked => queues.parked += 1,
            }
            let line = line(tx, job)?;
            if wanted.is_empty() || fold(&line.title).contains(&wanted) {
                queues.jobs.push(line);
            }
        }
        queues.jobs.sort_by_key(|line| (line.job.state == JobState::Waiting, line.job.run_at));
        queues.jobs.truncate(SHOWN);
        count_extraction(tx, &wanted, &mut queues)?;
        Ok::<_, ActionError>(queues)
    };
    context.store.read("queues.look", look).await
}

/// What a job is about, whatever sort of work it is: read from its row, so that new sorts are shown too.
struct About {
    kind: String,
    material: Option<MaterialId>,
    version: Option<u32>,
}

impl About {
    fn of(job: &Job) -> Result<Self, ActionError> {
        let told = serde_json::to_value(&job.work).map_err(ActionError::internal)?;
        let text = |name: &str| told.get(name).and_then(|value| value.as_str()).unwrap_or_default();
        let version = told.get("version").and_then(serde_json::Value::as_u64);
        Ok(Self {
            kind: text("kind").to_owned(),
            material: MaterialId::parse(text("material")).ok(),
            version: version.and_then(|number| u32::try_from(number).ok()),
        })
    }
}

fn line(tx: &dyn ReadTx, job: Job) -> Result<JobLine, ActionError> {
    let About { kind, material, .. } = About::of(&job)?;
    let title = match material {
        Some(id) => latest(tx, id)?.map(|version| name_of_version(tx, &version)).transpose()?.unwrap_or_default(),
        None => String::new(),
    };
    Ok(JobLine { job, kind, material, title })
}

fn latest(tx: &dyn ReadTx, id: MaterialId) -> Result<Option<Version>, ActionError> {
    let Some(material) = store::materials::get(tx, id)? else { return Ok(None) };
    Ok(store::versions::get(tx, id, material.latest_version)?)
}

/// The code of a state, such as `done`.
fn code(state: &impl Serialize) -> Result<String, ActionError> {
    let told = serde_json::to_value(state).map_err(ActionError::internal)?;
    let code = told.get("state").unwrap_or(&told).as_str().unwrap_or_default();
    Ok(code.to_owned())
}

fn count_extraction(tx: &dyn ReadTx, wanted: &str, queues: &mut Queues) -> Result<(), ActionError> {
    let mut after = None;
    loop {
        let part = store::materials::list(tx, after, MATERIALS_PER_READ)?;
        let Some(last) = part.last() else { return Ok(()) };
        after = Some(last.id);
        for material in part {
            let Some(version) = store::versions::get(tx, material.id, material.latest_version)? else { continue };
            *queues.extraction.entry(code(&version.extraction)?).or_default() += 1;
            let Extraction::Failed { code, message } = &version.extraction else { continue };
            let title = name_of_version(tx, &version)?;
            if queues.unread.len() < SHOWN && (wanted.is_empty() || fold(&title).contains(wanted)) {
                let (code, message) = (code.clone(), message.clone());
                queues.unread.push(Unread { material: material.id, title, code, message });
            }
        }
    }
}

fn missing(id: JobId) -> ActionError {
    ActionError::NotFound { noun: Noun::Job, id: id.to_string() }
}

/// Does a job again at once, as if it had never failed.
///
/// # Errors
/// `Forbidden` to all but administrators; `NotFound` when it was done meanwhile.
pub async fn retry(context: &Context, actor: &Actor, id: JobId) -> Result<(), ActionError> {
    allowed(actor)?;
    let now = context.now();
    let retry = move |tx: &mut WriteTx<'_>| {
        let job = store::jobs::get(tx, id)?.ok_or_else(|| missing(id))?;
        if job.state == JobState::Waiting && job.run_at <= now {
            // Its turn has come already; it may be in hand.
            return Ok(());
        }
        store::jobs::done(tx, &job);
        store::jobs::promise(tx, &Job::new(job.id, job.work, now))?;
        tx.record("job", id.to_string(), &["state"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("job.retry", context.stamp_by(actor), retry).await?;
    Ok(())
}

/// Gives a job up for good. A file that was to be read counts as one that cannot be.
///
/// # Errors
/// As [`retry`].
pub async fn give_up(context: &Context, actor: &Actor, id: JobId) -> Result<(), ActionError> {
    allowed(actor)?;
    let give_up = move |tx: &mut WriteTx<'_>| {
        let job = store::jobs::get(tx, id)?.ok_or_else(|| missing(id))?;
        store::jobs::done(tx, &job);
        tx.record("job", id.to_string(), &["state"]);
        let about = About::of(&job)?;
        if let (EXTRACT, Some(material), Some(version)) = (about.kind.as_str(), about.material, about.version) {
            stop_reading(tx, material, version)?;
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("job.give-up", context.stamp_by(actor), give_up).await?;
    Ok(())
}

/// The version is no longer waited for.
fn stop_reading(tx: &mut WriteTx<'_>, material: MaterialId, number: u32) -> Result<(), ActionError> {
    let Some(mut version) = store::versions::get(tx, material, number)? else { return Ok(()) };
    if version.extraction != Extraction::Pending {
        return Ok(());
    }
    let message = "Quản trị viên đã bỏ việc đọc tệp này. Hãy tải lại tệp nếu cần.".to_owned();
    version.extraction = Extraction::Failed { code: "given-up".to_owned(), message };
    store::versions::put(tx, &version)?;
    if let Some(material) = store::materials::get(tx, material)? {
        tx.record_at(&material.organisation, "material", material.id.to_string(), &["extraction"]);
    }
    Ok(())
}
