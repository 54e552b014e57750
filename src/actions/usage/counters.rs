//! Counts that gather in memory, bounded however many different queries come.

use crate::actions::ActionError;
use crate::domain::id::{MaterialId, TopicId};
use crate::domain::usage::{DayCount, MaterialCount, Period, QueryCount};
use crate::store;
use crate::store::usage::{self as rows, MaterialRow, QueryRow};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many different queries that found something wait at most, and as many of those that did not: whoever sends
/// words at random fills the second and leaves the first alone.
const MAX_WAITING: usize = 5_000;
/// So many different queries of each kind are kept of one day; later ones count towards the day alone.
const MAX_A_DAY: usize = 5_000;
/// So many materials wait at most.
const MAX_MATERIALS: usize = 50_000;

/// A search by its words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) topic: Option<TopicId>,
}

/// The counts since they were last written; shared by all who answer.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pending: Mutex<Pending>,
}

/// What waits to be written.
#[derive(Debug, Clone, Default)]
pub(super) struct Pending {
    days: BTreeMap<NaiveDate, DayCount>,
    queries: HashMap<(NaiveDate, Option<TopicId>, String), QueryCount>,
    /// How many of the queries found something at first, and how many did not.
    waiting: [usize; 2],
    materials: HashMap<(NaiveDate, MaterialId), MaterialCount>,
}

impl Counters {
    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a search; by its words, too, where they may be kept.
    pub(super) fn searched(&self, day: NaiveDate, asked: Option<Asked>, in_vain: bool) {
        let mut pending = self.pending();
        let count = DayCount { searches: 1, in_vain: u64::from(in_vain), ..DayCount::default() };
        pending.days.entry(day).or_default().add(&count);
        if let Some(asked) = asked {
            let count = QueryCount { text: asked.text, searches: 1, in_vain: u64::from(in_vain) };
            pending.add_query((day, asked.topic, asked.key), &count);
        }
    }

    /// Counts a use of a material.
    pub(super) fn used(&self, day: NaiveDate, material: MaterialId, count: MaterialCount) {
        let mut pending = self.pending();
        let of_day = DayCount { views: count.views, downloads: count.downloads, ..DayCount::default() };
        pending.days.entry(day).or_default().add(&of_day);
        pending.add_material((day, material), &count);
    }

    /// Takes what waits.
    pub(super) fn take(&self) -> Pending {
        std::mem::take(&mut *self.pending())
    }

    /// Puts back what could not be written.
    pub(super) fn give_back(&self, kept: Pending) {
        let mut pending = self.pending();
        for (day, count) in kept.days {
            pending.days.entry(day).or_default().add(&count);
        }
        for (query, count) in kept.queries {
            pending.add_query(query, &count);
        }
        for (material, count) in kept.materials {
            pending.add_material(material, &count);
        }
    }
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    fn add_query(&mut self, query: (NaiveDate, Option<TopicId>, String), count: &QueryCount) {
        if let Some(sum) = self.queries.get_mut(&query) {
            sum.add(count);
            return;
        }
        let [found, in_vain] = &mut self.waiting;
        let waiting = if count.in_vain > 0 { in_vain } else { found };
        if *waiting < MAX_WAITING {
            *waiting += 1;
            self.queries.insert(query, count.clone());
        }
    }

    fn add_material(&mut self, material: (NaiveDate, MaterialId), count: &MaterialCount) {
        if self.materials.len() < MAX_MATERIALS || self.materials.contains_key(&material) {
            self.materials.entry(material).or_default().add(count);
        }
    }

    /// Adds what waited to the rows of its days.
    pub(super) fn write(self, tx: &mut store::WriteTx<'_>) -> Result<(), ActionError> {
        for (day, count) in &self.days {
            rows::add_day(tx, *day, count)?;
        }
        for ((day, material), count) in self.materials {
            rows::add_material(tx, &MaterialRow { day, material, count })?;
        }
        let mut by_day: BTreeMap<NaiveDate, Vec<QueryRow>> = BTreeMap::new();
        for ((day, topic, key), count) in self.queries {
            by_day.entry(day).or_default().push(QueryRow { day, topic, key, count });
        }
        for (day, queries) in by_day {
            write_day(tx, day, queries)?;
        }
        Ok(())
    }
}

/// Adds the queries of one day; of those that are new on that day no more than there is room for.
fn write_day(tx: &mut store::WriteTx<'_>, day: NaiveDate, mut queries: Vec<QueryRow>) -> Result<(), ActionError> {
    let mut known = std::collections::HashSet::new();
    let mut kept = [0_usize; 2];
    for row in rows::queries(tx, Period { from: day, to: day })? {
        let [found, in_vain] = &mut kept;
        *(if row.count.in_vain > 0 { in_vain } else { found }) += 1;
        known.insert((row.topic, row.key));
    }
    queries.sort_by(|a, b| b.count.searches.cmp(&a.count.searches).then_with(|| a.key.cmp(&b.key)));
    for row in queries {
        let [found, in_vain] = &mut kept;
        let kept = if row.count.in_vain > 0 { in_vain } else { found };
        if !known.contains(&(row.topic.clone(), row.key.clone())) {
            if *kept >= MAX_A_DAY {
                continue;
            }
            *kept += 1;
        }
        rows::add_query(tx, &row)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Stamp, Store};
    use chrono::DateTime;

    fn asked(number: usize) -> Asked {
        Asked { key: format!("q{number}"), text: format!("q{number}"), topic: None }
    }

    #[test]
    fn a_flood_of_random_queries_is_counted_but_not_kept_and_crowds_out_none_that_find_something() {
        let (counters, day) = (Counters::default(), NaiveDate::default());
        for number in 0..MAX_WAITING + 1_000 {
            counters.searched(day, Some(asked(number)), true);
        }
        counters.searched(day, Some(asked(usize::MAX)), false);
        let pending = counters.take();
        assert_eq!(pending.queries.len(), MAX_WAITING + 1);
        assert!(pending.queries.contains_key(&(day, None, format!("q{}", usize::MAX))));
        assert_eq!(pending.days[&day].searches, u64::try_from(MAX_WAITING + 1_001).unwrap());
    }

    #[test]
    fn a_day_on_disk_holds_so_many_queries_and_those_it_knows_go_on_counting() {
        let (store, day) = (Store::in_memory().unwrap(), NaiveDate::default());
        let stamp = Stamp { at: DateTime::UNIX_EPOCH, actor: "system".to_owned() };
        let counters = Counters::default();
        for from in [0, 3_000, 0] {
            for number in from..from + 3_000 {
                counters.searched(day, Some(asked(number)), true);
            }
            let pending = counters.take();
            store.write_blocking("test.flush", stamp.clone(), |tx| pending.write(tx)).unwrap();
        }
        let kept = store.read_blocking("test.rows", |tx| rows::queries(tx, Period { from: day, to: day })).unwrap();
        assert_eq!(kept.len(), MAX_A_DAY);
        assert_eq!(kept.iter().filter(|row| row.count.searches == 2).count(), 3_000);
        let latest = store.read_blocking("test.log", |tx| store::log::latest(tx)).unwrap();
        assert_eq!(latest, 0, "counts are not in the log");
    }

    #[test]
    fn what_could_not_be_written_is_not_lost() {
        let (counters, day) = (Counters::default(), NaiveDate::default());
        counters.searched(day, Some(asked(1)), false);
        let kept = counters.take();
        counters.searched(day, Some(asked(1)), true);
        counters.give_back(kept);
        let pending = counters.take();
        let sum = &pending.queries[&(day, None, "q1".to_owned())];
        assert_eq!((sum.searches, sum.in_vain, pending.days[&day].searches), (2, 1, 2));
    }
}
