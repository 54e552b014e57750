//! A passage on its way into the index: read from its document only where it is written, by the threads that write.

use crate::document::{Document, Passage};
use crate::numbers;
use crate::rank::TITLE_TIMES;
use crate::schema::{FacetField, Fields, View};
use crate::term;
use crate::text::{Syllable, syllables};
use std::collections::BTreeSet;
use std::iter::Empty;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tantivy::schema::Field;
use tantivy::schema::document::{Document as Fielded, ReferenceValue, ReferenceValueLeaf, Value};

/// The most bytes of documents that wait for the writing threads.
const MAX_WAITING_BYTES: usize = 16 << 20;
/// How long to wait for room; a writer that has failed takes nothing, and says so when it is given more.
const PATIENCE: Duration = Duration::from_secs(10);

/// Counts what waits to be written.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    waiting_bytes: Mutex<usize>,
    room: Condvar,
}

/// A document that waits; its room is given back when its last passage is written.
#[derive(Debug)]
pub(crate) struct Waiting {
    document: Document,
    bytes: usize,
    queue: Arc<Queue>,
}

impl Waiting {
    /// Takes a document in; blocks while too much is waiting already.
    pub(crate) fn enter(document: Document, queue: &Arc<Queue>) -> Self {
        let texts = document.passages.iter().map(|passage| passage.text.len() + document.title.len());
        let bytes = texts.sum::<usize>() + document.summary.len();
        let waiting = queue.waiting_bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let room = queue.room.wait_timeout_while(waiting, PATIENCE, |waiting| *waiting > MAX_WAITING_BYTES);
        let (mut waiting, _) = room.unwrap_or_else(PoisonError::into_inner);
        *waiting += bytes;
        drop(waiting);
        Self { document, bytes, queue: Arc::clone(queue) }
    }

    pub(crate) fn id(&self) -> &str {
        &self.document.id
    }

    /// How many rows the document has: a document without passages is found by its title.
    pub(crate) fn rows(&self) -> usize {
        self.document.passages.len().max(1)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        *self.queue.waiting_bytes.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.queue.room.notify_all();
    }
}

/// One passage of a document, as the fields of the index.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) fields: Arc<Fields>,
    /// The passage's place in its document.
    pub(crate) at: usize,
    views: OnceLock<[String; 5]>,
}

impl Row {
    pub(crate) fn new(waiting: Arc<Waiting>, fields: Arc<Fields>, at: usize) -> Self {
        Self { waiting, fields, at, views: OnceLock::new() }
    }

    fn passage(&self) -> Option<&Passage> {
        self.waiting.document.passages.get(self.at)
    }

    /// The title and the heading.
    fn titles(&self) -> impl Iterator<Item = &str> {
        let heading = self.passage().and_then(|passage| passage.heading.as_deref());
        std::iter::once(self.waiting.document.title.as_str()).chain(heading)
    }

    /// What else the passage is found by; what describes the whole with the first.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let document = &self.waiting.document;
        let whole = (self.at == 0).then(|| std::iter::once(&document.summary).chain(&document.keys));
        let text = self.passage().map(|passage| &passage.text);
        whole.into_iter().flatten().chain(text).map(String::as_str)
    }

    /// What is searched, view by view; pairs stay within one of the texts.
    fn views(&self) -> &[String; 5] {
        self.views.get_or_init(|| {
            let mut views: [String; 5] = Default::default();
            let [keys, pairs, title_keys, title_pairs, numbers] = &mut views;
            for title in self.titles() {
                add_views(title_keys, title_pairs, title);
            }
            for _ in 0..TITLE_TIMES {
                join(keys, title_keys);
                join(pairs, title_pairs);
            }
            for text in self.texts() {
                add_views(keys, pairs, text);
            }
            if self.at == 0 {
                let document = &self.waiting.document;
                let text = self.passage().map_or("", |passage| &passage.text);
                join(numbers, &numbers::names_of(&document.keys, &document.title, text).join(" "));
            }
            views
        })
    }
}

/// Adds the terms of a text.
fn add_views(keys: &mut String, pairs: &mut String, text: &str) {
    keys.reserve(text.len() + text.len() / 2);
    pairs.reserve(text.len() * 3);
    let mut before: Option<Syllable> = None;
    for syllable in syllables(text) {
        part(keys);
        term::push_syllable(keys, &syllable);
        if let Some(before) = &before {
            part(pairs);
            term::push_pair(pairs, before, &syllable);
        }
        before = Some(syllable);
    }
}

fn part(view: &mut String) {
    if !view.is_empty() {
        view.push(' ');
    }
}

fn join(view: &mut String, more: &str) {
    if !more.is_empty() {
        part(view);
        view.push_str(more);
    }
}

/// The values of a facet and, where they are paths, their parents; each once, so that a document counts once.
fn facet_values<'a>(document: &'a Document, facet: &FacetField) -> BTreeSet<&'a str> {
    let mut values = BTreeSet::new();
    for value in document.facets.get(&facet.name).into_iter().flatten() {
        values.insert(value.as_str());
        if facet.hierarchical {
            values.extend(value.split_once('.').map(|(parent, _)| parent));
        }
    }
    values
}

/// A number that passages of one document share: a well-mixed hash (FNV-1a) of its id.
pub(crate) fn group_of(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A handicap in hundredths, rounded; none for none.
fn hundredths(handicap: f32) -> Option<u64> {
    let lost = (1..=100_u16).rev().find(|lost| f32::from(*lost) <= handicap.clamp(0.0, 1.0) * 100.0 + 0.5);
    lost.map(u64::from)
}

/// A value of a field.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'a> {
    Text(&'a str),
    Count(u64),
    Days(i64),
}

impl<'a> Value<'a> for Cell<'a> {
    type ArrayIter = Empty<Self>;
    type ObjectIter = Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self {
            Self::Text(text) => ReferenceValueLeaf::Str(text),
            Self::Count(number) => ReferenceValueLeaf::U64(*number),
            Self::Days(days) => ReferenceValueLeaf::I64(*days),
        })
    }
}

impl Fielded for Row {
    type Value<'a> = Cell<'a>;
    type FieldsValuesIter<'a> = std::vec::IntoIter<(Field, Cell<'a>)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let (document, fields) = (&self.waiting.document, &*self.fields);
        let passage = self.passage();
        let page = passage.map_or(1, |passage| passage.page);
        let mut cells = vec![
            (fields.id, Cell::Text(&document.id)),
            (fields.group, Cell::Count(group_of(&document.id))),
            (fields.page, Cell::Count(u64::from(page))),
            (fields.page_id, Cell::Text(passage.map_or("1", |passage| &passage.page_id))),
            (fields.title, Cell::Text(&document.title)),
            (fields.text, Cell::Text(passage.map_or("", |passage| &passage.text))),
        ];
        if self.at == 0 {
            cells.extend(document.keys.iter().chain([&document.summary]).map(|text| (fields.about, Cell::Text(text))));
        }
        let heading = passage.and_then(|passage| passage.heading.as_deref());
        cells.extend(heading.map(|heading| (fields.heading, Cell::Text(heading))));
        cells.extend(document.date_days.map(|days| (fields.date, Cell::Days(i64::from(days)))));
        cells.extend(hundredths(document.handicap).map(|lost| (fields.handicap, Cell::Count(lost))));
        for (facet, field) in &fields.facets {
            cells.extend(facet_values(document, facet).into_iter().map(|value| (*field, Cell::Text(value))));
        }
        let views = View::ALL.into_iter().zip(self.views()).filter(|(_, text)| !text.is_empty());
        cells.extend(views.map(|(view, text)| (fields.view(view), Cell::Text(text))));
        cells.into_iter()
    }
}
