//! Writes understood rows in batches, promises their extraction, and waits for what was promised.

use super::pages::{languages, page_row};
use super::wait::{Counted, Promised, Read};
use super::{ImportOptions, Item, OWN_ORGANISATION, Place, Problem, Summary};
use crate::actions::progress::Progress;
use crate::actions::{ActionError, Context, indexing, materials, space};
use crate::blobs::BlobError;
use crate::domain::actor::Actor;
use crate::domain::file::{File, safe_file_name};
use crate::domain::id::{FileId, JobId, MaterialId, OrganisationId};
use crate::domain::job::{Job, Work};
use crate::domain::material::{Extraction, Material, State, Version};
use crate::extract;
use crate::store::pages::PageRow;
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
    /// The given pages.
    rows: Arc<Vec<PageRow>>,
    text_bytes: usize,
    files: Vec<File>,
    /// Fingerprint of the row and its files.
    digest: String,
    id: MaterialId,
    job: JobId,
}

/// What a transaction did with a row.
enum Done {
    Created(Ready, u32),
    Updated(Ready, u32),
    Unchanged,
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
        let id = item.material_id.unwrap_or_else(|| MaterialId(clock.fresh_id()));
        let digest = digest.finalize().to_hex().to_string();
        extract::put_right(&mut item.pages);
        let (rows, sizes): (Vec<PageRow>, Vec<usize>) =
            std::mem::take(&mut item.pages).into_iter().map(page_row).unzip();
        let (rows, text_bytes) = (Arc::new(rows), sizes.into_iter().sum());
        Ok(Ok(Ready { item: Arc::new(item), rows, text_bytes, files, digest, id, job: JobId(clock.fresh_id()) }))
    }

    fn store_file(&self, path: &Path, place: &Place) -> Result<Result<File, Problem>, ActionError> {
        let name = safe_file_name(&path.file_name().unwrap_or_default().to_string_lossy());
        let limit = self.context.bounds.file_bytes;
        let refuse = |code, reason: String| Ok(Err(place.problem(Some("file"), code, reason)));
        let mut content = match std::fs::File::open(path) {
            Ok(content) => content,
            Err(error) => return refuse("file-unreadable", format!("Không mở được tệp «{name}»: {error}.")),
        };
        if content.metadata()?.len() > limit {
            let reason = format!("Tệp «{name}» lớn hơn giới hạn {} MB.", limit >> 20);
            return refuse("file-too-large", reason);
        }
        space::keep_room(self.context, content.metadata()?.len())?;
        let media_type = match extract::media_type_of(&mut content, &name) {
            Ok(media_type) => media_type,
            Err(error) => return refuse(error.code(), format!("«{name}»: {}", error.message_vi())),
        };
        match self.context.blobs.put_stream(&mut content, limit) {
            Ok(stored) => Ok(Ok(File {
                id: FileId(self.context.clock.fresh_id()),
                material: MaterialId(uuid::Uuid::nil()),
                version: 0,
                name,
                media_type,
                size_bytes: stored.size_bytes,
                blob: stored.hash,
            })),
            Err(BlobError::TooLarge { .. }) => {
                refuse("file-too-large", format!("Tệp «{name}» lớn hơn giới hạn {} MB.", limit >> 20))
            }
            Err(error) => Err(error.into()),
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
                Done::Unfinished(promised) => {
                    self.summary.unchanged += 1;
                    self.pending.push(promised);
                }
            }
        }
        Ok(())
    }

    fn promise(&mut self, ready: &Ready, version: u32, counted: Counted) {
        self.summary.note_decodings(&ready.item.place, &store::pages::decodings(&ready.rows));
        if needs_extraction(ready) {
            let (job, place) = (Some(ready.job), ready.item.place.clone());
            self.pending.push(Promised { material: ready.id, version, job, place, counted });
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
                    self.note(promised.place.problem(None, &code, format!("Tệp không được nhập. {message}")));
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

/// Whether a row's text must be read out of its file: none but corrections was given, and the file has text.
fn needs_extraction(ready: &Ready) -> bool {
    let none_given = ready.rows.iter().all(PageRow::is_corrected);
    none_given && ready.files.first().is_some_and(|file| extract::has_text(&file.media_type))
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
        None => store::materials::get(tx, ready.id)?,
    };
    let mut ready = ready.clone();
    let (material, is_new) = if let Some(known) = known {
        if let Some(version) = same_version(tx, &known, &ready)? {
            return Ok(unchanged(version, &ready));
        }
        ready.id = known.id;
        (known, false)
    } else {
        if store::materials::get(tx, ready.id)?.is_some() {
            // The id of an export is taken by another organisation's material.
            return Ok(Done::Unchanged);
        }
        (fresh_material(&ready, organisation, at), true)
    };
    let number = put_version(tx, &ready, material, options.draft, at)?;
    Ok(if is_new { Done::Created(ready, number) } else { Done::Updated(ready, number) })
}

/// The latest version of a material, when it was made of the same row and files.
fn same_version(tx: &mut WriteTx<'_>, known: &Material, ready: &Ready) -> Result<Option<Version>, ActionError> {
    let latest = store::versions::get(tx, known.id, known.latest_version)?;
    Ok(latest.filter(|version| version.digest.as_deref() == Some(ready.digest.as_str())))
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

fn fresh_material(ready: &Ready, organisation: OrganisationId, at: DateTime<Utc>) -> Material {
    Material { external_id: ready.item.external_id.clone(), ..Material::draft(ready.id, organisation, at) }
}

/// Writes the row as the next version of its material; answers the version's number.
fn put_version(
    tx: &mut WriteTx<'_>,
    ready: &Ready,
    mut material: Material,
    draft: bool,
    at: DateTime<Utc>,
) -> Result<u32, ActionError> {
    let number = material.latest_version + 1;
    let version = version(ready, number, &ready.rows, at);
    material.latest_version = number;
    (material.newer, material.publish_on) = (None, None);
    if !draft && ready.item.state.is_none_or(|state| state == State::Published) {
        material.state = State::Published;
        material.published_version = Some(number);
        material.published_at = material.published_at.or(Some(at));
    }
    material.touch(at);
    for file in &ready.files {
        let file = File { material: material.id, version: number, ..file.clone() };
        store::files::put(tx, &file)?;
    }
    store::pages::put_all(tx, material.id, number, &ready.rows)?;
    store::versions::put(tx, &version)?;
    store::materials::put(tx, &material)?;
    if version.extraction == Extraction::Pending {
        let work = Work::Extract { material: material.id, version: number };
        store::jobs::promise(tx, &Job::new(ready.job, work, at))?;
    }
    tx.record_at(&material.organisation, "material", material.id.to_string(), &["version", "state"]);
    Ok(number)
}

fn version(ready: &Ready, number: u32, rows: &[PageRow], at: DateTime<Utc>) -> Version {
    let mut description = ready.item.description.clone();
    if description.languages.is_empty() {
        description.languages = languages(rows);
    }
    if description.title.is_empty() {
        description.title = ready.item.fallback_title.clone().unwrap_or_default();
    }
    let pending = needs_extraction(ready);
    Version {
        material: ready.id,
        number,
        description,
        files: ready.files.iter().map(|file| file.id).collect(),
        extraction: if pending { Extraction::Pending } else { Extraction::Given },
        page_count: u32::try_from(rows.len()).unwrap_or(u32::MAX),
        word_count: rows.iter().map(|row| row.word_count).fold(0, u32::saturating_add),
        pages_blob: None,
        decodings: store::pages::decodings(rows),
        digest: Some(ready.digest.clone()),
        created_at: at,
        made_by: None,
        edition: 0,
        saved: None,
        stays_readable: false,
    }
}
