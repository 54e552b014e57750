//! What people search and do not find, for those who decide what is written next.

use super::flush_blocking;
use crate::actions::cards::public_rows;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::id::{MaterialId, TopicId};
use crate::domain::usage::{COMMON_FROM, DayCount, MaterialCount, Period};
use crate::store::usage::QueryRow;
use crate::store::{self, ReadTx};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// The use of the library in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub period: Period,
    /// Everything counted, whatever the topic.
    pub all: DayCount,
    /// Queries that found nothing at least once, those that did most often first.
    pub in_vain: Vec<QueryLine>,
    /// Queries, the most frequent first.
    pub asked: Vec<QueryLine>,
    /// Searches whose words are not shown, because too few have asked them.
    pub rare: u64,
    /// Materials, the most opened first; only of a report on all topics.
    pub materials: Vec<MaterialLine>,
}

/// A query of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryLine {
    pub text: String,
    pub searches: u64,
    pub in_vain: u64,
    /// On how many days; months that were added up count as one.
    pub days: usize,
}

/// A material of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct MaterialLine {
    pub material: Named<MaterialId>,
    pub count: MaterialCount,
}

/// Which report is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRequest {
    /// The first day; else thirty days up to the last.
    pub from: Option<NaiveDate>,
    /// The last day; else today.
    pub to: Option<NaiveDate>,
    /// Queries narrowed to this topic or one below it; else all.
    pub topic: Option<TopicId>,
    /// The most lines of each table.
    pub limit: usize,
}

/// How long a report's period is, where no first day is given.
const USUAL_DAYS: u64 = 30;

/// Tells how the library was used in a period; blocks.
///
/// Queries that were asked fewer than three times in the period are never shown, only added up.
///
/// # Errors
/// `Invalid` when the period ends before it begins; else when the store fails.
pub fn report(context: &Context, request: &ReportRequest) -> Result<Report, ActionError> {
    flush_blocking(context)?;
    let period = period(request.from, request.to, context.today())?;
    context.store.read_blocking("usage.report", |tx| {
        let rows = store::usage::queries(tx, period)?.into_iter();
        let (lines, rare) = lines(rows.filter(|row| is_below(row.topic.as_ref(), request.topic.as_ref())));
        let limit = request.limit;
        Ok::<_, ActionError>(Report {
            period,
            all: store::usage::sum_of_days(tx, period)?,
            in_vain: first(lines.iter().filter(|line| line.in_vain > 0), limit, |line| line.in_vain),
            asked: first(lines.iter(), limit, |line| line.searches),
            rare,
            materials: if request.topic.is_some() { Vec::new() } else { material_lines(tx, period, limit)? },
        })
    })
}

/// The days that a report is about: thirty up to today, where nothing else is asked for.
///
/// # Errors
/// `Invalid` when the period ends before it begins.
pub fn period(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> Result<Period, ActionError> {
    let to = to.unwrap_or(today);
    let from = from.unwrap_or(Period::last(USUAL_DAYS, to).from);
    if from <= to {
        return Ok(Period { from, to });
    }
    let reason = format!("Ngày bắt đầu ({from}) ở sau ngày kết thúc ({to}).");
    Err(ActionError::Invalid { field: "period", code: "period-invalid", reason })
}

/// A query as it is judged whether it belongs to a report.
#[derive(Debug, Clone, Copy)]
pub struct QueryUse<'a> {
    /// In small letters, parted by single spaces.
    pub text: &'a str,
    /// What the search was narrowed to.
    pub topic: Option<&'a TopicId>,
}

/// The queries of a period that found nothing and belong to what is asked for, those that did most often first; never
/// one that was asked fewer than three times.
pub(in crate::actions) fn in_vain(
    tx: &dyn ReadTx,
    period: Period,
    limit: usize,
    belongs: &dyn Fn(&QueryUse<'_>) -> bool,
) -> Result<Vec<QueryLine>, ActionError> {
    let rows = store::usage::queries(tx, period)?.into_iter();
    let asked = rows.filter(|row| belongs(&QueryUse { text: &row.count.text, topic: row.topic.as_ref() }));
    let (lines, _) = lines(asked);
    Ok(first(lines.iter().filter(|line| line.in_vain > 0), limit, |line| line.in_vain))
}

fn is_below(topic: Option<&TopicId>, wanted: Option<&TopicId>) -> bool {
    let Some(wanted) = wanted else { return true };
    topic.is_some_and(|topic| topic == wanted || topic.parent().as_ref() == Some(wanted))
}

/// The queries that were asked often enough to be shown, and how many searches the others were.
fn lines(rows: impl Iterator<Item = QueryRow>) -> (Vec<QueryLine>, u64) {
    let mut by_query: BTreeMap<String, (QueryLine, BTreeSet<NaiveDate>)> = BTreeMap::new();
    for row in rows {
        let fresh = || (QueryLine { text: String::new(), searches: 0, in_vain: 0, days: 0 }, BTreeSet::new());
        let (line, days) = by_query.entry(row.key).or_insert_with(fresh);
        line.text = row.count.text;
        line.searches += row.count.searches;
        line.in_vain += row.count.in_vain;
        days.insert(row.day);
        line.days = days.len();
    }
    let (shown, rare): (Vec<_>, Vec<_>) =
        by_query.into_values().map(|(line, _)| line).partition(|line| line.searches >= COMMON_FROM);
    (shown, rare.iter().map(|line| line.searches).sum())
}

fn first<'a>(
    lines: impl Iterator<Item = &'a QueryLine>,
    limit: usize,
    by: impl Fn(&QueryLine) -> u64,
) -> Vec<QueryLine> {
    let mut lines: Vec<QueryLine> = lines.cloned().collect();
    lines.sort_by_cached_key(|line| (Reverse(by(line)), line.text.clone()));
    lines.truncate(limit);
    lines
}

/// The materials used most, of those that are public.
fn material_lines(tx: &dyn ReadTx, period: Period, limit: usize) -> Result<Vec<MaterialLine>, ActionError> {
    let mut sums: BTreeMap<MaterialId, MaterialCount> = BTreeMap::new();
    for row in store::usage::materials(tx, period)? {
        sums.entry(row.material).or_default().add(&row.count);
    }
    let mut all: Vec<(MaterialId, MaterialCount)> = sums.into_iter().collect();
    all.sort_by_key(|(id, count)| (Reverse(count.views + count.downloads), *id));
    let mut lines = Vec::new();
    for (id, count) in all {
        if lines.len() == limit {
            break;
        }
        if let Some((_, version)) = public_rows(tx, id)? {
            lines.push(MaterialLine { material: Named { id, name: version.description.title }, count });
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::usage::QueryCount;

    fn row(day: u32, key: &str, (searches, in_vain): (u64, u64), topic: &str) -> QueryRow {
        let count = QueryCount { text: key.to_owned(), searches, in_vain };
        let day = NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        QueryRow { day, topic: TopicId::parse(topic).ok(), key: key.to_owned(), count }
    }

    #[test]
    fn days_of_a_query_are_added_up_and_rare_ones_are_not_named() {
        let rows = [
            row(1, "lúa", (2, 0), ""),
            row(2, "lúa", (1, 1), "agri"),
            row(2, "lúa", (1, 0), ""),
            row(3, "ông a ở thôn b", (2, 2), ""),
        ];
        let (lines, rare) = lines(rows.into_iter());
        assert_eq!(lines, [QueryLine { text: "lúa".to_owned(), searches: 4, in_vain: 1, days: 2 }]);
        assert_eq!(rare, 2);
    }

    #[test]
    fn a_topic_takes_those_below_it_in() {
        let id = |text: &str| TopicId::parse(text).unwrap();
        assert!(is_below(Some(&id("agri.rice")), Some(&id("agri"))));
        assert!(!is_below(Some(&id("agri")), Some(&id("agri.rice"))));
        assert!(!is_below(None, Some(&id("agri"))) && is_below(None, None));
    }

    #[test]
    fn a_period_that_ends_before_it_begins_is_refused() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        assert!(matches!(period(day(9), day(8), day(9).unwrap()), Err(ActionError::Invalid { .. })));
        let usual = period(None, None, day(30).unwrap()).unwrap();
        assert_eq!(usual, Period { from: day(1).unwrap(), to: day(30).unwrap() });
    }
}
