//! Sessions, under the hash of the secret in the cookie. They are no part of the log.

use super::{hash_key, hashes_of, under};
use crate::domain::account::credentials::SecretHash;
use crate::domain::account::session::Session;
use crate::domain::id::{AccountId, SessionId};
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn place(account: AccountId, id: SessionId) -> Vec<u8> {
    Key::new().uuid(account.0).uuid(id.0).into_bytes()
}

/// The session of a cookie.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, hash: &SecretHash) -> Result<Option<Session>, StoreError> {
    under(tx, Table::Sessions, hash)
}

/// Puts a session.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, hash: &SecretHash, session: &Session) -> Result<(), StoreError> {
    let row = record::encode(Table::Sessions, session)?;
    tx.put(Table::Sessions, hash_key(hash), row);
    tx.put(Table::AccountSessions, place(session.account, session.id), hash.0.clone().into_bytes());
    Ok(())
}

/// An account's sessions with the hashes that they lie under, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(tx: &dyn ReadTx, account: AccountId) -> Result<Vec<(SecretHash, Session)>, StoreError> {
    let mut found = Vec::new();
    for hash in hashes_of(tx, Table::AccountSessions, account)? {
        if let Some(session) = get(tx, &hash)? {
            found.push((hash, session));
        }
    }
    Ok(found)
}

/// Ends a session.
pub fn remove(tx: &mut WriteTx<'_>, hash: &SecretHash, session: &Session) {
    tx.remove(Table::Sessions, hash_key(hash));
    tx.remove(Table::AccountSessions, place(session.account, session.id));
}

/// Ends all sessions of an account but one; answers how many.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn remove_all(tx: &mut WriteTx<'_>, account: AccountId, but: Option<SessionId>) -> Result<usize, StoreError> {
    let others: Vec<_> = list(tx, account)?.into_iter().filter(|(_, session)| Some(session.id) != but).collect();
    for (hash, session) in &others {
        remove(tx, hash, session);
    }
    Ok(others.len())
}

/// Every session.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<(SecretHash, Session)>, StoreError> {
    let mut found = Vec::new();
    for (_, value) in tx.scan(Table::AccountSessions, &Scan::all())? {
        let hash = SecretHash(String::from_utf8_lossy(&value).into_owned());
        if let Some(session) = get(tx, &hash)? {
            found.push((hash, session));
        }
    }
    Ok(found)
}
