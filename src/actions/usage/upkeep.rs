//! The daily tidying of counts: rare queries go, old days are added up to months.

use crate::actions::{ActionError, Context};
use crate::domain::usage::{COMMON_FROM, DAILY_DAYS, FRESH_DAYS, KEPT_DAYS, Period, month_of};
use crate::store::usage::{self as rows, QueryRow};
use crate::store::{self, WriteTx};
use chrono::{Days, NaiveDate};
use std::collections::HashMap;

/// Under this name the store remembers the last day whose queries were looked through.
const TIDIED: &str = "usage-tidied-through";

/// Drops queries that stayed rare, adds up old days, and forgets what is too old; blocks. Doing it twice a day changes
/// nothing more.
///
/// # Errors
/// When the store fails.
pub fn tidy(context: &Context) -> Result<(), ActionError> {
    let today = context.today();
    context.store.write_blocking("usage.tidy", context.stamp(), move |tx| {
        drop_rare(tx, today)?;
        add_up(tx, today)?;
        Ok::<_, ActionError>(())
    })?;
    Ok(())
}

fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or_default()
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// Looks once at each day that is no longer fresh. A query stays when it was common around that day.
fn drop_rare(tx: &mut WriteTx<'_>, today: NaiveDate) -> Result<(), ActionError> {
    let done = store::meta::get(tx, TIDIED)?.and_then(|text| text.parse::<NaiveDate>().ok()).unwrap_or_default();
    let until = before(today, FRESH_DAYS + 1);
    if until <= done {
        return Ok(());
    }
    let seen = rows::queries(tx, Period { from: before(after(done, 1), FRESH_DAYS), to: today })?;
    let mut by_query: HashMap<&str, Vec<&QueryRow>> = HashMap::new();
    for row in &seen {
        by_query.entry(&row.key).or_default().push(row);
    }
    for row in seen.iter().filter(|row| row.day > done && row.day <= until) {
        let (from, to) = (before(row.day, FRESH_DAYS), after(row.day, FRESH_DAYS));
        let around = by_query.get(row.key.as_str()).into_iter().flatten();
        let times: u64 = around.filter(|one| from <= one.day && one.day <= to).map(|one| one.count.searches).sum();
        if times < COMMON_FROM {
            rows::remove_query(tx, row);
        }
    }
    store::meta::put(tx, TIDIED, &until.to_string());
    Ok(())
}

/// Puts the counts of days long past under the first of their month, and drops queries of years ago.
fn add_up(tx: &mut WriteTx<'_>, today: NaiveDate) -> Result<(), ActionError> {
    let past = Period { from: NaiveDate::default(), to: before(today, DAILY_DAYS + 1) };
    let forgotten = before(today, KEPT_DAYS);
    for row in rows::queries(tx, past)? {
        if row.day < forgotten {
            rows::remove_query(tx, &row);
        } else if row.day != month_of(row.day) {
            rows::remove_query(tx, &row);
            rows::add_query(tx, &QueryRow { day: month_of(row.day), ..row })?;
        }
    }
    for row in rows::materials(tx, past)? {
        if row.day != month_of(row.day) {
            rows::remove_material(tx, &row);
            rows::add_material(tx, &rows::MaterialRow { day: month_of(row.day), ..row })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::usage::QueryCount;
    use crate::store::{Stamp, Store};
    use chrono::DateTime;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn stamp() -> Stamp {
        Stamp { at: DateTime::UNIX_EPOCH, actor: "system".to_owned() }
    }

    fn ask(store: &Store, key: &str, on: &str, searches: u64) {
        let count = QueryCount { text: key.to_owned(), searches, in_vain: 0 };
        let row = QueryRow { day: day(on), topic: None, key: key.to_owned(), count };
        store.write_blocking("test.ask", stamp(), move |tx| rows::add_query(tx, &row)).unwrap();
    }

    fn tidied(store: &Store, today: &str) -> Vec<(String, String, u64)> {
        let today = day(today);
        store
            .write_blocking("test.tidy", stamp(), move |tx| {
                drop_rare(tx, today)?;
                add_up(tx, today)
            })
            .unwrap();
        let all = Period { from: NaiveDate::default(), to: day("2100-01-01") };
        let kept = store.read_blocking("test.rows", |tx| rows::queries(tx, all)).unwrap();
        kept.into_iter().map(|row| (row.key, row.day.to_string(), row.count.searches)).collect()
    }

    fn line(key: &str, on: &str, searches: u64) -> (String, String, u64) {
        (key.to_owned(), on.to_owned(), searches)
    }

    #[test]
    fn a_rare_query_is_dropped_after_a_month_and_a_common_one_stays() {
        let store = Store::in_memory().unwrap();
        ask(&store, "nguyen van a", "2026-01-10", 2);
        ask(&store, "lua", "2026-01-10", 1);
        ask(&store, "lua", "2026-01-20", 1);
        ask(&store, "lua", "2026-02-05", 1);
        let all = vec![
            line("lua", "2026-01-10", 1),
            line("nguyen van a", "2026-01-10", 2),
            line("lua", "2026-01-20", 1),
            line("lua", "2026-02-05", 1),
        ];
        assert_eq!(tidied(&store, "2026-02-09"), all, "both are fresh");
        let common: Vec<_> = all.into_iter().filter(|(key, ..)| key == "lua").collect();
        assert_eq!(tidied(&store, "2026-02-10"), common);
        assert_eq!(tidied(&store, "2026-03-20"), common, "days around a day count, before and after");
    }

    #[test]
    fn a_day_is_looked_through_once() {
        let store = Store::in_memory().unwrap();
        ask(&store, "a", "2026-01-01", 2);
        ask(&store, "a", "2026-01-25", 1);
        ask(&store, "a", "2026-02-20", 1);
        let kept = vec![line("a", "2026-01-01", 2), line("a", "2026-01-25", 1)];
        let mut first = tidied(&store, "2026-02-26");
        first.retain(|(_, on, _)| on != "2026-02-20");
        assert_eq!(first, kept);
        assert_eq!(tidied(&store, "2026-03-27"), kept, "the last is rare: nothing but one lies around it");
        assert_eq!(tidied(&store, "2026-03-28"), kept, "what was kept once is not judged again");
    }

    #[test]
    fn old_days_become_months_and_ancient_queries_go() {
        let store = Store::in_memory().unwrap();
        ask(&store, "lua", "2026-01-10", 4);
        ask(&store, "lua", "2026-01-11", 5);
        ask(&store, "lua", "2026-06-01", 6);
        assert_eq!(tidied(&store, "2026-06-10"), [line("lua", "2026-01-01", 9), line("lua", "2026-06-01", 6)]);
        assert_eq!(tidied(&store, "2026-06-10"), [line("lua", "2026-01-01", 9), line("lua", "2026-06-01", 6)]);
        assert_eq!(tidied(&store, "2031-03-01"), [line("lua", "2026-06-01", 6)]);
    }
}
