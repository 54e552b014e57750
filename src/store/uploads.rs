//! Uploads by the account that sends them.

use super::key::Key;
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, WriteTx, record};
use crate::domain::id::{AccountId, UploadId};
use crate::domain::upload::Upload;

fn key(account: AccountId, id: UploadId) -> Vec<u8> {
    Key::new().uuid(account.0).uuid(id.0).into_bytes()
}

/// An upload of an account; that of another is not there.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, account: AccountId, id: UploadId) -> Result<Option<Upload>, StoreError> {
    tx.get(Table::Uploads, &key(account, id))?.map(|bytes| record::decode(Table::Uploads, &bytes)).transpose()
}

/// Puts an upload.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, upload: &Upload) -> Result<(), StoreError> {
    let row = record::encode(Table::Uploads, upload)?;
    tx.put(Table::Uploads, key(upload.account, upload.id), row);
    Ok(())
}

/// Takes an upload's row away.
pub fn remove(tx: &mut WriteTx<'_>, upload: &Upload) {
    tx.remove(Table::Uploads, key(upload.account, upload.id));
}

/// The uploads of an account, the latest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of(tx: &dyn ReadTx, account: AccountId, limit: usize) -> Result<Vec<Upload>, StoreError> {
    let scan = Scan::prefix(Key::new().uuid(account.0).bytes()).reverse().limit(limit);
    list(tx, &scan)
}

/// Every upload.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Upload>, StoreError> {
    list(tx, &Scan::all())
}

fn list(tx: &dyn ReadTx, scan: &Scan) -> Result<Vec<Upload>, StoreError> {
    let rows = tx.scan(Table::Uploads, scan)?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Uploads, bytes)).collect()
}
