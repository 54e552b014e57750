//! Batches of documents by id.

use crate::domain::batch::Batch;
use crate::domain::id::BatchId;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: BatchId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

/// The batch with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: BatchId) -> Result<Option<Batch>, StoreError> {
    tx.get(Table::Batches, &key(id))?.map(|bytes| record::decode(Table::Batches, &bytes)).transpose()
}

/// Puts a batch.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, batch: &Batch) -> Result<(), StoreError> {
    let row = record::encode(Table::Batches, batch)?;
    tx.put(Table::Batches, key(batch.id), row);
    Ok(())
}

/// Takes a batch away.
pub fn remove(tx: &mut WriteTx<'_>, id: BatchId) {
    tx.remove(Table::Batches, key(id));
}

/// All batches, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Batch>, StoreError> {
    let rows = tx.scan(Table::Batches, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Batches, bytes)).collect()
}
