//! One-time codes: handed over on paper where there is no mail, they let their bearer choose a password once.

use super::{fields, managed, passwords, record};
use crate::actions::import::OWN_ORGANISATION;
use crate::actions::{ActionError, Context};
use crate::domain::account::credentials::SecretHash;
use crate::domain::account::link::{OneTimeLink, Opens, typed_code};
use crate::domain::account::{Account, AccountState, Grant};
use crate::domain::actor::{Actor, Holder};
use crate::domain::id::{AccountId, OrganisationId};
use crate::domain::permission::Role;
use crate::secrets::{self, Purpose, hash_of};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};
use std::net::IpAddr;

/// A code that was just made, and until when it is worth something.
pub struct Code {
    pub code: String,
    pub expires_at: DateTime<Utc>,
}

fn invalid() -> ActionError {
    let reason = "Mã không đúng, đã dùng hoặc đã hết hạn. Hãy xin người quản lý một mã mới.";
    ActionError::Unauthenticated { code: "link-invalid", reason: reason.to_owned() }
}

/// Gives out a code with which the owner of an account chooses a new password; an earlier one is worth nothing any
/// more. The password stays as it is until the code is used.
///
/// # Errors
/// `NotFound` or `Forbidden` when the actor may not change the account.
pub async fn issue(context: &Context, actor: &Actor, id: AccountId) -> Result<Code, ActionError> {
    let fresh = secrets::fresh_code(Purpose::Link)?;
    let link = OneTimeLink::new(Opens::Password { account: id }, context.clock.now());
    let (expires_at, hash) = (link.expires_at, fresh.hash);
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let issue = move |tx: &mut WriteTx<'_>| {
        let account = managed(tx, &by, id, &catalogue)?;
        store::accounts::links::put(tx, &hash, &link)?;
        record(tx, &account, &["link"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("account.issue-link", context.stamp_by(actor), issue).await?;
    Ok(Code { code: fresh.secret, expires_at })
}

/// The account that a valid code opens.
fn opened(tx: &dyn ReadTx, hash: &SecretHash, now: DateTime<Utc>) -> Result<Option<Account>, ActionError> {
    let link = store::accounts::links::get(tx, hash)?.filter(|link| now < link.expires_at);
    let Some(Opens::Password { account }) = link.map(|link| link.opens) else { return Ok(None) };
    Ok(store::accounts::get(tx, account)?.filter(Account::is_active))
}

/// Takes the code that was given out away when the account now holds a role it did not hold before: whoever gave the
/// code out answered for less.
pub(in crate::actions) fn withdraw_where_raised(
    tx: &mut WriteTx<'_>,
    before: &Account,
    after: &Account,
) -> Result<(), ActionError> {
    if after.grants.iter().any(|grant| !before.grants.contains(grant)) {
        store::accounts::links::remove(tx, Opens::Password { account: after.id })?;
    }
    Ok(())
}

fn typed_hash(context: &Context, typed: &str, address: IpAddr) -> Result<SecretHash, ActionError> {
    context.attempts.by_address(address)?;
    typed_code(typed).map(|code| hash_of(Purpose::Link, &code)).ok_or_else(invalid)
}

/// Shows whose password a code lets its bearer choose; the code is not used up.
///
/// # Errors
/// `Unauthenticated` when the code is worth nothing; `TooOften`.
pub async fn open(context: &Context, typed: &str, address: IpAddr) -> Result<Account, ActionError> {
    let (hash, now) = (typed_hash(context, typed, address)?, context.clock.now());
    context.store.read("account.open-link", move |tx| opened(tx, &hash, now)).await?.ok_or_else(invalid)
}

/// Chooses a password with a code, which is used up, and answers whose; all sessions of the account end, and where it
/// had a password before, its tokens are worth nothing any more.
///
/// # Errors
/// `Unauthenticated` when the code is worth nothing, `Invalid` for a weak password (the code can be used again).
pub async fn redeem(
    context: &Context,
    typed: &str,
    password: String,
    address: IpAddr,
) -> Result<AccountId, ActionError> {
    let account = open(context, typed, address).await?;
    let id = account.id;
    passwords::check(&password, &account)?;
    let hash = typed_code(typed).map(|code| hash_of(Purpose::Link, &code)).ok_or_else(invalid)?;
    let password = context.passwords.hash(password).await?;
    let now = context.clock.now();
    let actor = Actor::Account(Holder { account: account.id, grants: Vec::new() });
    let redeem = move |tx: &mut WriteTx<'_>| {
        let account = opened(tx, &hash, now)?.ok_or_else(invalid)?;
        let mut credentials = store::accounts::credentials::get(tx, account.id)?;
        // Whoever had the old password may have made a token with it.
        let made_by_another =
            if credentials.password.is_some() { store::accounts::tokens::list(tx, account.id)? } else { Vec::new() };
        for (hash, token) in &made_by_another {
            store::accounts::tokens::remove(tx, hash, token);
        }
        credentials.password = Some(password);
        store::accounts::credentials::put(tx, account.id, &credentials)?;
        store::accounts::links::remove(tx, Opens::Password { account: account.id })?;
        store::accounts::sessions::remove_all(tx, account.id, None)?;
        record(tx, &account, &["password", "tokens"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("account.redeem-link", context.stamp_by(&actor), redeem).await?;
    Ok(id)
}

fn has_administrator(tx: &dyn ReadTx) -> Result<bool, ActionError> {
    let accounts = store::accounts::all(tx)?;
    Ok(accounts.iter().any(|account| account.is_active() && account.is_administrator()))
}

/// Makes the code for the first administrator while there is none; the one from before is worth nothing
/// any more.
pub async fn offer_first(context: &Context) -> Result<Option<Code>, ActionError> {
    let fresh = secrets::fresh_code(Purpose::Link)?;
    let link = OneTimeLink::new(Opens::FirstAdministrator, context.clock.now());
    let (expires_at, hash) = (link.expires_at, fresh.hash);
    let offer = move |tx: &mut WriteTx<'_>| {
        if has_administrator(tx)? {
            return Ok(false);
        }
        store::accounts::links::put(tx, &hash, &link)?;
        Ok::<_, ActionError>(true)
    };
    let offered = context.store.write("account.offer-first", context.stamp(), offer).await?.value;
    Ok(offered.then_some(Code { code: fresh.secret, expires_at }))
}

/// Who becomes the first administrator.
pub struct First {
    pub code: String,
    pub login: String,
    pub name: String,
    pub password: String,
}

/// Whether the first administrator is still to be made.
pub async fn is_first_missing(context: &Context) -> Result<bool, ActionError> {
    context.store.read("account.exist", |tx| Ok::<_, ActionError>(!has_administrator(tx)?)).await
}

fn wrong_first_code() -> ActionError {
    let reason = "Mã không đúng, đã dùng hoặc đã hết hạn. Hãy xem lại mã đã gõ; nếu vẫn không được, khởi động lại chương trình rồi chép mã mới in ra trong cửa sổ dòng lệnh của nó.";
    ActionError::Unauthenticated { code: "link-invalid", reason: reason.to_owned() }
}

/// Makes the first administrator's account with the code of the terminal, and answers its id.
///
/// # Errors
/// `Unauthenticated` when the code is worth nothing; `Invalid` for bad values; `TooOften`.
pub async fn make_first(context: &Context, first: First, address: IpAddr) -> Result<AccountId, ActionError> {
    let hash = typed_hash(context, &first.code, address).map_err(|error| match error {
        ActionError::Unauthenticated { .. } => wrong_first_code(),
        other => other,
    })?;
    let organisation = OrganisationId::parse(OWN_ORGANISATION).map_err(ActionError::internal)?;
    let account = Account {
        id: AccountId(context.clock.fresh_id()),
        login: Some(fields::login(&first.login)?),
        name: fields::name(&first.name)?,
        email: None,
        phone: None,
        email_vouched: false,
        external: None,
        grants: vec![Grant { organisation, role: Role::Admin }],
        state: AccountState::Active,
        created_at: context.clock.now(),
    };
    let (id, now) = (account.id, context.clock.now());
    let wanted = hash.clone();
    let is_valid = move |tx: &dyn ReadTx| -> Result<bool, ActionError> {
        let link = store::accounts::links::get(tx, &wanted)?.filter(|link| now < link.expires_at);
        Ok(link.is_some_and(|link| link.opens == Opens::FirstAdministrator) && !has_administrator(tx)?)
    };
    if !context.store.read("account.first", is_valid.clone()).await? {
        return Err(wrong_first_code());
    }
    passwords::check(&first.password, &account)?;
    let password = context.passwords.hash(first.password).await?;
    let actor = Actor::Account(Holder { account: account.id, grants: Vec::new() });
    let make = move |tx: &mut WriteTx<'_>| {
        if !is_valid(tx)? {
            return Err(wrong_first_code());
        }
        store::accounts::put(tx, &account).map_err(fields::taken)?;
        let credentials =
            crate::domain::account::credentials::Credentials { password: Some(password), second_factor: None };
        store::accounts::credentials::put(tx, account.id, &credentials)?;
        store::accounts::links::remove(tx, Opens::FirstAdministrator)?;
        record(tx, &account, &["login", "name", "grants", "password"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("account.make-first", context.stamp_by(&actor), make).await?;
    Ok(id)
}
