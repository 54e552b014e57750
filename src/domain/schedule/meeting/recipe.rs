//! How the dates of a class come about: once, on days of the week, or by the month, with exceptions.

use crate::domain::words::words;
use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most meetings of one class.
pub const MAX_MEETINGS: usize = 200;
/// How far ahead a recipe reaches, in days.
const MAX_DAYS: i64 = 731;
/// The most weeks between one week with meetings and the next.
const MAX_WEEKS: u32 = 8;

words! {
    /// How dates follow each other.
    Pattern {
        Once = "once", "Một buổi";
        Weekly = "weekly", "Hằng tuần";
        // On the day of the month, or its last day where the month is shorter.
        MonthDay = "month_day", "Hằng tháng, theo ngày";
        // On the same weekday of the month as the first, such as the second Saturday; the fifth means the last.
        MonthWeekday = "month_weekday", "Hằng tháng, theo thứ";
    }
}

/// Where a recipe ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// After so many meetings; days that are left out do not count.
    Times(u32),
    /// With the last day on which there may be one.
    Until(NaiveDate),
}

/// How the meetings of a class are planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// No meeting is before it.
    pub first: NaiveDate,
    pub from: NaiveTime,
    pub to: NaiveTime,
    pub pattern: Pattern,
    /// Days of the week, from Monday (1) to Sunday (7); for weeks alone.
    #[serde(default)]
    pub weekdays: BTreeSet<u32>,
    /// Each week, each second week and so on; the same for months.
    pub every: u32,
    pub ending: Ending,
    /// Days on which there is none.
    #[serde(default)]
    pub except: BTreeSet<NaiveDate>,
}

/// Says why a recipe gives no dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecipeError {
    #[error("ends before it begins")]
    Times,
    #[error("no day of the week")]
    NoWeekday,
    #[error("interval out of range")]
    Every,
    #[error("no meeting at all")]
    Nothing,
    #[error("more than {MAX_MEETINGS} meetings or two years")]
    TooMany,
}

impl Recipe {
    /// The days of the meetings, in order.
    ///
    /// # Errors
    /// When the recipe contradicts itself, gives no day, or more than may be.
    pub fn days(&self) -> Result<Vec<NaiveDate>, RecipeError> {
        if self.to <= self.from {
            return Err(RecipeError::Times);
        }
        if !(1..=MAX_WEEKS).contains(&self.every) {
            return Err(RecipeError::Every);
        }
        let days = match self.pattern {
            Pattern::Once => vec![self.first],
            Pattern::Weekly => self.weekly()?,
            Pattern::MonthDay | Pattern::MonthWeekday => self.monthly()?,
        };
        if days.is_empty() { Err(RecipeError::Nothing) } else { Ok(days) }
    }

    fn weekly(&self) -> Result<Vec<NaiveDate>, RecipeError> {
        let wanted = |day: &NaiveDate| self.weekdays.contains(&day.weekday().number_from_monday());
        if !self.weekdays.iter().any(|number| (1..=7).contains(number)) {
            return Err(RecipeError::NoWeekday);
        }
        let monday = self.first - TimeDelta::days(i64::from(self.first.weekday().num_days_from_monday()));
        let of_turn = |day: &NaiveDate| (*day - monday).num_days() / 7 % i64::from(self.every) == 0;
        self.taken(self.first.iter_days().filter(wanted).filter(of_turn))
    }

    fn monthly(&self) -> Result<Vec<NaiveDate>, RecipeError> {
        let begin = self.first.with_day(1).unwrap_or(self.first);
        let month = |number: u32| begin.checked_add_months(Months::new(number * self.every));
        let day = |month: NaiveDate| match self.pattern {
            Pattern::MonthWeekday => nth_weekday(month, self.first),
            _ => Some(month.with_day(self.first.day()).unwrap_or_else(|| last_of(month))),
        };
        self.taken((0..=240).map_while(month).filter_map(day).filter(|day| *day >= self.first))
    }

    /// The days until the ending, without those that are left out.
    fn taken(&self, days: impl Iterator<Item = NaiveDate>) -> Result<Vec<NaiveDate>, RecipeError> {
        let horizon = self.first + TimeDelta::days(MAX_DAYS);
        let mut found = Vec::new();
        for day in days {
            let over = match self.ending {
                Ending::Times(times) => u32::try_from(found.len()).is_ok_and(|count| count >= times),
                Ending::Until(last) => day > last,
            };
            if over {
                return Ok(found);
            }
            if day > horizon {
                break;
            }
            if !self.except.contains(&day) {
                found.push(day);
            }
            if found.len() > MAX_MEETINGS {
                break;
            }
        }
        Err(RecipeError::TooMany)
    }
}

fn last_of(month: NaiveDate) -> NaiveDate {
    month.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(month)
}

/// The day of a month that stands in it as another stands in its own: the second Saturday, the last Friday.
fn nth_weekday(month: NaiveDate, like: NaiveDate) -> Option<NaiveDate> {
    let nth = u8::try_from((like.day() - 1) / 7 + 1).ok()?;
    let of = |nth| NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), like.weekday(), nth);
    // The fifth is not in every month: then the fourth is the last.
    of(nth).or_else(|| of(4))
}

/// A day of the week in Vietnamese, from Monday (1) to Sunday (7).
pub const fn weekday_name(number: u32) -> &'static str {
    match number {
        1 => "Thứ hai",
        2 => "Thứ ba",
        3 => "Thứ tư",
        4 => "Thứ năm",
        5 => "Thứ sáu",
        6 => "Thứ bảy",
        _ => "Chủ nhật",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn recipe(first: &str, pattern: Pattern, ending: Ending) -> Recipe {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        Recipe {
            first: day(first),
            from: time(19),
            to: time(21),
            pattern,
            weekdays: BTreeSet::new(),
            every: 1,
            ending,
            except: BTreeSet::new(),
        }
    }

    fn texts(recipe: &Recipe) -> Vec<String> {
        recipe.days().unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn evenings_of_two_weekdays_leave_out_the_exceptions_and_still_give_the_number_asked_for() {
        let weekly = Recipe {
            weekdays: [2, 4].into(),
            except: [day("2026-12-03")].into(),
            ..recipe("2026-12-01", Pattern::Weekly, Ending::Times(4))
        };
        assert_eq!(texts(&weekly), ["2026-12-01", "2026-12-08", "2026-12-10", "2026-12-15"]);
        let until = Recipe { ending: Ending::Until(day("2026-12-10")), ..weekly.clone() };
        assert_eq!(texts(&until), ["2026-12-01", "2026-12-08", "2026-12-10"]);
        let second = Recipe { every: 2, except: BTreeSet::new(), ..weekly };
        assert_eq!(texts(&second), ["2026-12-01", "2026-12-03", "2026-12-15", "2026-12-17"]);
    }

    #[test]
    fn the_31st_of_a_short_month_is_its_last_day_and_the_fifth_saturday_the_last() {
        let by_day = recipe("2026-12-31", Pattern::MonthDay, Ending::Times(4));
        assert_eq!(texts(&by_day), ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]);
        let by_weekday = recipe("2026-08-29", Pattern::MonthWeekday, Ending::Times(3));
        assert_eq!(texts(&by_weekday), ["2026-08-29", "2026-09-26", "2026-10-31"]);
        let second = recipe("2026-12-12", Pattern::MonthWeekday, Ending::Times(3));
        assert_eq!(texts(&second), ["2026-12-12", "2027-01-09", "2027-02-13"]);
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let weekly = |ending| Recipe { weekdays: [1].into(), ..recipe("2026-12-01", Pattern::Weekly, ending) };
        let none = Recipe { weekdays: BTreeSet::new(), ..weekly(Ending::Times(3)) };
        assert_eq!(none.days(), Err(RecipeError::NoWeekday));
        assert_eq!(weekly(Ending::Until(day("2026-12-02"))).days(), Err(RecipeError::Nothing));
        assert_eq!(weekly(Ending::Times(500)).days(), Err(RecipeError::TooMany));
        assert_eq!(weekly(Ending::Until(day("2036-12-02"))).days(), Err(RecipeError::TooMany));
        let backwards = Recipe { to: NaiveTime::MIN, ..weekly(Ending::Times(1)) };
        assert_eq!(backwards.days(), Err(RecipeError::Times));
        assert_eq!(Recipe { every: 0, ..weekly(Ending::Times(1)) }.days(), Err(RecipeError::Every));
        assert_eq!(texts(&recipe("2026-12-01", Pattern::Once, Ending::Times(1))), ["2026-12-01"]);
    }
}
