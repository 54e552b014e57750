//! Who could come: the roster of the one asked, with what each has promised elsewhere and the ways between.

use super::ask::near;
use super::seen;
use crate::actions::cards::named_organisation;
use crate::actions::schedule::desk::Desk;
use crate::actions::schedule::obstacles::{self, Obstacle};
use crate::actions::schedule::{areas_around, may_see};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, ClassId, MeetingId, OrganisationId, RequestId, SpeakerId, TopicId};
use crate::domain::meeting::{Meeting, MeetingState, Slot};
use crate::domain::request::SpeakerRequest;
use crate::domain::speaker::Speaker;
use crate::search::fold;
use crate::store::meetings::Calendar;
use crate::store::{self, ReadTx};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeSet;

/// So many days around the wanted ones are looked at, too.
const DAYS_AROUND: i64 = 1;
/// The most that is shown of what someone has promised.
const MAX_BOOKINGS: usize = 30;

/// Something that a person has promised.
#[derive(Debug, Clone, PartialEq)]
pub struct Booking {
    pub slot: Slot,
    /// The class and its centre, as far as the actor may know of it.
    pub what: String,
    pub class: Option<ClassId>,
    /// Where it is; may be empty.
    pub place: String,
    /// It is at the same time as a wanted date.
    pub at_once: bool,
}

/// Someone who could come.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub speaker: Speaker,
    /// Labels of their fields.
    pub topics: Vec<String>,
    /// Has a field of the class.
    pub fits: bool,
    /// Goes to where it is.
    pub serves: bool,
    /// What is in the way, for each wanted date.
    pub obstacles: Vec<(Slot, Obstacle)>,
    /// Everything that the person has promised on the wanted days and those next to them.
    pub bookings: Vec<Booking>,
}

impl Candidate {
    /// Whether the person is somewhere else at a wanted time.
    pub fn is_taken(&self) -> bool {
        let at_once = |obstacle: &Obstacle| matches!(obstacle.clash, crate::domain::meeting::Clash::Speaker { .. });
        self.bookings.iter().any(|one| one.at_once) || self.obstacles.iter().any(|(_, one)| at_once(one))
    }
}

/// Whether someone stands in the roster that a request is put to.
pub(super) fn is_of(catalogue: &Catalogue, speaker: &Speaker, request: &SpeakerRequest) -> bool {
    let theirs = |id: &OrganisationId| {
        *id == speaker.organisation || catalogue.organisation_heirs(&speaker.organisation).contains(id)
    };
    request.wanted == Some(speaker.id) || theirs(&request.asked)
}

/// Those who could come: the person who is wished for first, then whose field it is and who is free.
///
/// # Errors
/// `NotFound` when there is no request that the actor may see.
pub async fn candidates(context: &Context, actor: &Actor, id: RequestId) -> Result<Vec<Candidate>, ActionError> {
    let (catalogue, today, by, now) = (context.catalogue(), context.today(), actor.clone(), context.now());
    let watching = context.clone();
    let read = move |tx: &dyn ReadTx| {
        let request = seen(tx, (&watching, &catalogue), &by, id)?;
        let mut desk = Desk::new(tx, &catalogue, today);
        let dates = dates(&mut desk, &request, now)?;
        let topics = match request.class {
            Some(class) => desk.class(class)?.map(|class| class.teaching.topics.clone()).unwrap_or_default(),
            None => Vec::new(),
        };
        let mut found = Vec::new();
        for speaker in store::speakers::all(tx)? {
            if !speaker.retired && is_of(&catalogue, &speaker, &request) {
                found.push(candidate(&mut desk, (&by, &request), (&dates, &topics), speaker)?);
            }
        }
        found.sort_by_cached_key(|one| {
            let wished = request.wanted == Some(one.speaker.id) || request.named == Some(one.speaker.id);
            (!wished, !one.fits, one.is_taken(), one.obstacles.len(), fold(&one.speaker.name))
        });
        Ok::<_, ActionError>(found)
    };
    context.store.read("request.candidates", read).await
}

/// The wanted dates as meetings: real ones as they stand, others as they would be.
fn dates(desk: &mut Desk<'_>, request: &SpeakerRequest, now: DateTime<Utc>) -> Result<Vec<Meeting>, ActionError> {
    let (tx, catalogue) = (desk.tx, desk.catalogue);
    let mut dates = Vec::new();
    for wish in &request.wishes {
        match (request.class, wish.meeting) {
            (Some(class), Some(id)) => {
                let row = store::meetings::get(tx, class, id)?;
                dates.extend(row.filter(|meeting| meeting.stands() && meeting.is_plannable(now)));
            }
            _ if wish.slot.has_begun(now) => {}
            _ => dates.push(would_be(catalogue, request, wish.slot, now)),
        }
    }
    Ok(dates)
}

fn would_be(catalogue: &Catalogue, request: &SpeakerRequest, slot: Slot, now: DateTime<Utc>) -> Meeting {
    let own = || catalogue.organisation(&request.organisation).and_then(|centre| centre.area.clone());
    let area: Option<AreaId> = request.area.clone().or_else(own);
    Meeting {
        id: MeetingId(request.id.0),
        class: ClassId(request.id.0),
        slot,
        venue: None,
        areas: areas_around(catalogue, area.as_ref()),
        organisers: vec![request.organisation.clone()],
        speakers: Vec::new(),
        state: MeetingState::Planned,
        recipe_day: None,
        moved_from: None,
        reason: None,
        sequence: 0,
        changed_at: now,
        attended: false,
    }
}

fn candidate(
    desk: &mut Desk<'_>,
    (actor, request): (&Actor, &SpeakerRequest),
    (dates, topics): (&[Meeting], &[TopicId]),
    speaker: Speaker,
) -> Result<Candidate, ActionError> {
    let own: BTreeSet<MeetingId> = dates.iter().map(|meeting| meeting.id).collect();
    let mut obstacles = Vec::new();
    for date in dates {
        let there = Meeting { speakers: vec![speaker.id], ..date.clone() };
        let found = obstacles::of_meeting(desk, actor, &there, &own)?;
        let theirs = found.into_iter().filter(|one| one.speaker.is_some());
        obstacles.extend(theirs.map(|one| (date.slot, one)));
    }
    let catalogue = desk.catalogue;
    let labels = speaker.topics.iter().filter_map(|id| Some(catalogue.topic(id)?.label.clone())).collect();
    let fits = speaker.topics.iter().any(|own| topics.iter().any(|topic| near(own, topic)));
    let there: BTreeSet<&AreaId> = dates.iter().flat_map(|meeting| &meeting.areas).collect();
    let serves = speaker.areas.is_empty() || speaker.areas.iter().any(|area| there.contains(area));
    let bookings = bookings(desk, (actor, request), speaker.id, dates)?;
    Ok(Candidate { topics: labels, fits, serves, obstacles, bookings, speaker })
}

/// What a person has promised on the days of some dates and those next to them, but for the request itself.
fn bookings(
    desk: &mut Desk<'_>,
    (actor, request): (&Actor, &SpeakerRequest),
    speaker: SpeakerId,
    dates: &[Meeting],
) -> Result<Vec<Booking>, ActionError> {
    let tx = desk.tx;
    let around = |day: NaiveDate| (day - TimeDelta::days(DAYS_AROUND), day + TimeDelta::days(DAYS_AROUND));
    let (mut entries, mut promises) = (BTreeSet::new(), BTreeSet::new());
    for date in dates {
        let range = around(date.slot.day);
        entries.extend(store::meetings::between(tx, Calendar::Speaker(speaker), range)?);
        let promised = store::requests::promised(tx, speaker, range)?;
        let promised = promised.into_iter().filter(|other| other.id != request.id);
        for other in promised {
            let days = other.wishes.iter().map(|wish| wish.slot).filter(|slot| (range.0..=range.1).contains(&slot.day));
            let centre = named_organisation(desk.catalogue, &other.organisation, desk.today).name;
            promises.extend(days.map(|slot| (slot, centre.clone())));
        }
    }
    let at_once = |slot: &Slot| dates.iter().any(|date| date.slot.overlaps(slot));
    let mut found = Vec::new();
    for entry in entries.into_iter().filter(|entry| dates.iter().all(|date| date.id != entry.meeting)) {
        let row = store::meetings::get(tx, entry.class, entry.meeting)?.filter(Meeting::stands);
        let Some(class) = desk.class(entry.class)?.cloned() else { continue };
        let Some(meeting) = row else { continue };
        let seen = class.is_public() || may_see(desk.catalogue, actor, &class);
        let card = desk.card(&class, &meeting)?;
        let what = if seen { format!("“{}”, {}", card.title, card.centre.name) } else { card.centre.name };
        let place = card.venue.map(|venue| venue.area).unwrap_or_default();
        let class = seen.then_some(class.id);
        found.push(Booking { at_once: at_once(&card.slot), slot: card.slot, what, class, place });
    }
    found.extend(promises.into_iter().map(|(slot, centre)| Booking {
        at_once: at_once(&slot),
        slot,
        what: format!("đã nhận lời {centre}"),
        class: None,
        place: String::new(),
    }));
    found.sort_by_key(|one| one.slot);
    found.truncate(MAX_BOOKINGS);
    Ok(found)
}
