//! Signing in: a name and a password, then the second step where there is one.

use super::sessions;
use crate::actions::{ActionError, Context};
use crate::domain::account::Account;
use crate::domain::account::credentials::{Credentials, SecondFactor};
use crate::domain::account::link::typed_code;
use crate::domain::account::session::Stage;
use crate::domain::id::AccountId;
use crate::secrets::{Purpose, hash_of, second_factor};
use crate::store;
use std::net::IpAddr;

/// The longest name that is looked up, in characters.
const MAX_TYPED_CHARS: usize = 200;

/// Where an attempt comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    pub address: IpAddr,
    /// Browser and system in words.
    pub device: String,
    /// The cookie that the browser has from before; what it opened ends.
    pub cookie: Option<String>,
}

/// A sign-in that went well: the secret for the cookie, and what is still to be done.
pub struct SignIn {
    pub cookie: String,
    pub stage: Stage,
}

/// One answer for a wrong name, a wrong password, a disabled account and an account without a password.
fn refused() -> ActionError {
    ActionError::Unauthenticated {
        code: "sign-in-failed",
        reason: "Tên đăng nhập hoặc mật khẩu không đúng.".to_owned(),
    }
}

/// Signs in with a name or an e-mail address and a password.
///
/// # Errors
/// `Unauthenticated` in the same words and after the same work whatever was wrong; `TooOften`.
pub async fn sign_in(context: &Context, login: &str, password: String, origin: Origin) -> Result<SignIn, ActionError> {
    let login: String = login.trim().to_lowercase().chars().take(MAX_TYPED_CHARS).collect();
    context.attempts.by_address(origin.address)?;
    context.attempts.from(origin.address, &login)?;
    let found = context.store.read("account.sign-in", move |tx| {
        let Some(account) = store::accounts::by_login(tx, &login)? else { return Ok(None) };
        let credentials = store::accounts::credentials::get(tx, account.id)?;
        Ok::<_, ActionError>(Some((account, credentials)))
    });
    let found: Option<(Account, Credentials)> = found.await?.filter(|(account, _)| account.is_active());
    let kept = found.as_ref().and_then(|(_, credentials)| credentials.password.clone());
    let same = context.passwords.verify(password, kept).await?;
    let Some((account, credentials)) = found.filter(|_| same) else {
        tracing::info!("a sign-in was refused");
        return Err(refused());
    };
    let stage = if credentials.confirmed_factor().is_some() { Stage::SecondStep } else { Stage::Complete };
    let cookie = sessions::open(context, account.id, stage, origin).await?.ok_or_else(refused)?;
    Ok(SignIn { cookie, stage })
}

/// Signs in whoever has just chosen their password; a second step stays to be taken.
///
/// # Errors
/// `Unauthenticated` when the account is gone meanwhile.
pub async fn enter(context: &Context, account: AccountId, origin: Origin) -> Result<SignIn, ActionError> {
    let read = move |tx: &dyn store::ReadTx| Ok::<_, ActionError>(store::accounts::credentials::get(tx, account)?);
    let credentials = context.store.read("account.enter", read).await?;
    let stage = if credentials.confirmed_factor().is_some() { Stage::SecondStep } else { Stage::Complete };
    let cookie = sessions::open(context, account, stage, origin).await?.ok_or_else(refused)?;
    Ok(SignIn { cookie, stage })
}

fn wrong_code() -> ActionError {
    let reason = "Mã không đúng hoặc đã dùng. Hãy nhập mã mới nhất trên điện thoại, hoặc một mã dự phòng.";
    ActionError::Unauthenticated { code: "second-step-failed", reason: reason.to_owned() }
}

/// Passes the second step with the telephone's code or a code on paper; the cookie is changed for another.
///
/// # Errors
/// `Unauthenticated` for a wrong code or when the first step is too long ago; `TooOften`.
pub async fn second_step(context: &Context, typed: &str, origin: Origin) -> Result<String, ActionError> {
    let half = sessions::half(context, origin.cookie.as_deref()).await?.ok_or_else(|| {
        let reason = "Bước một đã quá lâu. Hãy đăng nhập lại từ đầu.";
        ActionError::Unauthenticated { code: "sign-in-again", reason: reason.to_owned() }
    })?;
    context.attempts.by_address(origin.address)?;
    context.attempts.by_account(&half.account.to_string())?;
    if !take_code(context, half.account, typed).await? {
        return Err(wrong_code());
    }
    sessions::open(context, half.account, Stage::Complete, origin).await?.ok_or_else(refused)
}

/// Uses a code up; answers whether it was right.
pub(super) async fn take_code(context: &Context, account: AccountId, typed: &str) -> Result<bool, ActionError> {
    let (now, typed) = (context.clock.now(), typed.to_owned());
    let take = move |tx: &mut store::WriteTx<'_>| {
        let mut credentials = store::accounts::credentials::get(tx, account)?;
        let Some(factor) = credentials.second_factor.as_mut().filter(|factor| factor.confirmed) else {
            return Ok(false);
        };
        let right = if let Some(step) = second_factor::check(&factor.secret, &typed, factor.last_step, now)? {
            factor.last_step = step;
            true
        } else {
            use_recovery(factor, &typed)
        };
        if right {
            store::accounts::credentials::put(tx, account, &credentials)?;
        }
        Ok::<_, ActionError>(right)
    };
    Ok(context.store.write("account.second-step", context.stamp(), take).await?.value)
}

fn use_recovery(factor: &mut SecondFactor, typed: &str) -> bool {
    typed_code(typed).is_some_and(|code| factor.use_recovery(&hash_of(Purpose::Recovery, &code)))
}
