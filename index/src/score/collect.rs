//! Groups a segment's matches by document and keeps the best.

use super::Search;
use crate::error::Error;
use crate::facet::Counter;
use crate::query::Sort;
use crate::rank::NEXT_PASSAGES;
use crate::schema::{DATE, GROUP, HANDICAP};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

/// A matching document.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) segment: u32,
    /// The number that its passages share.
    pub(crate) id: u64,
    /// Its best passages with their scores, best first.
    pub(crate) passages: Vec<(DocId, f32)>,
    pub(crate) score: f32,
    /// What decides its place: higher comes first.
    rank: (f64, f32),
}

impl Group {
    /// Best first; documents of equal rank have an order of their own, which stays when segments are merged.
    fn order(&self, other: &Self) -> Ordering {
        let by_rank = other.rank.0.total_cmp(&self.rank.0).then(other.rank.1.total_cmp(&self.rank.1));
        by_rank.then_with(|| self.id.cmp(&other.id))
    }
}

impl Group {
    /// Adds to the score, and to the place that it decides.
    pub(super) fn raise(&mut self, by: f32) {
        self.score += by;
        self.rank.0 += f64::from(by);
    }
}

impl PartialEq for Group {
    fn eq(&self, other: &Self) -> bool {
        self.order(other) == Ordering::Equal
    }
}

impl Eq for Group {}

impl PartialOrd for Group {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Group {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other)
    }
}

/// How many passages of a document count.
const COUNTED: usize = 1 + NEXT_PASSAGES.len();

/// Sums in another order may differ by as much.
const SURELY: f32 = 0.999_9;

/// Groups a segment's matches by document: passages of one document stand side by side.
pub(super) struct Collector<'a, 's> {
    pub(super) segment: u32,
    pub(super) reader: &'a SegmentReader,
    pub(super) search: &'a Search<'s>,
    pub(super) total: usize,
    pub(super) best: &'a mut BinaryHeap<Group>,
    pub(super) wanted: usize,
}

impl Collector<'_, '_> {
    /// Takes a segment's matches in order: passages of one document stand side by side.
    pub(super) fn collect(&mut self, matching: &[(DocId, f32)], counter: &mut Counter) -> Result<(), Error> {
        let groups: Column<u64> = self.reader.fast_fields().u64(GROUP)?;
        let dates: Column<i64> = self.reader.fast_fields().i64(DATE)?;
        let handicaps: Column<u64> = self.reader.fast_fields().u64(HANDICAP)?;
        let by_date = self.is_by_date();
        let ids = group_ids(&groups, matching);
        let mut rest = matching;
        for same in ids.chunk_by(|one, other| one == other) {
            let (passages, after) = rest.split_at_checked(same.len()).unwrap_or_default();
            rest = after;
            if let (Some(id), Some((first, _))) = (same.first(), passages.first()) {
                self.total += 1;
                counter.count(*first);
                if self.wanted > 0 && !self.cannot_enter(passages) {
                    let kept = handicaps.first(*first).map_or(1.0, share_kept);
                    let date = if by_date { dates.first(*first) } else { None };
                    self.offer(*id, passages, (date, kept));
                }
            }
        }
        Ok(())
    }

    /// Keeps a document when it is among the best so far.
    fn offer(&mut self, id: u64, passages: &[(DocId, f32)], (date, kept): (Option<i64>, f32)) {
        let by_score = |(a, left): &(DocId, f32), (b, right): &(DocId, f32)| right.total_cmp(left).then(a.cmp(b));
        let mut best = [(0, 0.0); COUNTED];
        let count = if let [only] = passages {
            best = [*only; COUNTED];
            1
        } else {
            let mut sorted = passages.to_vec();
            sorted.sort_by(by_score);
            best.iter_mut().zip(&sorted).for_each(|(place, passage)| *place = *passage);
            sorted.len().min(COUNTED)
        };
        let best = best.get(..count).unwrap_or_default();
        let weights = std::iter::once(1.0).chain(NEXT_PASSAGES);
        let score: f32 = best.iter().zip(weights).map(|((_, score), weight)| score * weight).sum::<f32>() * kept;
        let rank = self.rank(score, date);
        let mut group = Group { segment: self.segment, id, passages: Vec::new(), score, rank };
        if self.best.len() >= self.wanted {
            if self.best.peek().is_none_or(|worst| group >= *worst) {
                return;
            }
            self.best.pop();
        }
        group.passages = best.to_vec();
        self.best.push(group);
    }

    /// Whether dates decide; finding one takes longer than all else that is done for a document.
    fn is_by_date(&self) -> bool {
        self.search.request.sort != Sort::Relevance || !self.search.plan.has_words
    }

    /// Whether a document is surely worse than all that are kept, handicaps or not; most are, and this is told at a glance.
    fn cannot_enter(&self, passages: &[(DocId, f32)]) -> bool {
        let (counted, _) = passages.split_at(passages.len().min(COUNTED));
        let weights: f32 = 1.0 + NEXT_PASSAGES.iter().take(counted.len().saturating_sub(1)).sum::<f32>();
        let most = passages.iter().map(|(_, score)| *score).fold(0.0, f32::max) * weights;
        let worst = self.best.peek().filter(|_| self.best.len() >= self.wanted);
        !self.is_by_date() && worst.is_some_and(|worst| most < worst.score * SURELY)
    }

    fn rank(&self, score: f32, date: Option<i64>) -> (f64, f32) {
        let days = date.and_then(|days| i32::try_from(days).ok()).map(f64::from);
        let newest = days.unwrap_or(f64::NEG_INFINITY);
        match self.search.request.sort {
            Sort::Relevance if !self.is_by_date() => (f64::from(score), 0.0),
            Sort::Relevance => (newest, score),
            Sort::DateDesc => (newest, score),
            Sort::DateAsc => (days.map_or(f64::NEG_INFINITY, |days| -days), score),
        }
    }
}

/// The share of a score that is left with a handicap in hundredths.
fn share_kept(lost: u64) -> f32 {
    1.0 - f32::from(u16::try_from(lost.min(100)).unwrap_or(100)) / 100.0
}

/// The numbers of the documents that passages belong to.
fn group_ids(groups: &Column<u64>, passages: &[(DocId, f32)]) -> Vec<u64> {
    let docs: Vec<DocId> = passages.iter().map(|(doc, _)| *doc).collect();
    let (mut found, mut rows) = (Vec::with_capacity(docs.len()), Vec::with_capacity(docs.len()));
    groups.index.docids_to_rowids(&docs, &mut found, &mut rows);
    let mut ids = vec![0; rows.len()];
    groups.values.get_vals(&rows, &mut ids);
    ids
}
