//! The way of a material from a draft to the public and back, as staff take it.
//!
//! Whether something is allowed is asked of `domain::permission` and `domain::review` here and nowhere else.

pub mod access;
pub mod alike;
pub mod describe;
mod desk;
pub mod history;
pub mod lists;
mod numbers;
mod perform;
mod told;
mod typed;

pub use desk::{Desk, Hint, Said, VersionLine, desk, note, remark};
pub use perform::{Seen, Wish, perform, publish_due};
pub(in crate::actions) use perform::{forget_due, send_to_review};
pub use told::Difference;
pub(in crate::actions) use told::altered;
pub use typed::{Typed, Wrong, accept};

use crate::actions::ActionError;
use crate::actions::error::Noun;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::material::{Material, Version};
use crate::domain::permission::{Object, Verb, may};
use crate::store::{self, ReadTx};

/// A material that an actor may see in any state, and what is asked about it; to others it is not there.
fn visible(
    tx: &dyn ReadTx,
    actor: &Actor,
    id: MaterialId,
    catalogue: &Catalogue,
) -> Result<(Material, Object), ActionError> {
    let missing = || ActionError::NotFound { noun: Noun::Material, id: id.to_string() };
    let material = store::materials::get(tx, id)?.ok_or_else(missing)?;
    let object = Object::of(catalogue, &material.organisation);
    if may(actor, Verb::ReadUnpublished, &object) { Ok((material, object)) } else { Err(missing()) }
}

/// What a version is called: its title, else its file's name, else the title that its text suggests; empty where nothing
/// of that is known.
pub(in crate::actions) fn name_of_version(tx: &dyn ReadTx, version: &Version) -> Result<String, ActionError> {
    if !version.description.title.is_empty() {
        return Ok(version.description.title.clone());
    }
    if let Some(file) = store::files::list(tx, version.material, version.number)?.into_iter().next() {
        return Ok(file.name);
    }
    let proposal = store::proposals::get(tx, version.material, version.number)?;
    Ok(proposal.and_then(|proposal| proposal.title).unwrap_or_default())
}

/// Whether an organisation, or one that carries on its work, may publish its own drafts without review.
pub(super) fn unreviewed(catalogue: &Catalogue, organisation: &OrganisationId) -> bool {
    let heirs = catalogue.organisation_heirs(organisation);
    heirs.iter().filter_map(|heir| catalogue.organisation(heir)).any(|heir| heir.publishes_unreviewed)
}
