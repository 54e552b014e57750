//! Recognising the pages of a version that are pictures: the work behind the job of that name.
//!
//! A job goes step by step, a few pages each: what a step has read is kept and searchable before the next one begins, so
//! a job that is broken off goes on where it was.

use crate::actions::{ActionError, Context, proposals};
use crate::domain::file::File;
use crate::domain::id::MaterialId;
use crate::domain::job::Work;
use crate::domain::language::Language;
use crate::domain::material::{Extraction, Version};
use crate::domain::page::{Page, Scan};
use crate::extract::{ExtractError, Input, Recogniser};
use crate::store::pages::{Body, PageRow};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Pages were read, and others wait.
    More,
    /// Nothing waits any more.
    Done,
    /// Pages wait until one of these packages is installed.
    Lacks(Vec<String>),
}

/// A page that was read, or why it could not be.
type Outcome = (u32, Result<Page, ExtractError>);

/// Whether anything can be recognised on this machine.
pub async fn is_possible(context: &Context) -> bool {
    !context.extractor.ocr_models().await.is_empty()
}

/// Recognises the next pages of a version; done twice, it does nothing the second time.
///
/// # Errors
/// When a tool fails in a way that may pass: the step is then tried again.
pub async fn step(context: &Context, material: MaterialId, number: u32) -> Result<Step, ActionError> {
    let Some(begun) = begin(context, material, number).await? else { return end(context, material, number).await };
    if begun.waiting.is_empty() {
        keep(context, material, number, Vec::new()).await?;
        return end(context, material, number).await;
    }
    let models = match context.extractor.recogniser(&begun.languages).await {
        Recogniser::Models(models) => models,
        Recogniser::Lacks(packages) => return Ok(Step::Lacks(packages)),
    };
    if !begun.is_under_way {
        keep(context, material, number, Vec::new()).await?;
    }
    let mut read: Vec<Outcome> = Vec::new();
    let mut setback = None;
    for page in begun.waiting.iter().take(begun.pages_per_step()).copied() {
        match recognise(context, &begun.file, page, &models).await? {
            Err(error) if error.is_transient() => {
                setback = Some(error);
                break;
            }
            outcome => read.push((page, outcome)),
        }
    }
    let all = read.len() == begun.waiting.len();
    if !read.is_empty() {
        keep(context, material, number, read).await?;
    }
    match setback {
        Some(error) => Err(ActionError::internal(error)),
        None if all => end(context, material, number).await,
        None => Ok(Step::More),
    }
}

/// Nothing waits any more: what is proposed for the version is made anew from all of its text.
async fn end(context: &Context, material: MaterialId, number: u32) -> Result<Step, ActionError> {
    proposals::remake(context, material, number).await?;
    Ok(Step::Done)
}

/// A version as a step finds it.
struct Begun {
    file: File,
    languages: Vec<Language>,
    /// Numbers of the pages that wait.
    waiting: Vec<u32>,
    scans: usize,
    is_under_way: bool,
}

impl Begun {
    /// Each step is a change that the index follows by reading the whole material, so that long ones take more at once.
    fn pages_per_step(&self) -> usize {
        1 + self.scans / 100
    }
}

async fn begin(context: &Context, material: MaterialId, number: u32) -> Result<Option<Begun>, ActionError> {
    let read = move |tx: &dyn ReadTx| {
        let Some(version) = store::versions::get(tx, material, number)? else { return Ok(None) };
        let file = super::source(store::files::list(tx, material, number)?);
        let scans = store::pages::scans(tx, material, number)?;
        let Some(file) = file.filter(|_| version.extraction.awaits_ocr()) else { return Ok(None) };
        Ok::<_, ActionError>(Some(Begun {
            file,
            languages: version.description.languages,
            waiting: scans.iter().filter(|(_, scan)| *scan == Scan::Waiting).map(|(page, _)| *page).collect(),
            scans: scans.len(),
            is_under_way: matches!(version.extraction, Extraction::OcrUnderWay { .. }),
        }))
    };
    context.store.read("ocr.begin", read).await
}

/// The outer error may pass; the inner one is the page's own, or the machine's after a second attempt.
async fn recognise(
    context: &Context,
    file: &File,
    page: u32,
    models: &str,
) -> Result<Result<Page, ExtractError>, ActionError> {
    let mut attempts = 0;
    loop {
        let content = context.blobs.open_file(&file.blob).await?.into_std().await;
        let input = Input { content, size_bytes: file.size_bytes, name: &file.name };
        attempts += 1;
        match context.extractor.recognise(input, page, models).await {
            Err(error) if error.is_transient() && attempts < 2 => {}
            outcome => return Ok(outcome),
        }
    }
}

/// Keeps what was read, and how far the version has come.
async fn keep(context: &Context, material: MaterialId, number: u32, read: Vec<Outcome>) -> Result<(), ActionError> {
    for (page, outcome) in &read {
        if let Err(error) = outcome {
            tracing::warn!(%material, page, code = error.code(), %error, "a page could not be recognised");
        }
    }
    let stamp = context.stamp();
    let at = stamp.at;
    let write = move |tx: &mut WriteTx<'_>| {
        let Some(mut version) = store::versions::get(tx, material, number)? else { return Ok(()) };
        for (page, outcome) in &read {
            if let Some(old) = store::pages::get(tx, material, number, *page)?
                && old.scan == Some(Scan::Waiting)
            {
                let new = row(old.clone(), outcome);
                version.word_count = (version.word_count + new.word_count).saturating_sub(old.word_count);
                store::pages::put(tx, material, number, &new)?;
            }
        }
        advance(tx, &mut version)?;
        touch(tx, &version, at)
    };
    context.store.write("ocr.keep", stamp, write).await?;
    Ok(())
}

/// A page's row after an attempt; what little text it had of its own stays where nothing better was found.
fn row(old: PageRow, outcome: &Result<Page, ExtractError>) -> PageRow {
    match outcome {
        Ok(page) if page.blocks.is_empty() && old.word_count > 0 => PageRow { scan: Some(Scan::Read), ..old },
        Ok(page) => {
            let body = Body::Inline(page.blocks.clone());
            PageRow { label: old.label, ..PageRow::of(page, &page.text(), body) }
        }
        Err(error) => {
            let failed = Scan::Failed { code: error.code().to_owned(), message: error.message_vi() };
            PageRow { scan: Some(failed), ..old }
        }
    }
}

/// Sets how far a version has come by what its pages say.
pub(super) fn advance(tx: &WriteTx<'_>, version: &mut Version) -> Result<(), ActionError> {
    let scans: Vec<Scan> =
        store::pages::scans(tx, version.material, version.number)?.into_iter().map(|(_, scan)| scan).collect();
    version.extraction = match ended(&scans) {
        Extraction::NeedsOcr => {
            let done = scans.iter().filter(|scan| **scan != Scan::Waiting).count();
            let count = |pages: usize| u32::try_from(pages).unwrap_or(u32::MAX);
            Extraction::OcrUnderWay { done: count(done), of: count(scans.len()) }
        }
        end => {
            let found = store::materials::get(tx, version.material)?;
            if found.is_some_and(|found| found.public_version() == Some(version.number)) {
                describe(version, &store::pages::list(tx, version.material, version.number)?);
            }
            end
        }
    };
    Ok(())
}

/// What the pages of a version that are pictures say of all of it.
pub(super) fn ended(scans: &[Scan]) -> Extraction {
    if scans.contains(&Scan::Waiting) {
        return Extraction::NeedsOcr;
    }
    match scans.first() {
        Some(Scan::Failed { code, message }) if scans.iter().all(|scan| matches!(scan, Scan::Failed { .. })) => {
            Extraction::OcrFailed { code: code.clone(), message: message.clone() }
        }
        _ => Extraction::Done,
    }
}

/// What nobody said of a material, its recognised pages say; for a draft that is proposed instead.
fn describe(version: &mut Version, rows: &[PageRow]) {
    let told = &mut version.description;
    if told.title.is_empty()
        && let Some(heading) = rows.iter().find_map(|row| row.heading.clone())
    {
        told.title = heading;
    }
    if told.languages.is_empty() || told.languages == [Language::undetermined()] {
        let found = languages(rows);
        if !found.is_empty() {
            told.languages = found;
        }
    }
}

/// The languages of pages, the most used first; those of a few words are left out.
pub(in crate::actions) fn languages(rows: &[PageRow]) -> Vec<Language> {
    let mut words: BTreeMap<&Language, u32> = BTreeMap::new();
    for row in rows {
        if let Some(language) = &row.language {
            *words.entry(language).or_default() += row.word_count;
        }
    }
    let all: u32 = words.values().sum();
    let mut ranked: Vec<_> = words.into_iter().filter(|(_, count)| count.saturating_mul(10) >= all).collect();
    ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    ranked.into_iter().map(|(language, _)| language.clone()).collect()
}

/// Writes a version whose pages changed, so that the index follows.
pub(super) fn touch(tx: &mut WriteTx<'_>, version: &Version, at: DateTime<Utc>) -> Result<(), ActionError> {
    store::versions::put(tx, version)?;
    if let Some(mut material) = store::materials::get(tx, version.material)? {
        material.changed_at = at;
        store::materials::put(tx, &material)?;
        tx.record_at(&material.organisation, "material", material.id.to_string(), &["pages", "extraction"]);
    }
    Ok(())
}

/// Tells readers that a job was given up; an operator who starts the program again takes it up.
pub(in crate::actions) fn give_up(tx: &mut WriteTx<'_>, work: &Work, at: DateTime<Utc>) -> Result<(), ActionError> {
    let Work::Ocr { material, version } = *work else { return Ok(()) };
    let Some(mut version) = store::versions::get(tx, material, version)? else { return Ok(()) };
    if version.extraction.awaits_ocr() {
        let message = "Máy chủ chưa nhận dạng được chữ của bản quét sau nhiều lần thử; người quản trị cần kiểm tra.";
        version.extraction = Extraction::OcrFailed { code: "ocr-parked".to_owned(), message: message.to_owned() };
        touch(tx, &version, at)?;
    }
    Ok(())
}
