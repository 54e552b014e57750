//! Accounts by id, and by the names that they are signed in to with; what proves their owners lies beside them.

pub mod credentials;
pub mod links;
pub mod sessions;
pub mod tokens;

use super::key::{Key, uuid_at};
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, WriteTx, record};
use crate::domain::account::credentials::SecretHash;
use crate::domain::account::{Account, ExternalIdentity};
use crate::domain::id::AccountId;
use serde::de::DeserializeOwned;

fn key(id: AccountId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

fn login_key(login: &str) -> Vec<u8> {
    Key::new().text(login).into_bytes()
}

fn hash_key(hash: &SecretHash) -> Vec<u8> {
    Key::new().text(&hash.0).into_bytes()
}

/// The row under a secret's hash.
fn under<T: DeserializeOwned>(tx: &dyn ReadTx, table: Table, hash: &SecretHash) -> Result<Option<T>, StoreError> {
    tx.get(table, &hash_key(hash))?.map(|bytes| record::decode(table, &bytes)).transpose()
}

/// The hashes that an account's rows of a table by account name.
fn hashes_of(tx: &dyn ReadTx, table: Table, account: AccountId) -> Result<Vec<SecretHash>, StoreError> {
    let rows = tx.scan(table, &Scan::prefix(&key(account)))?;
    Ok(rows.into_iter().map(|(_, value)| SecretHash(String::from_utf8_lossy(&value).into_owned())).collect())
}

/// The account with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: AccountId) -> Result<Option<Account>, StoreError> {
    tx.get(Table::Accounts, &key(id))?.map(|bytes| record::decode(Table::Accounts, &bytes)).transpose()
}

/// The account that bears a login name or an e-mail address, both in small letters.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn by_login(tx: &dyn ReadTx, login: &str) -> Result<Option<Account>, StoreError> {
    let found = tx.get(Table::AccountLogins, &login_key(login))?;
    let id = found.as_deref().and_then(|bytes| uuid_at(bytes, 0));
    id.map_or(Ok(None), |id| get(tx, AccountId(id)))
}

fn identity_key(identity: &ExternalIdentity) -> Vec<u8> {
    Key::new().text(&identity.issuer).text(&identity.subject).into_bytes()
}

/// The account of a person whom another's identity provider has named.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn by_identity(tx: &dyn ReadTx, identity: &ExternalIdentity) -> Result<Option<Account>, StoreError> {
    let found = tx.get(Table::AccountIdentities, &identity_key(identity))?;
    let id = found.as_deref().and_then(|bytes| uuid_at(bytes, 0));
    id.map_or(Ok(None), |id| get(tx, AccountId(id)))
}

/// All accounts, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Account>, StoreError> {
    let rows = tx.scan(Table::Accounts, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Accounts, bytes)).collect()
}

/// Puts an account; its login name and e-mail address become findable, and those that it had before no longer are.
///
/// # Errors
/// `Conflict` naming `login` or `email` when another account bears it.
pub fn put(tx: &mut WriteTx<'_>, account: &Account) -> Result<(), StoreError> {
    if let Some(old) = get(tx, account.id)? {
        for (_, login) in logins(&old) {
            tx.remove(Table::AccountLogins, login_key(&login));
        }
        if let Some(identity) = &old.external {
            tx.remove(Table::AccountIdentities, identity_key(identity));
        }
    }
    for (what, login) in logins(account) {
        let place = login_key(&login);
        if tx.get(Table::AccountLogins, &place)?.is_some_and(|other| other != key(account.id)) {
            return Err(StoreError::Conflict { what: what.to_owned() });
        }
        tx.put(Table::AccountLogins, place, key(account.id));
    }
    if let Some(identity) = &account.external {
        tx.put(Table::AccountIdentities, identity_key(identity), key(account.id));
    }
    let row = record::encode(Table::Accounts, account)?;
    tx.put(Table::Accounts, key(account.id), row);
    Ok(())
}

fn logins(account: &Account) -> Vec<(&'static str, String)> {
    let login = account.login.iter().map(|login| ("login", login.to_string()));
    login.chain(account.email.iter().map(|email| ("email", email.to_string()))).collect()
}
