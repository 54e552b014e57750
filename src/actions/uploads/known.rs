//! Whether a file is in the library already, as far as the actor may know.

use crate::actions::ActionError;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{BlobHash, MaterialId};
use crate::domain::permission::{Object, Verb, may};
use crate::store::{self, ReadTx};

/// A material that the actor may read and that has the very same file now, with its version; a public one first.
pub(in crate::actions) fn find(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    actor: &Actor,
    blob: &BlobHash,
) -> Result<Option<(MaterialId, u32)>, ActionError> {
    let mut hidden = None;
    for file in store::files::of_blob(tx, blob)? {
        let Some(material) = store::materials::get(tx, file.material)? else { continue };
        if material.public_version() == Some(file.version) {
            return Ok(Some((material.id, file.version)));
        }
        let object = Object::of(catalogue, &material.organisation);
        if material.latest_version == file.version && may(actor, Verb::ReadUnpublished, &object) {
            hidden = hidden.or(Some((material.id, file.version)));
        }
    }
    Ok(hidden)
}
