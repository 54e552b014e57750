//! Counts documents by the values they bear.

use crate::error::Error;
use crate::schema::facet_name;
use crate::score::Search;
use std::collections::{BTreeMap, HashMap};
use tantivy::columnar::StrColumn;
use tantivy::{DocId, SegmentReader};

/// A value and how many matching documents bear it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetCount {
    /// The value.
    pub id: String,
    /// Documents, not passages.
    pub count: usize,
}

/// Counts by field and value, over all segments.
pub(crate) type Counts = BTreeMap<String, HashMap<String, usize>>;

/// So many documents are looked up at once: a column answers many faster than one by one.
const BLOCK: usize = 4_096;

/// Counts in one segment, by the ordinal of each value.
pub(crate) struct Counter {
    columns: Vec<(String, StrColumn, Vec<usize>)>,
    waiting: Vec<DocId>,
}

impl Counter {
    pub(crate) fn open(search: &Search<'_>, reader: &SegmentReader) -> Result<Self, Error> {
        let mut columns = Vec::new();
        for name in &search.request.facets {
            search.fields.facet(name)?;
            if let Some(column) = reader.fast_fields().str(&facet_name(name))? {
                let counts = vec![0; column.num_terms()];
                columns.push((name.clone(), column, counts));
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
        for (_, column, counts) in &mut self.columns {
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

    /// Adds this segment's counts by the values' names.
    pub(crate) fn finish(mut self, all: &mut Counts) -> Result<(), Error> {
        self.count_waiting();
        for (name, column, counts) in self.columns {
            let of_field = all.entry(name).or_default();
            let mut value = String::new();
            for (ordinal, count) in (0..).zip(counts).filter(|(_, count)| *count > 0) {
                value.clear();
                column.ord_to_str(ordinal, &mut value)?;
                *of_field.entry(value.clone()).or_default() += count;
            }
        }
        Ok(())
    }
}

/// The counts of every wanted field, most frequent value first.
pub(crate) fn named(search: &Search<'_>, mut counts: Counts) -> Result<BTreeMap<String, Vec<FacetCount>>, Error> {
    let mut named = BTreeMap::new();
    for name in &search.request.facets {
        search.fields.facet(name)?;
        let values = counts.remove(name).unwrap_or_default();
        let mut values: Vec<FacetCount> = values.into_iter().map(|(id, count)| FacetCount { id, count }).collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.id.cmp(&b.id)));
        named.insert(name.clone(), values);
    }
    Ok(named)
}
