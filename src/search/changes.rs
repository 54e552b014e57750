//! Changes on their way into the index: into the one in use, or into one that is built beside it.

use super::{Change, SearchError, SearchIndex, generation};
use hoclieu_index::{Library, Writer};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};

/// Changes on their way into the index in use. Dropped before the commit, the writer goes with what it had taken.
pub struct Update<'a> {
    pub(super) applied: &'a AtomicU64,
    pub(super) slot: MutexGuard<'a, Option<Writer>>,
    pub(super) writer: Writer,
}

impl Update<'_> {
    /// Takes changes; they are not visible yet.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn put(&mut self, changes: Vec<Change>) -> Result<(), SearchError> {
        put_all(&mut self.writer, changes)
    }

    /// Makes the changes visible and remembers the revision up to which the log is applied; blocks.
    ///
    /// # Errors
    /// When the index cannot be written; none of the changes is then visible.
    pub fn commit(mut self, revision: u64) -> Result<(), SearchError> {
        self.writer.commit(revision)?;
        self.applied.store(revision, Ordering::Release);
        *self.slot = Some(self.writer);
        Ok(())
    }
}

/// A generation being built; dropped unfinished, it is swept at the next swap.
pub struct Rebuild {
    pub(super) index: SearchIndex,
    pub(super) path: Option<PathBuf>,
    pub(super) library: Library,
    pub(super) writer: Writer,
}

impl Rebuild {
    /// Adds documents.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn put(&mut self, changes: Vec<Change>) -> Result<(), SearchError> {
        put_all(&mut self.writer, changes)
    }

    /// Commits at a revision and takes the place of the generation in use.
    ///
    /// # Errors
    /// When the index cannot be written; the old generation then stays.
    pub fn finish(mut self, revision: u64) -> Result<(), SearchError> {
        self.writer.commit(revision)?;
        let inner = &self.index.inner;
        let mut writer = inner.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // Held until the swap, so that nobody tells the old generation alone.
        let synonyms = inner.synonyms.read().unwrap_or_else(PoisonError::into_inner);
        self.library.set_synonyms(&synonyms);
        *inner.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(self.library);
        drop(synonyms);
        *writer = Some(self.writer);
        inner.applied.store(revision, Ordering::Release);
        *inner.counts.lock().unwrap_or_else(PoisonError::into_inner) = None;
        if let (Some(folder), Some(path)) = (&inner.folder, &self.path) {
            generation::publish(folder, path)?;
        }
        self.index.set_ready();
        Ok(())
    }
}

fn put_all(writer: &mut Writer, changes: Vec<Change>) -> Result<(), SearchError> {
    for change in changes {
        match change {
            Change::Put(document) => writer.put(*document)?,
            Change::Remove(id) => writer.remove(&id.to_string()),
        }
    }
    Ok(())
}
