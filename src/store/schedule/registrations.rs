//! Registrations by class, by learner and by the mark of their code; each class with its tally.

use crate::domain::id::{ClassId, LearnerId, RegistrationId};
use crate::domain::registration::{Registration, Tally};
use crate::domain::sealed::Blind;
use crate::store::key::{Key, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(class: ClassId, id: RegistrationId) -> Vec<u8> {
    Key::new().uuid(class.0).uuid(id.0).into_bytes()
}

fn mark_key(mark: &Blind) -> Vec<u8> {
    Key::new().text(&mark.0).into_bytes()
}

/// Under what else a registration is found.
fn indexed(one: &Registration) -> impl Iterator<Item = (Table, Vec<u8>, Vec<u8>)> {
    let place = key(one.class, one.id);
    let learner = Key::new().uuid(one.learner.0).uuid(one.class.0).uuid(one.id.0).into_bytes();
    let marks = std::iter::once(&one.code_mark).chain(&one.form_mark).filter(|mark| !mark.0.is_empty());
    let marks = marks.map(move |mark| (Table::RegistrationMarks, mark_key(mark), place.clone()));
    marks.chain([(Table::LearnerRegistrations, learner, Vec::new())])
}

/// One registration of a class.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, class: ClassId, id: RegistrationId) -> Result<Option<Registration>, StoreError> {
    let found = tx.get(Table::Registrations, &key(class, id))?;
    found.map(|bytes| record::decode(Table::Registrations, &bytes)).transpose()
}

/// Every registration of a class, in the order of those who wait.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_class(tx: &dyn ReadTx, class: ClassId) -> Result<Vec<Registration>, StoreError> {
    let rows = tx.scan(Table::Registrations, &Scan::prefix(Key::new().uuid(class.0).bytes()))?;
    let read = rows.iter().map(|(_, bytes)| record::decode(Table::Registrations, bytes));
    let mut all: Vec<Registration> = read.collect::<Result<_, _>>()?;
    all.sort_by_key(|one| (one.order, one.id));
    Ok(all)
}

/// Every registration of a learner, class by class.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_learner(tx: &dyn ReadTx, learner: LearnerId) -> Result<Vec<Registration>, StoreError> {
    let rows = tx.scan(Table::LearnerRegistrations, &Scan::prefix(Key::new().uuid(learner.0).bytes()))?;
    let mut found = Vec::new();
    for (row, _) in &rows {
        if let (Some(class), Some(id)) = (uuid_at(row, 16), uuid_at(row, 32)) {
            found.extend(get(tx, ClassId(class), RegistrationId(id))?);
        }
    }
    Ok(found)
}

/// Registrations of all classes after one, class by class.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(
    tx: &dyn ReadTx,
    after: Option<(ClassId, RegistrationId)>,
    limit: usize,
) -> Result<Vec<Registration>, StoreError> {
    let scan = Scan::all().limit(limit);
    let scan = if let Some((class, id)) = after { scan.after(key(class, id)) } else { scan };
    let rows = tx.scan(Table::Registrations, &scan)?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Registrations, bytes)).collect()
}

/// The registration that one of some marks leads to.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn marked(tx: &dyn ReadTx, marks: &[Blind]) -> Result<Option<Registration>, StoreError> {
    for mark in marks {
        let found = tx.get(Table::RegistrationMarks, &mark_key(mark))?;
        let place = found.as_deref().and_then(|bytes| Some((uuid_at(bytes, 0)?, uuid_at(bytes, 16)?)));
        if let Some((class, id)) = place {
            return get(tx, ClassId(class), RegistrationId(id));
        }
    }
    Ok(None)
}

/// How many registrations of a class stand how.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn tally(tx: &dyn ReadTx, class: ClassId) -> Result<Tally, StoreError> {
    let found = tx.get(Table::ClassTallies, Key::new().uuid(class.0).bytes())?;
    found.map_or_else(|| Ok(Tally::default()), |bytes| record::decode(Table::ClassTallies, &bytes))
}

/// Puts a registration; its class is tallied anew.
///
/// # Errors
/// When the engine fails or a row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, one: &Registration) -> Result<(), StoreError> {
    let mut tally = tally(tx, one.class)?;
    let before = get(tx, one.class, one.id)?;
    for (table, key, _) in before.iter().flat_map(indexed) {
        tx.remove(table, key);
    }
    for (table, key, value) in indexed(one) {
        tx.put(table, key, value);
    }
    tally.count(before.map(|before| before.state), Some(one.state));
    tally.next = tally.next.max(one.order + 1);
    let row = record::encode(Table::ClassTallies, &tally)?;
    tx.put(Table::ClassTallies, Key::new().uuid(one.class.0).into_bytes(), row);
    let row = record::encode(Table::Registrations, one)?;
    tx.put(Table::Registrations, key(one.class, one.id), row);
    Ok(())
}
