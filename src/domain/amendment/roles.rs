//! Roles follow the bodies at which they are held: whoever carries a body on has its people too.

use super::Changes;
use crate::domain::account::{Account, Grant};
use crate::domain::id::{AccountId, OrganisationId};
use crate::domain::organisation::OrganisationEventKind;
use crate::domain::permission::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The roles of an account before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovedRoles {
    pub account: AccountId,
    pub before: Vec<Grant>,
    pub after: Vec<Grant>,
}

/// Where the people of each body that ends go; nowhere where nobody carries it on.
pub fn ways(changes: &Changes) -> BTreeMap<&OrganisationId, Vec<&OrganisationId>> {
    let ends = |kind| {
        matches!(kind, OrganisationEventKind::Merge | OrganisationEventKind::Split | OrganisationEventKind::Abolish)
    };
    let events = changes.organisation_events.iter().filter(|event| ends(event.kind));
    events.flat_map(|event| event.from.iter().map(|from| (from, event.to.iter().collect()))).collect()
}

/// Moves the roles held at bodies that end to those that carry them on: to all, or to the one chosen for an account. Of
/// two roles that meet at one body the higher stays. Where nobody carries a body on its roles end, but an
/// administrator's, which is valid everywhere.
pub fn moved(changes: &Changes, accounts: &[Account], chosen: &BTreeMap<AccountId, OrganisationId>) -> Vec<MovedRoles> {
    let ways = ways(changes);
    let of_account = |account: &Account| {
        let mut after = account.clone();
        for grant in &account.grants {
            let Some(heirs) = ways.get(&grant.organisation) else { continue };
            if heirs.is_empty() && grant.role == Role::Admin {
                continue;
            }
            after.take(&grant.organisation);
            let one = chosen.get(&account.id).filter(|one| heirs.contains(one));
            for heir in heirs.iter().filter(|heir| one.is_none_or(|one| one == **heir)) {
                let held = after.grants.iter().find(|held| held.organisation == **heir).map(|held| held.role);
                let role = held.map_or(grant.role, |held| held.max(grant.role));
                after.give(Grant { organisation: (*heir).clone(), role });
            }
        }
        let moved = MovedRoles { account: account.id, before: account.grants.clone(), after: after.grants };
        (moved.before != moved.after).then_some(moved)
    };
    accounts.iter().filter_map(of_account).collect()
}
