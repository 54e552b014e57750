//! Handing out originals, and the captions beside them.

use crate::actions::error::Noun;
use crate::actions::materials::read_page;
use crate::actions::versions::Which;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::file::File;
use crate::domain::id::{FileId, MaterialId};
use crate::domain::material::Version;
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

/// All that is said in the recording of a version that the actor may read, in its order; the public one where none is
/// named.
///
/// # Errors
/// `NotFound` when there is no such version, the actor may not read it, or its text has no moments.
pub async fn captions(
    context: &Context,
    actor: &Actor,
    id: MaterialId,
    number: Option<u32>,
) -> Result<Vec<Block>, ActionError> {
    let (catalogue, actor) = (context.catalogue(), actor.clone());
    let rows = context.store.read("file.captions", move |tx| {
        let others = number.map(|number| [Which::Old(number), Which::staff(&actor, number)]);
        let all = std::iter::once(Which::Public).chain(others.into_iter().flatten());
        let mut found = None;
        for which in all {
            let rows = which.rows(tx, id, &catalogue)?;
            let is_wanted = |version: &Version| number.is_none_or(|number| version.number == number);
            found = found.or(rows.map(|(_, version)| version).filter(is_wanted));
        }
        let Some(version) = found else { return Ok(None) };
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
