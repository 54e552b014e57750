//! Public holidays and feasts, on which few people come to a class.

use super::lunar::{self, LunarDay};
use chrono::{Datelike, NaiveDate, TimeDelta};
use std::sync::OnceLock;

static TABLE: &str = include_str!("data/holidays.tsv");

/// A holiday as it falls every year.
struct Rule {
    lunar: bool,
    month: u32,
    day: u32,
    offset: i64,
    days: i64,
    off: bool,
    name: &'static str,
}

impl Rule {
    fn read(line: &'static str) -> Option<Self> {
        let parts: Vec<&'static str> = line.split('\t').collect();
        let [calendar, month, day, offset, days, kind, name, _origin] = parts.as_slice() else { return None };
        Some(Self {
            lunar: *calendar == "lunar",
            month: month.parse().ok()?,
            day: day.parse().ok()?,
            offset: offset.parse().ok()?,
            days: days.parse().ok()?,
            off: *kind == "off",
            name,
        })
    }

    /// The day that it is named for, in a year of its calendar.
    fn named(&self, year: i32) -> Option<NaiveDate> {
        if self.lunar {
            lunar::solar(LunarDay { year, month: self.month, leap: false, day: self.day })
        } else {
            NaiveDate::from_ymd_opt(year, self.month, self.day)
        }
    }

    fn covers(&self, day: NaiveDate) -> bool {
        // A lunar year begins a month or two after the solar one, and Tết a day before its own.
        let years = [day.year() - 1, day.year()];
        years.into_iter().filter_map(|year| self.named(year)).any(|named| {
            let first = named + TimeDelta::days(self.offset);
            (0..self.days).contains(&(day - first).num_days())
        })
    }
}

fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(Rule::read).collect())
}

/// What a day is, where it is no usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    pub name: &'static str,
    /// Nobody works.
    pub off: bool,
}

/// The holiday or feast on a day; the holiday first where both are.
pub fn holiday(day: NaiveDate) -> Option<Holiday> {
    let mut found: Vec<&Rule> = rules().iter().filter(|rule| rule.covers(day)).collect();
    found.sort_by_key(|rule| !rule.off);
    found.first().map(|rule| Holiday { name: rule.name, off: rule.off })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_fall_by_either_calendar() {
        let on = |text: &str| holiday(text.parse().unwrap()).map(|holiday| (holiday.name, holiday.off));
        assert_eq!(on("2027-01-01"), Some(("Tết Dương lịch", true)));
        assert_eq!(on("2027-02-05"), Some(("Tết Nguyên đán", true)), "the last day of the old year");
        assert_eq!([on("2027-02-04"), on("2027-02-10")], [None, None]);
        assert_eq!(on("2026-04-26"), Some(("Giỗ Tổ Hùng Vương", true)));
        assert_eq!([on("2026-09-01"), on("2026-09-02")], [Some(("Quốc khánh", true)); 2]);
        assert_eq!(on("2026-09-25"), Some(("Tết Trung thu", false)));
        assert_eq!(on("2026-11-25"), None);
    }

    #[test]
    fn every_line_of_the_table_is_understood() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!((rules().len(), lines), (12, 12));
    }
}
