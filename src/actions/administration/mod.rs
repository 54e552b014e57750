//! What administrators do with the catalogue of the province: organisations, areas, topics.
//!
//! Everything that changes rows of the catalogue is an amendment: planned by `domain::amendment` inside the transaction
//! that writes it, kept with the rows as they were, and told in the audit trail under its act.

pub mod areas;
pub mod grounds;
pub mod limits;
pub mod organisations;
pub mod queues;
pub mod synonyms;
pub mod taking_back;
mod told;
pub mod topics;

use crate::actions::accounts::links::withdraw_where_raised;
use crate::actions::context::catalogue_in;
use crate::actions::{ActionError, Context};
use crate::domain::account::{Account, Grant};
use crate::domain::actor::Actor;
use crate::domain::amendment::roles::{MovedRoles, moved};
use crate::domain::amendment::{Amendment, Changes, Refusal, Replaced};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AccountId, AmendmentId, OrganisationId};
use crate::domain::permission::{Object, Verb, may};
use crate::search::fold;
use crate::store::log::subject;
use crate::store::{self, ReadTx, WriteTx};
use std::collections::{BTreeMap, BTreeSet};
use told::{record_organisation, record_roles, record_topic};

/// The most characters of an id that is made from a name.
const MAX_ID_CHARS: usize = 40;
/// The most events and rows that are looked at for what was entered lately.
const LATELY: usize = 200;

impl From<Refusal> for ActionError {
    fn from(refusal: Refusal) -> Self {
        Self::Invalid { field: refusal.field, code: refusal.code, reason: refusal.reason }
    }
}

/// Whether the actor looks after the catalogue of the province.
pub fn may_manage(actor: &Actor) -> bool {
    may(actor, Verb::ManageCatalogue, &Object::province())
}

fn allowed(actor: &Actor) -> Result<(), ActionError> {
    if may_manage(actor) { Ok(()) } else { Err(ActionError::Forbidden) }
}

/// An id in plain letters from a name, behind a beginning; `taken` says which there are.
fn fresh_id(begin: &str, name: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = fold(name);
    let mut id = begin.to_owned();
    for word in plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if id.len() + word.len() >= MAX_ID_CHARS && id.len() > begin.len() {
            break;
        }
        if id.len() > begin.len() {
            id.push('-');
        }
        id.push_str(word);
    }
    if id.len() == begin.len() {
        id.push('x');
    }
    let mut candidates = (2_u32..).map(|number| format!("{id}-{number}"));
    if taken(&id) { candidates.find(|other| !taken(other)).unwrap_or(id) } else { id }
}

/// What an amendment would do: its plan, and a mark by which a later look at it is known to be the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub changes: Changes,
    /// The people whose roles move, by name.
    pub people: Vec<Person>,
    /// Changes when what would be done does.
    pub mark: String,
}

/// An account whose roles move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub account: AccountId,
    pub name: String,
    pub before: Vec<Grant>,
    pub after: Vec<Grant>,
}

/// Which of several heirs the people of an ended body go to; all of them where nothing is chosen.
pub type Chosen = BTreeMap<AccountId, OrganisationId>;

type Planner<'a> = &'a (dyn Fn(&Catalogue) -> Result<Changes, ActionError> + Sync);

/// Plans inside a transaction: rows of the catalogue, then the roles that follow them.
fn plan(tx: &dyn ReadTx, planner: Planner<'_>, chosen: &Chosen) -> Result<Plan, ActionError> {
    let mut changes = planner(&catalogue_in(tx)?)?;
    let accounts = store::accounts::all(tx)?;
    // The mark is that of the plan without a choice: choosing is part of agreeing to it.
    changes.roles = moved(&changes, &accounts, &Chosen::new());
    let seen = serde_json::to_vec(&changes).map_err(ActionError::internal)?;
    let mark = blake3::hash(&seen).to_hex().chars().take(24).collect();
    changes.roles = moved(&changes, &accounts, chosen);
    let name = |id: AccountId| accounts.iter().find(|account| account.id == id).map(|account| account.name.clone());
    let person = |moved: &MovedRoles| Person {
        account: moved.account,
        name: name(moved.account).unwrap_or_default(),
        before: moved.before.clone(),
        after: moved.after.clone(),
    };
    let mut people: Vec<Person> = changes.roles.iter().map(person).collect();
    people.sort_by_cached_key(|person| fold(&person.name));
    Ok(Plan { changes, people, mark })
}

/// Shows what an amendment would do.
async fn preview(
    context: &Context,
    planner: impl Fn(&Catalogue) -> Result<Changes, ActionError> + Send + Sync + 'static,
) -> Result<Plan, ActionError> {
    context.store.read("amendment.preview", move |tx| plan(tx, &planner, &Chosen::new())).await
}

/// What an amendment is agreed to with.
#[derive(Debug, Clone, Default)]
pub struct Agreement {
    /// The mark of the plan that was shown; none where nothing need be shown.
    pub mark: Option<String>,
    pub chosen: Chosen,
}

/// Does an amendment; answers its id, or none where nothing changes.
///
/// # Errors
/// `plan-changed` when something else than what was shown would be done.
async fn amend(
    context: &Context,
    (actor, act): (&Actor, &'static str),
    agreement: Agreement,
    planner: impl Fn(&Catalogue) -> Result<Changes, ActionError> + Send + Sync + 'static,
) -> Result<Option<Plan>, ActionError> {
    let (id, stamp) = (AmendmentId(context.clock.fresh_id()), context.stamp_by(actor));
    let at = stamp.at;
    let write = move |tx: &mut WriteTx<'_>| {
        let plan = plan(tx, &planner, &agreement.chosen)?;
        if agreement.mark.as_ref().is_some_and(|mark| *mark != plan.mark) {
            let reason = "Danh sách đã thay đổi trong lúc xem trước. Hãy xem lại rồi xác nhận.";
            return Err(ActionError::invalid("plan", "plan-changed", reason));
        }
        if plan.changes.is_empty() {
            return Ok(None);
        }
        put(tx, &plan.changes)?;
        let changes = plan.changes.clone();
        let amendment = Amendment { id, act: act.to_owned(), at, changes, taken_back: false };
        store::amendments::put(tx, &amendment)?;
        Ok::<_, ActionError>(Some(plan))
    };
    let written = context.store.write(act, stamp, write).await?;
    context.renew_catalogue().await?;
    Ok(written.value)
}

/// Puts rows, events and roles, and tells the log of them.
fn put(tx: &mut WriteTx<'_>, changes: &Changes) -> Result<(), ActionError> {
    for row in &changes.organisations {
        store::organisations::put(tx, &row.after)?;
        record_organisation(tx, row)?;
    }
    if changes.told_events().next().is_some() {
        let mut events = store::organisations::events(tx)?;
        events.extend(changes.organisation_events.iter().cloned());
        replace(&mut events, &changes.corrected_organisation_events);
        store::organisations::put_events(tx, &events)?;
        record_events(tx, changes);
    }
    for row in &changes.areas {
        store::areas::put(tx, &row.after)?;
        tx.record("area", row.after.id.to_string(), &["row"]);
    }
    if !changes.area_events.is_empty() || !changes.corrected_area_events.is_empty() {
        let mut events = store::areas::events(tx)?;
        events.extend(changes.area_events.iter().cloned());
        replace(&mut events, &changes.corrected_area_events);
        store::areas::put_events(tx, &events)?;
    }
    for row in &changes.topics {
        store::topics::put(tx, &row.after)?;
        record_topic(tx, row)?;
    }
    for moved in &changes.roles {
        put_roles(tx, moved.account, &moved.after)?;
    }
    Ok(())
}

/// Puts events in the place of what they were.
fn replace<T: PartialEq + Clone>(events: &mut [T], corrected: &[Replaced<T>]) {
    for one in corrected {
        if let Some(place) = events.iter_mut().rfind(|event| one.before.as_ref() == Some(*event)) {
            *place = one.after.clone();
        }
    }
}

/// Tells the log of events: who hands over or takes over without a change of its row is told too.
fn record_events(tx: &mut WriteTx<'_>, changes: &Changes) {
    let told: BTreeSet<_> = changes.told_events().flat_map(|event| event.from.iter().chain(&event.to)).collect();
    for id in told {
        tx.record(subject::ORGANISATION, id.to_string(), &["events"]);
    }
}

/// Gives an account other roles; every body concerned is told, those left included.
fn put_roles(tx: &mut WriteTx<'_>, id: AccountId, grants: &[Grant]) -> Result<(), ActionError> {
    let Some(before) = store::accounts::get(tx, id)? else { return Ok(()) };
    let after = Account { grants: grants.to_vec(), ..before.clone() };
    store::accounts::put(tx, &after)?;
    withdraw_where_raised(tx, &before, &after)?;
    record_roles(tx, &before, &after)
}
