//! Handing out originals.

use crate::actions::cards::public_rows;
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::file::File;
use crate::domain::id::FileId;
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
