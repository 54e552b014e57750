//! What becomes of the meetings of a class when the way they are planned is changed.

use super::Meeting;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

/// What a changed recipe does to meetings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Replan {
    /// Stay as they are: held, attended or begun, moved or cancelled alone, added by hand.
    pub kept: Vec<Meeting>,
    /// Stay, at the recipe's present time and place.
    pub renewed: Vec<Meeting>,
    /// Days on which there is a new one.
    pub added: Vec<NaiveDate>,
    /// The recipe has no such day any more.
    pub dropped: Vec<Meeting>,
}

/// Lays the days of a recipe over the meetings that there are. Only meetings to come are touched, and no meeting to
/// which somebody came; of a class that has meetings already, only days to come are added.
pub fn replan(meetings: Vec<Meeting>, days: &[NaiveDate], now: DateTime<Utc>) -> Replan {
    let mut plan = Replan::default();
    let first = meetings.is_empty();
    let mut open: BTreeSet<NaiveDate> = days.iter().copied().collect();
    for meeting in meetings {
        let Some(day) = meeting.recipe_day else {
            plan.kept.push(meeting);
            continue;
        };
        let wanted = open.remove(&day);
        if !meeting.is_plannable(now) {
            plan.kept.push(meeting);
        } else if !wanted {
            plan.dropped.push(meeting);
        } else if meeting.moved_from.is_some() || !meeting.stands() {
            plan.kept.push(meeting);
        } else {
            plan.renewed.push(meeting);
        }
    }
    let today = crate::domain::day::day_of(now);
    plan.added = open.into_iter().filter(|day| first || *day > today).collect();
    plan
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn days(meetings: &[Meeting]) -> Vec<String> {
        meetings.iter().map(|meeting| meeting.slot.day.to_string()).collect()
    }

    #[test]
    fn only_meetings_to_come_without_attendance_are_changed() {
        let now = DateTime::parse_from_rfc3339("2026-12-05T08:00:00+07:00").unwrap().with_timezone(&Utc);
        let mut all: Vec<Meeting> =
            ["2026-12-01", "2026-12-08", "2026-12-15", "2026-12-22", "2026-12-29"].map(sample).into();
        all[1].attended = true;
        all[2].cancel(None, now);
        let by_hand = Meeting { recipe_day: None, ..sample("2026-12-30") };
        all.push(by_hand);
        let wanted = ["2026-12-02", "2026-12-15", "2026-12-22", "2027-01-05"].map(|day| day.parse().unwrap());
        let plan = replan(all, &wanted, now);
        assert_eq!(days(&plan.kept), ["2026-12-01", "2026-12-08", "2026-12-15", "2026-12-30"]);
        assert_eq!(days(&plan.renewed), ["2026-12-22"]);
        assert_eq!(days(&plan.dropped), ["2026-12-29"]);
        let added: Vec<String> = plan.added.iter().map(ToString::to_string).collect();
        assert_eq!(added, ["2027-01-05"], "no meeting is planned for a day that is over");
    }

    #[test]
    fn a_class_that_was_held_before_it_was_entered_gets_all_of_its_days() {
        let now = DateTime::parse_from_rfc3339("2026-12-05T08:00:00+07:00").unwrap().with_timezone(&Utc);
        let wanted = ["2026-12-01", "2026-12-08"].map(|day| day.parse().unwrap());
        assert_eq!(replan(Vec::new(), &wanted, now).added, wanted);
    }
}
