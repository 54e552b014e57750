//! Complaints by id, and by the code with which their writers read the answer.

use crate::domain::account::credentials::SecretHash;
use crate::domain::complaint::Complaint;
use crate::domain::id::ComplaintId;
use crate::store::key::{Key, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: ComplaintId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

fn code_key(code: &SecretHash) -> Vec<u8> {
    Key::new().text(&code.0).into_bytes()
}

/// The complaint with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: ComplaintId) -> Result<Option<Complaint>, StoreError> {
    tx.get(Table::Complaints, &key(id))?.map(|bytes| record::decode(Table::Complaints, &bytes)).transpose()
}

/// The complaint of a code.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn by_code(tx: &dyn ReadTx, code: &SecretHash) -> Result<Option<Complaint>, StoreError> {
    let found = tx.get(Table::ComplaintCodes, &code_key(code))?;
    let id = found.as_deref().and_then(|bytes| uuid_at(bytes, 0));
    id.map_or(Ok(None), |id| get(tx, ComplaintId(id)))
}

/// Puts a complaint; its code leads to it.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, complaint: &Complaint) -> Result<(), StoreError> {
    let row = record::encode(Table::Complaints, complaint)?;
    tx.put(Table::Complaints, key(complaint.id), row);
    tx.put(Table::ComplaintCodes, code_key(&complaint.code), key(complaint.id));
    Ok(())
}

/// All complaints, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Complaint>, StoreError> {
    let rows = tx.scan(Table::Complaints, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Complaints, bytes)).collect()
}
