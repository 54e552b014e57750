//! A learner's file at their centre: shown, put right, handed over, merged with one that is the same person, erased;
//! and forgotten by itself after its time.

use super::missing;
use super::people;
use super::registration::queue::{self, Turn};
use super::registration::staff::may_enrol;
use super::registration::typed::TypedPerson;
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::day::beginning_of;
use crate::domain::id::{ClassId, LearnerId, OrganisationId};
use crate::domain::learner::{Learner, Person};
use crate::domain::registration::{Ending, Registration, RegistrationState};
use crate::domain::sealed::{Blind, Sealed};
use crate::store::{self, ReadTx, WriteTx};
use crate::vault::Keys;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// So many learners are looked at in one transaction.
const STEP: usize = 200;

/// Someone who may be the same person.
#[derive(Debug, Clone)]
pub struct Alike {
    pub id: LearnerId,
    pub person: Person,
    pub classes: Vec<Named<ClassId>>,
}

/// A learner's file.
#[derive(Debug, Clone)]
pub struct File {
    pub learner: Learner,
    /// None once they were erased.
    pub person: Option<Person>,
    pub centre: Named<OrganisationId>,
    pub registrations: Vec<(Named<ClassId>, Registration)>,
    pub alike: Vec<Alike>,
}

/// A learner whom the actor may see; one who may not be seen is not there.
fn learner_of(tx: &dyn ReadTx, catalogue: &Catalogue, actor: &Actor, id: LearnerId) -> Result<Learner, ActionError> {
    let found = store::learners::get(tx, id)?.filter(|one| may_enrol(catalogue, actor, &one.organisation));
    found.ok_or_else(|| missing(Noun::Learner, id))
}

fn with_classes(tx: &dyn ReadTx, id: LearnerId) -> Result<Vec<(Named<ClassId>, Registration)>, ActionError> {
    let mut found = Vec::new();
    for one in store::registrations::of_learner(tx, id)? {
        let title = store::classes::get(tx, one.class)?.map(|class| class.teaching.title).unwrap_or_default();
        found.push((Named { id: one.class, name: title }, one));
    }
    Ok(found)
}

fn alike(tx: &dyn ReadTx, keys: &Keys, learner: &Learner, person: &Person) -> Result<Vec<Alike>, ActionError> {
    let mut found = Vec::new();
    for other in people::alike(tx, keys, &learner.organisation, person)? {
        if let Some(person) = people::open(keys, &other)?.filter(|_| other.id != learner.id) {
            let classes = with_classes(tx, other.id)?.into_iter().map(|(class, _)| class).collect();
            found.push(Alike { id: other.id, person, classes });
        }
    }
    Ok(found)
}

/// Shows a learner's file; the reading is noted in the audit trail.
///
/// # Errors
/// `NotFound` for a learner of another centre, too.
pub async fn show(context: &Context, actor: &Actor, id: LearnerId) -> Result<File, ActionError> {
    let (catalogue, by, vault, today) = (context.catalogue(), actor.clone(), context.vault.clone(), context.today());
    let read = move |tx: &mut WriteTx<'_>| {
        let learner = learner_of(tx, &catalogue, &by, id)?;
        let keys = vault.keys()?;
        let person = people::open(&keys, &learner)?;
        let alike = person.as_ref().map(|person| alike(tx, &keys, &learner, person)).transpose()?;
        tx.record_at(&learner.organisation, "learner", id.to_string(), &["read"]);
        Ok::<_, ActionError>(File {
            person,
            alike: alike.unwrap_or_default(),
            centre: named_organisation(&catalogue, &learner.organisation, today),
            registrations: with_classes(tx, id)?,
            learner,
        })
    };
    Ok(context.store.write("learner.read", context.stamp_by(actor), read).await?.value)
}

/// Everything that is kept of a learner, to be handed to them.
#[derive(Debug, Clone, Serialize)]
pub struct Export {
    pub centre: String,
    pub name: String,
    pub birth_year: u16,
    pub sex: Option<&'static str>,
    pub village: String,
    pub phone: Option<String>,
    pub guardian: Option<String>,
    pub consent: Option<ExportedConsent>,
    pub created_at: DateTime<Utc>,
    pub registrations: Vec<ExportedRegistration>,
}

/// What they agreed to.
#[derive(Debug, Clone, Serialize)]
pub struct ExportedConsent {
    pub version: String,
    pub how: &'static str,
    pub at: DateTime<Utc>,
}

/// One of their registrations.
#[derive(Debug, Clone, Serialize)]
pub struct ExportedRegistration {
    pub class: String,
    pub state: &'static str,
    pub at: DateTime<Utc>,
}

/// Hands over what is kept of a learner.
///
/// # Errors
/// `NotFound`, also for one who was erased.
pub async fn export(context: &Context, actor: &Actor, id: LearnerId) -> Result<Export, ActionError> {
    let file = show(context, actor, id).await?;
    let person = file.person.ok_or_else(|| missing(Noun::Learner, id))?;
    let registration = |(class, one): (Named<ClassId>, Registration)| ExportedRegistration {
        class: class.name,
        state: one.state.code(),
        at: one.created_at,
    };
    Ok(Export {
        centre: file.centre.name,
        name: person.name,
        birth_year: person.birth_year,
        sex: person.sex.map(crate::domain::learner::Sex::code),
        village: person.village,
        phone: person.phone,
        guardian: person.guardian,
        consent: file.learner.consent.map(|consent| ExportedConsent {
            how: consent.how.code(),
            version: consent.version,
            at: consent.at,
        }),
        created_at: file.learner.created_at,
        registrations: file.registrations.into_iter().map(registration).collect(),
    })
}

/// Puts right what is kept of a learner.
///
/// # Errors
/// `NotFound`; `Invalid` for what was typed.
pub async fn correct(context: &Context, actor: &Actor, id: LearnerId, typed: TypedPerson) -> Result<(), ActionError> {
    let person = typed.read(context.today())?;
    let (catalogue, by, now, vault) = (context.catalogue(), actor.clone(), context.now(), context.vault.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let before = learner_of(tx, &catalogue, &by, id)?;
        if before.is_erased() {
            return Err(missing(Noun::Learner, id));
        }
        let fresh = people::seal(&*vault.keys()?, (id, &before.organisation), &person, before.consent.clone(), now)?;
        let (created_at, sample) = (before.created_at, before.sample);
        store::learners::put(tx, &Learner { created_at, sample, area: before.area, ..fresh })?;
        tx.record_at(&before.organisation, "learner", id.to_string(), &["person"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("learner.write", context.stamp_by(actor), write).await?;
    Ok(())
}

/// Erases a learner: who they are is forgotten, that someone was there stays counted. Places in classes that have not
/// begun go to those who wait.
///
/// # Errors
/// `NotFound`.
pub async fn erase(context: &Context, actor: &Actor, id: LearnerId) -> Result<(), ActionError> {
    let (catalogue, by, now) = (context.catalogue(), actor.clone(), Turn::of(context));
    let write = move |tx: &mut WriteTx<'_>| {
        let learner = learner_of(tx, &catalogue, &by, id)?;
        forget(tx, learner, now)
    };
    context.store.write("learner.erase", context.stamp_by(actor), write).await?;
    Ok(())
}

fn forget(tx: &mut WriteTx<'_>, mut learner: Learner, now: Turn) -> Result<(), ActionError> {
    for mut one in store::registrations::of_learner(tx, learner.id)? {
        // The code opens nothing any more.
        (one.code, one.code_mark, one.form_mark) = (Sealed(String::new()), Blind(String::new()), None);
        store::registrations::put(tx, &one)?;
        let Some(class) = store::classes::get(tx, one.class)? else { continue };
        let has_begun = store::meetings::of_class(tx, class.id)?.iter().any(|one| one.slot.has_begun(now.now));
        if one.state.is_alive() && !(has_begun && one.state == RegistrationState::Confirmed) {
            one = queue::turn(tx, &class, one, (RegistrationState::Cancelled, Some(Ending::Staff)), now)?;
        }
        // There is nobody left to be told.
        one.news = false;
        store::registrations::put(tx, &one)?;
    }
    learner.erase(now.now);
    store::learners::put(tx, &learner)?;
    tx.record_at(&learner.organisation, "learner", learner.id.to_string(), &["person"]);
    Ok(())
}

/// Has two learners of a centre be one: what `other` is registered for becomes `kept`'s, what `kept` lacks is taken over.
///
/// # Errors
/// `NotFound`; `Invalid` when they are not two learners of one centre (`learners-apart`).
pub async fn merge(context: &Context, actor: &Actor, kept: LearnerId, other: LearnerId) -> Result<(), ActionError> {
    let (catalogue, by, now, vault) = (context.catalogue(), actor.clone(), Turn::of(context), context.vault.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let (first, second) = (learner_of(tx, &catalogue, &by, kept)?, learner_of(tx, &catalogue, &by, other)?);
        let keys = vault.keys()?;
        let people = people::open(&keys, &first)?.zip(people::open(&keys, &second)?);
        let Some((mut person, more)) = people.filter(|_| kept != other && first.organisation == second.organisation)
        else {
            let reason = "Chỉ gộp được hai hồ sơ khác nhau của cùng một trung tâm, còn tên.";
            return Err(ActionError::invalid("learner", "learners-apart", reason));
        };
        person.phone = person.phone.or(more.phone);
        person.sex = person.sex.or(more.sex);
        person.guardian = person.guardian.or(more.guardian);
        take_over(tx, &second, &first, now)?;
        let fresh = people::seal(&keys, (kept, &first.organisation), &person, first.consent.clone(), now.now)?;
        let (created_at, sample) = (first.created_at.min(second.created_at), first.sample);
        store::learners::put(tx, &Learner { created_at, sample, ..fresh })?;
        let mut gone = second;
        gone.erase(now.now);
        gone.merged_into = Some(kept);
        store::learners::put(tx, &gone)?;
        tx.record_at(&gone.organisation, "learner", kept.to_string(), &["merged"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("learner.merge", context.stamp_by(actor), write).await?;
    Ok(())
}

/// Gives one learner's registrations to another; of two for the same class the one that stands better stays.
fn take_over(tx: &mut WriteTx<'_>, from: &Learner, to: &Learner, now: Turn) -> Result<(), ActionError> {
    for one in store::registrations::of_learner(tx, from.id)? {
        let own = store::registrations::of_learner(tx, to.id)?;
        let twin = own.into_iter().find(|own| own.class == one.class && own.state.is_alive());
        let class = store::classes::get(tx, one.class)?.ok_or_else(|| missing(Noun::Class, one.class))?;
        let mut one = Registration { learner: to.id, ..one };
        store::registrations::put(tx, &one)?;
        if let Some(twin) = twin.filter(|_| one.state.is_alive()) {
            let keeps_twin = twin.state.holds_seat() || !one.state.holds_seat();
            one = if keeps_twin { one } else { twin };
            queue::turn(tx, &class, one, (RegistrationState::Cancelled, Some(Ending::Merged)), now)?;
        }
    }
    Ok(())
}

/// When the last meeting of a class is over; when the class was made, where it has none.
fn ends_at(tx: &dyn ReadTx, class: &Class) -> Result<DateTime<Utc>, ActionError> {
    let meetings = store::meetings::of_class(tx, class.id)?;
    let last = meetings.iter().map(|one| one.slot.day).max();
    Ok(last.map_or(class.created_at, |day| beginning_of(day) + TimeDelta::days(1)))
}

/// Forgets who learners are whose last meeting is longer ago than names are kept; answers how many. Blocks.
///
/// # Errors
/// When the store fails.
pub fn forget_old_blocking(context: &Context) -> Result<usize, ActionError> {
    let (mut after, mut forgotten) = (None, 0);
    loop {
        let (from, now) = (after, Turn::of(context));
        let write = move |tx: &mut WriteTx<'_>| {
            let part = store::learners::list(tx, from, STEP)?;
            let is_old = |at: DateTime<Utc>| now.now - at > TimeDelta::days(i64::from(now.rules.keep_days));
            let (last, mut count) = (part.last().map(|learner| learner.id), 0);
            for learner in part.into_iter().filter(|learner| !learner.is_erased() && is_old(learner.created_at)) {
                let mut latest = learner.created_at;
                for one in store::registrations::of_learner(tx, learner.id)? {
                    if let Some(class) = store::classes::get(tx, one.class)? {
                        latest = latest.max(ends_at(tx, &class)?);
                    }
                }
                if is_old(latest) {
                    forget(tx, learner, now)?;
                    count += 1;
                }
            }
            Ok::<_, ActionError>((last, count))
        };
        let (last, count) = context.store.write_blocking("learner.forget", context.stamp(), write)?.value;
        forgotten += count;
        if last.is_none() {
            return Ok(forgotten);
        }
        after = last;
    }
}
