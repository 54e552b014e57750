//! Amendments of the catalogue, in the order in which they were done.

use crate::domain::amendment::Amendment;
use crate::domain::id::AmendmentId;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: AmendmentId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

/// The amendment with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: AmendmentId) -> Result<Option<Amendment>, StoreError> {
    tx.get(Table::Amendments, &key(id))?.map(|bytes| record::decode(Table::Amendments, &bytes)).transpose()
}

/// Puts an amendment.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, amendment: &Amendment) -> Result<(), StoreError> {
    let row = record::encode(Table::Amendments, amendment)?;
    tx.put(Table::Amendments, key(amendment.id), row);
    Ok(())
}

/// The latest amendments, the last first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn latest(tx: &dyn ReadTx, limit: usize) -> Result<Vec<Amendment>, StoreError> {
    let rows = tx.scan(Table::Amendments, &Scan::all().reverse().limit(limit))?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Amendments, bytes)).collect()
}

/// The amendments done after one, in order.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn after(tx: &dyn ReadTx, id: AmendmentId) -> Result<Vec<Amendment>, StoreError> {
    let rows = tx.scan(Table::Amendments, &Scan::all().after(key(id)))?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Amendments, bytes)).collect()
}
