//! Codes that open one thing once, under their hashes; an account has one at most.

use super::{hash_key, under};
use crate::domain::account::credentials::SecretHash;
use crate::domain::account::link::{OneTimeLink, Opens};
use crate::domain::id::AccountId;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, StoreError, WriteTx, record};
use uuid::Uuid;

fn place(opens: Opens) -> Vec<u8> {
    let owner = match opens {
        Opens::Password { account } => account.0,
        Opens::FirstAdministrator => Uuid::nil(),
    };
    Key::new().uuid(owner).into_bytes()
}

/// What a code opens.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, hash: &SecretHash) -> Result<Option<OneTimeLink>, StoreError> {
    under(tx, Table::Links, hash)
}

/// Puts a code in the place of the one that opened the same.
///
/// # Errors
/// When the engine fails or the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, hash: &SecretHash, link: &OneTimeLink) -> Result<(), StoreError> {
    remove(tx, link.opens)?;
    let row = record::encode(Table::Links, link)?;
    tx.put(Table::Links, hash_key(hash), row);
    tx.put(Table::AccountLinks, place(link.opens), hash.0.clone().into_bytes());
    Ok(())
}

/// The code that opens something now.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn of(tx: &dyn ReadTx, account: AccountId) -> Result<Option<OneTimeLink>, StoreError> {
    let found = tx.get(Table::AccountLinks, &place(Opens::Password { account }))?;
    let hash = found.map(|value| SecretHash(String::from_utf8_lossy(&value).into_owned()));
    hash.map_or(Ok(None), |hash| get(tx, &hash))
}

/// Takes the code that opens something away.
///
/// # Errors
/// When the engine fails.
pub fn remove(tx: &mut WriteTx<'_>, opens: Opens) -> Result<(), StoreError> {
    if let Some(value) = tx.get(Table::AccountLinks, &place(opens))? {
        let hash = SecretHash(String::from_utf8_lossy(&value).into_owned());
        tx.remove(Table::Links, hash_key(&hash));
        tx.remove(Table::AccountLinks, place(opens));
    }
    Ok(())
}
