//! A person's right to their data: all of it in one file, and its erasure.

use super::{existing, keep_an_administrator, managed, record};
use crate::actions::{ActionError, Context, audit};
use crate::domain::account::Account;
use crate::domain::account::session::Session;
use crate::domain::account::token::ApiToken;
use crate::domain::actor::Actor;
use crate::domain::id::AccountId;
use crate::store::{self, WriteTx};
use serde::Serialize;

/// Everything that is kept of a person, secrets aside.
#[derive(Debug, Clone, Serialize)]
pub struct PersonalData {
    pub account: Account,
    pub sessions: Vec<Session>,
    pub tokens: Vec<ApiToken>,
    pub has_password: bool,
    pub has_second_factor: bool,
    /// What the person did and what was done to the account, the latest first.
    pub acts: Vec<audit::Line>,
}

/// Hands out what is kept of a person: to the owner, or to who may change the account.
///
/// # Errors
/// `NotFound` or `Forbidden`.
pub async fn export(context: &Context, actor: &Actor, id: AccountId) -> Result<PersonalData, ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let read = move |tx: &dyn store::ReadTx| {
        let is_own = matches!(&by, Actor::Account(holder) if holder.account == id);
        let account = if is_own { existing(tx, id)? } else { managed(tx, &by, id, &catalogue)? };
        let credentials = store::accounts::credentials::get(tx, id)?;
        Ok::<_, ActionError>(PersonalData {
            account,
            sessions: store::accounts::sessions::list(tx, id)?.into_iter().map(|(_, session)| session).collect(),
            tokens: store::accounts::tokens::list(tx, id)?.into_iter().map(|(_, token)| token).collect(),
            has_password: credentials.password.is_some(),
            has_second_factor: credentials.confirmed_factor().is_some(),
            acts: Vec::new(),
        })
    };
    let mut data = context.store.read("account.export", read).await?;
    data.acts = audit::all_of_account(context, actor, id).await?;
    Ok(data)
}

/// Erases a person's data for good; what the account did stays in the audit trail under its id alone.
///
/// # Errors
/// `NotFound` or `Forbidden`; `Invalid` for the actor's own account and for the last administrator.
pub async fn erase(context: &Context, actor: &Actor, id: AccountId) -> Result<(), ActionError> {
    if actor.account() == Some(id) {
        let reason = "Không thể tự xóa tài khoản của mình. Hãy nhờ một quản trị viên khác.";
        return Err(ActionError::invalid("account", "account-own", reason));
    }
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let erase = move |tx: &mut WriteTx<'_>| {
        let before = managed(tx, &by, id, &catalogue)?;
        let mut after = before.clone();
        after.erase();
        keep_an_administrator(tx, &before, &after)?;
        store::accounts::put(tx, &after)?;
        store::accounts::credentials::remove(tx, id);
        store::accounts::sessions::remove_all(tx, id, None)?;
        for (hash, token) in store::accounts::tokens::list(tx, id)? {
            store::accounts::tokens::remove(tx, &hash, &token);
        }
        store::accounts::links::remove(tx, crate::domain::account::link::Opens::Password { account: id })?;
        store::alterations::remove_all(tx, (store::log::subject::ACCOUNT, &id.to_string()))?;
        record(tx, &before, &["login", "name", "contact", "grants", "state"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("account.erase", context.stamp_by(actor), erase).await?;
    Ok(())
}
