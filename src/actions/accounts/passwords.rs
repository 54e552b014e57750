//! Choosing and changing passwords.

use super::{existing, own, record, sessions};
use crate::actions::{ActionError, Context};
use crate::domain::account::Account;
use crate::domain::account::password::{self, MAX_CHARS, MIN_CHARS, WeakPassword};
use crate::domain::actor::Actor;
use crate::domain::id::SessionId;
use crate::store;

/// Checks a new password for an account.
pub(super) fn check(password: &str, account: &Account) -> Result<(), ActionError> {
    let login = account.login.as_ref().map_or("", |login| login.as_str());
    let email = account.email.as_ref().and_then(|email| email.as_str().split('@').next()).unwrap_or_default();
    password::check(password, &[login, email, &account.name]).map_err(weak)
}

fn weak(why: WeakPassword) -> ActionError {
    let (code, reason) = match why {
        WeakPassword::TooShort => ("password-too-short", format!("Mật khẩu cần ít nhất {MIN_CHARS} ký tự.")),
        WeakPassword::TooLong => ("password-too-long", format!("Mật khẩu dài quá {MAX_CHARS} ký tự.")),
        WeakPassword::Common => (
            "password-common",
            "Mật khẩu này nằm trong số những mật khẩu hay bị đoán nhất. Hãy ghép vài từ không liên quan với nhau."
                .to_owned(),
        ),
        WeakPassword::Simple => (
            "password-simple",
            "Mật khẩu lặp lại hoặc đi theo thứ tự, rất dễ đoán. Hãy ghép vài từ khác nhau.".to_owned(),
        ),
        WeakPassword::Personal => {
            ("password-personal", "Mật khẩu không được chứa tên hoặc tên đăng nhập của bạn.".to_owned())
        }
    };
    ActionError::Invalid { field: "password", code, reason }
}

/// Whether a typed password is the actor's own present one.
///
/// # Errors
/// `Unauthenticated` when it is not; `TooOften`.
pub(super) async fn confirm(context: &Context, actor: &Actor, typed: String) -> Result<Account, ActionError> {
    let id = own(actor)?;
    context.attempts.by_account(&id.to_string())?;
    let found = context.store.read("account.confirm", move |tx| {
        Ok::<_, ActionError>((existing(tx, id)?, store::accounts::credentials::get(tx, id)?))
    });
    let (account, credentials) = found.await?;
    if context.passwords.verify(typed, credentials.password).await? {
        Ok(account)
    } else {
        let reason = "Mật khẩu hiện tại không đúng.".to_owned();
        Err(ActionError::Unauthenticated { code: "password-wrong", reason })
    }
}

/// Changes the actor's own password; all other sessions end.
///
/// # Errors
/// `Unauthenticated` when `current` is wrong, `Invalid` when `new` is weak.
pub async fn change(
    context: &Context,
    actor: &Actor,
    session: SessionId,
    current: String,
    new: String,
) -> Result<(), ActionError> {
    let account = confirm(context, actor, current).await?;
    check(&new, &account)?;
    let hash = context.passwords.hash(new).await?;
    let change = move |tx: &mut store::WriteTx<'_>| {
        let mut credentials = store::accounts::credentials::get(tx, account.id)?;
        credentials.password = Some(hash);
        store::accounts::credentials::put(tx, account.id, &credentials)?;
        record(tx, &account, &["password"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("account.change-password", context.stamp_by(actor), change).await?;
    sessions::end_others(context, actor, session).await?;
    Ok(())
}
