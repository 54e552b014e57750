//! What stands in the way of a meeting: the same room, the same speaker, too short a way between two places.
//!
//! The same room at the same time is refused, unless it is shared; everything else is a warning.

use super::{Meeting, Slot};
use crate::domain::id::{ClassId, MeetingId, SpeakerId, VenueId};
use crate::domain::venue::VenueBlock;
use chrono::NaiveTime;

/// A place on the map, as latitude and longitude in degrees.
pub type Place = (f64, f64);

/// Speed on the roads between communes, in kilometres an hour as the crow flies.
const KILOMETRES_AN_HOUR: f64 = 30.0;
/// The radius of the earth, in kilometres.
const EARTH_KILOMETRES: f64 = 6_371.0;

/// Another meeting of the same day, with where it is.
#[derive(Debug, Clone)]
pub struct Neighbour {
    pub meeting: Meeting,
    pub place: Option<Place>,
}

/// Something that stands in the way of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// Another class has the room; refused unless the room is shared.
    Room { class: ClassId, meeting: MeetingId, slot: Slot, shared: bool },
    /// The room is taken by something else; refused unless the room is shared.
    Blocked { what: String, shared: bool },
    /// The speaker is at another class at that time.
    Speaker { speaker: SpeakerId, class: ClassId, meeting: MeetingId, slot: Slot },
    /// The speaker cannot get from one place to the other in time.
    Travel {
        speaker: SpeakerId,
        class: ClassId,
        meeting: MeetingId,
        slot: Slot,
        needed_minutes: u32,
        free_minutes: u32,
    },
}

impl Clash {
    /// Whether the meeting may not be.
    pub const fn is_refused(&self) -> bool {
        matches!(self, Self::Room { shared: false, .. } | Self::Blocked { shared: false, .. })
    }
}

/// What stands in the way of a meeting, given all meetings of its day in its room or with its speakers and what else takes
/// the room. `shared` says that several may meet in the room at once.
pub fn clashes(
    (meeting, place): (&Meeting, Option<Place>),
    neighbours: &[Neighbour],
    blocks: &[VenueBlock],
    shared: bool,
) -> Vec<Clash> {
    let mut found = Vec::new();
    let blocked = blocks.iter().filter(|block| Some(block.venue) == meeting.venue && block.overlaps(&meeting.slot));
    found.extend(blocked.map(|block| Clash::Blocked { what: block.what.clone(), shared }));
    for neighbour in neighbours {
        let other = &neighbour.meeting;
        if other.id == meeting.id || !other.stands() || !meeting.stands() {
            continue;
        }
        let (class, slot) = (other.class, other.slot);
        if same_room(meeting.venue, other.venue) && meeting.slot.overlaps(&slot) {
            found.push(Clash::Room { class, meeting: other.id, slot, shared });
        }
        for speaker in meeting.speakers.iter().filter(|speaker| other.speakers.contains(speaker)) {
            found.extend(of_speaker(*speaker, (meeting, place), neighbour));
        }
    }
    found
}

fn same_room(one: Option<VenueId>, other: Option<VenueId>) -> bool {
    one.is_some() && one == other
}

/// What is in a speaker's way who is at both meetings.
fn of_speaker(speaker: SpeakerId, one: (&Meeting, Option<Place>), neighbour: &Neighbour) -> Option<Clash> {
    let (meeting, other) = (one.0, &neighbour.meeting);
    let (class, slot) = (other.class, other.slot);
    if meeting.slot.day != slot.day {
        return None;
    }
    if meeting.slot.overlaps(&slot) {
        return Some(Clash::Speaker { speaker, class, meeting: other.id, slot });
    }
    let needed_minutes = travel_minutes(one.1?, neighbour.place?);
    let free_minutes = minutes(meeting.slot.to, slot.from).or_else(|| minutes(slot.to, meeting.slot.from))?;
    let late = free_minutes < needed_minutes;
    late.then_some(Clash::Travel { speaker, class, meeting: other.id, slot, needed_minutes, free_minutes })
}

/// The minutes from one time to a later one.
fn minutes(from: NaiveTime, to: NaiveTime) -> Option<u32> {
    u32::try_from((to - from).num_minutes()).ok()
}

/// How long the way between two places takes.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a way on earth is short and not negative")]
fn travel_minutes(one: Place, other: Place) -> u32 {
    let (latitude, longitude) = ((other.0 - one.0).to_radians(), (other.1 - one.1).to_radians());
    let half = (latitude / 2.0).sin().powi(2)
        + one.0.to_radians().cos() * other.0.to_radians().cos() * (longitude / 2.0).sin().powi(2);
    let kilometres = 2.0 * EARTH_KILOMETRES * half.sqrt().min(1.0).asin();
    (kilometres / KILOMETRES_AN_HOUR * 60.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::super::{MeetingState, sample};
    use super::*;
    use chrono::NaiveDate;
    use uuid::Uuid;

    const KHE_SANH: Place = (16.62, 106.73);
    const CUA_TUNG: Place = (17.02, 107.10);

    fn at(from: &str, to: &str, id: u128) -> Meeting {
        let mut meeting = sample("2026-12-01");
        meeting.id = MeetingId(Uuid::from_u128(id));
        (meeting.slot.from, meeting.slot.to) = (from.parse().unwrap(), to.parse().unwrap());
        (meeting.venue, meeting.speakers) = (Some(VenueId(Uuid::from_u128(9))), Vec::new());
        meeting
    }

    fn found(meeting: &Meeting, other: Meeting, shared: bool) -> Vec<Clash> {
        clashes((meeting, Some(KHE_SANH)), &[Neighbour { meeting: other, place: Some(CUA_TUNG) }], &[], shared)
    }

    #[test]
    fn the_same_room_is_refused_only_while_times_overlap_and_nobody_shares_it() {
        let morning = at("08:00:00", "10:00:00", 1);
        assert!(found(&morning, at("10:00:00", "12:00:00", 2), false).is_empty());
        let clash = found(&morning, at("09:59:00", "12:00:00", 2), false);
        assert!(clash.len() == 1 && clash[0].is_refused(), "{clash:?}");
        assert!(!found(&morning, at("08:00:00", "10:00:00", 2), true)[0].is_refused());
        assert!(found(&morning, at("08:00:00", "10:00:00", 1), false).is_empty(), "itself");
        let cancelled = Meeting { state: MeetingState::Cancelled, ..at("08:00:00", "10:00:00", 2) };
        assert!(found(&morning, cancelled, false).is_empty());
        let nowhere = Meeting { venue: None, ..at("08:00:00", "10:00:00", 2) };
        assert!(found(&Meeting { venue: None, ..morning }, nowhere, false).is_empty());
    }

    #[test]
    fn a_speaker_asked_for_two_places_is_warned_of_by_time_and_by_way() {
        let speaks = |from: &str, to: &str, id, venue| Meeting {
            speakers: vec![SpeakerId(Uuid::from_u128(7))],
            venue: Some(VenueId(Uuid::from_u128(venue))),
            ..at(from, to, id)
        };
        let evening = speaks("19:00:00", "20:30:00", 1, 1);
        let at_once = found(&evening, speaks("20:00:00", "21:00:00", 2, 2), false);
        assert!(matches!(at_once.as_slice(), [Clash::Speaker { .. }]), "{at_once:?}");
        let later = found(&evening, speaks("20:30:00", "22:00:00", 2, 2), false);
        assert!(
            matches!(later.as_slice(), [Clash::Travel { needed_minutes: 100..=150, free_minutes: 0, .. }]),
            "{later:?}"
        );
        assert!(later.iter().chain(&at_once).all(|clash| !clash.is_refused()));
        assert!(found(&evening, speaks("13:00:00", "15:00:00", 2, 2), false).is_empty(), "time enough");
    }

    #[test]
    fn a_wedding_in_the_room_is_refused() {
        let day: NaiveDate = "2026-12-01".parse().unwrap();
        let meeting = at("19:00:00", "21:00:00", 1);
        let block = VenueBlock {
            id: crate::domain::id::VenueBlockId(Uuid::nil()),
            venue: VenueId(Uuid::from_u128(9)),
            starts_at: day.and_time(NaiveTime::MIN),
            ends_at: day.succ_opt().unwrap().and_time(NaiveTime::MIN),
            what: "Đám cưới".to_owned(),
        };
        let other = VenueBlock { venue: VenueId(Uuid::from_u128(8)), ..block.clone() };
        let clash = clashes((&meeting, None), &[], &[block, other], false);
        assert_eq!(clash, [Clash::Blocked { what: "Đám cưới".to_owned(), shared: false }]);
        assert!(clash[0].is_refused());
    }
}
