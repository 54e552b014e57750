//! Which passages of a segment may be found at all: alive, bearing the filters' values and the phrases, free of what is
//! excluded.

use super::Search;
use crate::error::Error;
use crate::query::Phrase;
use crate::schema::GROUP;
use rustc_hash::FxHashSet;
use tantivy::columnar::Column;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, SegmentReader};

/// The passages that may be found; none given stands for all.
#[derive(Default)]
pub(super) struct Allowed(Option<Vec<u64>>);

impl Allowed {
    pub(super) fn of(search: &Search<'_>, reader: &SegmentReader) -> Result<Self, Error> {
        let mut allowed = Self::default();
        let size = reader.max_doc();
        if let Some(alive) = reader.alive_bitset() {
            allowed.keep(size, |set| (0..size).filter(|doc| alive.is_alive(*doc)).for_each(|doc| mark(set, doc)));
        }
        for filter in &search.request.filters {
            let field = search.fields.facet(&filter.field)?;
            let mut lists = Vec::new();
            for value in &filter.any_of {
                lists.extend(list(reader, field, value)?);
            }
            allowed.keep(size, |set| lists.iter_mut().for_each(|list| each(list, |doc| mark(set, doc))));
        }
        for phrase in &search.plan.phrases {
            let bearing = bearing(search, reader, phrase)?;
            allowed.keep(size, |set| bearing.iter().for_each(|doc| mark(set, *doc)));
        }
        allowed.exclude(search, reader)?;
        Ok(allowed)
    }

    #[inline]
    pub(super) fn has(&self, doc: DocId) -> bool {
        let is_set = |set: &Vec<u64>| set.get(doc as usize / 64).is_some_and(|word| word >> (doc % 64) & 1 == 1);
        self.0.as_ref().is_none_or(is_set)
    }

    /// Keeps what `fill` marks.
    fn keep(&mut self, size: u32, fill: impl FnOnce(&mut [u64])) {
        let mut set = vec![0; size.div_ceil(64) as usize];
        fill(&mut set);
        if let Some(before) = &self.0 {
            set.iter_mut().zip(before).for_each(|(word, before)| *word &= before);
        }
        self.0 = Some(set);
    }

    /// Leaves out all passages of documents of which one bears what is excluded.
    fn exclude(&mut self, search: &Search<'_>, reader: &SegmentReader) -> Result<(), Error> {
        if search.plan.excluded.is_empty() {
            return Ok(());
        }
        let groups: Column<u64> = reader.fast_fields().u64(GROUP)?;
        let mut out = FxHashSet::default();
        for phrase in &search.plan.excluded {
            out.extend(bearing(search, reader, phrase)?.into_iter().filter_map(|doc| groups.first(doc)));
        }
        let stays = |doc: &DocId| groups.first(*doc).is_none_or(|group| !out.contains(&group));
        let size = reader.max_doc();
        self.keep(size, |set| (0..size).filter(stays).for_each(|doc| mark(set, doc)));
        Ok(())
    }
}

fn mark(set: &mut [u64], doc: DocId) {
    if let Some(word) = set.get_mut(doc as usize / 64) {
        *word |= 1 << (doc % 64);
    }
}

fn list(reader: &SegmentReader, field: Field, text: &str) -> Result<Option<BlockSegmentPostings>, Error> {
    let term = tantivy::Term::from_field_text(field, text);
    Ok(reader.inverted_index(field)?.read_block_postings(&term, IndexRecordOption::Basic)?)
}

fn each(list: &mut BlockSegmentPostings, mut act: impl FnMut(DocId)) {
    while !list.docs().is_empty() {
        list.docs().iter().for_each(|doc| act(*doc));
        list.advance();
    }
}

/// The passages that bear a phrase, in order.
fn bearing(search: &Search<'_>, reader: &SegmentReader, phrase: &Phrase) -> Result<Vec<DocId>, Error> {
    let field = search.fields.view(phrase.view);
    let mut bearing: Option<Vec<DocId>> = None;
    for place in &phrase.places {
        let mut here: Vec<DocId> = Vec::new();
        for term in place {
            if let Some(mut list) = list(reader, field, term)? {
                each(&mut list, |doc| here.push(doc));
            }
        }
        here.sort_unstable();
        here.dedup();
        bearing = Some(match bearing {
            None => here,
            Some(before) => before.into_iter().filter(|doc| here.binary_search(doc).is_ok()).collect(),
        });
    }
    let bearing = bearing.unwrap_or_default();
    verified(search, reader, phrase, bearing)
}

/// Pairs that all stand somewhere in a passage need not stand in a row: so many passages are read to be sure.
const READ: usize = 300;

fn verified(
    search: &Search<'_>,
    reader: &SegmentReader,
    phrase: &Phrase,
    bearing: Vec<DocId>,
) -> Result<Vec<DocId>, Error> {
    if phrase.places.len() < 2 || bearing.len() > READ {
        return Ok(bearing);
    }
    let store = reader.get_store_reader(1)?;
    let mut sure = Vec::with_capacity(bearing.len());
    for doc in bearing {
        let row: tantivy::TantivyDocument = store.get(doc)?;
        let fields = search.fields;
        let texts = [fields.title, fields.heading, fields.text, fields.about];
        if texts.into_iter().any(|field| row.get_all(field).any(|value| stands_in(phrase, value))) {
            sure.push(doc);
        }
    }
    Ok(sure)
}

fn stands_in(phrase: &Phrase, value: tantivy::schema::document::CompactDocValue<'_>) -> bool {
    use tantivy::schema::Value as _;
    let found = crate::text::syllables(value.as_str().unwrap_or_default());
    let same =
        |one: &crate::text::Syllable, wanted: &String| *wanted == if phrase.marked { &*one.key } else { &*one.fold };
    found
        .windows(phrase.syllables.len().max(1))
        .any(|run| run.iter().zip(&phrase.syllables).all(|(one, wanted)| same(one, wanted)))
}
