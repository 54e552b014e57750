//! Putting documents in and taking them out.

use crate::document::{Document, Passage};
use crate::error::Error;
use crate::schema::{FacetField, Fields, View};
use crate::text::syllable::Lexer;
use std::collections::BTreeSet;
use std::sync::Arc;
use tantivy::indexer::UserOperation;
use tantivy::{IndexReader, IndexWriter, TantivyDocument, Term};

/// The one writer of an index. What is put is found after the next commit.
pub struct Writer {
    writer: IndexWriter,
    reader: IndexReader,
    fields: Arc<Fields>,
}

impl Writer {
    pub(crate) fn new(writer: IndexWriter, reader: IndexReader, fields: Arc<Fields>) -> Self {
        Self { writer, reader, fields }
    }

    /// Puts a document in the place of the one with its id.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn put(&mut self, document: &Document) -> Result<(), Error> {
        let mut operations = vec![UserOperation::Delete(self.id_term(&document.id))];
        let mut lexer = Lexer::default();
        let lone = [Passage { page_id: "1".to_owned(), page: 1, ..Passage::default() }];
        let passages = if document.passages.is_empty() { &lone[..] } else { &document.passages };
        for (index, passage) in passages.iter().enumerate() {
            operations.push(UserOperation::Add(self.row(document, passage, index == 0, &mut lexer)));
        }
        // One batch: passages of a document stand side by side in one segment, which grouping relies on.
        self.writer.run(operations)?;
        Ok(())
    }

    /// Takes a document out; one that is not there is no error.
    pub fn remove(&mut self, id: &str) {
        self.writer.delete_term(self.id_term(id));
    }

    /// Makes everything since the last commit durable and findable, and remembers a revision with it.
    ///
    /// # Errors
    /// When the index cannot be written; nothing since the last commit is then kept.
    pub fn commit(&mut self, revision: u64) -> Result<(), Error> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&revision.to_string());
        prepared.commit()?;
        self.reader.reload()?;
        Ok(())
    }

    fn id_term(&self, id: &str) -> Term {
        Term::from_field_text(self.fields.id, id)
    }

    fn row(&self, document: &Document, passage: &Passage, first: bool, lexer: &mut Lexer) -> TantivyDocument {
        let fields = &self.fields;
        let mut row = TantivyDocument::default();
        row.add_text(fields.id, &document.id);
        row.add_u64(fields.group, group_of(&document.id));
        row.add_u64(fields.page, u64::from(passage.page));
        row.add_text(fields.page_id, &passage.page_id);
        row.add_text(fields.title, &document.title);
        row.add_text(fields.text, &passage.text);
        if let Some(heading) = &passage.heading {
            row.add_text(fields.heading, heading);
        }
        if let Some(days) = document.date_days {
            row.add_i64(fields.date, i64::from(days));
        }
        for (facet, field) in &fields.facets {
            for value in facet_values(document, facet) {
                row.add_text(*field, value);
            }
        }
        self.add_views(&mut row, &searched(document, passage, first), lexer);
        row
    }

    /// Adds the four views of what is searched; bigrams stay within one of the texts.
    fn add_views(&self, row: &mut TantivyDocument, texts: &[&str], lexer: &mut Lexer) {
        let mut views: [String; 4] = Default::default();
        for text in texts {
            let syllables = lexer.read(text);
            let [keys, bigrams, folds, folded_bigrams] = &mut views;
            for syllable in &syllables {
                push(keys, &syllable.key);
                push(folds, &syllable.fold);
            }
            for pair in syllables.windows(2) {
                let [first, second] = pair else { continue };
                push(bigrams, &bigram(&first.key, &second.key));
                push(folded_bigrams, &bigram(&first.fold, &second.fold));
            }
        }
        for (view, text) in View::ALL.into_iter().zip(views) {
            row.add_text(self.fields.view(view), text);
        }
    }
}

/// The texts under which a passage is found: its document's title with each, what describes the whole with the first.
fn searched<'a>(document: &'a Document, passage: &'a Passage, first: bool) -> Vec<&'a str> {
    let mut texts = vec![document.title.as_str()];
    if first {
        texts.push(&document.summary);
        texts.extend(document.keys.iter().map(String::as_str));
    }
    texts.extend(passage.heading.as_deref());
    texts.push(&passage.text);
    texts
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

fn push(view: &mut String, term: &str) {
    if !view.is_empty() {
        view.push(' ');
    }
    view.push_str(term);
}

/// Two neighbouring syllables as one term.
pub(crate) fn bigram(first: &str, second: &str) -> String {
    format!("{first}_{second}")
}

/// A number that passages of one document share: the head of a well-mixed hash (FNV-1a) of its id.
fn group_of(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
