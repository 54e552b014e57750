//! Reading the text of a version out of its files: the work behind the extraction job. What cannot be read so is [`ocr`]'s
//! work; its pages one by one are [`pages`].

pub mod ocr;
pub mod pages;

use crate::actions::error::Noun;
use crate::actions::proposals::Source;
use crate::actions::{ActionError, Context, audit, proposals};
use crate::domain::alteration;
use crate::domain::file::{File, is_named_as_captions};
use crate::domain::id::{BlobHash, JobId, MaterialId};
use crate::domain::job::{Job, Work};
use crate::domain::language::Language;
use crate::domain::material::{Extraction, State, Version};
use crate::domain::page::{Page, Scan};
use crate::extract::{self, ExtractError, Extracted};
use crate::store::{self, pages::Body, pages::PageRow};

/// What became of a version's extraction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its text is in pages now.
    Done,
    /// There was nothing to do any more.
    Nothing,
    /// Its file cannot be read; trying again would not help.
    Unreadable { code: &'static str },
}

/// Reads a version's text; doing it twice is the same as doing it once.
///
/// # Errors
/// When a tool fails in a way that may pass: the job is then tried again.
pub async fn extract(context: &Context, material: MaterialId, number: u32) -> Result<Outcome, ActionError> {
    let rows = context.store.read("extraction.begin", move |tx| {
        let version = store::versions::get(tx, material, number)?;
        Ok::<_, ActionError>(version.map(|version| (version, store::files::list(tx, material, number))))
    });
    let Some((version, files)) = rows.await? else { return Ok(Outcome::Nothing) };
    if version.extraction != Extraction::Pending {
        return Ok(Outcome::Nothing);
    }
    let Some(file) = source(files?) else { return Ok(Outcome::Nothing) };
    match read_file(context, &file).await? {
        Ok(extracted) => {
            keep(context, version, extracted).await?;
            Ok(Outcome::Done)
        }
        Err(error) => {
            let code = error.code();
            tracing::warn!(material = %material, code, error = %error, "a file could not be read");
            refuse(context, version, &error).await?;
            Ok(Outcome::Unreadable { code })
        }
    }
}

/// The file of a version that its text is read out of: captions, whose lines have moments, else the first that has text.
fn source(files: Vec<File>) -> Option<File> {
    let mut readable: Vec<File> = files.into_iter().filter(|file| extract::has_text(&file.media_type)).collect();
    // A stable order: the first of what is alike stays the first.
    readable.sort_by_key(|file| !is_named_as_captions(&file.name));
    readable.into_iter().next()
}

/// The outer error may pass; the inner one is the file's own.
async fn read_file(context: &Context, file: &File) -> Result<Result<Extracted, ExtractError>, ActionError> {
    let content = context.blobs.open_file(&file.blob).await?.into_std().await;
    match context.extractor.extract(content, file.size_bytes, &file.name).await {
        Err(error) if error.is_transient() => Err(ActionError::internal(error)),
        other => Ok(other),
    }
}

/// Promises that a version's text is read out of its file anew; pages that a person put right stay as they are.
///
/// # Errors
/// `NotFound` when there is no such version, `Invalid` when its text did not come out of a file.
pub async fn again(context: &Context, material: MaterialId, number: u32) -> Result<(), ActionError> {
    let stamp = context.stamp();
    let job = Job::new(JobId(context.clock.fresh_id()), Work::Extract { material, version: number }, stamp.at);
    let promise = move |tx: &mut store::WriteTx<'_>| {
        let missing = || ActionError::NotFound { noun: Noun::Material, id: material.to_string() };
        let mut version = store::versions::get(tx, material, number)?.ok_or_else(missing)?;
        if version.extraction == Extraction::Given {
            let reason = "Nội dung này không đọc từ tệp nên không đọc lại được.".to_owned();
            return Err(ActionError::Invalid { field: "version", code: "extraction-given", reason });
        }
        version.extraction = Extraction::Pending;
        store::versions::put(tx, &version)?;
        store::jobs::promise(tx, &job)?;
        tx.record("material", material.to_string(), &["extraction"]);
        Ok(())
    };
    context.store.write("extraction.again", stamp, promise).await?;
    Ok(())
}

/// Writes the pages' text to a blob, then names it in the transaction that makes the version complete.
async fn keep(context: &Context, version: Version, extracted: Extracted) -> Result<(), ActionError> {
    let (bytes, places) = encode(&extracted.pages)?;
    let blobs = context.blobs.clone();
    let stored = tokio::task::spawn_blocking(move || blobs.put_bytes(&bytes)).await??;
    let rows = extracted
        .pages
        .iter()
        .zip(places)
        .map(|(page, (offset, len))| PageRow::of(page, &page.text(), Body::InBlob { offset, len }))
        .collect();
    let (material, number) = (version.material, version.number);
    let source = Source { title: extracted.title.as_deref(), pages: &extracted.pages, languages: &extracted.languages };
    let proposal = proposals::propose(context, &version.description, source).await?;
    let stamp = context.stamp();
    let (at, job) = (stamp.at, JobId(context.clock.fresh_id()));
    context
        .store
        .write("extraction.keep", stamp, move |tx| {
            // What its author has typed meanwhile stays; a version that has gone stays gone.
            let Some(mut version) = store::versions::get(tx, material, number)? else { return Ok(()) };
            let found = store::materials::get(tx, material)?;
            let is_public = found.as_ref().is_some_and(|found| found.public_version() == Some(number));
            let rows = with_corrections(rows, store::pages::list(tx, material, number)?);
            complete(&mut version, &rows, stored.hash);
            if is_public {
                describe(&mut version, &extracted);
            }
            store::pages::put_all(tx, material, number, &rows)?;
            if version.extraction == Extraction::NeedsOcr {
                store::jobs::promise(tx, &Job::new(job, Work::Ocr { material, version: number }, at))?;
            }
            store::versions::put(tx, &version)?;
            store::proposals::put(tx, material, number, &proposal)?;
            if let Some(mut material) = found {
                material.touch(at);
                store::materials::put(tx, &material)?;
                let id = material.id.to_string();
                tx.record_at(&material.organisation, "material", id, &["pages", "extraction"]);
            }
            Ok::<_, ActionError>(())
        })
        .await?;
    Ok(())
}

/// Pages that a person put right stay, as long as the file has pages of their numbers.
fn with_corrections(mut rows: Vec<PageRow>, before: Vec<PageRow>) -> Vec<PageRow> {
    for corrected in before.into_iter().filter(PageRow::is_corrected) {
        if let Some(row) = rows.iter_mut().find(|row| row.number == corrected.number) {
            let scan = row.scan.take().map(|_| Scan::Read);
            *row = PageRow { scan, ..corrected };
        }
    }
    rows
}

fn complete(version: &mut Version, rows: &[PageRow], blob: BlobHash) {
    let scans: Vec<Scan> = rows.iter().filter_map(|row| row.scan.clone()).collect();
    version.extraction = ocr::ended(&scans);
    version.page_count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    version.word_count = rows.iter().map(|row| row.word_count).fold(0, u32::saturating_add);
    version.pages_blob = Some(blob);
    version.decodings = store::pages::decodings(rows);
}

/// Says of a material what nobody has said; for a draft that is proposed instead.
fn describe(version: &mut Version, extracted: &Extracted) {
    let known = &mut version.description.languages;
    let undetermined = known.is_empty() || *known == [Language::undetermined()];
    if undetermined && !extracted.languages.is_empty() {
        known.clone_from(&extracted.languages);
    }
    if version.description.title.is_empty()
        && let Some(title) = &extracted.title
    {
        version.description.title.clone_from(title);
    }
}

/// The bytes of a pages blob, and the offset and length of each page in it.
type Encoded = (Vec<u8>, Vec<(u64, u64)>);

/// Each page's blocks as one line, with where the line lies.
fn encode(pages: &[Page]) -> Result<Encoded, ActionError> {
    let (mut bytes, mut places) = (Vec::new(), Vec::with_capacity(pages.len()));
    for page in pages {
        let offset = bytes.len();
        serde_json::to_writer(&mut bytes, &page.blocks).map_err(ActionError::internal)?;
        places.push((wide(offset), wide(bytes.len() - offset)));
        bytes.push(b'\n');
    }
    Ok((bytes, places))
}

fn wide(value: usize) -> u64 {
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// Remembers that the file cannot be read; what nobody can read is not shown to the public.
async fn refuse(context: &Context, version: Version, error: &ExtractError) -> Result<(), ActionError> {
    let failed = Extraction::Failed { code: error.code().to_owned(), message: error.message_vi() };
    let stamp = context.stamp();
    let at = stamp.at;
    context
        .store
        .write("extraction.refuse", stamp, move |tx| {
            let Some(mut version) = store::versions::get(tx, version.material, version.number)? else { return Ok(()) };
            version.extraction = failed;
            store::versions::put(tx, &version)?;
            if let Some(mut material) = store::materials::get(tx, version.material)? {
                let before = material.clone();
                if material.published_version == Some(version.number) {
                    material.state = State::Draft;
                    material.published_version = None;
                }
                material.touch(at);
                store::materials::put(tx, &material)?;
                let altered = alteration::of_standing(&before, &material);
                let fields: &[&str] = if altered.is_empty() { &["extraction"] } else { &["extraction", "state"] };
                audit::record_material(tx, &material, fields, altered)?;
            }
            Ok::<_, ActionError>(())
        })
        .await?;
    Ok(())
}
