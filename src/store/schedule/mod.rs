//! What is taught, when, where and by whom.

pub mod attendance;
pub mod certificates;
pub mod classes;
pub mod courses;
pub mod learners;
pub mod meetings;
pub mod registrations;
pub mod requests;
pub mod speakers;
pub mod storms;
pub mod venues;

use super::key::Key;
use chrono::NaiveDate;

/// Days since 1970; what lies before counts as then.
fn number(day: NaiveDate) -> u32 {
    u32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(0)
}

/// The day with a number.
fn day_of(number: u32) -> NaiveDate {
    NaiveDate::default() + chrono::TimeDelta::days(i64::from(number))
}

/// Keys that begin with a prefix and go on with a day of a range, its last day included.
fn days(prefix: &Key, from: NaiveDate, to: NaiveDate) -> super::Scan {
    let key = |day| prefix.clone().u32(day).into_bytes();
    super::Scan {
        start: std::ops::Bound::Included(key(number(from))),
        end: Some(key(number(to).saturating_add(1))),
        limit: usize::MAX,
        reverse: false,
    }
}
