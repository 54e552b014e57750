//! Days are Vietnam's: what happens after five in the afternoon by UTC belongs to the next day.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// Vietnam's offset from UTC in seconds; it has no daylight saving time.
const VIETNAM_OFFSET_SECONDS: i32 = 7 * 3600;

/// An instant as clocks in Vietnam show it.
pub fn vietnam_time(at: DateTime<Utc>) -> NaiveDateTime {
    let offset = FixedOffset::east_opt(VIETNAM_OFFSET_SECONDS);
    offset.map_or_else(|| at.naive_utc(), |offset| at.with_timezone(&offset).naive_local())
}

/// A day as people write it: `25/11/2026`.
pub fn date_vi(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// The day on which an instant falls in Vietnam.
pub fn day_of(at: DateTime<Utc>) -> NaiveDate {
    vietnam_time(at).date()
}

/// The instant at which a day begins in Vietnam.
pub fn beginning_of(day: NaiveDate) -> DateTime<Utc> {
    (day.and_time(NaiveTime::MIN) - TimeDelta::seconds(i64::from(VIETNAM_OFFSET_SECONDS))).and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_in_vietnam_begins_seven_hours_before_utc() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc);
        assert_eq!(day_of(at("2026-11-23T16:59:59Z")).to_string(), "2026-11-23");
        assert_eq!(day_of(at("2026-11-23T17:00:00Z")).to_string(), "2026-11-24");
    }
}
