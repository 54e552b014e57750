//! Writes understood rows in batches, promises their extraction, and waits for what was promised.

use super::wait::{Counted, Promised, Read};
use super::{ImportOptions, Item, OWN_ORGANISATION, Place, Problem, Summary};
use crate::actions::intake::{self, Content};
use crate::actions::progress::Progress;
use crate::actions::{ActionError, Context, indexing, materials, space};
use crate::domain::actor::Actor;
use crate::domain::file::{File, safe_file_name};
use crate::domain::id::{JobId, MaterialId, OrganisationId};
use crate::domain::material::{Extraction, Material, State, Version};
use crate::store::{self, Underway, WriteTx};
use chrono::{DateTime, Utc};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A transaction takes so many rows at most …
const BATCH_ROWS: usize = 2_000;
/// … or so many bytes of text.
const BATCH_BYTES: usize = 8 << 20;
/// How long an import waits for the index at its end.
const INDEX_PATIENCE: Duration = Duration::from_mins(10);
/// The most problems that a summary keeps; the count goes on.
const MAX_PROBLEMS: usize = 10_000;

/// An import under way.
pub(super) struct Import<'a> {
    context: &'a Context,
    options: &'a ImportOptions,
    progress: &'a dyn Progress,
    actor: Actor,
    batch: Vec<Ready>,
    batch_bytes: usize,
    underway: Option<Underway<Vec<Done>, ActionError>>,
    pending: Vec<Promised>,
    revision: u64,
    summary: Summary,
}

/// A row with its files stored, ready for a transaction.
#[derive(Clone)]
struct Ready {
    item: Arc<Item>,
    text_bytes: usize,
    content: Content,
    /// The material's id where the one it came with is another's.
    spare: MaterialId,
}

/// What a transaction did with a row.
enum Done {
    Created(Ready, u32),
    Updated(Ready, u32),
    Unchanged,
    /// Another document has the name.
    Refused(Problem),
    /// The same row was taken before and its file is not read yet, or turned out to be unreadable with nobody told.
    Unfinished(Promised),
}

impl<'a> Import<'a> {
    pub(super) fn new(context: &'a Context, options: &'a ImportOptions, progress: &'a dyn Progress) -> Self {
        Self {
            context,
            options,
            progress,
            actor: Actor::System,
            batch: Vec::new(),
            batch_bytes: 0,
            underway: None,
            pending: Vec::new(),
            revision: 0,
            summary: Summary::default(),
        }
    }

    /// The same on behalf of someone.
    pub(super) fn by(mut self, actor: &Actor) -> Self {
        self.actor = actor.clone();
        self
    }

    /// Takes the next row; writes the batch when it is full.
    pub(super) fn take(&mut self, row: Result<Item, Problem>) -> Result<(), ActionError> {
        match row.map(|item| self.ready(item)) {
            Ok(Ok(Ok(ready))) => {
                for name in &ready.item.ignored {
                    *self.summary.ignored_fields.entry(name.clone()).or_default() += 1;
                }
                if let Some(state) = ready.item.state.filter(|state| !matches!(state, State::Draft | State::Published))
                {
                    *self.summary.made_drafts.entry(state.code()).or_default() += 1;
                }
                self.batch_bytes += ready.text_bytes;
                self.batch.push(ready);
            }
            Ok(Ok(Err(problem))) | Err(problem) => self.note(problem),
            Ok(Err(error)) => return Err(error),
        }
        if self.batch.len() >= BATCH_ROWS || self.batch_bytes >= BATCH_BYTES {
            self.write()?;
        }
        Ok(())
    }

    fn note(&mut self, problem: Problem) {
        self.progress.advance(1);
        if self.summary.problems.len() < MAX_PROBLEMS {
            self.summary.problems.push(problem);
        }
    }

    /// Stores a row's files; the outer error ends the import, the inner one is the row's own.
    fn ready(&self, mut item: Item) -> Result<Result<Ready, Problem>, ActionError> {
        let mut digest = blake3::Hasher::new();
        digest.update(item.digest.as_bytes());
        let mut files = Vec::new();
        for path in &item.files {
            match self.store_file(path, &item.place)? {
                Ok(file) => {
                    digest.update(file.blob.as_str().as_bytes());
                    files.push(file);
                }
                Err(problem) => return Ok(Err(problem)),
            }
        }
        let clock = &self.context.clock;
        let (rows, text_bytes) = intake::page_rows(std::mem::take(&mut item.pages));
        let content = Content {
            material: item.material_id.unwrap_or_else(|| MaterialId(clock.fresh_id())),
            description: Arc::new(item.description.clone()),
            fallback_title: item.fallback_title.clone(),
            rows: Arc::new(rows),
            files,
            // Of the row and its files.
            digest: Some(digest.finalize().to_hex().to_string()),
            made_by: self.actor.account(),
            job: JobId(clock.fresh_id()),
            catalogue: self.context.catalogue(),
        };
        let spare = MaterialId(clock.fresh_id());
        Ok(Ok(Ready { item: Arc::new(item), text_bytes, content, spare }))
    }

    fn store_file(&self, path: &Path, place: &Place) -> Result<Result<File, Problem>, ActionError> {
        let name = safe_file_name(&path.file_name().unwrap_or_default().to_string_lossy());
        let refuse = |code, reason: String| Ok(Err(place.problem(Some("file"), code, reason)));
        let mut content = match std::fs::File::open(path) {
            Ok(content) => content,
            Err(error) => return refuse("file-unreadable", format!("Không mở được tệp «{name}»: {error}.")),
        };
        space::keep_room(self.context, content.metadata()?.len())?;
        let blobs = &self.context.blobs;
        match intake::check(self.context, &mut content, &name, |content, limit| blobs.put_stream(content, limit))? {
            Ok(file) => Ok(Ok(file)),
            Err(refusal) => refuse(refusal.code, format!("«{name}»: {}", refusal.message)),
        }
    }

    /// Hands the batch to the store once the one before it is written: the next rows are read meanwhile.
    fn write(&mut self) -> Result<(), ActionError> {
        self.settle()?;
        let batch = std::mem::take(&mut self.batch);
        self.batch_bytes = 0;
        if batch.is_empty() {
            return Ok(());
        }
        let stamp = self.context.stamp_by(&self.actor);
        let (at, options) = (stamp.at, self.options.clone());
        let underway = self.context.store.write_behind("material.import", stamp, move |tx| {
            batch.iter().map(|ready| put(tx, ready, &options, at)).collect::<Result<Vec<_>, ActionError>>()
        })?;
        self.underway = Some(underway);
        Ok(())
    }

    /// Waits for the batch that is being written and counts what became of it.
    fn settle(&mut self) -> Result<(), ActionError> {
        let Some(underway) = self.underway.take() else { return Ok(()) };
        let written = underway.wait()?;
        self.revision = self.revision.max(written.revision);
        self.progress.advance(u64::try_from(written.value.len()).unwrap_or(u64::MAX));
        for done in written.value {
            match done {
                Done::Created(ready, version) => {
                    self.summary.created += 1;
                    self.promise(&ready, version, Counted::Created);
                }
                Done::Updated(ready, version) => {
                    self.summary.updated += 1;
                    self.promise(&ready, version, Counted::Updated);
                }
                Done::Unchanged => self.summary.unchanged += 1,
                Done::Refused(problem) => self.note(problem),
                Done::Unfinished(promised) => {
                    self.summary.unchanged += 1;
                    self.pending.push(promised);
                }
            }
        }
        Ok(())
    }

    fn promise(&mut self, ready: &Ready, version: u32, counted: Counted) {
        let content = &ready.content;
        self.summary.note_decodings(&ready.item.place, &store::pages::decodings(&content.rows));
        if content.needs_extraction() {
            let (job, place) = (Some(content.job), ready.item.place.clone());
            self.pending.push(Promised { material: content.material, version, job, place, counted });
        }
    }

    /// Writes the rest, waits for the promised extractions and for the index.
    pub(super) fn finish(mut self) -> Result<Summary, ActionError> {
        self.write()?;
        self.settle()?;
        if !self.pending.is_empty() {
            self.progress.begin("Đọc nội dung các tệp", u64::try_from(self.pending.len()).ok());
        }
        for promised in std::mem::take(&mut self.pending) {
            match promised.wait(self.context)? {
                Read::Done(decodings) => {
                    self.summary.note_decodings(&promised.place, &decodings);
                    self.progress.advance(1);
                }
                Read::Unreadable { code, message } => {
                    materials::discard_blocking(self.context, promised.material, promised.version)?;
                    let count = match promised.counted {
                        Counted::Created => &mut self.summary.created,
                        Counted::Updated => &mut self.summary.updated,
                        Counted::Unchanged => &mut self.summary.unchanged,
                    };
                    *count = count.saturating_sub(1);
                    self.note(promised.place.problem(None, code, format!("Tệp không được nhập. {message}")));
                }
                Read::Parked => {
                    let reason =
                        "Tệp đã được nhận nhưng máy chưa đọc được sau nhiều lần thử. Hãy chạy `hoclieu doctor`.";
                    self.note(promised.place.problem(None, "extraction-parked", reason));
                }
            }
        }
        self.progress.begin("Chờ chỉ mục", None);
        let latest = self.context.latest_revision_blocking()?;
        if self.revision > 0 && !indexing::wait_for(self.context, latest, INDEX_PATIENCE) {
            self.progress.say("Đã nhập xong; chỉ mục còn đang làm tiếp.");
        }
        Ok(self.summary)
    }
}

fn put(tx: &mut WriteTx<'_>, ready: &Ready, options: &ImportOptions, at: DateTime<Utc>) -> Result<Done, ActionError> {
    let item = &ready.item;
    let organisation = item.organisation.clone().or_else(|| options.organisation.clone());
    let organisation = match organisation {
        Some(organisation) => organisation,
        None => OrganisationId::parse(OWN_ORGANISATION).map_err(ActionError::internal)?,
    };
    let known = match &item.external_id {
        Some(external_id) => store::materials::by_external_id(tx, &organisation, external_id)?,
        None => store::materials::get(tx, ready.content.material)?,
    };
    let mut ready = ready.clone();
    let (material, is_new) = if let Some(known) = known {
        if let Some(version) = same_version(tx, &known, &ready)? {
            return Ok(unchanged(version, &ready));
        }
        if let Some(problem) = name_taken(tx, &known, &ready, options)? {
            return Ok(Done::Refused(problem));
        }
        ready.content.material = known.id;
        (known, false)
    } else {
        if store::materials::get(tx, ready.content.material)?.is_some() {
            // Another organisation's material has this id already: the row becomes one of its own.
            ready.content.material = ready.spare;
        }
        (ready.content.fresh_material(organisation, item.external_id.clone(), at), true)
    };
    let publish = !options.draft && item.state.is_none_or(|state| state == State::Published);
    let number = ready.content.put_version(tx, material, publish, at)?;
    Ok(if is_new { Done::Created(ready, number) } else { Done::Updated(ready, number) })
}

/// Why a document is no next version of the material that has its name. Where nobody says whose a document is, its name
/// alone tells it apart from those of others: another content under it may well be another document.
fn name_taken(
    tx: &mut WriteTx<'_>,
    known: &Material,
    ready: &Ready,
    options: &ImportOptions,
) -> Result<Option<Problem>, ActionError> {
    let item = &ready.item;
    if !item.is_id_of_name || item.organisation.is_some() || options.organisation.is_some() {
        return Ok(None);
    }
    let own = store::files::list(tx, known.id, known.latest_version)?;
    if own.iter().any(|file| ready.content.files.iter().any(|other| other.blob == file.blob)) {
        return Ok(None);
    }
    let title = store::versions::get(tx, known.id, known.latest_version)?.map(|version| version.description.title);
    let name = item.external_id.as_deref().unwrap_or_default();
    let reason = format!(
        "Thư viện đã có tài liệu khác tên «{name}» («{}»), nên không ghi đè. Nếu là tài liệu khác: nhập với --organisation, hoặc ghi cột «mã» riêng. Nếu là bản mới của tài liệu ấy: ghi cột «mã» là {name}.",
        title.unwrap_or_default()
    );
    Ok(Some(item.place.problem(Some("tệp"), "name-taken", reason)))
}

/// The latest version of a material, or the public one, when it was made of the same row and files.
fn same_version(tx: &mut WriteTx<'_>, known: &Material, ready: &Ready) -> Result<Option<Version>, ActionError> {
    for number in [Some(known.latest_version), known.public_version()].into_iter().flatten() {
        let version = store::versions::get(tx, known.id, number)?;
        let same = version.filter(|version| version.digest == ready.content.digest);
        if same.is_some() {
            return Ok(same);
        }
    }
    Ok(None)
}

fn unchanged(version: Version, ready: &Ready) -> Done {
    match version.extraction {
        Extraction::Pending | Extraction::Failed { .. } => Done::Unfinished(Promised {
            material: version.material,
            version: version.number,
            job: None,
            place: ready.item.place.clone(),
            counted: Counted::Unchanged,
        }),
        _ => Done::Unchanged,
    }
}
