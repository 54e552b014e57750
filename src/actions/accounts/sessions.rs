//! Sessions: opened by signing in, found by their cookie, ended by their owner, by age or by a new password.

use super::sign_in::Origin;
use super::{own, powers};
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::account::Account;
use crate::domain::account::credentials::SecretHash;
use crate::domain::account::session::{Session, Stage};
use crate::domain::actor::{Actor, Holder};
use crate::domain::id::{AccountId, SessionId};
use crate::secrets::{self, Purpose, hash_of};
use crate::store::{self, WriteTx};

/// The most sessions of an account; the oldest give way.
const MAX_SESSIONS: usize = 20;

/// Who has signed in, and through which session.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub account: Account,
    pub session: Session,
    pub actor: Actor,
    /// The administrator's role is held back until there is a second step.
    pub needs_second_factor: bool,
}

/// Opens a session and ends the one that the browser had; `None` when the account was disabled meanwhile.
pub(super) async fn open(
    context: &Context,
    account: AccountId,
    stage: Stage,
    origin: Origin,
) -> Result<Option<String>, ActionError> {
    let fresh = secrets::fresh(Purpose::Session, "")?;
    let now = context.clock.now();
    let session = Session {
        id: SessionId(context.clock.fresh_id()),
        account,
        stage,
        created_at: now,
        last_seen_at: now,
        device: origin.device,
    };
    let old = origin.cookie.map(|cookie| hash_of(Purpose::Session, &cookie));
    let (hash, rules) = (fresh.hash, context.bounds.accounts.sessions);
    let open = move |tx: &mut WriteTx<'_>| {
        if let Some(old) = &old {
            end(tx, old)?;
        }
        if !store::accounts::get(tx, account)?.is_some_and(|account| account.is_active()) {
            return Ok(false);
        }
        let known = store::accounts::sessions::list(tx, account)?;
        let surplus = known.len().saturating_sub(MAX_SESSIONS - 1);
        for (place, (hash, session)) in known.iter().enumerate() {
            if place < surplus || session.is_over(now, &rules) {
                store::accounts::sessions::remove(tx, hash, session);
            }
        }
        store::accounts::sessions::put(tx, &hash, &session)?;
        Ok::<_, ActionError>(true)
    };
    let opened = context.store.write("session.open", context.stamp(), open).await?.value;
    Ok(opened.then_some(fresh.secret))
}

fn end(tx: &mut WriteTx<'_>, hash: &SecretHash) -> Result<(), ActionError> {
    if let Some(session) = store::accounts::sessions::get(tx, hash)? {
        store::accounts::sessions::remove(tx, hash, &session);
    }
    Ok(())
}

/// The session of a cookie that still waits for the second step.
pub(super) async fn half(context: &Context, cookie: Option<&str>) -> Result<Option<Session>, ActionError> {
    let Some(cookie) = cookie else { return Ok(None) };
    let hash = hash_of(Purpose::Session, cookie);
    let found =
        context.store.read("session.half", move |tx| Ok::<_, ActionError>(store::accounts::sessions::get(tx, &hash)?));
    let (now, rules) = (context.clock.now(), context.bounds.accounts.sessions);
    Ok(found.await?.filter(|session| session.stage == Stage::SecondStep && !session.is_over(now, &rules)))
}

/// Whether a cookie's session still waits for the second step.
pub async fn waits_for_second_step(context: &Context, cookie: &str) -> Result<bool, ActionError> {
    Ok(half(context, Some(cookie)).await?.is_some())
}

/// Who has signed in with a cookie; `None` when it opens nothing (any more).
pub async fn find(context: &Context, cookie: &str) -> Result<Option<SignedIn>, ActionError> {
    let hash = hash_of(Purpose::Session, cookie);
    let (now, rules) = (context.clock.now(), context.bounds.accounts);
    let wanted = hash.clone();
    let found = context.store.read("session.find", move |tx| {
        let Some(session) = store::accounts::sessions::get(tx, &wanted)? else { return Ok(None) };
        if session.stage != Stage::Complete || session.is_over(now, &rules.sessions) {
            return Ok(None);
        }
        let account = store::accounts::get(tx, session.account)?.filter(Account::is_active);
        let Some(account) = account else { return Ok(None) };
        let powers = powers(tx, &account, &rules)?;
        let actor = Actor::Account(powers.holder);
        Ok::<_, ActionError>(Some(SignedIn { account, session, actor, needs_second_factor: powers.held_back }))
    });
    let found = found.await?;
    if found.as_ref().is_some_and(|found| found.session.is_seen_anew(now)) {
        see(context, hash)?;
    }
    Ok(found)
}

/// Who an account is now, for work that it asked for earlier: one that can no longer sign in may nothing. Blocks.
///
/// # Errors
/// When the store fails.
pub(in crate::actions) fn actor_of(context: &Context, id: AccountId) -> Result<Actor, ActionError> {
    let rules = context.bounds.accounts;
    context.store.read_blocking("session.actor", |tx| {
        let account = store::accounts::get(tx, id)?.filter(Account::is_active);
        let holder = match account {
            Some(account) => powers(tx, &account, &rules)?.holder,
            None => Holder { account: id, grants: Vec::new() },
        };
        Ok::<_, ActionError>(Actor::Account(holder))
    })
}

/// Remembers the use of a session; nobody waits for it.
fn see(context: &Context, hash: SecretHash) -> Result<(), ActionError> {
    let now = context.clock.now();
    let see = move |tx: &mut WriteTx<'_>| {
        if let Some(mut session) = store::accounts::sessions::get(tx, &hash)? {
            session.last_seen_at = now;
            store::accounts::sessions::put(tx, &hash, &session)?;
        }
        Ok::<_, ActionError>(())
    };
    drop(context.store.write_behind("session.seen", context.stamp(), see)?);
    Ok(())
}

/// Ends the session of a cookie.
pub async fn sign_out(context: &Context, cookie: &str) -> Result<(), ActionError> {
    let hash = hash_of(Purpose::Session, cookie);
    context.store.write("session.end", context.stamp(), move |tx| end(tx, &hash)).await?;
    Ok(())
}

/// The actor's own sessions that are still open, the latest used first.
pub async fn list(context: &Context, actor: &Actor) -> Result<Vec<Session>, ActionError> {
    let account = own(actor)?;
    let (now, rules) = (context.clock.now(), context.bounds.accounts.sessions);
    let found = context
        .store
        .read("session.list", move |tx| Ok::<_, ActionError>(store::accounts::sessions::list(tx, account)?));
    let sessions = found.await?.into_iter().map(|(_, session)| session);
    let mut open: Vec<_> = sessions.filter(|s| s.stage == Stage::Complete && !s.is_over(now, &rules)).collect();
    open.sort_by_key(|session| std::cmp::Reverse(session.last_seen_at));
    Ok(open)
}

/// Ends one of the actor's own sessions.
///
/// # Errors
/// `NotFound` when the actor has no such session.
pub async fn end_one(context: &Context, actor: &Actor, id: SessionId) -> Result<(), ActionError> {
    let account = own(actor)?;
    let end = move |tx: &mut WriteTx<'_>| {
        let found = store::accounts::sessions::list(tx, account)?.into_iter().find(|(_, session)| session.id == id);
        let missing = || ActionError::NotFound { noun: Noun::Session, id: id.to_string() };
        let (hash, session) = found.ok_or_else(missing)?;
        store::accounts::sessions::remove(tx, &hash, &session);
        Ok::<_, ActionError>(())
    };
    context.store.write("session.end", context.stamp_by(actor), end).await?;
    Ok(())
}

/// Ends all of the actor's own sessions but one; answers how many.
pub async fn end_others(context: &Context, actor: &Actor, but: SessionId) -> Result<usize, ActionError> {
    let account = own(actor)?;
    let end = move |tx: &mut WriteTx<'_>| {
        Ok::<_, ActionError>(store::accounts::sessions::remove_all(tx, account, Some(but))?)
    };
    Ok(context.store.write("session.end-others", context.stamp_by(actor), end).await?.value)
}

/// Forgets sessions that have ended by themselves.
pub(super) async fn forget_ended(context: &Context) -> Result<(), ActionError> {
    let (now, rules) = (context.clock.now(), context.bounds.accounts.sessions);
    let forget = move |tx: &mut WriteTx<'_>| {
        for (hash, session) in store::accounts::sessions::all(tx)? {
            if session.is_over(now, &rules) {
                store::accounts::sessions::remove(tx, &hash, &session);
            }
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("session.forget", context.stamp(), forget).await?;
    Ok(())
}
