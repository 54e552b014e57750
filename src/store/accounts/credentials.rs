//! What proves an account's owner.

use super::key;
use crate::domain::account::credentials::Credentials;
use crate::domain::id::AccountId;
use crate::store::tables::Table;
use crate::store::{ReadTx, StoreError, WriteTx, record};

/// An account's proofs; empty ones where there are none.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, account: AccountId) -> Result<Credentials, StoreError> {
    let found = tx.get(Table::Credentials, &key(account))?;
    found.map_or_else(|| Ok(Credentials::default()), |bytes| record::decode(Table::Credentials, &bytes))
}

/// Puts an account's proofs.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, account: AccountId, credentials: &Credentials) -> Result<(), StoreError> {
    let row = record::encode(Table::Credentials, credentials)?;
    tx.put(Table::Credentials, key(account), row);
    Ok(())
}

/// Takes an account's proofs away.
pub fn remove(tx: &mut WriteTx<'_>, account: AccountId) {
    tx.remove(Table::Credentials, key(account));
}
