//! Signing in at another's identity provider. It proves who someone is; whether they have an account is decided here.

use super::sign_in::{Origin, SignIn};
use super::{record, sessions};
use crate::actions::{ActionError, Context};
use crate::domain::account::session::Stage;
use crate::domain::account::{Account, ExternalIdentity};
use crate::domain::actor::{Actor, Holder};
use crate::domain::id::AccountId;
use crate::identity::{Identity, IdentityError, Provider, Started};
use crate::store::{self, ReadTx, WriteTx};

impl From<IdentityError> for ActionError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Provider(cause) => Self::IdentityProvider(cause),
            IdentityError::Refused(cause) => {
                tracing::warn!(cause, "the identity provider's proofs were refused");
                let reason = "Chưa xác nhận được danh tính với hệ thống của tỉnh. Hãy thử lại từ đầu.".to_owned();
                Self::Unauthenticated { code: "identity-refused", reason }
            }
            IdentityError::Stopped => Self::internal(error),
        }
    }
}

/// Whether there is another's identity provider to sign in at.
pub fn is_offered(context: &Context) -> bool {
    context.identity.is_some()
}

fn provider(context: &Context) -> Result<&Provider, ActionError> {
    context.identity.as_ref().ok_or(ActionError::Forbidden)
}

/// Begins signing in at the provider.
///
/// # Errors
/// `IdentityProvider` when it does not answer.
pub async fn begin(context: &Context) -> Result<Started, ActionError> {
    Ok(provider(context)?.begin().await?)
}

/// What a person brings back from the provider, with what was remembered when they left.
pub struct Returned {
    pub code: String,
    pub nonce: String,
    pub verifier: String,
}

/// Signs in with what the provider proves: as the account that came from there before, else as the one with the
/// verified e-mail address that a manager entered, which is remembered. The account's own second step is still asked for.
///
/// # Errors
/// `Unauthenticated` when nothing is proved or nobody here is meant; `IdentityProvider`; `TooOften`.
pub async fn finish(context: &Context, returned: Returned, origin: Origin) -> Result<SignIn, ActionError> {
    context.attempts.by_address(origin.address)?;
    let identity = provider(context)?.finish(returned.code, returned.nonce, returned.verifier).await?;
    let (account, stage) = link(context, identity).await?;
    let cookie = sessions::open(context, account, stage, origin).await?.ok_or_else(unknown)?;
    Ok(SignIn { cookie, stage })
}

fn unknown() -> ActionError {
    let reason = "Danh tính này chưa gắn với tài khoản nào ở đây. Hãy nhờ người quản lý ghi đúng địa chỉ thư của bạn vào tài khoản.";
    ActionError::Unauthenticated { code: "identity-unknown", reason: reason.to_owned() }
}

/// The account that is meant, whether or not it came from there before.
fn meant(tx: &dyn ReadTx, identity: &Identity, external: &ExternalIdentity) -> Result<Option<Account>, ActionError> {
    if let Some(known) = store::accounts::by_identity(tx, external)? {
        return Ok(Some(known));
    }
    let Some(email) = &identity.email else { return Ok(None) };
    let found = store::accounts::by_login(tx, &email.to_lowercase())?;
    // Whoever is known to the provider already is nobody else there; and whoever entered another's address for
    // themselves would have that person come in to their account.
    Ok(found.filter(|account| account.external.is_none() && account.email_vouched))
}

async fn link(context: &Context, identity: Identity) -> Result<(AccountId, Stage), ActionError> {
    let external = ExternalIdentity { issuer: identity.issuer.clone(), subject: identity.subject.clone() };
    let wanted = (identity.clone(), external.clone());
    let found = context.store.read("account.by-identity", move |tx| {
        let Some(account) = meant(tx, &wanted.0, &wanted.1)?.filter(Account::is_active) else { return Ok(None) };
        let second = store::accounts::credentials::get(tx, account.id)?.confirmed_factor().is_some();
        Ok::<_, ActionError>(Some((account, second)))
    });
    let (account, second) = found.await?.ok_or_else(unknown)?;
    if account.external.is_none() {
        let actor = Actor::Account(Holder { account: account.id, grants: Vec::new() });
        let remember = move |tx: &mut WriteTx<'_>| {
            let mut account = meant(tx, &identity, &external)?.ok_or_else(unknown)?;
            account.external = Some(external);
            store::accounts::put(tx, &account)?;
            record(tx, &account, &["external"]);
            Ok::<_, ActionError>(())
        };
        context.store.write("account.link-identity", context.stamp_by(&actor), remember).await?;
    }
    Ok((account.id, if second { Stage::SecondStep } else { Stage::Complete }))
}
