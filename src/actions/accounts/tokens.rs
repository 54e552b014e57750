//! API tokens: a part of an account's powers, lent to a program for a time.

use super::{existing, own, powers, record};
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::account::Account;
use crate::domain::account::token::{ApiToken, MAX_DAYS, MAX_LABEL_CHARS, MAX_TOKENS, PREFIX, Scope};
use crate::domain::actor::Actor;
use crate::domain::id::{AccountId, TokenId};
use crate::secrets::{self, Purpose, hash_of};
use crate::store::{self, WriteTx};
use chrono::TimeDelta;
use std::collections::BTreeSet;

/// How exactly the last use is remembered.
const USE_STEP: TimeDelta = TimeDelta::hours(1);

/// A token that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub label: String,
    pub scopes: BTreeSet<Scope>,
    pub days: u32,
}

impl Wanted {
    fn check(&self) -> Result<(), ActionError> {
        if self.scopes.is_empty() {
            return Err(ActionError::invalid("scopes", "token-scopes", "Hãy chọn ít nhất một quyền cho mã truy cập."));
        }
        if !(1..=MAX_DAYS).contains(&self.days) {
            let reason = format!("Số ngày hiệu lực phải từ 1 đến {MAX_DAYS}.");
            return Err(ActionError::Invalid { field: "days", code: "token-days", reason });
        }
        if self.label.trim().is_empty() || self.label.chars().count() > MAX_LABEL_CHARS {
            let reason = format!("Hãy đặt tên cho mã truy cập, không quá {MAX_LABEL_CHARS} ký tự.");
            return Err(ActionError::Invalid { field: "label", code: "token-label", reason });
        }
        Ok(())
    }
}

/// Makes a token for the actor's own account; answers the secret, shown this once.
///
/// # Errors
/// `Invalid` for bad values or too many tokens.
pub async fn create(context: &Context, actor: &Actor, wanted: Wanted) -> Result<String, ActionError> {
    let id = own(actor)?;
    create_for(context, actor, id, wanted).await
}

/// Makes a token for the account with a login name, on behalf of whoever runs the machine.
///
/// # Errors
/// `NotFound` when there is no such account, `Forbidden` for anyone but the system.
pub async fn create_by_login(
    context: &Context,
    actor: &Actor,
    login: &str,
    wanted: Wanted,
) -> Result<String, ActionError> {
    if *actor != Actor::System {
        return Err(ActionError::Forbidden);
    }
    let account = super::manage::by_login(context, login).await?;
    create_for(context, actor, account.id, wanted).await
}

async fn create_for(context: &Context, actor: &Actor, id: AccountId, wanted: Wanted) -> Result<String, ActionError> {
    wanted.check()?;
    let fresh = secrets::fresh(Purpose::Token, PREFIX)?;
    let (now, hash) = (context.clock.now(), fresh.hash);
    let token = ApiToken {
        id: TokenId(context.clock.fresh_id()),
        account: id,
        label: wanted.label.trim().to_owned(),
        scopes: wanted.scopes,
        created_at: now,
        expires_at: now + TimeDelta::days(i64::from(wanted.days)),
        last_used_at: None,
    };
    let create = move |tx: &mut WriteTx<'_>| {
        let account = existing(tx, id)?;
        let known = store::accounts::tokens::list(tx, id)?;
        for (hash, token) in known.iter().filter(|(_, token)| token.is_over(now)) {
            store::accounts::tokens::remove(tx, hash, token);
        }
        if known.iter().filter(|(_, token)| !token.is_over(now)).count() >= MAX_TOKENS {
            let reason = format!("Đã có {MAX_TOKENS} mã truy cập. Hãy thu hồi những mã không dùng nữa.");
            return Err(ActionError::Invalid { field: "token", code: "token-too-many", reason });
        }
        store::accounts::tokens::put(tx, &hash, &token)?;
        record(tx, &account, &["tokens"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("token.create", context.stamp_by(actor), create).await?;
    Ok(fresh.secret)
}

/// The actor's own tokens that are still worth something, the latest first.
pub async fn list(context: &Context, actor: &Actor) -> Result<Vec<ApiToken>, ActionError> {
    let (id, now) = (own(actor)?, context.clock.now());
    let found =
        context.store.read("token.list", move |tx| Ok::<_, ActionError>(store::accounts::tokens::list(tx, id)?));
    let tokens = found.await?.into_iter().map(|(_, token)| token);
    let mut valid: Vec<_> = tokens.filter(|token| !token.is_over(now)).collect();
    valid.reverse();
    Ok(valid)
}

/// Takes one of the actor's own tokens back.
///
/// # Errors
/// `NotFound` when the actor has no such token.
pub async fn revoke(context: &Context, actor: &Actor, id: TokenId) -> Result<(), ActionError> {
    let account = own(actor)?;
    let revoke = move |tx: &mut WriteTx<'_>| {
        let found = store::accounts::tokens::list(tx, account)?.into_iter().find(|(_, token)| token.id == id);
        let missing = || ActionError::NotFound { noun: Noun::Token, id: id.to_string() };
        let (hash, token) = found.ok_or_else(missing)?;
        store::accounts::tokens::remove(tx, &hash, &token);
        let account = existing(tx, account)?;
        record(tx, &account, &["tokens"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("token.revoke", context.stamp_by(actor), revoke).await?;
    Ok(())
}

/// Who acts with a token, with the token and its owner.
#[derive(Debug, Clone)]
pub struct Bearer {
    pub actor: Actor,
    pub account: Account,
    pub token: ApiToken,
}

/// Who acts with a token.
///
/// # Errors
/// `Unauthenticated` in the same words for a token that is unknown, over, revoked or of a disabled account.
pub async fn find(context: &Context, secret: &str) -> Result<Bearer, ActionError> {
    let hash = hash_of(Purpose::Token, secret);
    let (now, rules) = (context.clock.now(), context.bounds.accounts);
    let wanted = hash.clone();
    let found = context.store.read("token.find", move |tx| {
        let token = store::accounts::tokens::get(tx, &wanted)?.filter(|token| !token.is_over(now));
        let Some(token) = token else { return Ok(None) };
        let account = store::accounts::get(tx, token.account)?.filter(Account::is_active);
        let Some(account) = account else { return Ok(None) };
        let holder = powers(tx, &account, &rules)?.holder;
        let actor = Actor::Token { holder, token: token.id, scopes: token.scopes.clone() };
        Ok::<_, ActionError>(Some(Bearer { actor, account, token }))
    });
    let bearer = found.await?.ok_or_else(|| ActionError::Unauthenticated {
        code: "token-invalid",
        reason: "Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi.".to_owned(),
    })?;
    if bearer.token.last_used_at.is_none_or(|at| now - at >= USE_STEP) {
        let see = move |tx: &mut WriteTx<'_>| {
            if let Some(mut token) = store::accounts::tokens::get(tx, &hash)? {
                token.last_used_at = Some(now);
                store::accounts::tokens::put(tx, &hash, &token)?;
            }
            Ok::<_, ActionError>(())
        };
        drop(context.store.write_behind("token.seen", context.stamp(), see)?);
    }
    Ok(bearer)
}
