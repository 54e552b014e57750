//! Storm days: all meetings of some communes on a day are moved or cancelled in one act, and the act can be undone.

use super::meeting::{Meeting, MeetingState};
use crate::domain::id::{AccountId, AreaId, StormId};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// So long an act can be undone, in hours.
pub const UNDO_HOURS: i64 = 72;
/// The most communes of one act.
pub const MAX_AREAS: usize = 100;

/// A meeting before and after an act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub before: Meeting,
    pub after: Meeting,
}

/// What was done because of a storm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Storm {
    pub id: StormId,
    pub areas: Vec<AreaId>,
    pub day: NaiveDate,
    /// The day to which meetings were moved; none where all were cancelled.
    #[serde(default)]
    pub moved_to: Option<NaiveDate>,
    pub reason: String,
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub by: Option<AccountId>,
    pub changes: Vec<Change>,
    #[serde(default)]
    pub undone_at: Option<DateTime<Utc>>,
}

impl Storm {
    /// Whether it can still be undone.
    pub fn can_be_undone(&self, now: DateTime<Utc>) -> bool {
        self.undone_at.is_none() && now < self.at + TimeDelta::hours(UNDO_HOURS)
    }
}

impl Change {
    /// The meeting as it was before, told to calendars as something new; none where it was changed since.
    pub fn undone(&self, now: &Meeting, at: DateTime<Utc>) -> Option<Meeting> {
        let untouched = now.sequence == self.after.sequence && now.slot == self.after.slot && !now.attended;
        untouched.then(|| {
            let mut meeting = Meeting { sequence: now.sequence, speakers: now.speakers.clone(), ..self.before.clone() };
            meeting.touch(at);
            meeting
        })
    }
}

/// A meeting after it was moved to another day, at the same hours and place.
pub fn moved(meeting: &Meeting, to: NaiveDate, (reason, at): (&str, DateTime<Utc>)) -> Meeting {
    let mut after = meeting.clone();
    let slot = super::meeting::Slot { day: to, ..meeting.slot };
    after.shift(slot, meeting.venue, (Some(reason.to_owned()), at));
    after
}

/// A meeting after it was called off.
pub fn cancelled(meeting: &Meeting, (reason, at): (&str, DateTime<Utc>)) -> Meeting {
    let mut after = meeting.clone();
    after.cancel(Some(reason.to_owned()), at);
    after
}

/// Whether an act concerns a meeting: it stands and nobody has begun.
pub fn is_concerned(meeting: &Meeting, now: DateTime<Utc>) -> bool {
    meeting.stands() && meeting.is_plannable(now) && meeting.state != MeetingState::Held
}

#[cfg(test)]
mod tests {
    use super::super::meeting::sample;
    use super::*;

    #[test]
    fn what_is_undone_is_as_before_and_news_to_calendars_unless_somebody_changed_it_since() {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let before = sample("2026-12-01");
        for after in [moved(&before, "2026-12-03".parse().unwrap(), ("Bão", at)), cancelled(&before, ("Bão", at))] {
            let change = Change { before: before.clone(), after: after.clone() };
            let back = change.undone(&after, at).unwrap();
            assert_eq!(
                (back.slot, back.state, &back.reason, &back.moved_from),
                (before.slot, before.state, &None, &None)
            );
            assert_eq!(back.sequence, 2);
            let mut since = after.clone();
            since.touch(at);
            assert_eq!(change.undone(&since, at), None);
            assert_eq!(change.undone(&Meeting { attended: true, ..after }, at), None, "people came");
        }
    }

    #[test]
    fn a_storm_is_undone_within_three_days_and_once() {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let storm = Storm {
            id: StormId(uuid::Uuid::nil()),
            areas: Vec::new(),
            day: "2026-12-01".parse().unwrap(),
            moved_to: None,
            reason: "Bão".to_owned(),
            at,
            by: None,
            changes: Vec::new(),
            undone_at: None,
        };
        assert!(storm.can_be_undone(at + TimeDelta::hours(71)) && !storm.can_be_undone(at + TimeDelta::hours(72)));
        assert!(!Storm { undone_at: Some(at), ..storm }.can_be_undone(at));
    }
}
