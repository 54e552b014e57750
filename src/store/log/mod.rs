//! The log of revisions: what changed, when, by whom, in the order of commits and without gaps.

pub mod alterations;

use super::engine::EngineTx;
use super::key::{Key, u64_at};
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, record};
use crate::domain::actor::ActorName;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One thing that a transaction changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The noun, such as `material`.
    pub kind: String,
    pub id: String,
    /// The names of the fields that changed.
    pub fields: Vec<String>,
    /// The organisation whose thing it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
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

/// The kinds of things that the log tells of; of the first three the audit trail can be asked for.
pub mod subject {
    pub const MATERIAL: &str = "material";
    pub const ORGANISATION: &str = "organisation";
    pub const ACCOUNT: &str = "account";
    pub const BATCH: &str = "batch";
    pub const CLASS: &str = "class";
    pub const COMPLAINT: &str = "complaint";
    pub const COURSE: &str = "course";
    pub const TOPIC: &str = "topic";
}

fn subject_key(kind: &str, id: &str) -> Key {
    Key::new().text(kind).text(id)
}

/// What an entry tells of: what changed, whose it was, and who acted.
fn subjects(entry: &Entry) -> BTreeSet<(&str, String)> {
    let mut found = BTreeSet::new();
    for change in &entry.changes {
        if [subject::MATERIAL, subject::ORGANISATION, subject::ACCOUNT].contains(&change.kind.as_str()) {
            found.insert((change.kind.as_str(), change.id.clone()));
        }
        found.extend(change.organisation.iter().map(|id| (subject::ORGANISATION, id.clone())));
    }
    if let ActorName::Account { account, .. } = ActorName::parse(&entry.actor) {
        found.insert((subject::ACCOUNT, account.to_string()));
    }
    found
}

pub(super) fn append(tx: &mut dyn EngineTx, entry: &Entry) -> Result<(), StoreError> {
    let value = record::encode(Table::Log, entry)?;
    tx.put(Table::Log, Key::new().u64(entry.revision).bytes(), &value)?;
    note_subjects(tx, entry)
}

/// Makes an entry findable under all that it tells of.
pub(super) fn note_subjects(tx: &mut dyn EngineTx, entry: &Entry) -> Result<(), StoreError> {
    for (kind, id) in subjects(entry) {
        tx.put(Table::LogSubjects, subject_key(kind, &id).u64(entry.revision).bytes(), &[])?;
    }
    Ok(())
}

/// The entries that tell of a thing, the latest first, before a revision.
///
/// # Errors
/// When the engine fails or an entry cannot be understood.
pub fn about(
    tx: &dyn ReadTx,
    (kind, id): (&str, &str),
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let prefix = subject_key(kind, id);
    let mut scan = Scan::prefix(prefix.bytes()).reverse().limit(limit);
    if let Some(before) = before {
        scan.end = Some(prefix.clone().u64(before).into_bytes());
    }
    let keys = tx.scan(Table::LogSubjects, &scan)?;
    let revisions = keys.iter().filter_map(|(key, _)| u64_at(key, prefix.bytes().len()));
    let mut found = Vec::new();
    for revision in revisions {
        found.extend(get(tx, revision)?);
    }
    Ok(found)
}

/// The entry of a revision.
///
/// # Errors
/// When the engine fails or the entry cannot be understood.
pub fn get(tx: &dyn ReadTx, revision: u64) -> Result<Option<Entry>, StoreError> {
    let row = tx.get(Table::Log, Key::new().u64(revision).bytes())?;
    row.map(|row| record::decode(Table::Log, &row)).transpose()
}

/// All entries, the latest first, before a revision.
///
/// # Errors
/// When the engine fails or an entry cannot be understood.
pub fn before(tx: &dyn ReadTx, revision: Option<u64>, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let mut scan = Scan::all().reverse().limit(limit);
    scan.end = revision.map(|revision| Key::new().u64(revision).into_bytes());
    tx.scan(Table::Log, &scan)?.iter().map(|(_, value)| record::decode(Table::Log, value)).collect()
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
