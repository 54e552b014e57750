//! Whom to ring up after a storm day was entered: speakers, those who have the keys, those who are asked about a class.

use crate::actions::ActionError;
use crate::actions::schedule::desk::Desk;
use crate::domain::class::Class;
use crate::domain::meeting::{Meeting, Slot};
use crate::domain::storm::Storm;
use std::collections::BTreeMap;

/// As what someone is rung up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    Speaker,
    /// Has the key of the venue.
    Keeper,
    /// Is asked about the class.
    Contact,
}

/// Someone to ring up, once however many meetings are theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub role: Caller,
    pub name: String,
    /// As it was entered; empty where nobody knows it.
    pub phone: String,
    /// The meetings, as they were: when, and of which class.
    pub meetings: Vec<(Slot, String)>,
}

/// Everyone to ring up, speakers first.
pub(super) fn of(desk: &mut Desk<'_>, storm: &Storm) -> Result<Vec<Call>, ActionError> {
    let mut calls: BTreeMap<(Caller, String, String), Vec<(Slot, String)>> = BTreeMap::new();
    for change in &storm.changes {
        let meeting = &change.before;
        let Some(class) = desk.class(meeting.class)?.cloned() else { continue };
        // Those who are registered for a class are to join here.
        let people = speakers(desk, meeting)?.into_iter().chain(keeper(desk, meeting)?).chain(contact(&class));
        for key in people {
            calls.entry(key).or_default().push((meeting.slot, class.teaching.title.clone()));
        }
    }
    let call = |((role, name, phone), meetings)| Call { role, name, phone, meetings };
    Ok(calls.into_iter().map(call).collect())
}

type Person = (Caller, String, String);

fn speakers(desk: &mut Desk<'_>, meeting: &Meeting) -> Result<Vec<Person>, ActionError> {
    let mut found = Vec::new();
    for id in &meeting.speakers {
        let phone = desk.speaker(*id)?.map(|speaker| speaker.phone.clone()).unwrap_or_default();
        found.extend(desk.speaker_line(*id)?.map(|name| (Caller::Speaker, name, phone)));
    }
    Ok(found)
}

fn keeper(desk: &mut Desk<'_>, meeting: &Meeting) -> Result<Option<Person>, ActionError> {
    let Some(venue) = meeting.venue else { return Ok(None) };
    let venue = desk.venue(venue)?.filter(|venue| !venue.keeper.is_empty());
    Ok(venue.map(|venue| (Caller::Keeper, venue.name.clone(), venue.keeper.clone())))
}

fn contact(class: &Class) -> Option<Person> {
    let known = Some(class.contact.clone()).filter(|text| !text.is_empty());
    known.map(|phone| (Caller::Contact, class.teaching.title.clone(), phone))
}
