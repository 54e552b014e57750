//! Attendance: who was at a meeting, by name, or how many were.
//!
//! A mark is never overwritten: all that were made of someone at a meeting are kept, and the latest counts. A mark bears
//! an id given where it was made, so that one that is sent twice is one.

use crate::domain::id::{AccountId, ClassId, LearnerId, MarkId, MeetingId};
use crate::domain::words::words;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// How someone was at a meeting.
    Presence {
        Present = "present", "Có mặt";
        Late = "late", "Đến muộn";
        Excused = "excused", "Vắng có phép";
        Absent = "absent", "Vắng";
    }
}
words! {
    /// How a mark came in.
    MarkSource {
        Sheet = "sheet", "từ phiếu giấy";
        Grid = "grid", "gõ trên bảng";
        Phone = "phone", "từ điện thoại";
    }
}

/// The most marks of one learner at one meeting that are kept.
const MAX_MARKS: usize = 40;
/// The most people of one meeting.
pub const MAX_PEOPLE: u32 = 2_000;

impl Presence {
    /// The one letter by which it is typed.
    pub const fn letter(self) -> char {
        match self {
            Self::Present => 'x',
            Self::Late => 'm',
            Self::Excused => 'p',
            Self::Absent => 'v',
        }
    }

    /// What a letter stands for.
    pub fn of_letter(letter: char) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.letter() == letter)
    }

    /// Whether someone was there.
    pub const fn came(self) -> bool {
        matches!(self, Self::Present | Self::Late)
    }
}

/// A mark of one learner at one meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub id: MarkId,
    /// None takes back what was marked before.
    pub presence: Option<Presence>,
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub by: Option<AccountId>,
    pub source: MarkSource,
}

/// How a learner was at a meeting, with every mark that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    pub class: ClassId,
    pub meeting: MeetingId,
    pub learner: LearnerId,
    /// In order of time; the last one counts.
    pub marks: Vec<Mark>,
}

impl Attendance {
    /// Of someone who was not marked yet.
    pub const fn new(class: ClassId, meeting: MeetingId, learner: LearnerId) -> Self {
        Self { class, meeting, learner, marks: Vec::new() }
    }

    /// What counts.
    pub fn presence(&self) -> Option<Presence> {
        self.marks.last().and_then(|mark| mark.presence)
    }

    /// Adds a mark in its place in time; whether anything is new.
    pub fn add(&mut self, mark: Mark) -> bool {
        if self.marks.iter().any(|own| own.id == mark.id) {
            return false;
        }
        let place = self.marks.partition_point(|own| (own.at, own.id) <= (mark.at, mark.id));
        self.marks.insert(place, mark);
        if self.marks.len() > MAX_MARKS {
            self.marks.remove(0);
        }
        true
    }
}

/// When a mark was made, by our clock, of which a device with a clock of its own tells: `claimed` by its clock, sent
/// at `sent` by its clock and received at `now` by ours. Never in the future.
pub fn made_at(claimed: DateTime<Utc>, sent: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    let ago = sent.signed_duration_since(claimed).max(TimeDelta::zero());
    now.checked_sub_signed(ago).unwrap_or(now)
}

/// How many were at a meeting, where they are not named, and what nobody's name may be tied to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headcount {
    /// All who came; of classes that know names, none: marks say it.
    #[serde(default)]
    pub people: Option<u32>,
    #[serde(default)]
    pub women: Option<u32>,
    #[serde(default)]
    pub ethnic_minority: Option<u32>,
    #[serde(default)]
    pub disabled: Option<u32>,
    /// From 15 to 25 years old.
    #[serde(default)]
    pub young: Option<u32>,
    /// From 26 to 60.
    #[serde(default)]
    pub grown: Option<u32>,
    /// Over 60.
    #[serde(default)]
    pub old: Option<u32>,
}

impl Headcount {
    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether no part is more than `people`, nor are the ages together.
    pub fn is_possible(&self, people: u32) -> bool {
        let parts = [self.people, self.women, self.ethnic_minority, self.disabled];
        let ages: u32 = [self.young, self.grown, self.old].into_iter().flatten().fold(0, u32::saturating_add);
        people <= MAX_PEOPLE && parts.into_iter().flatten().all(|part| part <= people) && ages <= people
    }
}

/// The headcount of a meeting, with who has counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceTotal {
    pub class: ClassId,
    pub meeting: MeetingId,
    pub counted: Headcount,
    pub at: DateTime<Utc>,
    #[serde(default)]
    pub by: Option<AccountId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn mark(id: u128, presence: Option<Presence>, minute: i64) -> Mark {
        Mark { id: MarkId(Uuid::from_u128(id)), presence, at: at(minute), by: None, source: MarkSource::Phone }
    }

    fn nobody() -> Attendance {
        Attendance::new(ClassId(Uuid::nil()), MeetingId(Uuid::nil()), LearnerId(Uuid::nil()))
    }

    #[test]
    fn the_latest_mark_counts_in_whatever_order_they_arrive_and_none_is_lost() {
        let late = mark(1, Some(Presence::Late), 20);
        let absent = mark(2, Some(Presence::Absent), 10);
        let mut attendance = nobody();
        assert!(attendance.add(late.clone()) && attendance.add(absent.clone()));
        assert_eq!((attendance.presence(), attendance.marks.len()), (Some(Presence::Late), 2));
        assert!(!attendance.add(absent), "sent again, it is the same");
        assert!(attendance.add(mark(3, None, 30)) && attendance.presence().is_none());
        assert!(Presence::Late.came() && !Presence::Excused.came());
    }

    #[test]
    fn two_devices_at_the_same_moment_end_alike_in_either_order() {
        let all = [mark(1, Some(Presence::Present), 5), mark(2, Some(Presence::Absent), 5)];
        let [mut here, mut there] = [nobody(), nobody()];
        for (one, other) in all.iter().zip(all.iter().rev()) {
            assert!(here.add(one.clone()) && there.add(other.clone()));
        }
        assert_eq!(here, there);
    }

    #[test]
    fn a_device_whose_clock_is_years_off_tells_how_long_ago_it_was() {
        let [year, hour] = [TimeDelta::days(365), TimeDelta::hours(1)];
        for off in [-year, year] {
            assert_eq!(made_at(at(0) + off, at(60) + off, at(600)), at(600) - hour);
        }
        assert_eq!(made_at(at(90), at(60), at(600)), at(600), "nothing was made after it was sent");
    }

    #[test]
    fn no_part_is_more_than_the_whole() {
        let counted = Headcount { women: Some(8), young: Some(5), old: Some(5), ..Headcount::default() };
        assert!(counted.is_possible(10) && !counted.is_possible(9) && !counted.is_possible(3_000));
    }
}
