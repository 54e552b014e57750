//! Writing what a version says about itself, while others may be at it too.

use super::told::{Difference, altered, differences};
use super::typed::{Typed, Wrong, understand};
use super::{Seen, numbers, visible};
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context, audit};
use crate::domain::actor::Actor;
use crate::domain::alteration::Alteration;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AccountId, MaterialId};
use crate::domain::material::{Description, Material, Save, Version};
use crate::domain::permission::{Verb, may};
use crate::domain::review::{self, Required};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, TimeDelta, Utc};

/// What the same person types within so long is one entry of the audit trail.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(5);

/// The name of the act in the log.
const DESCRIBE: &str = "material.describe";

/// What became of a form.
#[derive(Debug, Clone)]
pub enum Described {
    Kept(Kept),
    /// Somebody else saved meanwhile; nothing was written.
    Conflict(Conflict),
}

/// A form that was written.
#[derive(Debug, Clone)]
pub struct Kept {
    pub seen: Seen,
    pub at: DateTime<Utc>,
    /// Fields that were not understood and stayed as they were.
    pub wrong: Vec<Wrong>,
    pub lacks: Vec<Required>,
}

/// Two people wrote at once.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// What there is now: whoever saves over it has seen it.
    pub seen: Seen,
    /// Who saved; empty when nobody knows.
    pub who: String,
    pub at: Option<DateTime<Utc>>,
    /// What is kept now and what was typed, where they differ.
    pub differences: Vec<Difference>,
}

/// Writes what was typed about the latest version.
///
/// # Errors
/// `NotFound` for what the actor may not see, `Forbidden` for what the actor may not edit; `Invalid` when nobody may
/// edit it as it stands.
pub async fn describe(
    context: &Context,
    actor: &Actor,
    id: MaterialId,
    (seen, mut typed): (Seen, Typed),
) -> Result<Described, ActionError> {
    typed.replaces = numbers::with_ids(context, &typed.replaces).await?;
    let (catalogue, by, stamp) = (context.catalogue(), actor.clone(), context.stamp_by(actor));
    let at = stamp.at;
    let write = move |tx: &mut WriteTx<'_>| {
        let (mut material, mut version) = editable(tx, &by, id, &catalogue)?;
        let (description, wrong) = understand(&typed, &version.description, &catalogue, id);
        let now = Seen { version: version.number, edition: version.edition };
        if description != version.description {
            if seen != now {
                let differences = differences(&catalogue, &version.description, &description);
                let who = version.saved.as_ref().and_then(|save| save.by);
                let who = name_of(tx, who)?;
                let at = version.saved.as_ref().map(|save| save.at);
                return Ok(Described::Conflict(Conflict { seen: now, who, at, differences }));
            }
            let told = altered(&catalogue, &version.description, &description);
            put(tx, &mut material, &mut version, (description, by.account(), at))?;
            tell(tx, &material, (&by, at), told)?;
        }
        let seen = Seen { version: version.number, edition: version.edition };
        Ok::<_, ActionError>(Described::Kept(Kept { seen, at, wrong, lacks: review::lacks(&version.description) }))
    };
    Ok(context.store.write(DESCRIBE, stamp, write).await?.value)
}

/// The material with its latest version, when the actor may edit that.
pub(in crate::actions) fn editable(
    tx: &dyn ReadTx,
    actor: &Actor,
    id: MaterialId,
    catalogue: &Catalogue,
) -> Result<(Material, Version), ActionError> {
    let (material, object) = visible(tx, actor, id, catalogue)?;
    if !review::may_edit(actor, &material, &object) {
        let may_once = may(actor, Verb::Write, &object);
        let reason = "Không sửa được lúc này: học liệu đang chờ duyệt hoặc đã công bố. Hãy lấy lại để sửa, hoặc soạn phiên bản mới.";
        return Err(if may_once {
            ActionError::invalid("material", "edit-impossible", reason)
        } else {
            ActionError::Forbidden
        });
    }
    let missing = || ActionError::NotFound { noun: Noun::Material, id: id.to_string() };
    let version = store::versions::get(tx, id, material.latest_version)?.ok_or_else(missing)?;
    Ok((material, version))
}

fn put(
    tx: &mut WriteTx<'_>,
    material: &mut Material,
    version: &mut Version,
    (description, by, at): (Description, Option<AccountId>, DateTime<Utc>),
) -> Result<(), ActionError> {
    version.saved = Some(Save { by, at });
    version.description = description;
    version.edition += 1;
    material.touch(at);
    store::versions::put(tx, version)?;
    store::materials::put(tx, material)?;
    Ok(())
}

/// Tells the audit trail what was written: in the entry before, where the same person only goes on typing.
fn tell(
    tx: &mut WriteTx<'_>,
    material: &Material,
    (by, at): (&Actor, DateTime<Utc>),
    told: Vec<Alteration>,
) -> Result<(), ActionError> {
    let id = material.id.to_string();
    let thing = (store::log::subject::MATERIAL, id.as_str());
    if let Some(last) = store::alterations::last(tx, thing)?
        && let Some(entry) = store::log::get(tx, last)?
        && (entry.name.as_str(), entry.actor) == (DESCRIBE, by.name().to_string())
        && at - entry.at < NOTED_EVERY
    {
        return Ok(store::alterations::add_to(tx, thing, last, told)?);
    }
    audit::record_material(tx, material, &["description"], told)
}

/// A person's name; empty for nobody and for those whose account was erased.
pub(super) fn name_of(tx: &dyn ReadTx, account: Option<AccountId>) -> Result<String, ActionError> {
    let account = account.map(|id| store::accounts::get(tx, id)).transpose()?.flatten();
    Ok(account.map(|account| account.name).unwrap_or_default())
}
