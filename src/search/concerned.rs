//! Which materials a change of the catalogue concerns: those that are found under something else than before.

use super::map;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, OrganisationId, TopicId};
use crate::domain::material::{Material, Version};
use std::collections::BTreeSet;

/// The topics, organisations and areas whose materials are found under something else than before.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Concerned {
    topics: BTreeSet<TopicId>,
    organisations: BTreeSet<OrganisationId>,
    areas: BTreeSet<AreaId>,
}

impl Concerned {
    /// Compares two states of the catalogue. Names concern nothing: the index holds ids.
    pub fn between(old: &Catalogue, new: &Catalogue) -> Self {
        let both = [old, new];
        let topics: BTreeSet<_> = both.into_iter().flat_map(|c| c.topic_rows().map(|topic| &topic.id)).collect();
        let organisations: BTreeSet<_> = both.into_iter().flat_map(|c| c.organisations().map(|one| &one.id)).collect();
        let areas: BTreeSet<_> = both.into_iter().flat_map(|c| c.areas().map(|area| &area.id)).collect();
        let is_other_area = |id: &&AreaId| {
            let named = [(*id).clone()];
            map::areas(old, &named) != map::areas(new, &named)
        };
        Self {
            topics: topics.into_iter().filter(|id| old.topic_id(id) != new.topic_id(id)).cloned().collect(),
            organisations: organisations
                .into_iter()
                .filter(|id| old.organisation_lineage(id) != new.organisation_lineage(id))
                .cloned()
                .collect(),
            areas: areas.into_iter().filter(is_other_area).cloned().collect(),
        }
    }

    /// Whether no material can be concerned.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a material is concerned.
    pub fn touch(&self, material: &Material, version: &Version) -> bool {
        let description = &version.description;
        self.organisations.contains(&material.organisation)
            || description.topics.iter().any(|id| self.topics.contains(id))
            || description.areas.iter().any(|id| self.areas.contains(id))
    }
}
