//! Giving and taking roles.

use super::{existing, fields, keep_an_administrator, links, missing, record};
use crate::actions::import::OWN_ORGANISATION;
use crate::actions::{ActionError, Context};
use crate::domain::account::{Account, Grant};
use crate::domain::actor::Actor;
use crate::domain::alteration;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AccountId, OrganisationId};
use crate::domain::organisation::Organisation;
use crate::domain::permission::{Object, Role, Verb, may, may_grant, may_see};
use crate::store::{self, ReadTx, WriteTx};

/// Gives a role at an organisation in the place of the one held there.
///
/// # Errors
/// `NotFound` when the actor may not see the account, `Forbidden` when the actor may not give this role or take the
/// one before; `Invalid` for an organisation that is not in being, or when the province would be left without an
/// administrator.
pub async fn give(context: &Context, actor: &Actor, id: AccountId, grant: Grant) -> Result<(), ActionError> {
    fields::grant(context, &grant)?;
    if !may_grant(actor, &grant, &context.catalogue()) {
        return Err(ActionError::Forbidden);
    }
    change(context, actor, id, Change::Give(grant)).await
}

/// Takes the role at an organisation away.
///
/// # Errors
/// As [`give`].
pub async fn take(
    context: &Context,
    actor: &Actor,
    id: AccountId,
    organisation: OrganisationId,
) -> Result<(), ActionError> {
    change(context, actor, id, Change::Take(organisation)).await
}

/// What happens to an account's roles.
enum Change {
    Give(Grant),
    Take(OrganisationId),
}

impl Change {
    const fn name(&self) -> &'static str {
        match self {
            Self::Give(_) => "account.give-role",
            Self::Take(_) => "account.take-role",
        }
    }

    const fn organisation(&self) -> &OrganisationId {
        match self {
            Self::Give(grant) => &grant.organisation,
            Self::Take(organisation) => organisation,
        }
    }

    fn apply(&self, account: &mut Account) {
        match self {
            Self::Give(grant) => account.give(grant.clone()),
            Self::Take(organisation) => drop(account.take(organisation)),
        }
    }
}

async fn change(context: &Context, actor: &Actor, id: AccountId, change: Change) -> Result<(), ActionError> {
    let (name, catalogue, by) = (change.name(), context.catalogue(), actor.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let organisation = change.organisation();
        let before = changeable(tx, &by, id, organisation, &catalogue)?;
        let mut after = before.clone();
        change.apply(&mut after);
        if after == before {
            return Ok(());
        }
        keep_an_administrator(tx, &before, &after)?;
        store::accounts::put(tx, &after)?;
        links::withdraw_where_raised(tx, &before, &after)?;
        // The organisation is told too when it lost its only role.
        let told = if after.grants.iter().any(|grant| grant.organisation == *organisation) { &after } else { &before };
        record(tx, told, &["grants"]);
        let held = |account: &Account| told_role(account, organisation, &catalogue);
        let altered = alteration::between([("grants", held(&before), held(&after))]);
        store::alterations::note(tx, (store::log::subject::ACCOUNT, &id.to_string()), altered)?;
        Ok::<_, ActionError>(())
    };
    context.store.write(name, context.stamp_by(actor), write).await?;
    Ok(())
}

/// The role that an account holds at an organisation, in words; empty where it holds none.
fn told_role(account: &Account, organisation: &OrganisationId, catalogue: &Catalogue) -> String {
    let grant = account.grants.iter().find(|grant| grant.organisation == *organisation);
    let name = catalogue.organisation(organisation).map_or(organisation.as_str(), Organisation::latest_name);
    grant.map(|grant| format!("{}, {name}", grant.role.label())).unwrap_or_default()
}

/// The account, when the actor may see it and take the role that it has at the organisation.
fn changeable(
    tx: &dyn ReadTx,
    actor: &Actor,
    id: AccountId,
    organisation: &OrganisationId,
    catalogue: &Catalogue,
) -> Result<Account, ActionError> {
    let account = existing(tx, id)?;
    if !may_see(actor, &account, catalogue) {
        return Err(missing(id));
    }
    let held = account.grants.iter().filter(|grant| grant.organisation == *organisation);
    if held.clone().all(|grant| may_grant(actor, grant, catalogue)) { Ok(account) } else { Err(ActionError::Forbidden) }
}

/// What the actor may give: roles and organisations in being.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    pub roles: Vec<Role>,
    pub organisations: Vec<(OrganisationId, String)>,
}

/// What the actor may give to others.
pub fn choices(context: &Context, actor: &Actor) -> Choices {
    let (catalogue, today) = (context.catalogue(), context.today());
    let manages = |id: &OrganisationId| may(actor, Verb::ManageAccounts, &Object::of(&catalogue, id));
    let in_being = catalogue
        .organisations()
        .filter(|organisation| organisation.ended_on.is_none() && organisation.id.as_str() != OWN_ORGANISATION);
    let mut organisations: Vec<_> = in_being
        .filter(|organisation| manages(&organisation.id))
        .map(|organisation| (organisation.id.clone(), organisation.name_on(today).to_owned()))
        .collect();
    organisations.sort_by_cached_key(|(_, name)| crate::search::fold(name));
    let administrates = may(actor, Verb::ManageAdministrators, &Object::province());
    let roles = Role::ALL.iter().copied().filter(|role| *role != Role::Admin || administrates).collect();
    Choices { roles, organisations }
}
