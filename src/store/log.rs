//! The log of revisions: what changed, when, by whom, in the order of commits and without gaps.

use super::engine::EngineTx;
use super::key::{Key, u64_at};
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, record};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One thing that a transaction changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The noun, such as `material`.
    pub kind: String,
    pub id: String,
    /// The names of the fields that changed.
    pub fields: Vec<String>,
}

/// One transaction of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// From 1, without gaps.
    pub revision: u64,
    pub at: DateTime<Utc>,
    pub actor: String,
    /// The transaction's name.
    pub name: String,
    pub changes: Vec<Change>,
}

pub(super) fn append(tx: &mut dyn EngineTx, entry: &Entry) -> Result<(), StoreError> {
    let value = record::encode(Table::Log, entry)?;
    tx.put(Table::Log, Key::new().u64(entry.revision).bytes(), &value)
}

/// The revision of the latest entry; 0 for an empty log.
///
/// # Errors
/// When the engine fails.
pub fn latest(tx: &dyn ReadTx) -> Result<u64, StoreError> {
    let last = tx.scan(Table::Log, &Scan::all().reverse().limit(1))?;
    Ok(last.first().and_then(|(key, _)| u64_at(key, 0)).unwrap_or(0))
}

/// The entries after a revision, in order.
///
/// # Errors
/// When the engine fails or an entry cannot be understood.
pub fn after(tx: &dyn ReadTx, revision: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let scan = Scan::all().after(Key::new().u64(revision).into_bytes()).limit(limit);
    tx.scan(Table::Log, &scan)?.iter().map(|(_, value)| record::decode(Table::Log, value)).collect()
}
