//! Pages of materials: putting their text right, and showing their pictures.

use crate::actions::cards::public_rows;
use crate::actions::error::Noun;
use crate::actions::extraction::ocr;
use crate::actions::{ActionError, Context};
use crate::domain::file::File;
use crate::domain::id::{BlobHash, MaterialId};
use crate::domain::page::{Origin, Scan};
use crate::extract::{self, ExtractError, Input};
use crate::store::pages::images::{PageImage, PageImageRow};
use crate::store::pages::{Body, PageRow};
use crate::store::{self, ReadTx, WriteTx};

/// The most characters that a person may put on a page: ten times what a full one has.
pub const MAX_PAGE_CHARS: usize = 50_000;

/// Puts the text of a page of a material's latest version right; blank lines part paragraphs.
///
/// The page stays as it is put when the version is read again. Its picture, where it has one, stays beside it.
///
/// # Errors
/// `NotFound` for an unknown material or page, `Invalid` for text that is too long.
pub async fn correct(context: &Context, material: MaterialId, number: u32, text: &str) -> Result<(), ActionError> {
    if text.chars().count() > MAX_PAGE_CHARS {
        let reason = format!("Trang có quá nhiều chữ; tối đa {MAX_PAGE_CHARS} ký tự.");
        return Err(ActionError::Invalid { field: "text", code: "page-text-too-long", reason });
    }
    let Some(mut page) = extract::given_pages([(None, None, text.to_owned())]).pop() else { return Ok(()) };
    page.number = number;
    page.origin = Origin::Corrected;
    let row = PageRow::of(&page, &page.text(), Body::Inline(page.blocks.clone()));
    let stamp = context.stamp();
    let at = stamp.at;
    let write = move |tx: &mut WriteTx<'_>| {
        let missing = || ActionError::NotFound { noun: Noun::Material, id: material.to_string() };
        let latest = store::materials::get(tx, material)?.ok_or_else(missing)?.latest_version;
        let mut version = store::versions::get(tx, material, latest)?.ok_or_else(missing)?;
        let old = store::pages::get(tx, material, latest, number)?;
        let old = old.ok_or_else(|| ActionError::NotFound { noun: Noun::Page, id: number.to_string() })?;
        let words = row.word_count;
        let scan = old.scan.map(|_| Scan::Read);
        store::pages::put(tx, material, latest, &PageRow { heading: old.heading, label: old.label, scan, ..row })?;
        version.word_count = (version.word_count + words).saturating_sub(old.word_count);
        if version.extraction.awaits_ocr() {
            ocr::advance(tx, &mut version)?;
        }
        ocr::touch(tx, &version, at)
    };
    context.store.write("page.correct", stamp, write).await?;
    Ok(())
}

/// The picture of a page, ready to be sent.
#[derive(Debug)]
pub struct OpenImage {
    pub blob: BlobHash,
    pub size_bytes: u64,
    pub content: tokio::fs::File,
}

/// The media type of every picture of a page.
pub const IMAGE_TYPE: &str = "image/jpeg";

/// Opens the picture of a page of a published material; the first who asks has it drawn.
///
/// # Errors
/// `NotFound` when there is no such page, or it is no picture, or cannot be drawn.
pub async fn image(context: &Context, material: MaterialId, number: u32) -> Result<OpenImage, ActionError> {
    let sought = seek(context, material, number).await?;
    let kept = match sought.row {
        Some(row) => row,
        // A task of its own, so that a reader who goes away does not make the next one begin anew.
        None => tokio::spawn(draw(context.clone(), sought.file, number)).await??,
    };
    let image = kept.image.ok_or_else(|| missing(number))?;
    let content = context.blobs.open_file(&image.blob).await?;
    Ok(OpenImage { blob: image.blob, size_bytes: image.size_bytes, content })
}

struct Sought {
    file: File,
    row: Option<PageImageRow>,
}

fn missing(number: u32) -> ActionError {
    ActionError::NotFound { noun: Noun::PageImage, id: number.to_string() }
}

async fn seek(context: &Context, material: MaterialId, number: u32) -> Result<Sought, ActionError> {
    let read = move |tx: &dyn ReadTx| {
        let Some((_, version)) = public_rows(tx, material)? else { return Ok(None) };
        let page = store::pages::get(tx, material, version.number, number)?;
        let file = store::files::list(tx, material, version.number)?.into_iter().next();
        let Some(file) = file.filter(|_| page.is_some_and(|page| page.scan.is_some())) else { return Ok(None) };
        let row = store::pages::images::get(tx, material, version.number, number)?;
        Ok::<_, ActionError>(Some(Sought { file, row }))
    };
    context.store.read("page.image", read).await?.ok_or_else(|| missing(number))
}

/// Draws a page and keeps its picture, or that it has none.
async fn draw(context: Context, file: File, number: u32) -> Result<PageImageRow, ActionError> {
    let _turn = context.drawing.acquire().await.map_err(ActionError::internal)?;
    let (material, version) = (file.material, file.version);
    let known =
        move |tx: &dyn ReadTx| store::pages::images::get(tx, material, version, number).map_err(ActionError::from);
    if let Some(row) = context.store.read("page.image", known).await? {
        // Somebody else had it drawn while this one waited.
        return Ok(row);
    }
    let content = context.blobs.open_file(&file.blob).await?.into_std().await;
    let input = Input { content, size_bytes: file.size_bytes, name: &file.name };
    let image = match context.extractor.page_image(input, number).await {
        Ok((drawn, bytes)) => {
            let blobs = context.blobs.clone();
            let stored = tokio::task::spawn_blocking(move || blobs.put_bytes(&bytes)).await??;
            let (width, height) = (drawn.width, drawn.height);
            Some(PageImage { blob: stored.hash, size_bytes: stored.size_bytes, width, height })
        }
        Err(error) if error.is_transient() => return Err(ActionError::internal(error)),
        Err(error) => {
            log_undrawn(&file, number, &error);
            None
        }
    };
    let row = PageImageRow { image };
    let written = row.clone();
    let write = move |tx: &mut WriteTx<'_>| {
        // A version that was taken away meanwhile keeps no pictures.
        if store::versions::get(tx, material, version)?.is_some() {
            store::pages::images::put(tx, material, version, number, &written)?;
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("page.draw", context.stamp(), write).await?;
    Ok(row)
}

fn log_undrawn(file: &File, page: u32, error: &ExtractError) {
    tracing::warn!(material = %file.material, page, code = error.code(), %error, "a page could not be drawn");
}
