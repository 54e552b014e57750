//! Putting documents in and taking them out.

use crate::document::Document;
use crate::error::Error;
use crate::row::{Queue, Row, Waiting};
use crate::schema::Fields;
use std::sync::Arc;
use tantivy::indexer::UserOperation;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::{IndexReader, IndexWriter, Term};

/// So many segments of like size are merged into one: each that is left costs every search a little …
const SEGMENTS_AT_REST: usize = 6;
/// … and each merge costs a large import much.
const SEGMENTS_IN_HASTE: usize = 24;

/// The one writer of an index. What is put is found after the next commit.
pub struct Writer {
    writer: IndexWriter<Row>,
    reader: IndexReader,
    fields: Arc<Fields>,
    queue: Arc<Queue>,
}

impl Writer {
    pub(crate) fn new(writer: IndexWriter<Row>, reader: IndexReader, fields: Arc<Fields>) -> Self {
        Self { writer, reader, fields, queue: Arc::default() }
    }

    /// Puts a document in the place of the one with its id; waits while the writing threads have enough to do.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn put(&mut self, document: Document) -> Result<(), Error> {
        let waiting = Arc::new(Waiting::enter(document, &self.queue));
        let mut operations = Vec::with_capacity(1 + waiting.rows());
        operations.push(UserOperation::Delete(self.id_term(waiting.id())));
        for at in 0..waiting.rows() {
            let row = Row::new(Arc::clone(&waiting), Arc::clone(&self.fields), at);
            operations.push(UserOperation::Add(row));
        }
        // One batch: passages of a document stand side by side in one segment, which grouping relies on.
        self.writer.run(operations)?;
        Ok(())
    }

    /// Takes a document out; one that is not there is no error.
    pub fn remove(&mut self, id: &str) {
        self.writer.delete_term(self.id_term(id));
    }

    /// Says whether much more is to come: segments are then merged seldom, and all together once it has come.
    pub fn expect_more(&mut self, more: bool) {
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(if more { SEGMENTS_IN_HASTE } else { SEGMENTS_AT_REST });
        self.writer.set_merge_policy(Box::new(policy));
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
}
