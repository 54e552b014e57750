//! What administrators and managers do with accounts: look for them, make them, correct them, close them.

use super::links::{self, Code};
use super::{existing, fields, keep_an_administrator, managed, missing, record};
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::account::{Account, AccountState, Grant};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AccountId, OrganisationId};
use crate::domain::permission::{Object, Role, Verb, may, may_grant, may_manage, may_see};
use crate::search::fold;
use crate::store::{self, WriteTx};
use chrono::{DateTime, Utc};

/// How many accounts a part of the list has.
pub const PAGE: usize = 50;

/// Which accounts are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Part of a name, login name or e-mail address; marks and case aside.
    pub text: String,
    pub organisation: Option<OrganisationId>,
    pub role: Option<Role>,
    /// Only those that cannot sign in.
    pub disabled: bool,
    pub offset: usize,
}

/// A part of the list.
#[derive(Debug, Clone, Default)]
pub struct AccountList {
    pub total: usize,
    pub items: Vec<Account>,
    /// Where the next part begins, if there is one.
    pub next: Option<usize>,
}

/// How much of an account an actor may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Single roles.
    Part,
    /// All of it, but it is the actor's own: nobody locks or erases themselves.
    Own,
    Whole,
}

impl Hold {
    fn of(actor: &Actor, account: &Account, catalogue: &Catalogue) -> Self {
        match (may_manage(actor, account, catalogue), actor.account() == Some(account.id)) {
            (false, _) => Self::Part,
            (true, true) => Self::Own,
            (true, false) => Self::Whole,
        }
    }
}

/// Whether the actor has anything to do with accounts of others.
pub fn may_list(context: &Context, actor: &Actor) -> bool {
    let held = match actor {
        Actor::Account(holder) => holder.grants.as_slice(),
        _ => &[],
    };
    let manages =
        |grant: &Grant| may(actor, Verb::ManageAccounts, &Object::of(&context.catalogue(), &grant.organisation));
    *actor == Actor::System || held.iter().any(manages)
}

/// Lists the accounts that the actor may see, by name.
///
/// # Errors
/// `Forbidden` when the actor manages none.
pub async fn list(context: &Context, actor: &Actor, wanted: Wanted) -> Result<AccountList, ActionError> {
    if !may_list(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let catalogue = context.catalogue();
    let all = context.store.read("account.list", |tx| Ok::<_, ActionError>(store::accounts::all(tx)?)).await?;
    let text = fold(wanted.text.trim());
    let fits = |account: &Account| {
        let state = if wanted.disabled { AccountState::Disabled } else { AccountState::Active };
        let role = |grant: &Grant| {
            wanted.role.is_none_or(|role| grant.role == role)
                && wanted.organisation.as_ref().is_none_or(|id| grant.organisation == *id)
        };
        let open = wanted.role.is_none() && wanted.organisation.is_none();
        account.state == state
            && (open || account.grants.iter().any(role))
            && bears(account, &text)
            && may_see(actor, account, &catalogue)
    };
    let mut found: Vec<Account> = all.into_iter().filter(fits).collect();
    found.sort_by_cached_key(|account| fold(&account.name));
    let total = found.len();
    let items: Vec<_> = found.into_iter().skip(wanted.offset).take(PAGE).collect();
    let end = wanted.offset + items.len();
    Ok(AccountList { total, items, next: (end < total).then_some(end) })
}

fn bears(account: &Account, text: &str) -> bool {
    let login = account.login.as_ref().map_or("", |login| login.as_str());
    let email = account.email.as_ref().map_or("", |email| email.as_str());
    text.is_empty() || [account.name.as_str(), login, email].iter().any(|name| fold(name).contains(text))
}

/// The account with a login name or an e-mail address.
pub(super) async fn by_login(context: &Context, login: &str) -> Result<Account, ActionError> {
    let login = login.trim().to_lowercase();
    let wanted = login.clone();
    let found =
        context.store.read("account.by-login", move |tx| Ok::<_, ActionError>(store::accounts::by_login(tx, &wanted)?));
    found.await?.ok_or(ActionError::NotFound { noun: Noun::Account, id: login })
}

/// Everything that a manager sees of an account.
#[derive(Debug, Clone)]
pub struct AccountView {
    pub account: Account,
    pub hold: Hold,
    /// Each role, and whether the actor may take it.
    pub grants: Vec<(Grant, bool)>,
    pub has_password: bool,
    pub has_second_factor: bool,
    /// Until when a code that was given out and not used is worth something.
    pub link_until: Option<DateTime<Utc>>,
    pub last_seen_at: Option<DateTime<Utc>>,
    pub n_tokens: usize,
}

/// Shows an account.
///
/// # Errors
/// `NotFound` when there is none that the actor may see.
pub async fn show(context: &Context, actor: &Actor, id: AccountId) -> Result<AccountView, ActionError> {
    let (catalogue, now, by) = (context.catalogue(), context.clock.now(), actor.clone());
    let show = move |tx: &dyn store::ReadTx| {
        let account = existing(tx, id)?;
        if !may_see(&by, &account, &catalogue) {
            return Err(missing(id));
        }
        let credentials = store::accounts::credentials::get(tx, id)?;
        let link = store::accounts::links::of(tx, id)?.filter(|link| now < link.expires_at);
        let sessions = store::accounts::sessions::list(tx, id)?;
        Ok::<_, ActionError>(AccountView {
            hold: Hold::of(&by, &account, &catalogue),
            grants: account.grants.iter().map(|g| (g.clone(), may_grant(&by, g, &catalogue))).collect(),
            has_password: credentials.password.is_some(),
            has_second_factor: credentials.confirmed_factor().is_some(),
            link_until: link.map(|link| link.expires_at),
            last_seen_at: sessions.iter().map(|(_, session)| session.last_seen_at).max(),
            n_tokens: store::accounts::tokens::list(tx, id)?.len(),
            account,
        })
    };
    context.store.read("account.show", show).await
}

/// Begins to make an account.
///
/// # Errors
/// `Forbidden` when the actor manages none.
pub fn begin_create(context: &Context, actor: &Actor) -> Result<(), ActionError> {
    if may_list(context, actor) { Ok(()) } else { Err(ActionError::Forbidden) }
}

/// An account that is to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub grant: Grant,
}

/// Makes an account without a password; answers its id and the code with which its owner chooses one.
///
/// # Errors
/// `Forbidden` when the actor may not give the role; `Invalid` for bad or taken values.
pub async fn create(context: &Context, actor: &Actor, new: NewAccount) -> Result<(AccountId, Code), ActionError> {
    if !may_grant(actor, &new.grant, &context.catalogue()) {
        return Err(ActionError::Forbidden);
    }
    fields::grant(context, &new.grant)?;
    let email = fields::email(&new.email)?;
    let account = Account {
        id: AccountId(context.clock.fresh_id()),
        login: Some(fields::login(&new.login)?),
        name: fields::name(&new.name)?,
        email_vouched: email.is_some(),
        email,
        phone: fields::phone(&new.phone)?,
        external: None,
        grants: vec![new.grant],
        state: AccountState::Active,
        created_at: context.clock.now(),
    };
    let id = account.id;
    let create = move |tx: &mut WriteTx<'_>| {
        store::accounts::put(tx, &account).map_err(fields::taken)?;
        record(tx, &account, &["login", "name", "contact", "grants"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("account.create", context.stamp_by(actor), create).await?;
    Ok((id, links::issue(context, actor, id).await?))
}

/// Gives out a code for the account with a login name, on behalf of whoever runs the machine.
///
/// # Errors
/// `NotFound` when there is no such account, `Forbidden` for anyone but the system.
pub async fn issue_link_by_login(context: &Context, actor: &Actor, login: &str) -> Result<Code, ActionError> {
    if *actor != Actor::System {
        return Err(ActionError::Forbidden);
    }
    let account = by_login(context, login).await?;
    links::issue(context, actor, account.id).await
}

/// A person's name and contact as they are to be.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// Corrects name and contact: the owner's own, or another's by who may change the account. An address that the owner
/// enters is nobody's proof of who they are.
///
/// # Errors
/// `NotFound` or `Forbidden`; `Invalid` for bad or taken values.
pub async fn update(context: &Context, actor: &Actor, id: AccountId, person: Person) -> Result<(), ActionError> {
    let (name, email, phone) =
        (fields::name(&person.name)?, fields::email(&person.email)?, fields::phone(&person.phone)?);
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let update = move |tx: &mut WriteTx<'_>| {
        let is_own = matches!(&by, Actor::Account(holder) if holder.account == id);
        let mut account = if is_own { existing(tx, id)? } else { managed(tx, &by, id, &catalogue)? };
        let mut changed = Vec::new();
        if account.name != name {
            changed.push("name");
        }
        if account.email != email || account.phone != phone {
            changed.push("contact");
        }
        if account.email != email {
            account.email_vouched = !is_own && email.is_some();
        }
        if !changed.is_empty() {
            (account.name, account.email, account.phone) = (name, email, phone);
            store::accounts::put(tx, &account).map_err(fields::taken)?;
            record(tx, &account, &changed);
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("account.update", context.stamp_by(actor), update).await?;
    Ok(())
}

/// Lets an account sign in, or no longer; one that may not loses its sessions at once and its tokens are refused.
///
/// # Errors
/// `NotFound` or `Forbidden`; `Invalid` for the actor's own account and for the last administrator.
pub async fn set_active(context: &Context, actor: &Actor, id: AccountId, active: bool) -> Result<(), ActionError> {
    if !active && actor.account() == Some(id) {
        let reason = "Không thể tự khóa tài khoản của mình.";
        return Err(ActionError::invalid("account", "account-own", reason));
    }
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let set = move |tx: &mut WriteTx<'_>| {
        let before = managed(tx, &by, id, &catalogue)?;
        let state = if active { AccountState::Active } else { AccountState::Disabled };
        let after = Account { state, ..before.clone() };
        if after == before {
            return Ok(());
        }
        keep_an_administrator(tx, &before, &after)?;
        store::accounts::put(tx, &after)?;
        if !active {
            store::accounts::sessions::remove_all(tx, id, None)?;
        }
        record(tx, &after, &["state"]);
        Ok::<_, ActionError>(())
    };
    let name = if active { "account.enable" } else { "account.disable" };
    context.store.write(name, context.stamp_by(actor), set).await?;
    Ok(())
}
