//! Handing out originals, and the captions beside them.

use crate::actions::cards::public_rows;
use crate::actions::error::Noun;
use crate::actions::materials::read_page;
use crate::actions::{ActionError, Context};
use crate::domain::file::File;
use crate::domain::id::{FileId, MaterialId};
use crate::domain::page::Block;
use crate::store;

/// An original, ready to be read from any place.
#[derive(Debug)]
pub struct OpenFile {
    pub file: File,
    pub content: tokio::fs::File,
}

/// Opens a file of a published material.
///
/// # Errors
/// `NotFound` when there is none, or its version is not the public one.
pub async fn open(context: &Context, id: FileId) -> Result<OpenFile, ActionError> {
    let file = context.store.read("file.open", move |tx| {
        let Some(file) = store::files::get(tx, id)? else { return Ok(None) };
        let public = public_rows(tx, file.material)?;
        Ok::<_, ActionError>(public.filter(|(_, version)| version.number == file.version).map(|_| file))
    });
    let missing = || ActionError::NotFound { noun: Noun::File, id: id.to_string() };
    let file = file.await?.ok_or_else(missing)?;
    let content = context.blobs.open_file(&file.blob).await?;
    Ok(OpenFile { file, content })
}

/// All that is said in the recording of a published material, in its order.
///
/// # Errors
/// `NotFound` when there is no such material, or its text has no moments.
pub async fn captions(context: &Context, id: MaterialId) -> Result<Vec<Block>, ActionError> {
    let rows = context.store.read("file.captions", move |tx| {
        let Some((_, version)) = public_rows(tx, id)? else { return Ok(None) };
        let pages = store::pages::list(tx, id, version.number)?;
        Ok::<_, ActionError>(Some((version, pages)))
    });
    let missing = || ActionError::NotFound { noun: Noun::File, id: id.to_string() };
    let (version, rows) = rows.await?.ok_or_else(missing)?;
    let reader = context.clone();
    let pages = tokio::task::spawn_blocking(move || {
        rows.into_iter().map(|row| read_page(&reader, &version, row)).collect::<Result<Vec<_>, ActionError>>()
    });
    let blocks: Vec<Block> = pages.await??.into_iter().flat_map(|page| page.blocks).collect();
    let has_moments = blocks.iter().any(|block| matches!(block, Block::Cue { .. }));
    if has_moments { Ok(blocks) } else { Err(missing()) }
}
