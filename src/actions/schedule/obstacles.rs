//! What stands in the way of meetings, over all centres, in words for those who plan them.

use super::desk::Desk;
use super::may_see;
use crate::actions::ActionError;
use crate::actions::cards::named_organisation;
use crate::domain::actor::Actor;
use crate::domain::id::{ClassId, MeetingId};
use crate::domain::meeting::{Clash, Meeting, Neighbour, clashes};
use crate::store::{self, meetings::Calendar};
use std::collections::BTreeSet;

/// Something that stands in a meeting's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    pub clash: Clash,
    /// The other class, as far as the actor may know of it; else whose it is.
    pub other: String,
    /// Where it can be looked at.
    pub class: Option<ClassId>,
    /// Who cannot be at both.
    pub speaker: Option<String>,
}

impl Obstacle {
    /// Whether the meeting may not be.
    pub const fn is_refused(&self) -> bool {
        self.clash.is_refused()
    }
}

/// What stands in a meeting's way; meetings in `passed_over` are about to change or go.
pub(super) fn of_meeting(
    desk: &mut Desk<'_>,
    actor: &Actor,
    meeting: &Meeting,
    passed_over: &BTreeSet<MeetingId>,
) -> Result<Vec<Obstacle>, ActionError> {
    let day = meeting.slot.day;
    let mut near = Vec::new();
    let rooms = meeting.venue.into_iter().map(Calendar::Venue);
    for calendar in rooms.chain(meeting.speakers.iter().map(|id| Calendar::Speaker(*id))) {
        near.extend(store::meetings::on(desk.tx, calendar, day)?);
    }
    near.sort_by_key(|other| other.id);
    near.dedup_by_key(|other| other.id);
    let mut neighbours = Vec::new();
    for other in near.into_iter().filter(|other| !passed_over.contains(&other.id)) {
        let place = desk.place(&other)?;
        neighbours.push(Neighbour { meeting: other, place });
    }
    let (blocks, shared) = match meeting.venue {
        Some(venue) => {
            let shared = desk.venue(venue)?.is_some_and(|venue| venue.shared);
            (store::venues::blocks(desk.tx, venue, (day, day))?, shared)
        }
        None => (Vec::new(), false),
    };
    let place = desk.place(meeting)?;
    let found = clashes((meeting, place), &neighbours, &blocks, shared);
    found.into_iter().map(|clash| told(desk, actor, clash)).collect()
}

/// A clash with what the actor may know of the other side.
fn told(desk: &mut Desk<'_>, actor: &Actor, clash: Clash) -> Result<Obstacle, ActionError> {
    let (class, speaker) = match &clash {
        Clash::Room { class, .. } => (Some(*class), None),
        Clash::Blocked { .. } => (None, None),
        Clash::Speaker { class, speaker, .. } | Clash::Travel { class, speaker, .. } => (Some(*class), Some(*speaker)),
    };
    let speaker = match speaker {
        Some(speaker) => desk.speaker(speaker)?.map(|speaker| speaker.name.clone()),
        None => None,
    };
    let (catalogue, today) = (desk.catalogue, desk.today);
    let other = match class {
        Some(id) => desk.class(id)?.cloned(),
        None => None,
    };
    let seen = other.as_ref().is_some_and(|other| other.is_public() || may_see(catalogue, actor, other));
    let name = other.as_ref().map_or_else(String::new, |other| {
        let centre = named_organisation(catalogue, &other.organisation, today).name;
        if seen {
            format!("“{}” của {centre}", other.teaching.title)
        } else {
            format!("một lớp của {centre}")
        }
    });
    Ok(Obstacle { clash, other: name, class: class.filter(|_| seen), speaker })
}
