//! Learners by id, by centre, and by the blind marks of who they are.

use crate::domain::id::{LearnerId, OrganisationId};
use crate::domain::learner::Learner;
use crate::domain::sealed::Blind;
use crate::store::key::{Key, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: LearnerId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

fn mark_prefix(organisation: &OrganisationId, mark: &Blind) -> Key {
    Key::new().text(organisation.as_str()).text(&mark.0)
}

/// Under what else a learner is found.
fn indexed(learner: &Learner) -> impl Iterator<Item = (Table, Vec<u8>)> {
    let id = learner.id.0;
    let centre = Key::new().text(learner.organisation.as_str()).uuid(id).into_bytes();
    let mark =
        move |mark: &Blind| (Table::LearnerMarks, mark_prefix(&learner.organisation, mark).uuid(id).into_bytes());
    std::iter::once((Table::OrganisationLearners, centre)).chain(learner.marks.all().map(mark))
}

/// The learner with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: LearnerId) -> Result<Option<Learner>, StoreError> {
    tx.get(Table::Learners, &key(id))?.map(|bytes| record::decode(Table::Learners, &bytes)).transpose()
}

/// Puts a learner.
///
/// # Errors
/// When the engine fails or the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, learner: &Learner) -> Result<(), StoreError> {
    if let Some(before) = get(tx, learner.id)? {
        for (table, key) in indexed(&before) {
            tx.remove(table, key);
        }
    }
    for (table, key) in indexed(learner) {
        tx.put(table, key, Vec::new());
    }
    let row = record::encode(Table::Learners, learner)?;
    tx.put(Table::Learners, key(learner.id), row);
    Ok(())
}

/// The ids of a centre's learners that bear one of some marks, the oldest first.
///
/// # Errors
/// When the engine fails.
pub fn marked(tx: &dyn ReadTx, organisation: &OrganisationId, marks: &[Blind]) -> Result<Vec<LearnerId>, StoreError> {
    let mut found = std::collections::BTreeSet::new();
    for mark in marks {
        let prefix = mark_prefix(organisation, mark);
        let rows = tx.scan(Table::LearnerMarks, &Scan::prefix(prefix.bytes()))?;
        found.extend(rows.iter().filter_map(|(key, _)| uuid_at(key, prefix.bytes().len())).map(LearnerId));
    }
    Ok(found.into_iter().collect())
}

/// The ids of a centre's learners after one, the oldest first.
///
/// # Errors
/// When the engine fails.
pub fn of_organisation(
    tx: &dyn ReadTx,
    organisation: &OrganisationId,
    after: Option<LearnerId>,
    limit: usize,
) -> Result<Vec<LearnerId>, StoreError> {
    let prefix = Key::new().text(organisation.as_str());
    let mut scan = Scan::prefix(prefix.bytes()).limit(limit);
    if let Some(after) = after {
        scan = scan.after(prefix.clone().uuid(after.0).into_bytes());
    }
    let rows = tx.scan(Table::OrganisationLearners, &scan)?;
    Ok(rows.iter().filter_map(|(key, _)| uuid_at(key, prefix.bytes().len())).map(LearnerId).collect())
}

/// Learners of all centres after one, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(tx: &dyn ReadTx, after: Option<LearnerId>, limit: usize) -> Result<Vec<Learner>, StoreError> {
    let scan = Scan::all().limit(limit);
    let scan = if let Some(after) = after { scan.after(key(after)) } else { scan };
    let rows = tx.scan(Table::Learners, &scan)?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Learners, bytes)).collect()
}
