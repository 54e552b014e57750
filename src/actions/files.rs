//! Handing out originals.

use crate::actions::error::Noun;
use crate::actions::versions::Which;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::file::File;
use crate::domain::id::FileId;
use crate::store;

/// An original, ready to be read from any place.
#[derive(Debug)]
pub struct OpenFile {
    pub file: File,
    pub content: tokio::fs::File,
    /// Anyone may read it.
    pub is_public: bool,
}

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
    let content = context.blobs.open_file(&file.blob).await?;
    Ok(OpenFile { file, content, is_public })
}
