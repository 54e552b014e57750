//! Accounts: who works here, with which roles, and how they prove who they are.
//!
//! Whether something is allowed is asked of `domain::permission` here and nowhere else.

mod attempts;
pub mod external;
mod fields;
pub mod links;
pub mod manage;
pub mod passwords;
pub mod personal_data;
pub mod roles;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod tokens;

pub use attempts::{Attempts, forget_quiet};

use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::account::session::SessionRules;
use crate::domain::account::{Account, Grant};
use crate::domain::actor::{Actor, Holder};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::AccountId;
use crate::domain::permission::{Role, may_manage, may_see};
use crate::store::{self, ReadTx, WriteTx};

/// How accounts are guarded.
#[derive(Debug, Clone, Copy)]
pub struct AccountRules {
    pub sessions: SessionRules,
    /// Attempts to sign in to one account in a quarter of an hour.
    pub sign_in_per_account: u32,
    /// Attempts to sign in from one address in a quarter of an hour.
    pub sign_in_per_address: u32,
    /// Registrations for classes from one address in a quarter of an hour; 0 for no such bound.
    pub registrations_per_address: u32,
    /// Whether an administrator's role counts only with a second step.
    pub admin_second_factor: bool,
}

impl Default for AccountRules {
    fn default() -> Self {
        Self {
            sessions: SessionRules::default(),
            sign_in_per_account: 10,
            sign_in_per_address: 100,
            registrations_per_address: 300,
            admin_second_factor: false,
        }
    }
}

/// What the account's roles are worth now.
struct Powers {
    holder: Holder,
    /// An administrator's role is held back until there is a second step.
    held_back: bool,
}

/// The roles of an account that are in force.
fn powers(tx: &dyn ReadTx, account: &Account, rules: &AccountRules) -> Result<Powers, ActionError> {
    let guarded = rules.admin_second_factor && account.is_administrator();
    let held_back = guarded && store::accounts::credentials::get(tx, account.id)?.confirmed_factor().is_none();
    let counts = |grant: &&Grant| !(held_back && grant.role == Role::Admin);
    let grants = account.grants.iter().filter(counts).cloned().collect();
    Ok(Powers { holder: Holder { account: account.id, grants }, held_back })
}

/// An account that is active, as it acts with the roles that it has now; nothing for any other.
pub(in crate::actions) async fn acting(context: &Context, id: AccountId) -> Result<Option<Actor>, ActionError> {
    let rules = context.bounds.accounts;
    let act = move |tx: &dyn ReadTx| {
        let Some(account) = store::accounts::get(tx, id)?.filter(Account::is_active) else { return Ok(None) };
        Ok::<_, ActionError>(Some(Actor::Account(powers(tx, &account, &rules)?.holder)))
    };
    context.store.read("account.acting", act).await
}

fn missing(id: AccountId) -> ActionError {
    ActionError::NotFound { noun: Noun::Account, id: id.to_string() }
}

/// An account that was not erased.
fn existing(tx: &dyn ReadTx, id: AccountId) -> Result<Account, ActionError> {
    let found = store::accounts::get(tx, id)?.filter(|account| account.login.is_some());
    found.ok_or_else(|| missing(id))
}

/// An account that the actor may change as a whole; what may not even be seen is not there.
fn managed(tx: &dyn ReadTx, actor: &Actor, id: AccountId, catalogue: &Catalogue) -> Result<Account, ActionError> {
    let account = existing(tx, id)?;
    if may_manage(actor, &account, catalogue) {
        Ok(account)
    } else if may_see(actor, &account, catalogue) {
        Err(ActionError::Forbidden)
    } else {
        Err(missing(id))
    }
}

/// The account of the actor, who must have signed in as a person: a token may not change what guards it.
fn own(actor: &Actor) -> Result<AccountId, ActionError> {
    match actor {
        Actor::Account(holder) => Ok(holder.account),
        Actor::Visitor | Actor::System | Actor::Token { .. } => Err(ActionError::Forbidden),
    }
}

/// Notes a change of an account in the log of every organisation where it has a role.
fn record(tx: &mut WriteTx<'_>, account: &Account, fields: &[&str]) {
    if account.grants.is_empty() {
        tx.record(store::log::subject::ACCOUNT, account.id.to_string(), fields);
    }
    for grant in &account.grants {
        tx.record_at(&grant.organisation, store::log::subject::ACCOUNT, account.id.to_string(), fields);
    }
}

/// There must always be someone who can give roles: refuses to lose the last administrator who can sign in.
fn keep_an_administrator(tx: &dyn ReadTx, before: &Account, after: &Account) -> Result<(), ActionError> {
    let counts = |account: &Account| account.is_active() && account.is_administrator();
    if !counts(before) || counts(after) {
        return Ok(());
    }
    let others = store::accounts::all(tx)?.into_iter().any(|other| other.id != before.id && counts(&other));
    if others {
        Ok(())
    } else {
        let reason = "Đây là quản trị viên cuối cùng còn hoạt động. Hãy giao vai trò quản trị cho người khác trước.";
        Err(ActionError::invalid("account", "last-administrator", reason))
    }
}

/// Makes signing in as fast for the first caller as for all others, and forgets sessions that have ended.
pub async fn prepare(context: &Context) -> Result<(), ActionError> {
    context.passwords.prepare().await?;
    sessions::forget_ended(context).await
}
