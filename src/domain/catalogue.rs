//! The small nouns together (topics, organisations, areas) with the questions that need all of them.

use crate::domain::area::{Area, AreaEvent, AreaLevel};
use crate::domain::id::{AreaId, OrganisationId, TopicId};
use crate::domain::organisation::{Organisation, OrganisationEvent, OrganisationEventKind};
use crate::domain::topic::Topic;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A consistent copy of all topics, organisations and areas.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    topics: BTreeMap<TopicId, Topic>,
    organisations: BTreeMap<OrganisationId, Organisation>,
    organisation_events: Vec<OrganisationEvent>,
    areas: BTreeMap<AreaId, Area>,
    area_events: Vec<AreaEvent>,
}

impl Catalogue {
    /// Puts topics in.
    #[must_use]
    pub fn with_topics(mut self, topics: Vec<Topic>) -> Self {
        self.topics = topics.into_iter().map(|topic| (topic.id.clone(), topic)).collect();
        self
    }

    /// Puts organisations and what happened to them in.
    #[must_use]
    pub fn with_organisations(mut self, all: Vec<Organisation>, events: Vec<OrganisationEvent>) -> Self {
        self.organisations = all.into_iter().map(|organisation| (organisation.id.clone(), organisation)).collect();
        self.organisation_events = events;
        self
    }

    /// Puts areas and what happened to them in.
    #[must_use]
    pub fn with_areas(mut self, all: Vec<Area>, events: Vec<AreaEvent>) -> Self {
        self.areas = all.into_iter().map(|area| (area.id.clone(), area)).collect();
        self.area_events = events;
        self
    }

    /// The topic with an id, or the one that took its place.
    pub fn topic(&self, id: &TopicId) -> Option<&Topic> {
        let mut found = self.topics.get(id)?;
        // As many steps as there are topics come to an end, even if rows led in a circle.
        for _ in 0..self.topics.len() {
            match &found.forward {
                None => return Some(found),
                Some(next) => found = self.topics.get(next)?,
            }
        }
        None
    }

    /// The row under an id, which may lead to another.
    pub fn topic_row(&self, id: &TopicId) -> Option<&Topic> {
        self.topics.get(id)
    }

    /// Every row, those that lead to others included.
    pub fn topic_rows(&self) -> impl Iterator<Item = &Topic> {
        self.topics.values()
    }

    /// The id under which a topic is found now; itself where nothing is known of it.
    pub fn topic_id(&self, id: &TopicId) -> TopicId {
        self.topic(id).map_or_else(|| id.clone(), |topic| topic.id.clone())
    }

    /// The topics directly below `parent`, or the first level, in their order.
    pub fn topics_below(&self, parent: Option<&TopicId>) -> Vec<&Topic> {
        let is_child = |topic: &&Topic| topic.forward.is_none() && topic.id.parent().as_ref() == parent;
        let mut found: Vec<&Topic> = self.topics.values().filter(is_child).collect();
        found.sort_by_key(|topic| topic.order);
        found
    }

    /// The organisation with an id.
    pub fn organisation(&self, id: &OrganisationId) -> Option<&Organisation> {
        self.organisations.get(id)
    }

    /// All organisations by id.
    pub fn organisations(&self) -> impl Iterator<Item = &Organisation> {
        self.organisations.values()
    }

    /// All that happened to organisations, as entered.
    pub fn organisation_events(&self) -> &[OrganisationEvent] {
        &self.organisation_events
    }

    /// What happened to areas.
    pub fn area_events(&self) -> &[AreaEvent] {
        &self.area_events
    }

    /// The bodies that carry on an ended organisation's work, one step ahead; functions that moved alone count too.
    pub fn organisation_successors(&self, id: &OrganisationId) -> Vec<&Organisation> {
        let next = self.organisation_events.iter().filter(|event| event.from.contains(id)).flat_map(|event| &event.to);
        distinct(next).filter(|other| *other != id).filter_map(|other| self.organisations.get(other)).collect()
    }

    /// The bodies whose work an organisation carries on, one step back.
    pub fn organisation_predecessors(&self, id: &OrganisationId) -> Vec<&Organisation> {
        let past = self.organisation_events.iter().filter(|event| event.to.contains(id)).flat_map(|event| &event.from);
        distinct(past).filter(|other| *other != id).filter_map(|other| self.organisations.get(other)).collect()
    }

    /// The bodies directly under an organisation.
    pub fn sub_organisations(&self, id: &OrganisationId) -> Vec<&Organisation> {
        self.organisations.values().filter(|other| other.parent.as_ref() == Some(id)).collect()
    }

    /// Every organisation under whose name a material of `id` is found: itself, all that succeeded it as a whole, and
    /// the parents of those.
    pub fn organisation_lineage(&self, id: &OrganisationId) -> BTreeSet<OrganisationId> {
        let mut found = BTreeSet::new();
        let mut open = vec![id.clone()];
        while let Some(current) = open.pop() {
            if !found.insert(current.clone()) {
                continue;
            }
            open.extend(self.organisations.get(&current).and_then(|organisation| organisation.parent.clone()));
            let whole = self
                .organisation_events
                .iter()
                .filter(|event| event.kind != OrganisationEventKind::TransferFunction && event.from.contains(&current));
            open.extend(whole.flat_map(|event| event.to.iter().cloned()));
        }
        found
    }

    /// An organisation and all that carried on its work as a whole, however many steps ahead.
    pub fn organisation_heirs(&self, id: &OrganisationId) -> BTreeSet<OrganisationId> {
        let mut found = BTreeSet::new();
        let mut open = vec![id.clone()];
        while let Some(current) = open.pop() {
            if found.insert(current.clone()) {
                open.extend(self.whole_successors(&current).cloned());
            }
        }
        found
    }

    /// The bodies in being that carry on an ended organisation's work as a whole, however many steps ahead.
    pub fn organisation_successors_today(&self, id: &OrganisationId) -> Vec<OrganisationId> {
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        let mut open = vec![id.clone()];
        while let Some(current) = open.pop() {
            if !seen.insert(current.clone()) {
                continue;
            }
            let ended = self.organisations.get(&current).is_none_or(|organisation| organisation.ended_on.is_some());
            if ended {
                open.extend(self.whole_successors(&current).cloned());
            } else {
                found.push(current);
            }
        }
        found
    }

    fn whole_successors<'a>(&'a self, id: &'a OrganisationId) -> impl Iterator<Item = &'a OrganisationId> {
        let whole = move |event: &&OrganisationEvent| {
            event.kind != OrganisationEventKind::TransferFunction && event.from.contains(id)
        };
        self.organisation_events.iter().filter(whole).flat_map(|event| &event.to)
    }

    /// The area with an id.
    pub fn area(&self, id: &AreaId) -> Option<&Area> {
        self.areas.get(id)
    }

    /// All areas by id.
    pub fn areas(&self) -> impl Iterator<Item = &Area> {
        self.areas.values()
    }

    /// The areas directly below `parent` that exist on `day`.
    pub fn areas_below(&self, parent: &AreaId, day: NaiveDate) -> Vec<&Area> {
        let is_child = |area: &&Area| area.parent.as_ref() == Some(parent) && area.exists_on(day);
        self.areas.values().filter(is_child).collect()
    }

    /// The areas that an ended area became part of.
    pub fn area_successors(&self, id: &AreaId) -> Vec<&Area> {
        let next = self.area_events.iter().filter(|event| event.from.contains(id)).flat_map(|event| &event.to);
        distinct(next).filter(|other| *other != id).filter_map(|other| self.areas.get(other)).collect()
    }

    /// The former areas that were merged into an area.
    pub fn area_predecessors(&self, id: &AreaId) -> Vec<&Area> {
        let past = self.area_events.iter().filter(|event| event.to.contains(id)).flat_map(|event| &event.from);
        distinct(past).filter(|other| *other != id).filter_map(|other| self.areas.get(other)).collect()
    }

    /// The areas in being that cover what an area was, however many steps ahead: itself while it exists. A former
    /// district or province is covered by what its parts have become, never by something wider than it was.
    pub fn areas_today(&self, id: &AreaId) -> BTreeSet<AreaId> {
        let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![id.clone()];
        while let Some(area) = open.pop().and_then(|id| self.areas.get(&id)) {
            if area.valid_to.is_none() {
                found.insert(area.id.clone());
            } else if seen.insert(&area.id) {
                let had_parts = matches!(area.level, AreaLevel::Province | AreaLevel::District);
                let parts = self.areas.values().filter(|part| had_parts && part.parent.as_ref() == Some(&area.id));
                let parts: Vec<AreaId> = parts.map(|part| part.id.clone()).collect();
                let next = self.area_successors(&area.id).into_iter().map(|area| area.id.clone());
                open.extend(if parts.is_empty() { next.collect() } else { parts });
            }
        }
        found
    }

    /// Every area under which a material about `id` is found: itself, its successors, and the parents of those.
    pub fn area_lineage(&self, id: &AreaId) -> BTreeSet<AreaId> {
        let mut found = BTreeSet::new();
        let mut open = vec![id.clone()];
        while let Some(current) = open.pop() {
            if !found.insert(current.clone()) {
                continue;
            }
            open.extend(self.areas.get(&current).and_then(|area| area.parent.clone()));
            open.extend(self.area_successors(&current).into_iter().map(|area| area.id.clone()));
        }
        found
    }
}

fn distinct<'a, T: Ord + 'a>(items: impl Iterator<Item = &'a T>) -> impl Iterator<Item = &'a T> {
    items.collect::<BTreeSet<&T>>().into_iter()
}
