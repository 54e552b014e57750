//! Which version of a material is read, and by whom.

use crate::actions::ActionError;
use crate::actions::cards::public_rows;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::MaterialId;
use crate::domain::material::{Material, Version};
use crate::domain::permission::{Object, Verb, may};
use crate::store::{self, ReadTx};

/// A version as somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// The one that the public sees.
    Public,
    /// An old one that the public may still read.
    Old(u32),
    /// Any, the latest where none is named, as staff see it before it is published.
    Staff(Box<Actor>, Option<u32>),
}

impl Which {
    /// A version for staff.
    pub fn staff(actor: &Actor, number: u32) -> Self {
        Self::Staff(Box::new(actor.clone()), Some(number))
    }

    /// The latest version, for staff.
    pub fn latest(actor: &Actor) -> Self {
        Self::Staff(Box::new(actor.clone()), None)
    }

    /// The rows of the version, when there is one and it may be read.
    pub(super) fn rows(
        &self,
        tx: &dyn ReadTx,
        id: MaterialId,
        catalogue: &Catalogue,
    ) -> Result<Option<(Material, Version)>, ActionError> {
        if *self == Self::Public {
            return public_rows(tx, id);
        }
        let Some(material) = store::materials::get(tx, id)? else { return Ok(None) };
        let number = match self {
            Self::Public => return Ok(None),
            Self::Old(number) | Self::Staff(_, Some(number)) => *number,
            Self::Staff(_, None) => material.latest_version,
        };
        let Some(version) = store::versions::get(tx, id, number)? else { return Ok(None) };
        let is_allowed = match self {
            Self::Public => false,
            Self::Old(_) => is_readable(&material, &version),
            Self::Staff(actor, _) => may(actor, Verb::ReadUnpublished, &Object::of(catalogue, &material.organisation)),
        };
        Ok(is_allowed.then_some((material, version)))
    }
}

/// Whether the public may read a version that is not the public one: a marked one that came before it, while the
/// material itself is public.
pub(super) fn is_readable(material: &Material, version: &Version) -> bool {
    version.stays_readable && material.public_version().is_some_and(|public| version.number < public)
}

/// The old versions that the public may read, the latest first.
pub(super) fn readable(tx: &dyn ReadTx, material: &Material) -> Result<Vec<u32>, ActionError> {
    if material.public_version().is_none_or(|public| public < 2) {
        return Ok(Vec::new());
    }
    let all = store::versions::list(tx, material.id)?;
    let marked = all.iter().rev().filter(|version| is_readable(material, version));
    Ok(marked.map(|version| version.number).collect())
}
