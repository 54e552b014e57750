//! Rows read together in one transaction, each once, and what is shown of a meeting.

use crate::actions::ActionError;
use crate::actions::cards::named_organisation;
use crate::actions::materials::Named;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::id::{AreaId, ClassId, MeetingId, OrganisationId, SpeakerId, VenueId};
use crate::domain::meeting::{Meeting, MeetingState, Place, Slot};
use crate::domain::speaker::Speaker;
use crate::domain::venue::{Venue, VenueKind};
use crate::store::{self, ReadTx};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A venue as readers see it.
#[derive(Debug, Clone, PartialEq)]
pub struct VenueCard {
    pub id: VenueId,
    pub name: String,
    pub kind: VenueKind,
    pub address: String,
    pub area: String,
    pub place: Option<Place>,
    /// The place is that of the whole area.
    pub roughly: bool,
}

/// A meeting as readers see it.
#[derive(Debug, Clone, PartialEq)]
pub struct MeetingCard {
    pub id: MeetingId,
    pub class: ClassId,
    pub title: String,
    pub centre: Named<OrganisationId>,
    pub slot: Slot,
    pub state: MeetingState,
    pub venue: Option<VenueCard>,
    /// Each with the agency, where they speak for one.
    pub speakers: Vec<String>,
    pub reason: Option<String>,
    pub moved_from: Option<Slot>,
    pub sequence: u32,
}

impl MeetingCard {
    /// Whether it takes place, as far as is known.
    pub fn stands(&self) -> bool {
        self.state != MeetingState::Cancelled
    }
}

/// The rows of one transaction.
pub(super) struct Desk<'a> {
    pub(super) tx: &'a dyn ReadTx,
    pub(super) catalogue: &'a Catalogue,
    pub(super) today: NaiveDate,
    venues: BTreeMap<VenueId, Option<Venue>>,
    speakers: BTreeMap<SpeakerId, Option<Speaker>>,
    classes: BTreeMap<ClassId, Option<Class>>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(tx: &'a dyn ReadTx, catalogue: &'a Catalogue, today: NaiveDate) -> Self {
        let (venues, speakers, classes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { tx, catalogue, today, venues, speakers, classes }
    }

    pub(super) fn class(&mut self, id: ClassId) -> Result<Option<&Class>, ActionError> {
        if !self.classes.contains_key(&id) {
            self.classes.insert(id, store::classes::get(self.tx, id)?);
        }
        Ok(self.classes.get(&id).and_then(Option::as_ref))
    }

    pub(super) fn venue(&mut self, id: VenueId) -> Result<Option<&Venue>, ActionError> {
        if !self.venues.contains_key(&id) {
            self.venues.insert(id, store::venues::get(self.tx, id)?);
        }
        Ok(self.venues.get(&id).and_then(Option::as_ref))
    }

    pub(super) fn speaker(&mut self, id: SpeakerId) -> Result<Option<&Speaker>, ActionError> {
        if !self.speakers.contains_key(&id) {
            self.speakers.insert(id, store::speakers::get(self.tx, id)?);
        }
        Ok(self.speakers.get(&id).and_then(Option::as_ref))
    }

    /// A speaker's name, with the agency they speak for.
    pub(super) fn speaker_line(&mut self, id: SpeakerId) -> Result<Option<String>, ActionError> {
        let (catalogue, today) = (self.catalogue, self.today);
        let line = |speaker: &Speaker| {
            let agency = speaker.belongs.then(|| named_organisation(catalogue, &speaker.organisation, today).name);
            let about = [Some(speaker.title.clone()), agency].into_iter().flatten().filter(|text| !text.is_empty());
            let about: Vec<String> = about.collect();
            if about.is_empty() { speaker.name.clone() } else { format!("{} ({})", speaker.name, about.join(", ")) }
        };
        Ok(self.speaker(id)?.map(line))
    }

    /// Where an area lies.
    fn middle(&self, area: &AreaId) -> Option<Place> {
        let area = self.catalogue.area(area)?;
        area.latitude.zip(area.longitude)
    }

    pub(super) fn venue_card(&mut self, id: VenueId) -> Result<Option<VenueCard>, ActionError> {
        let Some(venue) = self.venue(id)?.cloned() else { return Ok(None) };
        let exact = venue.latitude.zip(venue.longitude);
        let area = self.catalogue.area(&venue.area).map(|area| area.full_name.clone()).unwrap_or_default();
        Ok(Some(VenueCard {
            id,
            place: exact.or_else(|| self.middle(&venue.area)),
            roughly: exact.is_none(),
            area,
            name: venue.name,
            kind: venue.kind,
            address: venue.address,
        }))
    }

    /// Where a meeting is on the map, as far as is known.
    pub(super) fn place(&mut self, meeting: &Meeting) -> Result<Option<Place>, ActionError> {
        match meeting.venue {
            Some(venue) => Ok(self.venue_card(venue)?.and_then(|venue| venue.place)),
            None => Ok(meeting.areas.iter().find_map(|area| self.middle(area))),
        }
    }

    /// What is shown of a meeting of a class.
    pub(super) fn card(&mut self, class: &Class, meeting: &Meeting) -> Result<MeetingCard, ActionError> {
        let venue = match meeting.venue {
            Some(venue) => self.venue_card(venue)?,
            None => None,
        };
        let mut speakers = Vec::new();
        for speaker in &meeting.speakers {
            speakers.extend(self.speaker_line(*speaker)?);
        }
        Ok(MeetingCard {
            id: meeting.id,
            class: class.id,
            title: class.teaching.title.clone(),
            centre: named_organisation(self.catalogue, &class.organisation, self.today),
            slot: meeting.slot,
            state: meeting.state,
            venue,
            speakers,
            reason: meeting.reason.clone(),
            moved_from: meeting
                .moved_from
                .as_ref()
                .map(|former| former.slot)
                .filter(|_| meeting.state == MeetingState::Moved),
            sequence: meeting.sequence,
        })
    }
}
