//! Putting documents in and taking them out.

use crate::document::Document;
use crate::error::Error;
use crate::row::{Queue, Row, Waiting};
use crate::schema::Fields;
use std::sync::Arc;
use tantivy::indexer::UserOperation;
use tantivy::merge_policy::{LogMergePolicy, MergePolicy};
use tantivy::{FutureResult, IndexReader, IndexWriter, SegmentMeta, Term};

/// So many segments of like size are merged when there is time: each that is left costs every search a little.
const SEGMENTS_AT_REST: usize = 4;
/// So many are merged at once, though it holds up a large import.
const SEGMENTS_IN_HASTE: usize = 24;

fn policy(segments: usize) -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(segments);
    policy
}

/// Segments that are being merged.
pub struct Tidying {
    merges: Vec<FutureResult<Option<SegmentMeta>>>,
    reader: IndexReader,
}

impl Tidying {
    /// Blocks until the segments are merged and searches use them.
    ///
    /// # Errors
    /// When the index cannot be written; the segments then stay as they are.
    pub fn wait(self) -> Result<(), Error> {
        for merge in self.merges {
            merge.wait()?;
        }
        self.reader.reload()?;
        Ok(())
    }
}

/// The one writer of an index. What is put is found after the next commit.
pub struct Writer {
    writer: IndexWriter<Row>,
    reader: IndexReader,
    fields: Arc<Fields>,
    queue: Arc<Queue>,
}

impl Writer {
    pub(crate) fn new(writer: IndexWriter<Row>, reader: IndexReader, fields: Arc<Fields>) -> Self {
        writer.set_merge_policy(Box::new(policy(SEGMENTS_IN_HASTE)));
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

    /// Begins to merge segments of like size, when there are many; nobody waits for it, and searches go on.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn tidy(&mut self) -> Result<Option<Tidying>, Error> {
        let segments = self.writer.index().searchable_segment_metas()?;
        let merges = policy(SEGMENTS_AT_REST).compute_merge_candidates(&segments);
        let merges: Vec<_> = merges.into_iter().map(|merge| self.writer.merge(&merge.0)).collect();
        Ok((!merges.is_empty()).then(|| Tidying { merges, reader: self.reader.clone() }))
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
