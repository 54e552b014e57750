//! Handing out originals.

use crate::actions::cards::public_rows;
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::file::File;
use crate::domain::id::FileId;
use crate::store;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// An original, ready to be read from any place.
#[derive(Debug)]
pub struct OpenFile {
    pub file: File,
    pub content: tokio::fs::File,
    /// A text whose beginning is UTF-8; of other texts nothing is said.
    pub is_utf8: bool,
}

/// So many bytes of a text tell whether it is UTF-8.
const LOOKED_AT_BYTES: u64 = 64 << 10;

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
    let mut content = context.blobs.open_file(&file.blob).await?;
    let is_utf8 = file.media_type.starts_with("text/") && begins_in_utf8(&mut content).await?;
    Ok(OpenFile { file, content, is_utf8 })
}

/// Looks at the beginning of a file, and goes back to it. A sign cut in two at the end does not count.
async fn begins_in_utf8(content: &mut tokio::fs::File) -> std::io::Result<bool> {
    let mut head = Vec::new();
    content.take(LOOKED_AT_BYTES).read_to_end(&mut head).await?;
    content.rewind().await?;
    Ok(std::str::from_utf8(&head).err().is_none_or(|error| error.error_len().is_none()))
}
