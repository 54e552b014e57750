//! What of the service's limits is used.

use super::allowed;
use crate::actions::space::{Room, room};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::material::Licence;
use crate::store::{self, ReadTx};
use std::collections::BTreeMap;

/// How many materials are read at once.
const MATERIALS_PER_READ: usize = 500;

/// What is used.
#[derive(Debug, Clone)]
pub struct Used {
    pub materials: usize,
    pub public_materials: usize,
    /// Files, and their bytes as they were given.
    pub files: (usize, u64),
    /// None where the system does not tell.
    pub room: Option<Room>,
    /// Sign-ins that have not ended, and accounts.
    pub sessions: usize,
    pub accounts: usize,
}

/// Adds up what is used.
///
/// # Errors
/// `Forbidden` to all but administrators.
pub async fn used(context: &Context, actor: &Actor) -> Result<Used, ActionError> {
    allowed(actor)?;
    let (room, now, rules) = (room(context).ok(), context.now(), context.bounds.accounts.sessions);
    let used = move |tx: &dyn ReadTx| {
        let (materials, public_materials) = store::materials::count(tx)?;
        let sessions = store::accounts::sessions::all(tx)?;
        let accounts = store::accounts::all(tx)?;
        Ok::<_, ActionError>(Used {
            materials,
            public_materials,
            files: store::files::total(tx)?,
            room,
            sessions: sessions.iter().filter(|(_, session)| !session.is_over(now, &rules)).count(),
            accounts: accounts.iter().filter(|account| account.is_active()).count(),
        })
    };
    context.store.read("limits.used", used).await
}

/// How many materials, by their latest versions, stand under each licence.
///
/// # Errors
/// `Forbidden` to all but administrators.
pub async fn licences(context: &Context, actor: &Actor) -> Result<BTreeMap<Licence, usize>, ActionError> {
    allowed(actor)?;
    let count = |tx: &dyn ReadTx| {
        let (mut counts, mut after) = (BTreeMap::new(), None);
        loop {
            let part = store::materials::list(tx, after, MATERIALS_PER_READ)?;
            let Some(last) = part.last() else { return Ok::<_, ActionError>(counts) };
            after = Some(last.id);
            for material in part {
                if let Some(version) = store::versions::get(tx, material.id, material.latest_version)? {
                    *counts.entry(version.description.licence).or_default() += 1;
                }
            }
        }
    };
    context.store.read("licences.count", count).await
}
