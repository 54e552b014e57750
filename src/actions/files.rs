//! Handing out originals, and the captions beside them.

use crate::actions::error::Noun;
use crate::actions::materials::read_page;
use crate::actions::versions::Which;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::file::File;
use crate::domain::id::{FileId, MaterialId};
use crate::domain::page::Block;
use crate::store;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// An original, ready to be read from any place.
#[derive(Debug)]
pub struct OpenFile {
    pub file: File,
    pub content: tokio::fs::File,
    /// A text whose beginning is UTF-8; of other texts nothing is said.
    pub is_utf8: bool,
    /// Anyone may read it.
    pub is_public: bool,
}

/// So many bytes of a text tell whether it is UTF-8.
const LOOKED_AT_BYTES: u64 = 64 << 10;

/// Opens a file that the actor may read: of the public version, of an old one that stays readable, or of any version
/// for those who may see what is not published.
///
/// # Errors
/// `NotFound` when there is none, or the actor may not read it.
pub async fn open(context: &Context, actor: &Actor, id: FileId) -> Result<OpenFile, ActionError> {
    let (catalogue, actor) = (context.catalogue(), actor.clone());
    let file = context.store.read("file.open", move |tx| {
        let Some(file) = store::files::get(tx, id)? else { return Ok(None) };
        for which in [Which::Public, Which::Old(file.version), Which::staff(&actor, file.version)] {
            let is_public = !matches!(which, Which::Staff(..));
            let rows = which.rows(tx, file.material, &catalogue)?;
            if rows.is_some_and(|(_, version)| version.number == file.version) {
                return Ok(Some((file, is_public)));
            }
        }
        Ok::<_, ActionError>(None)
    });
    let missing = || ActionError::NotFound { noun: Noun::File, id: id.to_string() };
    let (file, is_public) = file.await?.ok_or_else(missing)?;
    let mut content = context.blobs.open_file(&file.blob).await?;
    let is_utf8 = file.media_type.starts_with("text/") && begins_in_utf8(&mut content).await?;
    Ok(OpenFile { file, content, is_utf8, is_public })
}

/// Looks at the beginning of a file, and goes back to it. A sign cut in two at the end does not count.
async fn begins_in_utf8(content: &mut tokio::fs::File) -> std::io::Result<bool> {
    let mut head = Vec::new();
    content.take(LOOKED_AT_BYTES).read_to_end(&mut head).await?;
    content.rewind().await?;
    Ok(std::str::from_utf8(&head).err().is_none_or(|error| error.error_len().is_none()))
}

/// All that is said in the recording of a published material, in its order.
///
/// # Errors
/// `NotFound` when there is no such material, or its text has no moments.
pub async fn captions(context: &Context, id: MaterialId) -> Result<Vec<Block>, ActionError> {
    let catalogue = context.catalogue();
    let rows = context.store.read("file.captions", move |tx| {
        let Some((_, version)) = Which::Public.rows(tx, id, &catalogue)? else { return Ok(None) };
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
