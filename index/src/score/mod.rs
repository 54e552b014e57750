//! Finds the passages that match, groups them by document, and counts what the matches bear.

mod closeness;
mod collect;
mod explain;
mod filter;
mod lengths;
mod postings;
mod window;

pub use explain::{Explanation, Part};

pub(crate) use collect::Group;
pub(crate) use explain::explain;
pub(crate) use lengths::Curves;

use crate::error::Error;
use crate::facet::{Counter, Counts, Names};
use crate::query::{Plan, Request, Sort};
use crate::rank::REORDERED;
use crate::schema::Fields;
use collect::Collector;
use filter::Allowed;
use std::collections::BinaryHeap;
use std::time::Instant;
use tantivy::{DocId, Searcher, SegmentReader};

/// Everything that one search needs.
#[derive(Clone, Copy)]
pub(crate) struct Search<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) curves: &'a Curves,
    pub(crate) names: &'a Names,
    pub(crate) plan: &'a Plan,
    pub(crate) request: &'a Request,
    pub(crate) deadline: Option<Instant>,
}

impl Search<'_> {
    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// What a search found.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) total: usize,
    /// The best documents, as many as were asked for, best first.
    pub(crate) best: Vec<Group>,
    pub(crate) counts: Counts,
    pub(crate) timed_out: bool,
}

/// Runs a search over all segments.
pub(crate) fn run(search: &Search<'_>) -> Result<Found, Error> {
    let asked = search.request.offset.saturating_add(search.request.limit);
    let by_relevance = search.request.sort == Sort::Relevance && asked > 0;
    let wanted = if by_relevance { asked.max(REORDERED) } else { asked };
    let mut found = Found::default();
    let mut best: BinaryHeap<Group> = BinaryHeap::new();
    for (segment, reader) in (0_u32..).zip(search.searcher.segment_readers()) {
        if search.is_late() {
            found.timed_out = true;
            break;
        }
        let passages = matching(search, reader, &mut found.timed_out)?;
        let mut counter = Counter::open(search, reader)?;
        let mut collector = Collector { segment, reader, search, total: 0, best: &mut best, wanted };
        collector.collect(&passages, &mut counter)?;
        found.total += collector.total;
        counter.finish(&mut found.counts);
    }
    found.best = best.into_sorted_vec();
    if by_relevance && search.plan.has_words {
        closeness::reorder(search, &mut found.best)?;
    }
    Ok(found)
}

/// The matching passages of a segment with their scores, in order.
fn matching(search: &Search<'_>, reader: &SegmentReader, late: &mut bool) -> Result<Vec<(DocId, f32)>, Error> {
    let allowed = Allowed::of(search, reader)?;
    if search.plan.has_words {
        return window::matches(search, reader, &allowed, late);
    }
    Ok((0..reader.max_doc()).filter(|doc| allowed.has(*doc)).map(|doc| (doc, 0.0)).collect())
}
