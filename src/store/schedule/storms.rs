//! Storm days, in the order in which they were entered.

use crate::domain::id::StormId;
use crate::domain::storm::Storm;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: StormId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

/// The storm day with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: StormId) -> Result<Option<Storm>, StoreError> {
    tx.get(Table::Storms, &key(id))?.map(|bytes| record::decode(Table::Storms, &bytes)).transpose()
}

/// Puts a storm day.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, storm: &Storm) -> Result<(), StoreError> {
    let row = record::encode(Table::Storms, storm)?;
    tx.put(Table::Storms, key(storm.id), row);
    Ok(())
}

/// The latest storm days, the last first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn latest(tx: &dyn ReadTx, limit: usize) -> Result<Vec<Storm>, StoreError> {
    let rows = tx.scan(Table::Storms, &Scan::all().reverse().limit(limit))?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Storms, bytes)).collect()
}
