//! The passages that bear a term, read block by block.

use crate::error::Error;
use crate::query::Alternative;
use crate::schema::Fields;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, SegmentReader};

/// Walks over the passages of one term, in order.
pub(super) struct Cursor {
    postings: BlockSegmentPostings,
    /// The place in the block.
    at: usize,
    /// How much a meeting counts.
    pub(super) amount: f32,
    /// How much of its slot is there where the term is.
    pub(super) presence: f32,
}

impl Cursor {
    /// Opens a term in a segment; none where it stands in no passage.
    pub(super) fn open(reader: &SegmentReader, fields: &Fields, term: &Alternative) -> Result<Option<Self>, Error> {
        let field = fields.view(term.view);
        let wanted = tantivy::Term::from_field_text(field, &term.text);
        let postings = reader.inverted_index(field)?.read_block_postings(&wanted, IndexRecordOption::WithFreqs)?;
        Ok(postings.map(|postings| Self { postings, at: 0, amount: term.amount, presence: term.presence }))
    }

    /// How many passages bear the term.
    pub(super) fn passages(&self) -> u32 {
        self.postings.doc_freq()
    }

    /// Visits the passages from here up to `end` with how often each bears the term.
    #[inline]
    pub(super) fn visit(&mut self, end: DocId, mut act: impl FnMut(DocId, u32)) {
        loop {
            let docs = self.postings.docs().get(self.at..).unwrap_or_default();
            let frequencies = self.postings.freqs().get(self.at..).unwrap_or_default();
            if docs.is_empty() {
                return;
            }
            let ends_inside = docs.last().is_some_and(|last| *last >= end);
            let count = if ends_inside { docs.partition_point(|doc| *doc < end) } else { docs.len() };
            for (doc, frequency) in docs.iter().zip(frequencies).take(count) {
                act(*doc, *frequency);
            }
            self.at += count;
            if ends_inside {
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }

    /// How often a passage bears the term; passages must be asked for in order.
    #[inline]
    pub(super) fn frequency(&mut self, doc: DocId) -> u32 {
        let current = self.postings.docs();
        match current.get(self.at) {
            Some(here) if *here > doc => return 0,
            Some(here) if *here == doc => return self.postings.freqs().get(self.at).copied().unwrap_or(1),
            _ => {}
        }
        self.at = self.postings.seek(doc);
        let found = self.postings.docs().get(self.at).is_some_and(|here| *here == doc);
        if found { self.postings.freqs().get(self.at).copied().unwrap_or(1) } else { 0 }
    }
}
