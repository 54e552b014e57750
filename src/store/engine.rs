//! The seam below the repositories: what an engine must do, and the overlay that makes closures atomic on it.

use super::StoreError;
use super::key::after_prefix;
use super::log::Change;
use super::tables::Table;
use crate::domain::id::OrganisationId;
use std::collections::BTreeMap;
use std::ops::Bound;

/// A row: its key and its value.
pub(super) type Row = (Vec<u8>, Vec<u8>);

/// Which rows of a table are wanted.
#[derive(Debug, Clone)]
pub struct Scan {
    /// The first key wanted, or the one after which to begin.
    pub start: Bound<Vec<u8>>,
    /// The key before which to end.
    pub end: Option<Vec<u8>>,
    /// The most rows.
    pub limit: usize,
    /// From the last row to the first.
    pub reverse: bool,
}

impl Scan {
    /// All rows whose keys begin with `prefix`.
    pub fn prefix(prefix: &[u8]) -> Self {
        Self { start: Bound::Included(prefix.to_vec()), end: after_prefix(prefix), limit: usize::MAX, reverse: false }
    }

    /// All rows.
    pub fn all() -> Self {
        Self::prefix(&[])
    }

    /// The same scan, only after `key`.
    #[must_use]
    pub fn after(mut self, key: Vec<u8>) -> Self {
        self.start = Bound::Excluded(key);
        self
    }

    /// The same scan, at most so many rows.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The same scan from the last row to the first.
    #[must_use]
    pub fn reverse(mut self) -> Self {
        self.reverse = true;
        self
    }

    fn contains(&self, key: &[u8]) -> bool {
        let begun = match &self.start {
            Bound::Included(start) => start.as_slice() <= key,
            Bound::Excluded(start) => start.as_slice() < key,
            Bound::Unbounded => true,
        };
        begun && self.end.as_ref().is_none_or(|end| key < end.as_slice())
    }
}

/// A consistent view of all tables.
pub trait ReadTx {
    /// The value under a key.
    ///
    /// # Errors
    /// When the engine fails.
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// The rows of a scan.
    ///
    /// # Errors
    /// When the engine fails.
    fn scan(&self, table: Table, scan: &Scan) -> Result<Vec<Row>, StoreError>;
}

/// An engine transaction that can be written to.
pub trait EngineTx: ReadTx {
    /// Puts a row.
    ///
    /// # Errors
    /// When the engine fails.
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError>;

    /// Takes a row away, if it is there.
    ///
    /// # Errors
    /// When the engine fails.
    fn remove(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError>;
}

/// Runs against a read transaction.
pub(super) type Reading<'a> = &'a mut dyn FnMut(&dyn ReadTx) -> Result<(), StoreError>;
/// Runs against a write transaction.
pub(super) type Writing<'a> = &'a mut dyn FnMut(&mut dyn EngineTx) -> Result<(), StoreError>;

/// A storage engine: ordered tables of bytes with transactions.
pub trait Engine: Send + Sync {
    /// Runs a closure on a snapshot.
    ///
    /// # Errors
    /// The closure's own, or the engine's.
    fn read(&self, reading: Reading<'_>) -> Result<(), StoreError>;

    /// Runs a closure in a transaction and makes it durable when it succeeds.
    ///
    /// # Errors
    /// The closure's own, or the engine's; then nothing is kept.
    fn write(&self, writing: Writing<'_>) -> Result<(), StoreError>;
}

/// One closure's writes over an engine transaction that others share: seen by the closure, kept only if it succeeds.
pub struct WriteTx<'a> {
    engine: &'a mut dyn EngineTx,
    revision: u64,
    overlay: BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>,
    changes: Vec<Change>,
}

impl<'a> WriteTx<'a> {
    pub(super) fn new(engine: &'a mut dyn EngineTx, revision: u64) -> Self {
        Self { engine, revision, overlay: BTreeMap::new(), changes: Vec::new() }
    }

    /// The revision of the log that this closure makes, if it changes anything.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Puts a row.
    pub fn put(&mut self, table: Table, key: Vec<u8>, value: Vec<u8>) {
        self.overlay.insert((table, key), Some(value));
    }

    /// Takes a row away, if it is there.
    pub fn remove(&mut self, table: Table, key: Vec<u8>) {
        self.overlay.insert((table, key), None);
    }

    /// Notes for the log that fields of a thing change: names of fields, never personal values.
    pub fn record(&mut self, kind: &str, id: String, fields: &[&str]) {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        self.changes.push(Change { kind: kind.to_owned(), id, fields, organisation: None });
    }

    /// The same for a thing of an organisation, whose managers read it in their audit trail.
    pub fn record_at(&mut self, organisation: &OrganisationId, kind: &str, id: String, fields: &[&str]) {
        self.record(kind, id, fields);
        if let Some(change) = self.changes.last_mut() {
            change.organisation = Some(organisation.to_string());
        }
    }

    /// Hands the writes to the engine transaction; answers what is to be logged.
    pub(super) fn apply(self) -> Result<Vec<Change>, StoreError> {
        for ((table, key), value) in self.overlay {
            match value {
                Some(value) => self.engine.put(table, &key, &value)?,
                None => self.engine.remove(table, &key)?,
            }
        }
        Ok(self.changes)
    }
}

impl ReadTx for WriteTx<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        match self.overlay.get(&(table, key.to_vec())) {
            Some(written) => Ok(written.clone()),
            None => self.engine.get(table, key),
        }
    }

    fn scan(&self, table: Table, scan: &Scan) -> Result<Vec<Row>, StoreError> {
        let from = (table, Vec::new());
        let own = self.overlay.range(from..).take_while(|((other, _), _)| *other == table);
        let own: Vec<_> = own.filter(|((_, key), _)| scan.contains(key)).collect();
        if own.is_empty() {
            return self.engine.scan(table, scan);
        }
        // Rows that this closure took away must not eat into the limit.
        let wider = scan.clone().limit(scan.limit.saturating_add(own.len()));
        let mut rows: BTreeMap<Vec<u8>, Vec<u8>> = self.engine.scan(table, &wider)?.into_iter().collect();
        for ((_, key), value) in own {
            match value {
                Some(value) => rows.insert(key.clone(), value.clone()),
                None => rows.remove(key),
            };
        }
        let rows = rows.into_iter();
        Ok(if scan.reverse { rows.rev().take(scan.limit).collect() } else { rows.take(scan.limit).collect() })
    }
}
