//! The audit trail: who changed what and when, read from the log.

use crate::actions::error::Noun;
use crate::actions::review::name_of_version;
use crate::actions::{ActionError, Context};
use crate::domain::actor::{Actor, ActorName};
use crate::domain::alteration::Alteration;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::id::{AccountId, ClassId, ComplaintId, CourseId, MaterialId, OrganisationId, TokenId};
use crate::domain::material::Material;
use crate::domain::permission::{Object, Verb, may, may_manage};
use crate::store::log::{self, Change, Entry, subject};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// How many entries a part of a trail has.
pub const PAGE: usize = 50;
/// How many things an entry names; an import may have changed thousands.
const SHOWN: usize = 5;

/// Whose trail is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Of {
    Material(MaterialId),
    Organisation(OrganisationId),
    Account(AccountId),
    Everything,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Who {
    Visitor,
    System,
    /// The name is empty when the account was erased.
    Account {
        id: AccountId,
        name: String,
        token: Option<TokenId>,
    },
}

/// One thing that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thing {
    pub kind: String,
    pub id: String,
    /// Title or name; empty when it is gone, or not for whoever asks.
    pub name: String,
    /// The names of the fields that changed and of which `altered` does not tell.
    pub fields: Vec<String>,
    /// What others said before and after.
    pub altered: Vec<Alteration>,
}

/// One entry of a trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub revision: u64,
    pub at: DateTime<Utc>,
    pub who: Who,
    /// The name of the act, such as `account.create`.
    pub act: String,
    pub things: Vec<Thing>,
    /// How many more things changed.
    pub more: usize,
}

/// A part of a trail, the latest first.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    /// Of what, in words.
    pub title: String,
    pub lines: Vec<Line>,
    /// Before which revision the next part begins, if there is one.
    pub next: Option<u64>,
}

/// Tells the log that fields of a material change, and its trail from what to what.
pub(super) fn record_material(
    tx: &mut WriteTx<'_>,
    material: &Material,
    fields: &[&str],
    altered: Vec<Alteration>,
) -> Result<(), ActionError> {
    let id = material.id.to_string();
    store::alterations::note(tx, (subject::MATERIAL, &id), altered)?;
    tx.record_at(&material.organisation, subject::MATERIAL, id, fields);
    Ok(())
}

/// The trail that is shown where one is asked for: a manager, who may not read the whole province's, begins with that of
/// the organisation of the highest role.
///
/// # Errors
/// `Forbidden` for who has no role anywhere.
pub fn scope(actor: &Actor, asked: Of) -> Result<Of, ActionError> {
    if asked != Of::Everything || may_read_everything(actor) {
        return Ok(asked);
    }
    let home = match actor {
        Actor::Account(holder) => holder.grants.iter().max_by_key(|grant| grant.role),
        _ => None,
    };
    home.map(|grant| Of::Organisation(grant.organisation.clone())).ok_or(ActionError::Forbidden)
}

/// Whether the actor may read the trail of the whole province.
fn may_read_everything(actor: &Actor) -> bool {
    may(actor, Verb::ReadAudit, &Object::province())
}

/// Whether the actor may read how a material of an organisation came to be as it is.
pub fn may_read_of_material(context: &Context, actor: &Actor, organisation: &OrganisationId) -> bool {
    may(actor, Verb::ReadHistory, &Object::of(&context.catalogue(), organisation))
}

/// Whether the actor may read the trail of an organisation.
pub fn may_read_of_organisation(context: &Context, actor: &Actor, id: &OrganisationId) -> bool {
    may(actor, Verb::ReadAudit, &Object::of(&context.catalogue(), id))
}

/// Reads a part of a trail.
///
/// # Errors
/// `NotFound` for what does not exist or may not be seen, `Forbidden` for what the actor may see but not read the trail of.
pub async fn trail(context: &Context, actor: &Actor, of: Of, before: Option<u64>) -> Result<Trail, ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let title = allowed(tx, &by, &of, &catalogue)?;
        let mut entries = entries(tx, &of, before, PAGE + 1)?;
        let more = entries.len() > PAGE;
        entries.truncate(PAGE);
        let next = entries.last().map(|entry| entry.revision).filter(|_| more);
        let lines =
            entries.into_iter().map(|entry| line(tx, entry, (&by, &of), &catalogue)).collect::<Result<_, _>>()?;
        Ok::<_, ActionError>(Trail { title, lines, next })
    };
    context.store.read("audit.trail", read).await
}

/// The whole trail of an account, for its owner's file.
pub(super) async fn all_of_account(context: &Context, actor: &Actor, id: AccountId) -> Result<Vec<Line>, ActionError> {
    let (mut lines, mut before) = (Vec::new(), None);
    loop {
        let part = trail(context, actor, Of::Account(id), before).await?;
        lines.extend(part.lines);
        before = part.next;
        if before.is_none() {
            return Ok(lines);
        }
    }
}

fn entries(tx: &dyn ReadTx, of: &Of, before: Option<u64>, limit: usize) -> Result<Vec<Entry>, ActionError> {
    Ok(match of {
        Of::Everything => log::before(tx, before, limit)?,
        Of::Material(id) => log::about(tx, (subject::MATERIAL, &id.to_string()), before, limit)?,
        Of::Organisation(id) => log::about(tx, (subject::ORGANISATION, id.as_str()), before, limit)?,
        Of::Account(id) => log::about(tx, (subject::ACCOUNT, &id.to_string()), before, limit)?,
    })
}

/// Refuses who may not read a trail; answers what it is of, in words.
fn allowed(tx: &dyn ReadTx, actor: &Actor, of: &Of, catalogue: &Catalogue) -> Result<String, ActionError> {
    let (is_allowed, title) = match of {
        Of::Everything => (may_read_everything(actor), "toàn tỉnh".to_owned()),
        Of::Material(id) => {
            // What may not be seen is not there.
            let missing = || ActionError::NotFound { noun: Noun::Material, id: id.to_string() };
            let material = store::materials::get(tx, *id)?.ok_or_else(missing)?;
            let object = Object::of(catalogue, &material.organisation);
            if !may(actor, Verb::ReadHistory, &object) {
                return Err(missing());
            }
            (true, title_of(tx, &material, material.latest_version)?)
        }
        Of::Organisation(id) => {
            let missing = || ActionError::NotFound { noun: Noun::Organisation, id: id.to_string() };
            let organisation = catalogue.organisation(id).ok_or_else(missing)?;
            (may(actor, Verb::ReadAudit, &Object::of(catalogue, id)), organisation.latest_name().to_owned())
        }
        Of::Account(id) => {
            let missing = || ActionError::NotFound { noun: Noun::Account, id: id.to_string() };
            let account = store::accounts::get(tx, *id)?.ok_or_else(missing)?;
            let is_own = matches!(actor, Actor::Account(holder) if holder.account == *id);
            if !is_own && !may_manage(actor, &account, catalogue) {
                return Err(missing());
            }
            (true, account.name)
        }
    };
    if is_allowed { Ok(title) } else { Err(ActionError::Forbidden) }
}

fn line(tx: &dyn ReadTx, entry: Entry, (actor, of): (&Actor, &Of), catalogue: &Catalogue) -> Result<Line, ActionError> {
    let who = match ActorName::parse(&entry.actor) {
        ActorName::Visitor => Who::Visitor,
        ActorName::System => Who::System,
        ActorName::Account { account: id, token } => {
            let name = store::accounts::get(tx, id)?.map(|account| account.name).unwrap_or_default();
            Who::Account { id, name, token }
        }
    };
    let is_actor = matches!((&who, of), (Who::Account { id, .. }, Of::Account(wanted)) if id == wanted);
    let concerned = |change: &&Change| match of {
        Of::Everything => true,
        Of::Material(id) => change.kind == subject::MATERIAL && change.id == id.to_string(),
        Of::Organisation(id) => {
            change.organisation.as_deref() == Some(id.as_str())
                || change.kind == subject::ORGANISATION && change.id == id.as_str()
        }
        Of::Account(id) => is_actor || change.kind == subject::ACCOUNT && change.id == id.to_string(),
    };
    let mut changes: Vec<&Change> = entry.changes.iter().filter(concerned).collect();
    changes.dedup_by(|a, b| (&a.kind, &a.id) == (&b.kind, &b.id));
    let more = changes.len().saturating_sub(SHOWN);
    let shown = changes.into_iter().take(SHOWN);
    let things = shown.map(|change| thing(tx, actor, (change, entry.revision), catalogue)).collect::<Result<_, _>>()?;
    Ok(Line { revision: entry.revision, at: entry.at, who, act: entry.name, things, more })
}

/// Whether the actor may know what a changed thing says: who may see that an account did something at another
/// organisation may not see what.
fn may_read(actor: &Actor, change: &Change, catalogue: &Catalogue) -> bool {
    let Some(organisation) = change.organisation.as_deref() else { return true };
    let organisation = OrganisationId::parse(organisation);
    organisation.is_ok_and(|id| may(actor, Verb::ReadHistory, &Object::of(catalogue, &id)))
}

fn thing(
    tx: &dyn ReadTx,
    actor: &Actor,
    (change, revision): (&Change, u64),
    catalogue: &Catalogue,
) -> Result<Thing, ActionError> {
    let is_read = may_read(actor, change, catalogue);
    let altered = if is_read { store::alterations::of(tx, (&change.kind, &change.id), revision)? } else { Vec::new() };
    let name = match (change.kind.as_str(), is_read) {
        (subject::MATERIAL, _) => title_for(tx, actor, &change.id, catalogue)?,
        (subject::CLASS, _) => class_for(tx, actor, &change.id, catalogue)?,
        (_, true) => name(tx, change, catalogue)?,
        (_, false) => String::new(),
    };
    let fields = untold(&change.fields, &altered);
    Ok(Thing { kind: change.kind.clone(), id: change.id.clone(), name, fields, altered })
}

/// Names of the log that stand for several fields, which are told one by one under names of their own.
const SEVERAL: [&str; 5] = ["description", "version", "state", "pages", "extraction"];

/// The changed fields of which alterations do not tell.
fn untold(fields: &[String], altered: &[Alteration]) -> Vec<String> {
    let is_told = |field: &str| SEVERAL.contains(&field) || altered.iter().any(|one| one.field == field);
    fields.iter().filter(|field| altered.is_empty() || !is_told(field)).cloned().collect()
}

/// The title of a material that the actor may see: of one of others the public version's, where there is one.
fn title_for(tx: &dyn ReadTx, actor: &Actor, id: &str, catalogue: &Catalogue) -> Result<String, ActionError> {
    let Ok(id) = MaterialId::parse(id) else { return Ok(String::new()) };
    let Some(material) = store::materials::get(tx, id)? else { return Ok(String::new()) };
    if may(actor, Verb::ReadUnpublished, &Object::of(catalogue, &material.organisation)) {
        return title_of(tx, &material, material.latest_version);
    }
    material.public_version().map_or_else(|| Ok(String::new()), |number| title_of(tx, &material, number))
}

/// The title of a class that the actor may see.
fn class_for(tx: &dyn ReadTx, actor: &Actor, id: &str, catalogue: &Catalogue) -> Result<String, ActionError> {
    let Ok(id) = ClassId::parse(id) else { return Ok(String::new()) };
    let seen =
        |class: &Class| class.is_public() || may(actor, Verb::Schedule, &Object::of_any(catalogue, class.organisers()));
    Ok(store::classes::get(tx, id)?.filter(seen).map(|class| class.teaching.title).unwrap_or_default())
}

fn name(tx: &dyn ReadTx, change: &Change, catalogue: &Catalogue) -> Result<String, ActionError> {
    Ok(match change.kind.as_str() {
        subject::ACCOUNT => match AccountId::parse(&change.id) {
            Ok(id) => store::accounts::get(tx, id)?.map(|account| account.name).unwrap_or_default(),
            Err(_) => String::new(),
        },
        subject::ORGANISATION => {
            let id = OrganisationId::parse(&change.id).ok();
            let found = id.and_then(|id| catalogue.organisation(&id));
            found.map(|organisation| organisation.latest_name().to_owned()).unwrap_or_default()
        }
        subject::COURSE => match CourseId::parse(&change.id) {
            Ok(id) => store::courses::get(tx, id)?.map(|course| course.teaching.title).unwrap_or_default(),
            Err(_) => String::new(),
        },
        subject::COMPLAINT => match ComplaintId::parse(&change.id) {
            Ok(id) => store::complaints::get(tx, id)?.map(|one| one.reason.label().to_owned()).unwrap_or_default(),
            Err(_) => String::new(),
        },
        _ => String::new(),
    })
}

fn title_of(tx: &dyn ReadTx, material: &Material, number: u32) -> Result<String, ActionError> {
    let version = store::versions::get(tx, material.id, number)?;
    version.map_or_else(|| Ok(String::new()), |version| name_of_version(tx, &version))
}
