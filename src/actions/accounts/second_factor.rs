//! The second step of signing in: a telephone that shows six digits, and codes on paper for the day it is lost.

use super::{existing, managed, own, passwords, record, sign_in};
use crate::actions::{ActionError, Context};
use crate::domain::account::Account;
use crate::domain::account::credentials::SecondFactor;
use crate::domain::account::link::printed_code;
use crate::domain::actor::Actor;
use crate::domain::id::AccountId;
use crate::secrets::{self, Fresh, Purpose, second_factor};
use crate::store::{self, WriteTx};

/// How many codes on paper there are.
const RECOVERY_CODES: usize = 10;
/// What the telephone's app shows above the code.
const ISSUER: &str = "Học liệu Quảng Trị";

/// What the owner sees of the second step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub in_use: bool,
    /// Codes on paper that are still unused.
    pub recovery_left: usize,
}

/// What a telephone is told.
pub struct Offer {
    /// For typing.
    pub secret: String,
    /// For the QR code.
    pub address: String,
}

/// How the actor's own second step stands.
pub async fn standing(context: &Context, actor: &Actor) -> Result<Standing, ActionError> {
    let id = own(actor)?;
    let credentials = context
        .store
        .read("second-factor.show", move |tx| Ok::<_, ActionError>(store::accounts::credentials::get(tx, id)?));
    let credentials = credentials.await?;
    let factor = credentials.confirmed_factor();
    Ok(Standing { in_use: factor.is_some(), recovery_left: factor.map_or(0, |factor| factor.recovery.len()) })
}

/// Offers the actor a secret for a telephone: the one offered before, until it is confirmed.
///
/// # Errors
/// `Invalid` when a second step is in use already.
pub async fn offer(context: &Context, actor: &Actor) -> Result<Offer, ActionError> {
    let (id, fresh) = (own(actor)?, second_factor::fresh_secret()?);
    let offer = move |tx: &mut WriteTx<'_>| {
        let account = existing(tx, id)?;
        let mut credentials = store::accounts::credentials::get(tx, id)?;
        if credentials.confirmed_factor().is_some() {
            let reason = "Đăng nhập hai bước đang bật. Muốn đổi điện thoại, hãy tắt rồi bật lại.";
            return Err(ActionError::invalid("second-factor", "second-factor-in-use", reason));
        }
        let unconfirmed = || SecondFactor { secret: fresh, confirmed: false, last_step: 0, recovery: Vec::new() };
        let secret = credentials.second_factor.get_or_insert_with(unconfirmed).secret.clone();
        store::accounts::credentials::put(tx, id, &credentials)?;
        Ok::<_, ActionError>((account, secret))
    };
    let (account, secret) = context.store.write("second-factor.offer", context.stamp_by(actor), offer).await?.value;
    let login = account.login.map(|login| login.to_string()).unwrap_or_default();
    let address = second_factor::address(&secret, ISSUER, &login)?;
    Ok(Offer { secret, address })
}

/// Switches the second step on once the telephone shows the right code; answers the codes for paper, shown this once.
///
/// # Errors
/// `Unauthenticated` for a wrong code; `TooOften`.
pub async fn confirm(context: &Context, actor: &Actor, typed: &str) -> Result<Vec<String>, ActionError> {
    let id = own(actor)?;
    context.attempts.by_account(&id.to_string())?;
    let (printed, kept) = recovery_codes()?;
    let (now, typed) = (context.clock.now(), typed.to_owned());
    let confirm = move |tx: &mut WriteTx<'_>| {
        let account = existing(tx, id)?;
        let mut credentials = store::accounts::credentials::get(tx, id)?;
        let offered = credentials.second_factor.as_mut().filter(|factor| !factor.confirmed);
        let step = match &offered {
            Some(factor) => second_factor::check(&factor.secret, &typed, 0, now)?,
            None => None,
        };
        let Some((factor, step)) = offered.zip(step) else {
            let reason = "Mã không đúng. Hãy nhập mã sáu chữ số đang hiện trên điện thoại.".to_owned();
            return Err(ActionError::Unauthenticated { code: "second-step-failed", reason });
        };
        factor.confirmed = true;
        factor.last_step = step;
        factor.recovery = kept.into_iter().map(|fresh| fresh.hash).collect();
        store::accounts::credentials::put(tx, id, &credentials)?;
        record(tx, &account, &["second_factor"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("second-factor.confirm", context.stamp_by(actor), confirm).await?;
    Ok(printed)
}

/// Makes new codes for paper; the old ones are worth nothing any more. Needs the present password.
///
/// # Errors
/// `Unauthenticated` for a wrong password; `Invalid` when no second step is in use.
pub async fn renew_recovery(context: &Context, actor: &Actor, password: String) -> Result<Vec<String>, ActionError> {
    let account = passwords::confirm(context, actor, password).await?;
    let (printed, kept) = recovery_codes()?;
    let renew = move |tx: &mut WriteTx<'_>| {
        let mut credentials = store::accounts::credentials::get(tx, account.id)?;
        let Some(factor) = credentials.second_factor.as_mut().filter(|factor| factor.confirmed) else {
            let reason = "Đăng nhập hai bước chưa bật.";
            return Err(ActionError::invalid("second-factor", "second-factor-missing", reason));
        };
        factor.recovery = kept.into_iter().map(|fresh| fresh.hash).collect();
        store::accounts::credentials::put(tx, account.id, &credentials)?;
        record(tx, &account, &["recovery_codes"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("second-factor.renew-recovery", context.stamp_by(actor), renew).await?;
    Ok(printed)
}

fn recovery_codes() -> Result<(Vec<String>, Vec<Fresh>), ActionError> {
    let fresh = (0..RECOVERY_CODES).map(|_| secrets::fresh_code(Purpose::Recovery)).collect::<Result<Vec<_>, _>>()?;
    Ok((fresh.iter().map(|fresh| printed_code(&fresh.secret)).collect(), fresh))
}

/// Switches the actor's own second step off; needs the present password and a code.
///
/// # Errors
/// `Unauthenticated` when either is wrong; `TooOften`.
pub async fn switch_off(context: &Context, actor: &Actor, password: String, code: &str) -> Result<(), ActionError> {
    let account = passwords::confirm(context, actor, password).await?;
    if !sign_in::take_code(context, account.id, code).await? {
        let reason = "Mã của bước hai không đúng hoặc đã dùng.".to_owned();
        return Err(ActionError::Unauthenticated { code: "second-step-failed", reason });
    }
    remove(context, actor, account).await
}

/// Takes the second step of another away, for someone who has lost telephone and paper.
///
/// # Errors
/// `NotFound` or `Forbidden` when the actor may not change the account.
pub async fn take_away(context: &Context, actor: &Actor, id: AccountId) -> Result<(), ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let account = context.store.read("second-factor.of", move |tx| managed(tx, &by, id, &catalogue)).await?;
    remove(context, actor, account).await
}

async fn remove(context: &Context, actor: &Actor, account: Account) -> Result<(), ActionError> {
    let remove = move |tx: &mut WriteTx<'_>| {
        let mut credentials = store::accounts::credentials::get(tx, account.id)?;
        if credentials.second_factor.take().is_some() {
            store::accounts::credentials::put(tx, account.id, &credentials)?;
            record(tx, &account, &["second_factor"]);
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("second-factor.remove", context.stamp_by(actor), remove).await?;
    Ok(())
}
