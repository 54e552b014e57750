//! Good queries of many, which others may be offered.

use crate::actions::{ActionError, Context};
use crate::domain::id::MaterialId;
use crate::domain::usage::{DAILY_DAYS, Period, QueryCount};
use crate::store;
use crate::store::usage::QueryRow;
use std::collections::{BTreeMap, BTreeSet};

/// On so many days at least a query was asked before others are offered it.
const OFFERED_FROM_DAYS: usize = 3;

/// Queries that were asked on at least three days of the last quarter and found something the last time; blocks.
pub(crate) fn frequent(context: &Context) -> Result<Vec<QueryCount>, ActionError> {
    let period = Period::last(DAILY_DAYS, context.today());
    let rows =
        context.store.read_blocking("usage.frequent", |tx| Ok::<_, ActionError>(store::usage::queries(tx, period)?))?;
    let mut by_query: BTreeMap<String, Vec<QueryRow>> = BTreeMap::new();
    for row in rows {
        by_query.entry(row.key.clone()).or_default().push(row);
    }
    Ok(by_query.into_values().filter_map(good_query).collect())
}

/// The sum of a query's days, when there are enough of them and the last one was not in vain. Rows come by day.
fn good_query(rows: Vec<QueryRow>) -> Option<QueryCount> {
    let days: BTreeSet<_> = rows.iter().map(|row| row.day).collect();
    let last = *days.last()?;
    let of_last = || rows.iter().filter(|row| row.day == last);
    let found: u64 = of_last().map(|row| row.count.searches - row.count.in_vain.min(row.count.searches)).sum();
    let mut sum = QueryCount { text: rows.last()?.count.text.clone(), ..QueryCount::default() };
    for row in &rows {
        sum.add(&row.count);
    }
    (days.len() >= OFFERED_FROM_DAYS && found > 0).then_some(sum)
}

/// How many days of openings tell what is popular now.
const POPULAR_DAYS: u64 = 30;

/// How often each material was opened lately; blocks.
pub(crate) fn popular(context: &Context) -> Result<BTreeMap<MaterialId, u64>, ActionError> {
    let period = Period::last(POPULAR_DAYS, context.today());
    let rows = context
        .store
        .read_blocking("usage.popular", |tx| Ok::<_, ActionError>(store::usage::materials(tx, period)?))?;
    let mut sums = BTreeMap::new();
    for row in rows {
        *sums.entry(row.material).or_default() += row.count.views;
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn row(day: u32, topic: &str, searches: u64, in_vain: u64) -> QueryRow {
        let count = QueryCount { text: "lúa".to_owned(), searches, in_vain };
        let day = NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        QueryRow { day, topic: crate::domain::id::TopicId::parse(topic).ok(), key: "lúa3".to_owned(), count }
    }

    #[test]
    fn a_query_is_good_when_three_days_have_asked_it_and_the_last_found_something() {
        let days = |rows: &[QueryRow]| good_query(rows.to_vec()).map(|sum| sum.searches);
        assert_eq!(days(&[row(1, "", 1, 0), row(2, "", 1, 1), row(3, "", 1, 0)]), Some(3));
        assert_eq!(days(&[row(1, "", 50, 0), row(2, "", 50, 0)]), None, "two days, however many searches");
        assert_eq!(days(&[row(1, "", 9, 0), row(1, "agri", 9, 0), row(2, "", 9, 0)]), None, "one day twice");
        assert_eq!(days(&[row(1, "", 1, 0), row(2, "", 1, 0), row(3, "", 2, 2)]), None, "nothing is found any more");
    }
}
