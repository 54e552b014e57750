//! The Vietnamese lunar calendar (âm lịch), reckoned at UTC+7, for the years 1900 to 2100.
//!
//! It is the calendar of astronomy. What was printed in the north before 1968 followed UTC+8 and may differ by a day.

use chrono::{Datelike, NaiveDate, TimeDelta};
use std::fmt;
use std::sync::OnceLock;

static TABLE: &str = include_str!("data/lunar.tsv");

/// A day of the lunar calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LunarDay {
    pub year: i32,
    /// From 1.
    pub month: u32,
    /// Whether it is the second month of that number.
    pub leap: bool,
    /// From 1 to 30.
    pub day: u32,
}

/// As people write it: `15/8`, with `nhuận` for a leap month.
impl fmt::Display for LunarDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}{}", self.day, self.month, if self.leap { " nhuận" } else { "" })
    }
}

struct Year {
    number: i32,
    first: NaiveDate,
    /// The month that comes twice; 0 for none.
    leap: u32,
    /// Days of each month in turn.
    months: Vec<u32>,
}

impl Year {
    fn read(line: &str) -> Option<Self> {
        let mut parts = line.split('\t');
        Some(Self {
            number: parts.next()?.parse().ok()?,
            first: parts.next()?.parse().ok()?,
            leap: parts.next()?.parse().ok()?,
            months: parts.next()?.chars().map(|sign| if sign == 'L' { 30 } else { 29 }).collect(),
        })
    }

    /// The months in turn: number, whether it is the leap one, days.
    fn months(&self) -> impl Iterator<Item = (u32, bool, u32)> {
        (1_u32..).zip(&self.months).map(|(place, days)| match self.leap {
            0 => (place, false, *days),
            leap if place <= leap => (place, false, *days),
            leap => (place - 1, place == leap + 1, *days),
        })
    }
}

fn years() -> &'static [Year] {
    static YEARS: OnceLock<Vec<Year>> = OnceLock::new();
    YEARS.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(Year::read).collect())
}

/// The lunar day of a day; none outside the years that are known.
pub fn lunar(day: NaiveDate) -> Option<LunarDay> {
    let place = years().partition_point(|year| year.first <= day).checked_sub(1)?;
    let year = years().get(place)?;
    let mut left = u32::try_from((day - year.first).num_days()).ok()?;
    for (month, leap, days) in year.months() {
        if left < days {
            return Some(LunarDay { year: year.number, month, leap, day: left + 1 });
        }
        left -= days;
    }
    None
}

/// The day on which a lunar day falls; none where the calendar has no such day.
pub fn solar(wanted: LunarDay) -> Option<NaiveDate> {
    let place = usize::try_from(wanted.year - years().first()?.number).ok()?;
    let year = years().get(place)?;
    let mut before = 0;
    for (month, leap, days) in year.months() {
        if (month, leap) == (wanted.month, wanted.leap) {
            let within = (1..=days).contains(&wanted.day);
            return within.then(|| year.first + TimeDelta::days(i64::from(before + wanted.day - 1)));
        }
        before += days;
    }
    None
}

/// The lunar day as calendars print it: the month only where it begins or the row does.
pub fn short(day: NaiveDate) -> String {
    lunar(day).map_or_else(String::new, |lunar| {
        if lunar.day == 1 || day.day() == 1 { lunar.to_string() } else { lunar.day.to_string() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(year: i32, month: u32, leap: bool, day: u32) -> LunarDay {
        LunarDay { year, month, leap, day }
    }

    #[test]
    fn tet_falls_where_it_does_in_vietnam_not_in_china() {
        let known = [
            "1968-01-29",
            "1969-02-16",
            "1985-01-21",
            "2007-02-17",
            "2024-02-10",
            "2025-01-29",
            "2026-02-17",
            "2027-02-06",
            "2030-02-02",
            "2053-02-18",
        ];
        for text in known {
            let tet = lunar(day(text)).unwrap();
            assert_eq!((tet.month, tet.leap, tet.day), (1, false, 1), "{text}");
        }
    }

    #[test]
    fn leap_months_come_after_the_month_whose_number_they_bear() {
        let known = [
            ("2020-05-23", at(2020, 4, true, 1)),
            ("2023-03-22", at(2023, 2, true, 1)),
            ("2025-07-25", at(2025, 6, true, 1)),
            ("2028-06-23", at(2028, 5, true, 1)),
            ("2033-12-22", at(2033, 11, true, 1)),
        ];
        for (text, wanted) in known {
            assert_eq!(lunar(day(text)), Some(wanted), "{text}");
        }
        assert_eq!(at(2025, 6, true, 15).to_string(), "15/6 nhuận");
    }

    #[test]
    fn the_traps_of_the_usual_formula_are_days_like_any_other() {
        assert_eq!(lunar(day("2054-05-07")), Some(at(2054, 3, false, 30)));
        assert_eq!(lunar(day("2062-04-09")), Some(at(2062, 2, false, 30)));
    }

    #[test]
    fn every_day_leads_there_and_back() {
        let (mut one, last) = (day("1900-01-31"), day("2101-01-28"));
        let mut before = lunar(one).unwrap();
        while one < last {
            one = one.succ_opt().unwrap();
            let now = lunar(one).unwrap();
            assert!(now.day == before.day + 1 || now.day == 1, "{one}");
            assert_eq!(solar(now), Some(one));
            before = now;
        }
        assert_eq!([lunar(day("1900-01-30")), lunar(day("2101-01-29"))], [None, None]);
        assert_eq!([solar(at(2025, 3, true, 1)), solar(at(2026, 1, false, 31))], [None, None]);
    }
}
