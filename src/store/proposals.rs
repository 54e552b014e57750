//! Proposals for versions, beside what their authors typed.

use super::tables::Table;
use super::{ReadTx, StoreError, WriteTx, record, versions};
use crate::domain::id::MaterialId;
use crate::domain::proposal::Proposal;

/// What is proposed for a version, if anything.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, material: MaterialId, version: u32) -> Result<Option<Proposal>, StoreError> {
    let found = tx.get(Table::Proposals, versions::key(material, version).bytes())?;
    found.map(|bytes| record::decode(Table::Proposals, &bytes)).transpose()
}

/// Puts what is proposed for a version in the place of what was.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, material: MaterialId, version: u32, proposal: &Proposal) -> Result<(), StoreError> {
    let row = record::encode(Table::Proposals, proposal)?;
    tx.put(Table::Proposals, versions::key(material, version).into_bytes(), row);
    Ok(())
}

/// Takes a version's proposal away.
pub(super) fn remove(tx: &mut WriteTx<'_>, material: MaterialId, version: u32) {
    tx.remove(Table::Proposals, versions::key(material, version).into_bytes());
}
