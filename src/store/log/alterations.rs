//! What changes of things came to, from what to what, beside the log, which knows names of fields only.

use crate::domain::alteration::{Alteration, merged};
use crate::store::key::{Key, u64_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};
use serde::{Deserialize, Serialize};

/// What a transaction altered of a thing.
#[derive(Serialize, Deserialize)]
struct Row {
    fields: Vec<Alteration>,
}

fn prefix((kind, id): (&str, &str)) -> Key {
    Key::new().text(kind).text(id)
}

/// What a revision altered of a thing.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn of(tx: &dyn ReadTx, thing: (&str, &str), revision: u64) -> Result<Vec<Alteration>, StoreError> {
    let found = tx.get(Table::Alterations, prefix(thing).u64(revision).bytes())?;
    let row = found.map(|bytes| record::decode::<Row>(Table::Alterations, &bytes)).transpose()?;
    Ok(row.map(|row| row.fields).unwrap_or_default())
}

/// The last revision that altered a thing.
///
/// # Errors
/// When the engine fails.
pub fn last(tx: &dyn ReadTx, thing: (&str, &str)) -> Result<Option<u64>, StoreError> {
    let own = prefix(thing);
    let rows = tx.scan(Table::Alterations, &Scan::prefix(own.bytes()).reverse().limit(1))?;
    Ok(rows.first().and_then(|(key, _)| u64_at(key, own.bytes().len())))
}

/// Notes what this transaction alters of a thing, under the revision that it makes. Never names or contacts of persons, texts
/// of pages or secrets, which are [`Alteration::untold`]: everyone who may read the trail reads it, and it outlasts what it
/// tells of a person.
///
/// # Errors
/// When the engine fails.
pub fn note(tx: &mut WriteTx<'_>, thing: (&str, &str), fields: Vec<Alteration>) -> Result<(), StoreError> {
    if fields.is_empty() {
        return Ok(());
    }
    let revision = tx.revision();
    add_to(tx, thing, revision, fields)
}

/// Adds to what an earlier revision altered, where what is done now goes on with it.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn add_to(
    tx: &mut WriteTx<'_>,
    thing: (&str, &str),
    revision: u64,
    fields: Vec<Alteration>,
) -> Result<(), StoreError> {
    let fields = merged(of(tx, thing, revision)?, fields);
    let row = record::encode(Table::Alterations, &Row { fields })?;
    tx.put(Table::Alterations, prefix(thing).u64(revision).into_bytes(), row);
    Ok(())
}

/// Takes all that is known of a thing away, with the thing.
///
/// # Errors
/// When the engine fails.
pub fn remove_all(tx: &mut WriteTx<'_>, thing: (&str, &str)) -> Result<(), StoreError> {
    for (key, _) in tx.scan(Table::Alterations, &Scan::prefix(prefix(thing).bytes()))? {
        tx.remove(Table::Alterations, key);
    }
    Ok(())
}
