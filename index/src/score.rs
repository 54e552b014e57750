//! Scores passages term by term, groups them by document, and counts what the matches bear.

use crate::error::Error;
use crate::facet::{Counter, Counts};
use crate::query::Term;
use crate::query::{Plan, Request, Sort};
use crate::rank::{B, K1, MATCH_SHARE, NEXT_PASSAGES, SHORT_MATCH_SHARE, SHORT_SYLLABLES};
use crate::schema::{DATE, Fields, GROUP, View};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::time::Instant;
use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, Searcher, SegmentReader, TERMINATED};

/// Everything that one search needs.
pub(crate) struct Search<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) plan: &'a Plan,
    pub(crate) request: &'a Request,
    pub(crate) deadline: Option<Instant>,
}

impl Search<'_> {
    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// A matching document.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) segment: u32,
    /// The number that its passages share.
    id: u64,
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

/// What a search found.
pub(crate) struct Found {
    pub(crate) total: usize,
    /// The best documents, as many as were asked for, best first.
    pub(crate) best: Vec<Group>,
    pub(crate) counts: Counts,
    pub(crate) timed_out: bool,
}

/// How many passages of a document count.
const COUNTED: usize = 1 + NEXT_PASSAGES.len();

/// Runs a search over all segments.
pub(crate) fn run(search: &Search<'_>) -> Result<Found, Error> {
    let wanted = search.request.offset.saturating_add(search.request.limit);
    let mut found = Found { total: 0, best: Vec::new(), counts: Counts::default(), timed_out: false };
    let mut best: BinaryHeap<Group> = BinaryHeap::new();
    for (segment, reader) in (0_u32..).zip(search.searcher.segment_readers()) {
        if search.is_late() {
            found.timed_out = true;
            break;
        }
        let passages = score_segment(search, reader, &mut found.timed_out)?;
        let mut counter = Counter::open(search, reader)?;
        let mut collector = Collector { segment, reader, search, total: 0, best: &mut best, wanted };
        collector.collect(&passages, &mut counter)?;
        found.total += collector.total;
        counter.finish(&mut found.counts)?;
    }
    found.best = best.into_sorted_vec();
    Ok(found)
}

/// The scores of a segment's passages; absent for those that do not match or are filtered out.
struct Scores {
    score: Vec<f32>,
    matches: Vec<bool>,
}

fn score_segment(search: &Search<'_>, reader: &SegmentReader, late: &mut bool) -> Result<Scores, Error> {
    let size = usize::try_from(reader.max_doc()).unwrap_or(usize::MAX);
    let mut score = vec![0.0; size];
    let mut matches = vec![true; size];
    if !search.request.query.trim().is_empty() {
        let mut share = vec![0.0; size];
        let lengths = Lengths::of(search, reader)?;
        for term in &search.plan.terms {
            if search.is_late() {
                *late = true;
                break;
            }
            add_term(search, reader, term, &lengths, (&mut score, &mut share))?;
        }
        let short = search.plan.words.len() <= SHORT_SYLLABLES && !search.plan.words.is_empty();
        let least = search.plan.whole * if short { SHORT_MATCH_SHARE } else { MATCH_SHARE };
        for (matches, share) in matches.iter_mut().zip(&share) {
            *matches = *share > 0.0 && *share >= least;
        }
    }
    for filter in &search.request.filters {
        let field = search.fields.facet(&filter.field)?;
        let mut bears = vec![false; size];
        let index = reader.inverted_index(field)?;
        for value in &filter.any_of {
            let term = tantivy::Term::from_field_text(field, value);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            each(&mut postings, |doc, _| set(&mut bears, doc, true));
        }
        for (matches, bears) in matches.iter_mut().zip(&bears) {
            *matches &= *bears;
        }
    }
    if let Some(alive) = reader.alive_bitset() {
        for (doc, matches) in (0..).zip(matches.iter_mut()) {
            *matches &= alive.is_alive(doc);
        }
    }
    Ok(Scores { score, matches })
}

fn each(postings: &mut impl Postings, mut act: impl FnMut(DocId, u32)) {
    let mut doc = postings.doc();
    while doc != TERMINATED {
        act(doc, postings.term_freq());
        doc = postings.advance();
    }
}

fn set<T>(values: &mut [T], doc: DocId, value: T) {
    if let Some(place) = usize::try_from(doc).ok().and_then(|at| values.get_mut(at)) {
        *place = value;
    }
}

fn add_term(
    search: &Search<'_>,
    reader: &SegmentReader,
    term: &Term,
    lengths: &Lengths,
    (score, share): (&mut [f32], &mut [f32]),
) -> Result<(), Error> {
    let field = search.fields.view(term.view);
    let index = reader.inverted_index(field)?;
    let wanted = tantivy::Term::from_field_text(field, &term.text);
    let Some(mut postings) = index.read_postings(&wanted, IndexRecordOption::WithFreqs)? else { return Ok(()) };
    each(&mut postings, |doc, frequency| {
        let Some(at) = usize::try_from(doc).ok() else { return };
        let held = lengths.held(doc);
        let frequency = crate::query::as_weight(frequency);
        if let Some(score) = score.get_mut(at) {
            *score += term.weight * frequency * (K1 + 1.0) / (frequency + held);
        }
        if let Some(share) = share.get_mut(at) {
            *share += term.share;
        }
    });
    Ok(())
}

/// BM25's part that depends on a passage's length.
struct Lengths {
    norms: FieldNormReader,
    /// For each of the 256 lengths that are kept.
    held: Vec<f32>,
}

impl Lengths {
    fn of(search: &Search<'_>, reader: &SegmentReader) -> Result<Self, Error> {
        let field = search.fields.view(View::LENGTHS);
        let mut tokens = 0;
        for reader in search.searcher.segment_readers() {
            tokens += reader.inverted_index(field)?.total_num_tokens();
        }
        let mean = (crate::query::as_f32(tokens) / crate::query::as_f32(search.searcher.num_docs().max(1))).max(1.0);
        let held = |id: u8| {
            let length = crate::query::as_weight(FieldNormReader::id_to_fieldnorm(id));
            K1 * (1.0 - B + B * length / mean)
        };
        let held = (0..=u8::MAX).map(held).collect();
        Ok(Self { norms: reader.get_fieldnorms_reader(field)?, held })
    }

    fn held(&self, doc: DocId) -> f32 {
        self.held.get(usize::from(self.norms.fieldnorm_id(doc))).copied().unwrap_or(K1)
    }
}

/// Groups a segment's matches by document: passages of one document stand side by side.
struct Collector<'a, 's> {
    segment: u32,
    reader: &'a SegmentReader,
    search: &'a Search<'s>,
    total: usize,
    best: &'a mut BinaryHeap<Group>,
    wanted: usize,
}

impl Collector<'_, '_> {
    fn collect(&mut self, scores: &Scores, counter: &mut Counter) -> Result<(), Error> {
        let groups: Column<u64> = self.reader.fast_fields().u64(GROUP)?;
        let dates: Column<i64> = self.reader.fast_fields().i64(DATE)?;
        let matching: Vec<(DocId, f32)> = (0..)
            .zip(scores.matches.iter().zip(&scores.score))
            .filter_map(|(doc, (matches, score))| matches.then_some((doc, *score)))
            .collect();
        let ids = group_ids(&groups, &matching);
        let mut rest = matching.as_slice();
        for same in ids.chunk_by(|one, other| one == other) {
            let (passages, after) = rest.split_at_checked(same.len()).unwrap_or_default();
            rest = after;
            if let (Some(id), Some((first, _))) = (same.first(), passages.first()) {
                self.total += 1;
                counter.count(*first);
                if self.wanted > 0 {
                    self.offer(*id, passages, dates.first(*first));
                }
            }
        }
        Ok(())
    }

    /// Keeps a document when it is among the best so far.
    fn offer(&mut self, id: u64, passages: &[(DocId, f32)], date: Option<i64>) {
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
        let score: f32 = best.iter().zip(weights).map(|((_, score), weight)| score * weight).sum();
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

    fn rank(&self, score: f32, date: Option<i64>) -> (f64, f32) {
        let days = date.and_then(|days| i32::try_from(days).ok()).map(f64::from);
        let newest = days.unwrap_or(f64::NEG_INFINITY);
        match self.search.request.sort {
            Sort::Relevance if self.search.request.query.trim().is_empty() => (newest, score),
            Sort::Relevance => (f64::from(score), 0.0),
            Sort::DateDesc => (newest, score),
            Sort::DateAsc => (days.map_or(f64::NEG_INFINITY, |days| -days), score),
        }
    }
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
