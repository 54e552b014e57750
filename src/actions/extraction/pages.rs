//! Pages of materials: putting their text right, and showing their pictures.

use crate::actions::cards::public_rows;
use crate::actions::error::Noun;
use crate::actions::extraction::ocr;
use crate::actions::materials::read_page;
use crate::actions::review::name_of_version;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::alteration::Alteration;
use crate::domain::catalogue::Catalogue;
use crate::domain::file::File;
use crate::domain::id::{BlobHash, MaterialId};
use crate::domain::material::{Material, Version};
use crate::domain::page::{Block, Page, Scan, typed};
use crate::domain::permission::{Object, Verb, may};
use crate::domain::review;
use crate::extract::{self, ExtractError, Input};
use crate::store::pages::images::{PageImage, PageImageRow};
use crate::store::pages::{Body, PageRow};
use crate::store::{self, ReadTx, WriteTx};

/// The most characters that a person may put on a page: ten times what a full one has.
pub const MAX_PAGE_CHARS: usize = 50_000;

/// A page as those see it who may put it right.
#[derive(Debug, Clone)]
pub struct Work {
    pub material: MaterialId,
    pub title: String,
    pub version: u32,
    /// Whether the public sees this version.
    pub is_public: bool,
    pub page: Page,
    pub page_count: u32,
    /// The page's text as a person types it.
    pub text: String,
    /// Tells this text from what another person may have made of it meanwhile.
    pub seen: String,
    /// The next page, counted on from the last to the first, that a machine read without being sure, or could not read.
    pub next_doubtful: Option<u32>,
    row: PageRow,
}

/// What a person put right.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The version whose page was shown.
    pub version: u32,
    /// What [`Work::seen`] was.
    pub seen: String,
    /// The new text, as [`typed`] says.
    pub text: String,
}

/// The rows behind a page at work.
struct Rows {
    version: Version,
    title: String,
    is_public: bool,
    row: PageRow,
    next_doubtful: Option<u32>,
}

/// Whether the actor may put the pages of a material's latest version right.
///
/// # Errors
/// When the store fails.
pub async fn may_correct(context: &Context, actor: &Actor, id: MaterialId) -> Result<bool, ActionError> {
    let (by, catalogue) = (actor.clone(), context.catalogue());
    let read = move |tx: &dyn ReadTx| {
        let material = store::materials::get(tx, id)?;
        Ok::<_, ActionError>(material.is_some_and(|material| {
            review::may_correct(&by, &material, &Object::of(&catalogue, &material.organisation))
        }))
    };
    context.store.read("page.may-correct", read).await
}

/// Shows a page of a material's latest version to someone who may put it right.
///
/// # Errors
/// `NotFound` for a material or page that is not there or may not be seen, `Forbidden` for one that may only be seen,
/// `Invalid` for an author's that is no draft any more.
pub async fn show(context: &Context, actor: &Actor, material: MaterialId, number: u32) -> Result<Work, ActionError> {
    let (by, catalogue) = (actor.clone(), context.catalogue());
    let read = move |tx: &dyn ReadTx| rows(tx, (&by, &catalogue), material, number);
    let Rows { version, title, is_public, row, next_doubtful } = context.store.read("page.work", read).await?;
    let (reader, of, read) = (context.clone(), version.clone(), row.clone());
    let page = tokio::task::spawn_blocking(move || read_page(&reader, &of, read)).await??;
    let text = typed::write(&page.blocks);
    Ok(Work {
        material,
        title,
        version: version.number,
        is_public,
        page_count: version.page_count,
        seen: seen(&text),
        text,
        page,
        next_doubtful,
        row,
    })
}

fn seen(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().chars().take(16).collect()
}

/// The latest version of a material, when the actor may put it right as it stands.
fn correctable(
    tx: &dyn ReadTx,
    (actor, catalogue): (&Actor, &Catalogue),
    id: MaterialId,
) -> Result<(Material, Version), ActionError> {
    let (material, version) = writable(tx, (actor, catalogue), id)?;
    if review::may_correct(actor, &material, &Object::of(catalogue, &material.organisation)) {
        return Ok((material, version));
    }
    let reason = "Không sửa được chữ lúc này: học liệu đang chờ duyệt, hẹn ngày hoặc đã công bố. Hãy lấy lại để sửa, hoặc soạn phiên bản mới; người duyệt sửa được ngay.";
    Err(ActionError::invalid("material", "edit-impossible", reason))
}

/// The latest version of a material that the actor may write or decide upon.
fn writable(
    tx: &dyn ReadTx,
    (actor, catalogue): (&Actor, &Catalogue),
    id: MaterialId,
) -> Result<(Material, Version), ActionError> {
    let missing = || ActionError::NotFound { noun: Noun::Material, id: id.to_string() };
    let material = store::materials::get(tx, id)?.ok_or_else(missing)?;
    let object = Object::of(catalogue, &material.organisation);
    if !may(actor, Verb::Write, &object) && !may(actor, Verb::Review, &object) {
        let is_seen = material.public_version().is_some() || may(actor, Verb::ReadUnpublished, &object);
        return Err(if is_seen { ActionError::Forbidden } else { missing() });
    }
    let version = store::versions::get(tx, id, material.latest_version)?.ok_or_else(missing)?;
    Ok((material, version))
}

fn rows(tx: &dyn ReadTx, by: (&Actor, &Catalogue), id: MaterialId, number: u32) -> Result<Rows, ActionError> {
    let (material, version) = correctable(tx, by, id)?;
    let all = store::pages::list(tx, id, version.number)?;
    let is_doubtful = |row: &&PageRow| row.is_unsure() || matches!(row.scan, Some(Scan::Failed { .. }));
    let doubtful: Vec<u32> = all.iter().filter(is_doubtful).map(|row| row.number).collect();
    let next_doubtful = doubtful.iter().find(|other| **other > number).or_else(|| doubtful.first());
    let row = all.into_iter().find(|row| row.number == number);
    let row = row.ok_or_else(|| ActionError::NotFound { noun: Noun::Page, id: number.to_string() })?;
    let is_public = material.public_version() == Some(version.number);
    let title = name_of_version(tx, &version)?;
    Ok(Rows { version, title, is_public, row, next_doubtful: next_doubtful.copied().filter(|other| *other != number) })
}

/// Puts the text of a page of a material's latest version right.
///
/// The page stays as it is put when the version is read again. Its picture, where it has one, stays beside it.
///
/// # Errors
/// As [`show`]; `Invalid` for text that is too long, or when the page was changed since it was shown.
pub async fn correct(
    context: &Context,
    actor: &Actor,
    material: MaterialId,
    number: u32,
    told: Correction,
) -> Result<(), ActionError> {
    if told.text.chars().count() > MAX_PAGE_CHARS {
        let reason = format!("Trang có quá nhiều chữ; tối đa {MAX_PAGE_CHARS} ký tự.");
        return Err(ActionError::Invalid { field: "text", code: "page-text-too-long", reason });
    }
    let shown = show(context, actor, material, number).await?;
    if (shown.version, shown.seen.as_str()) != (told.version, told.seen.as_str()) {
        return Err(changed());
    }
    let page = extract::typed_page(number, &told.text);
    let row = PageRow::of(&page, &page.text(), Body::Inline(page.blocks.clone()));
    let stamp = context.stamp_by(actor);
    let (at, by, catalogue) = (stamp.at, actor.clone(), context.catalogue());
    let write = move |tx: &mut WriteTx<'_>| {
        let (found, mut version) = correctable(tx, (&by, &catalogue), material)?;
        let old = store::pages::get(tx, material, shown.version, number)?.filter(|_| version.number == shown.version);
        let old = old.filter(|old| *old == shown.row).ok_or_else(changed)?;
        version.word_count = (version.word_count + row.word_count).saturating_sub(old.word_count);
        store::pages::put(tx, material, version.number, &corrected(&row, old, &shown.page))?;
        version.decodings = store::pages::decodings(&store::pages::list(tx, material, version.number)?);
        if version.extraction.awaits_ocr() {
            ocr::advance(tx, &mut version)?;
        }
        // The text of a draft may name people: the trail knows only which page changed.
        let told = Alteration::untold("page", Some(number));
        store::alterations::note(tx, (store::log::subject::MATERIAL, &found.id.to_string()), vec![told])?;
        ocr::touch(tx, &version, at)
    };
    context.store.write("page.correct", stamp, write).await?;
    Ok(())
}

fn changed() -> ActionError {
    let reason =
        "Người khác hoặc máy vừa thay chữ của trang này. Chữ bạn gõ còn ở dưới; lưu lần nữa sẽ thay chữ của họ.";
    ActionError::invalid("seen", "page-changed", reason)
}

/// The row of a page that was put right: what was not typed stays as it was.
fn corrected(new: &PageRow, old: PageRow, shown: &Page) -> PageRow {
    // A name that stood in the text goes when the text has another; one that the file gave beside it stays.
    let in_text =
        |name: &String| shown.blocks.iter().any(|block| matches!(block, Block::Heading { text, .. } if text == name));
    let heading = new.heading.clone().or_else(|| old.heading.filter(|name| !in_text(name)));
    let scan = old.scan.map(|_| Scan::Read);
    PageRow { heading, label: old.label, scan, ..new.clone() }
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
    let read = move |tx: &dyn ReadTx| {
        let version = public_rows(tx, material)?.map(|(_, version)| version);
        version.map_or(Ok(None), |version| seek(tx, &version, number))
    };
    open_image(context, context.store.read("page.image", read).await?, number).await
}

/// The same of the latest version, for someone who may put the page right.
///
/// # Errors
/// As [`image()`] and [`show`].
pub async fn image_at_work(
    context: &Context,
    actor: &Actor,
    material: MaterialId,
    number: u32,
) -> Result<OpenImage, ActionError> {
    let (by, catalogue) = (actor.clone(), context.catalogue());
    let read = move |tx: &dyn ReadTx| seek(tx, &writable(tx, (&by, &catalogue), material)?.1, number);
    open_image(context, context.store.read("page.image", read).await?, number).await
}

async fn open_image(context: &Context, sought: Option<Sought>, number: u32) -> Result<OpenImage, ActionError> {
    let sought = sought.ok_or_else(|| missing(number))?;
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

fn seek(tx: &dyn ReadTx, version: &Version, number: u32) -> Result<Option<Sought>, ActionError> {
    let page = store::pages::get(tx, version.material, version.number, number)?;
    let file = super::source(store::files::list(tx, version.material, version.number)?);
    let Some(file) = file.filter(|_| page.is_some_and(|page| page.scan.is_some())) else { return Ok(None) };
    let row = store::pages::images::get(tx, version.material, version.number, number)?;
    Ok(Some(Sought { file, row }))
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
