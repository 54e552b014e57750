//! Speakers: who teaches at meetings, from an agency or on their own.

use crate::domain::id::{AreaId, OrganisationId, SpeakerId, TopicId};
use serde::{Deserialize, Serialize};

/// Someone who teaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    pub id: SpeakerId,
    pub name: String,
    /// Whose roster it is: the person's agency, or the commune or centre that entered an elder or a retired person.
    pub organisation: OrganisationId,
    /// Speaks for the organisation, which is named beside the speaker; else the organisation only keeps the entry.
    #[serde(default)]
    pub belongs: bool,
    /// What they are, such as `Kỹ sư trồng trọt`.
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub topics: Vec<TopicId>,
    /// Where they go; everywhere in the province when empty.
    #[serde(default)]
    pub areas: Vec<AreaId>,
    /// For staff alone.
    #[serde(default)]
    pub phone: String,
    #[serde(default)]
    pub retired: bool,
}
