//! Meetings: the dates of a class, each a row that can be moved or cancelled alone.

mod clash;
mod recipe;
mod replan;

pub use clash::{Clash, Neighbour, Place, clashes};
pub use recipe::{Ending, MAX_MEETINGS, Pattern, Recipe, RecipeError, weekday_name};
pub use replan::{Replan, replan};

use crate::domain::day::vietnam_time;
use crate::domain::id::{AreaId, ClassId, MeetingId, OrganisationId, SpeakerId, VenueId};
use crate::domain::words::words;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeZone, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// What became of a meeting.
    MeetingState {
        Planned = "planned", "Theo kế hoạch";
        Moved = "moved", "Đã dời";
        Cancelled = "cancelled", "Đã hủy";
        Held = "held", "Đã học";
    }
}

/// Civil time in Vietnam, from a minute until just before another of the same day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot {
    pub day: NaiveDate,
    pub from: NaiveTime,
    /// The first moment that is free again.
    pub to: NaiveTime,
}

impl Slot {
    /// Whether some moment belongs to both; those that touch share none.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.day == other.day && self.from < other.to && other.from < self.to
    }

    /// Whether it has begun.
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.day.and_time(self.from) <= vietnam_time(now)
    }

    /// Whether it is over.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.day.and_time(self.to) <= vietnam_time(now)
    }

    /// The instant at which it begins.
    pub fn begins_at(&self) -> DateTime<Utc> {
        crate::domain::day::beginning_of(self.day) + self.from.signed_duration_since(NaiveTime::MIN)
    }

    /// Its beginning and end with Vietnam's offset, as RFC 3339 writes them.
    pub fn instants(&self) -> (String, String) {
        let write = |time: NaiveTime| {
            let local = self.day.and_time(time);
            FixedOffset::east_opt(7 * 3600)
                .and_then(|zone| zone.from_local_datetime(&local).single())
                .map_or_else(String::new, |at| at.to_rfc3339())
        };
        (write(self.from), write(self.to))
    }
}

/// Where a meeting stood before it was moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    pub slot: Slot,
    pub venue: Option<VenueId>,
}

/// One date of a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    pub id: MeetingId,
    pub class: ClassId,
    pub slot: Slot,
    pub venue: Option<VenueId>,
    /// Under which areas it is found: the venue's and those around it; the centre's where there is no venue yet.
    #[serde(default)]
    pub areas: Vec<AreaId>,
    /// In whose calendars it stands: all who have the class.
    pub organisers: Vec<OrganisationId>,
    #[serde(default)]
    pub speakers: Vec<SpeakerId>,
    pub state: MeetingState,
    /// The day that the class's recipe gave it; none for one that was added by hand.
    #[serde(default)]
    pub recipe_day: Option<NaiveDate>,
    #[serde(default)]
    pub moved_from: Option<Former>,
    /// Why it was moved or cancelled.
    #[serde(default)]
    pub reason: Option<String>,
    /// How often what calendars show of it has changed.
    #[serde(default)]
    pub sequence: u32,
    /// When that was last.
    pub changed_at: DateTime<Utc>,
    /// Somebody was marked: its row is history.
    #[serde(default)]
    pub attended: bool,
}

impl Meeting {
    /// Whether it takes place, as far as is known.
    pub fn stands(&self) -> bool {
        self.state != MeetingState::Cancelled
    }

    /// Whether planning may still change it.
    pub fn is_plannable(&self, now: DateTime<Utc>) -> bool {
        !self.attended && self.state != MeetingState::Held && !self.slot.has_begun(now)
    }

    /// Notes that what calendars show of it has changed.
    pub fn touch(&mut self, at: DateTime<Utc>) {
        self.sequence += 1;
        self.changed_at = at;
    }

    /// Moves it to another time or place; what it was planned as is remembered from the first time on.
    pub fn shift(&mut self, slot: Slot, venue: Option<VenueId>, (reason, at): (Option<String>, DateTime<Utc>)) {
        let former = Former { slot: self.slot, venue: self.venue };
        self.moved_from.get_or_insert(former);
        (self.slot, self.venue, self.reason, self.state) = (slot, venue, reason, MeetingState::Moved);
        self.touch(at);
    }

    /// Calls it off.
    pub fn cancel(&mut self, reason: Option<String>, at: DateTime<Utc>) {
        (self.state, self.reason) = (MeetingState::Cancelled, reason);
        self.touch(at);
    }

    /// Comes to know whether anybody was marked or counted at it, and whether anybody came. What calendars show of it
    /// stays as it is.
    #[must_use]
    pub fn attended_by(mut self, marked: bool, came: bool, now: DateTime<Utc>) -> Self {
        self.attended = marked;
        if came && self.slot.has_begun(now) {
            self.state = MeetingState::Held;
        } else if self.state == MeetingState::Held {
            self.state = self.planned_state();
        }
        self
    }

    /// How it stands as long as nobody came.
    const fn planned_state(&self) -> MeetingState {
        if self.moved_from.is_some() { MeetingState::Moved } else { MeetingState::Planned }
    }

    /// Has it take place after all.
    pub fn revive(&mut self, at: DateTime<Utc>) {
        self.state = self.planned_state();
        self.reason = None;
        self.touch(at);
    }
}

#[cfg(test)]
pub(in crate::domain) fn sample(day: &str) -> Meeting {
    use uuid::Uuid;
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let day: NaiveDate = day.parse().unwrap();
    Meeting {
        id: MeetingId(Uuid::from_u128(u128::from(day.to_string().bytes().map(u32::from).sum::<u32>()))),
        class: ClassId(Uuid::from_u128(1)),
        slot: Slot { day, from: time(19), to: time(21) },
        venue: None,
        areas: Vec::new(),
        organisers: Vec::new(),
        speakers: Vec::new(),
        state: MeetingState::Planned,
        recipe_day: Some(day),
        moved_from: None,
        reason: None,
        sequence: 0,
        changed_at: DateTime::<Utc>::UNIX_EPOCH,
        attended: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use uuid::Uuid;

    #[test]
    fn times_that_touch_do_not_overlap() {
        let day = "2026-12-01".parse().unwrap();
        let slot = |from, to| Slot {
            day,
            from: NaiveTime::from_hms_opt(from, 0, 0).unwrap(),
            to: NaiveTime::from_hms_opt(to, 0, 0).unwrap(),
        };
        assert!(!slot(8, 10).overlaps(&slot(10, 12)) && !slot(10, 12).overlaps(&slot(8, 10)));
        assert!(slot(8, 10).overlaps(&slot(9, 11)) && slot(8, 12).overlaps(&slot(9, 10)));
        assert!(!slot(8, 10).overlaps(&Slot { day: day.succ_opt().unwrap(), ..slot(8, 10) }));
    }

    #[test]
    fn a_meeting_that_was_moved_twice_still_knows_what_it_was_planned_as() {
        let (mut meeting, at) = (sample("2026-12-01"), DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(1));
        let (planned, room) = (meeting.slot, VenueId(Uuid::nil()));
        let later = |days| Slot { day: planned.day + TimeDelta::days(days), ..planned };
        meeting.shift(later(1), Some(room), (Some("Bão".to_owned()), at));
        meeting.shift(later(2), Some(room), (None, at));
        assert_eq!(meeting.moved_from, Some(Former { slot: planned, venue: None }));
        assert_eq!((meeting.state, meeting.sequence, meeting.changed_at), (MeetingState::Moved, 2, at));
        meeting.cancel(None, at);
        assert!(!meeting.stands());
        meeting.revive(at);
        assert_eq!((meeting.state, meeting.sequence), (MeetingState::Moved, 4));
    }

    #[test]
    fn programs_are_told_vietnams_time() {
        assert_eq!(sample("2026-12-01").slot.instants().0, "2026-12-01T19:00:00+07:00");
    }

    #[test]
    fn what_has_begun_or_was_attended_is_planned_no_more() {
        let meeting = sample("2026-12-01");
        let seven = DateTime::parse_from_rfc3339("2026-12-01T19:00:00+07:00").unwrap().with_timezone(&Utc);
        assert!(!meeting.is_plannable(seven) && meeting.is_plannable(seven - TimeDelta::seconds(1)));
        assert!(!Meeting { attended: true, ..sample("2027-12-01") }.is_plannable(seven));
    }
}
