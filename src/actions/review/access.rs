//! Who may see a material, since when, and why: the rules of the house, said of one material.

use super::{name_of_version, visible};
use crate::actions::cards::named_organisation;
use crate::actions::versions::readable;
use crate::actions::{ActionError, Context};
use crate::domain::account::Account;
use crate::domain::actor::{Actor, Holder};
use crate::domain::id::MaterialId;
use crate::domain::material::{Material, State};
use crate::domain::permission::{Role, Verb, may};
use crate::domain::review::{Act, Remark};
use crate::store::{self, ReadTx};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// Who may see a material.
#[derive(Debug, Clone)]
pub struct Access {
    pub title: String,
    pub public: Public,
    /// Old versions that everyone may read.
    pub old_versions: Vec<u32>,
    /// Who works where with which role and sees it in every state, and how many accounts that are.
    pub staff: Vec<StaffGroup>,
}

/// How the public stands to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Public {
    /// Everyone sees a version since an instant; `first` is when anything of it became public.
    Sees { version: u32, since: Option<DateTime<Utc>>, first: Option<DateTime<Utc>> },
    /// Nobody yet; from a day on where one is set.
    NotYet { state: State, from: Option<NaiveDate> },
    /// No longer, since an instant and for a reason.
    NoLonger { since: Option<DateTime<Utc>>, reason: String },
}

/// Accounts with one role at one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffGroup {
    pub role: Role,
    pub organisation: String,
    pub count: usize,
}

/// Says who may see a material.
///
/// # Errors
/// `NotFound` for what the actor may not see.
pub async fn access(context: &Context, actor: &Actor, id: MaterialId) -> Result<Access, ActionError> {
    let (catalogue, by, today) = (context.catalogue(), actor.clone(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let (material, object) = visible(tx, &by, id, &catalogue)?;
        let remarks = store::remarks::list(tx, id)?;
        let version = store::versions::get(tx, id, material.latest_version)?;
        let mut groups: BTreeMap<(Role, String), usize> = BTreeMap::new();
        for account in store::accounts::all(tx)?.into_iter().filter(Account::is_active) {
            for grant in account.grants {
                let (role, organisation) = (grant.role, grant.organisation.clone());
                let alone = Actor::Account(Holder { account: account.id, grants: vec![grant] });
                if may(&alone, Verb::ReadUnpublished, &object) {
                    let name = named_organisation(&catalogue, &organisation, today).name;
                    *groups.entry((role, name)).or_default() += 1;
                }
            }
        }
        let group = |((role, organisation), count)| StaffGroup { role, organisation, count };
        Ok::<_, ActionError>(Access {
            title: version.map(|version| name_of_version(tx, &version)).transpose()?.unwrap_or_default(),
            public: public(&material, &remarks),
            old_versions: readable(tx, &material)?,
            staff: groups.into_iter().map(group).collect(),
        })
    };
    context.store.read("material.access", read).await
}

fn public(material: &Material, remarks: &[Remark]) -> Public {
    let last = |wanted: Act| remarks.iter().rev().find(|remark| remark.act == Some(wanted));
    if let Some(version) = material.public_version() {
        let of_version = |remark: &&Remark| remark.act == Some(Act::Publish) && remark.version == version;
        let published = remarks.iter().rev().find(of_version).map(|remark| remark.at);
        let restored = last(Act::Restore).map(|remark| remark.at);
        let since = published.max(restored).or(material.published_at);
        return Public::Sees { version, since, first: material.published_at };
    }
    if material.state == State::Withdrawn {
        let withdrawn = last(Act::Withdraw);
        let reason = withdrawn.map(|remark| remark.text.clone()).unwrap_or_default();
        return Public::NoLonger { since: withdrawn.map(|remark| remark.at), reason };
    }
    Public::NotYet { state: material.working_state(), from: material.publish_on }
}
