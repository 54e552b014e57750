//! Versions of materials.

use super::key::Key;
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, WriteTx, files, pages, proposals, record, signatures, turns};
use crate::domain::id::MaterialId;
use crate::domain::material::Version;

pub(super) fn key(material: MaterialId, number: u32) -> Key {
    Key::new().uuid(material.0).u32(number)
}

/// One version.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, material: MaterialId, number: u32) -> Result<Option<Version>, StoreError> {
    let found = tx.get(Table::Versions, key(material, number).bytes())?;
    found.map(|bytes| record::decode(Table::Versions, &bytes)).transpose()
}

/// Puts a version and notes the blob that holds its pages.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, version: &Version) -> Result<(), StoreError> {
    let key = key(version.material, version.number).into_bytes();
    if let Some(blob) = &version.pages_blob {
        files::use_blob(tx, blob, &key);
    }
    for (table, key) in turns::keys(version) {
        tx.put(table, key, Vec::new());
    }
    let row = record::encode(Table::Versions, version)?;
    tx.put(Table::Versions, key, row);
    Ok(())
}

/// Takes a version, its pages with their pictures and what is proposed for it away.
///
/// # Errors
/// When the engine fails.
pub fn remove(tx: &mut WriteTx<'_>, material: MaterialId, number: u32) -> Result<(), StoreError> {
    if let Some(version) = get(tx, material, number)?
        && let Some(blob) = &version.pages_blob
    {
        files::release_blob(tx, blob, key(material, number).bytes());
    }
    pages::remove_all(tx, material, number)?;
    pages::images::remove_all(tx, material, number)?;
    signatures::remove(tx, material, number)?;
    proposals::remove(tx, material, number);
    tx.remove(Table::Versions, key(material, number).into_bytes());
    Ok(())
}

/// All versions of a material, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(tx: &dyn ReadTx, material: MaterialId) -> Result<Vec<Version>, StoreError> {
    let rows = tx.scan(Table::Versions, &Scan::prefix(Key::new().uuid(material.0).bytes()))?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Versions, bytes)).collect()
}
