//! A month or a week as a calendar: days with their lunar dates, holidays and what is on them.

use super::long_day;
use crate::domain::holiday::holiday;
use crate::domain::lunar;
use chrono::{Datelike, Months, NaiveDate, TimeDelta};
use std::collections::BTreeMap;

/// A month or a week.
#[derive(Debug, Clone, Default)]
pub(super) struct MonthView {
    pub(super) title: String,
    pub(super) days: Vec<DayView>,
}

/// A day of a calendar.
#[derive(Debug, Clone, Default)]
pub(super) struct DayView {
    pub(super) number: u32,
    /// The whole date, for whoever hears it.
    pub(super) name: String,
    pub(super) lunar: String,
    pub(super) holiday: Option<&'static str>,
    /// It belongs to the month before or after.
    pub(super) outside: bool,
    pub(super) today: bool,
    pub(super) items: Vec<ItemView>,
}

/// Something on a day.
#[derive(Debug, Clone, Default)]
pub(super) struct ItemView {
    pub(super) time: String,
    pub(super) label: String,
    pub(super) url: Option<String>,
    /// It is cancelled or refused.
    pub(super) bad: bool,
}

/// The first and the last day that the calendar of a month shows: whole weeks.
pub(super) fn month_range(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = day.with_day(1).unwrap_or(day);
    let last = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first);
    (week_range(first).0, week_range(last).1)
}

/// Monday and Sunday of a day's week.
pub(super) fn week_range(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let monday = day - TimeDelta::days(i64::from(day.weekday().num_days_from_monday()));
    (monday, monday + TimeDelta::days(6))
}

/// A calendar of the days of a range; those of another month than `month` are outside of it.
pub(super) fn calendar(
    title: String,
    (from, to): (NaiveDate, NaiveDate),
    (month, today): (Option<u32>, NaiveDate),
    mut items: BTreeMap<NaiveDate, Vec<ItemView>>,
) -> MonthView {
    let days = from.iter_days().take_while(|day| *day <= to).map(|day| DayView {
        number: day.day(),
        name: whole_name(day),
        lunar: lunar::short(day),
        holiday: holiday(day).map(|holiday| holiday.name),
        outside: month.is_some_and(|month| month != day.month()),
        today: day == today,
        items: items.remove(&day).unwrap_or_default(),
    });
    MonthView { title, days: days.collect() }
}

/// A day by both calendars.
fn whole_name(day: NaiveDate) -> String {
    let lunar = lunar::lunar(day).map(|lunar| format!(", {lunar} âm lịch")).unwrap_or_default();
    format!("{}{lunar}", long_day(day))
}

/// The calendars of all months from the first to the last day of some items.
pub(super) fn months(today: NaiveDate, items: &BTreeMap<NaiveDate, Vec<ItemView>>) -> Vec<MonthView> {
    let Some((first, last)) = items.keys().next().zip(items.keys().next_back()) else { return Vec::new() };
    let mut found = Vec::new();
    let mut month = first.with_day(1).unwrap_or(*first);
    while month <= *last {
        let of_month = |day: &NaiveDate| (day.year(), day.month()) == (month.year(), month.month());
        let own: BTreeMap<_, _> =
            items.iter().filter(|(day, _)| of_month(day)).map(|(day, items)| (*day, items.clone())).collect();
        if !own.is_empty() {
            found.push(calendar(title(month), month_range(month), (Some(month.month()), today), own));
        }
        let Some(next) = month.checked_add_months(Months::new(1)) else { break };
        month = next;
    }
    found
}

/// A month in words.
pub(super) fn title(month: NaiveDate) -> String {
    format!("Tháng {} năm {}", month.month(), month.year())
}

#[cfg(test)]
pub(super) fn sample() -> MonthView {
    let item = |bad: bool| ItemView {
        time: "19:00".to_owned(),
        label: "<thử>".to_owned(),
        url: bad.then(|| "/".to_owned()),
        bad,
    };
    let day: NaiveDate = "2026-12-01".parse().unwrap_or_default();
    let items = [(day, vec![item(true), item(false)])].into();
    calendar(title(day), month_range(day), (Some(12), day), items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_shown_in_whole_weeks_from_monday() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(month_range(day("2026-12-15")), (day("2026-11-30"), day("2027-01-03")));
        assert_eq!(week_range(day("2026-11-29")), (day("2026-11-23"), day("2026-11-29")));
        let view = sample();
        assert_eq!((view.days.len(), view.days[0].outside, view.days[1].number), (35, true, 1));
        assert_eq!((view.days[1].lunar.as_str(), view.days[9].lunar.as_str()), ("23/10", "1/11"));
    }
}
