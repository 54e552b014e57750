//! Counts documents by the values they bear.

use crate::error::Error;
use crate::schema::facet_name;
use crate::score::Search;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::columnar::StrColumn;
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

/// A value and how many matching documents bear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The value.
    pub id: String,
    /// Documents, not passages.
    pub count: usize,
}

/// Counts by field; of each segment the names of the values and how many documents bear each.
pub(crate) type Counts = BTreeMap<String, Vec<(Arc<[String]>, Vec<usize>)>>;

/// The values of each facet in each segment, in the order of their ordinals: finding a value's name takes longer than
/// counting it.
#[derive(Default)]
pub(crate) struct Names(Mutex<ByPlace>);

/// By segment and field.
type ByPlace = FxHashMap<(SegmentId, String), Arc<[String]>>;

/// From so many on all are forgotten: most belong to segments that are no more.
const MAX_KNOWN: usize = 1_024;

impl Names {
    fn of(&self, segment: SegmentId, field: &str, column: &StrColumn) -> Result<Arc<[String]>, Error> {
        let place = (segment, field.to_owned());
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(names) = known.get(&place) {
            return Ok(Arc::clone(names));
        }
        let mut names = Vec::with_capacity(column.num_terms());
        for ordinal in (0..).take(column.num_terms()) {
            let mut name = String::new();
            column.ord_to_str(ordinal, &mut name)?;
            names.push(name);
        }
        let names: Arc<[String]> = names.into();
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(place, Arc::clone(&names));
        Ok(names)
    }
}

/// So many documents are looked up at once: a column answers many faster than one by one.
const BLOCK: usize = 4_096;

/// Counts in one segment, by the ordinal of each value.
pub(crate) struct Counter {
    columns: Vec<Counted>,
    waiting: Vec<DocId>,
}

struct Counted {
    field: String,
    column: StrColumn,
    names: Arc<[String]>,
    counts: Vec<usize>,
}

impl Counter {
    pub(crate) fn open(search: &Search<'_>, reader: &SegmentReader) -> Result<Self, Error> {
        let mut columns = Vec::new();
        for field in &search.request.facets {
            search.fields.facet(field)?;
            if let Some(column) = reader.fast_fields().str(&facet_name(field))? {
                let names = search.names.of(reader.segment_id(), field, &column)?;
                columns.push(Counted { field: field.clone(), counts: vec![0; names.len()], names, column });
            }
        }
        Ok(Self { columns, waiting: Vec::with_capacity(BLOCK) })
    }

    /// Counts a document by one of its passages: all bear the same values. Passages come in order.
    pub(crate) fn count(&mut self, doc: DocId) {
        self.waiting.push(doc);
        if self.waiting.len() == BLOCK {
            self.count_waiting();
        }
    }

    fn count_waiting(&mut self) {
        let (mut docs, mut rows, mut ordinals) = (Vec::new(), Vec::new(), Vec::new());
        for Counted { column, counts, .. } in &mut self.columns {
            docs.clear();
            rows.clear();
            column.ords().index.docids_to_rowids(&self.waiting, &mut docs, &mut rows);
            ordinals.clear();
            ordinals.resize(rows.len(), 0);
            column.ords().values.get_vals(&rows, &mut ordinals);
            for ordinal in &ordinals {
                if let Some(count) = usize::try_from(*ordinal).ok().and_then(|at| counts.get_mut(at)) {
                    *count += 1;
                }
            }
        }
        self.waiting.clear();
    }

    /// Adds this segment's counts.
    pub(crate) fn finish(mut self, all: &mut Counts) {
        self.count_waiting();
        for Counted { field, names, counts, .. } in self.columns {
            all.entry(field).or_default().push((names, counts));
        }
    }
}

/// The counts of every wanted field, most frequent value first.
pub(crate) fn named(search: &Search<'_>, mut counts: Counts) -> Result<BTreeMap<String, Vec<FacetCount>>, Error> {
    let mut named = BTreeMap::new();
    for name in &search.request.facets {
        search.fields.facet(name)?;
        let segments = counts.remove(name).unwrap_or_default();
        let mut sums: FxHashMap<&str, usize> = FxHashMap::default();
        for (names, counts) in &segments {
            for (name, count) in names.iter().zip(counts).filter(|(_, count)| **count > 0) {
                *sums.entry(name).or_default() += count;
            }
        }
        let value = |(id, count): (&str, usize)| FacetCount { id: id.to_owned(), count };
        let mut values: Vec<FacetCount> = sums.into_iter().map(value).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.id.cmp(&b.id)));
        named.insert(name.clone(), values);
    }
    Ok(named)
}
