//! API tokens, under the hash of the secret.

use super::{hash_key, hashes_of, under};
use crate::domain::account::credentials::SecretHash;
use crate::domain::account::token::ApiToken;
use crate::domain::id::{AccountId, TokenId};
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, StoreError, WriteTx, record};

fn place(account: AccountId, id: TokenId) -> Vec<u8> {
    Key::new().uuid(account.0).uuid(id.0).into_bytes()
}

/// The token with a secret.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, hash: &SecretHash) -> Result<Option<ApiToken>, StoreError> {
    under(tx, Table::Tokens, hash)
}

/// Puts a token.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, hash: &SecretHash, token: &ApiToken) -> Result<(), StoreError> {
    let row = record::encode(Table::Tokens, token)?;
    tx.put(Table::Tokens, hash_key(hash), row);
    tx.put(Table::AccountTokens, place(token.account, token.id), hash.0.clone().into_bytes());
    Ok(())
}

/// An account's tokens with the hashes that they lie under, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(tx: &dyn ReadTx, account: AccountId) -> Result<Vec<(SecretHash, ApiToken)>, StoreError> {
    let mut found = Vec::new();
    for hash in hashes_of(tx, Table::AccountTokens, account)? {
        if let Some(token) = get(tx, &hash)? {
            found.push((hash, token));
        }
    }
    Ok(found)
}

/// Takes a token away.
pub fn remove(tx: &mut WriteTx<'_>, hash: &SecretHash, token: &ApiToken) {
    tx.remove(Table::Tokens, hash_key(hash));
    tx.remove(Table::AccountTokens, place(token.account, token.id));
}
