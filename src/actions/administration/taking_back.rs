//! Taking a mistaken entry back on the day on which it was made.

use super::{LATELY, allowed, put_roles, record_events, record_organisation, record_topic, replace};
use crate::actions::context::catalogue_in;
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::clock::day_of;
use crate::domain::actor::Actor;
use crate::domain::amendment::roles::MovedRoles;
use crate::domain::amendment::{Amendment, Changes, Replaced};
use crate::domain::id::{AmendmentId, OrganisationId};
use crate::domain::material::Description;
use crate::store::log::subject;
use crate::store::{self, ReadTx, WriteTx};
use std::collections::BTreeSet;

/// How many materials are read at once.
const MATERIALS_PER_READ: usize = 500;

/// The amendments of today that can still be taken back and touch a row, the latest first.
///
/// # Errors
/// `Forbidden` to all but administrators.
pub async fn of_today(context: &Context, actor: &Actor, id: &str) -> Result<Vec<Amendment>, ActionError> {
    allowed(actor)?;
    let (today, id) = (context.today(), id.to_owned());
    let of_today = move |tx: &dyn ReadTx| {
        let latest = store::amendments::latest(tx, LATELY)?;
        let is_wanted = |amendment: &Amendment| {
            day_of(amendment.at) == today && !amendment.taken_back && amendment.changes.touch(&id)
        };
        Ok::<_, ActionError>(latest.into_iter().filter(is_wanted).collect())
    };
    context.store.read("amendment.of-today", of_today).await
}

/// Takes an amendment back: rows, events and roles become what they were.
///
/// # Errors
/// `NotFound`; `Invalid` on a later day, when a row was changed since, or when a row that it made is in use.
pub async fn take_back(context: &Context, actor: &Actor, id: AmendmentId) -> Result<Amendment, ActionError> {
    allowed(actor)?;
    let today = context.today();
    let write = move |tx: &mut WriteTx<'_>| {
        let missing = || ActionError::NotFound { noun: Noun::Amendment, id: id.to_string() };
        let amendment = store::amendments::get(tx, id)?.filter(|found| !found.taken_back).ok_or_else(missing)?;
        if day_of(amendment.at) != today {
            let reason = "Chỉ hủy được trong ngày nhập. Hãy nhập một thay đổi mới để sửa.";
            return Err(ActionError::invalid("amendment", "amendment-too-old", reason));
        }
        is_last(tx, &amendment)?;
        is_unused(tx, &amendment.changes)?;
        put_back(tx, &amendment.changes)?;
        let done = Amendment { taken_back: true, ..amendment };
        store::amendments::put(tx, &done)?;
        Ok::<_, ActionError>(done)
    };
    let written = context.store.write("amendment.take-back", context.stamp_by(actor), write).await?;
    context.renew_catalogue().await?;
    Ok(written.value)
}

/// The ids of the rows that an amendment changes.
fn ids(changes: &Changes) -> BTreeSet<&str> {
    let organisations = changes.organisations.iter().map(|row| row.after.id.as_str());
    let areas = changes.areas.iter().map(|row| row.after.id.as_str());
    let topics = changes.topics.iter().map(|row| row.after.id.as_str());
    let events = changes.told_events().flat_map(|event| event.from.iter().chain(&event.to));
    organisations.chain(areas).chain(topics).chain(events.map(OrganisationId::as_str)).collect()
}

/// Refuses when the rows were changed since, or a later entry builds on them.
fn is_last(tx: &dyn ReadTx, amendment: &Amendment) -> Result<(), ActionError> {
    let later = store::amendments::after(tx, amendment.id)?.into_iter().filter(|later| !later.taken_back);
    let mut builds_on = false;
    for later in later {
        let text = serde_json::to_string(&later.changes).map_err(ActionError::internal)?;
        builds_on |= ids(&amendment.changes).into_iter().any(|id| text.contains(&format!("\"{id}\"")));
    }
    if builds_on || !amendment.changes.are_in_force(&catalogue_in(tx)?) {
        let reason = "Đã có thay đổi khác nhập sau trên cùng cơ quan, địa bàn hoặc chủ đề. Hãy hủy thay đổi đó trước.";
        return Err(ActionError::invalid("amendment", "amendment-built-on", reason));
    }
    Ok(())
}

/// Refuses when something belongs to a row that would go.
fn is_unused(tx: &dyn ReadTx, changes: &Changes) -> Result<(), ActionError> {
    let new_bodies: BTreeSet<_> = new(&changes.organisations).map(|row| &row.id).collect();
    let new_areas: BTreeSet<_> = new(&changes.areas).map(|row| &row.id).collect();
    let new_topics: BTreeSet<_> = new(&changes.topics).map(|row| &row.id).collect();
    if new_bodies.is_empty() && new_areas.is_empty() && new_topics.is_empty() {
        return Ok(());
    }
    let moved: BTreeSet<_> = changes.roles.iter().map(|moved| moved.account).collect();
    let holds = |account: &crate::domain::account::Account| {
        !moved.contains(&account.id) && account.grants.iter().any(|grant| new_bodies.contains(&grant.organisation))
    };
    let mut used = store::accounts::all(tx)?.iter().any(holds);
    let tells = |description: &Description| {
        description.topics.iter().any(|id| new_topics.contains(id))
            || description.areas.iter().any(|id| new_areas.contains(id))
    };
    let mut after = None;
    while !used {
        let part = store::materials::list(tx, after, MATERIALS_PER_READ)?;
        let Some(last) = part.last() else { break };
        after = Some(last.id);
        for material in part {
            let numbers = [Some(material.latest_version), material.published_version];
            used |= new_bodies.contains(&material.organisation);
            for number in numbers.into_iter().flatten() {
                let version = store::versions::get(tx, material.id, number)?;
                used |= version.is_some_and(|version| tells(&version.description));
            }
        }
    }
    if used {
        let reason = "Đã có học liệu hoặc tài khoản gắn với mục vừa thêm, nên không hủy được nữa.";
        return Err(ActionError::invalid("amendment", "amendment-in-use", reason));
    }
    Ok(())
}

fn new<T>(rows: &[Replaced<T>]) -> impl Iterator<Item = &T> {
    rows.iter().filter(|row| row.before.is_none()).map(|row| &row.after)
}

fn put_back(tx: &mut WriteTx<'_>, changes: &Changes) -> Result<(), ActionError> {
    for row in &changes.organisations {
        if let Some(before) = &row.before {
            store::organisations::put(tx, before)?;
            record_organisation(tx, &Replaced { before: Some(row.after.clone()), after: before.clone() })?;
        } else {
            store::organisations::remove(tx, &row.after.id);
            store::alterations::remove_all(tx, (subject::ORGANISATION, row.after.id.as_str()))?;
            tx.record(subject::ORGANISATION, row.after.id.to_string(), &["names"]);
        }
    }
    for row in &changes.areas {
        match &row.before {
            Some(before) => store::areas::put(tx, before)?,
            None => store::areas::remove(tx, &row.after.id),
        }
        tx.record("area", row.after.id.to_string(), &["row"]);
    }
    for row in &changes.topics {
        if let Some(before) = &row.before {
            store::topics::put(tx, before)?;
            record_topic(tx, &Replaced { before: Some(row.after.clone()), after: before.clone() })?;
        } else {
            store::topics::remove(tx, &row.after.id);
            store::alterations::remove_all(tx, (subject::TOPIC, row.after.id.as_str()))?;
            tx.record(subject::TOPIC, row.after.id.to_string(), &["label"]);
        }
    }
    put_events_back(tx, changes)?;
    for moved in &changes.roles {
        put_roles_back(tx, moved)?;
    }
    Ok(())
}

fn put_events_back(tx: &mut WriteTx<'_>, changes: &Changes) -> Result<(), ActionError> {
    if changes.told_events().next().is_some() {
        let mut events = without(store::organisations::events(tx)?, &changes.organisation_events);
        replace(&mut events, &reversed(&changes.corrected_organisation_events));
        store::organisations::put_events(tx, &events)?;
        record_events(tx, changes);
    }
    if !changes.area_events.is_empty() || !changes.corrected_area_events.is_empty() {
        let mut events = without(store::areas::events(tx)?, &changes.area_events);
        replace(&mut events, &reversed(&changes.corrected_area_events));
        store::areas::put_events(tx, &events)?;
    }
    Ok(())
}

/// What puts events back as they were.
fn reversed<T: Clone>(corrected: &[Replaced<T>]) -> Vec<Replaced<T>> {
    let back = |one: &Replaced<T>| {
        one.before.clone().map(|before| Replaced { before: Some(one.after.clone()), after: before })
    };
    corrected.iter().filter_map(back).collect()
}

/// The events without the latest of each kind that is taken back.
fn without<T: PartialEq>(mut events: Vec<T>, back: &[T]) -> Vec<T> {
    for event in back {
        if let Some(at) = events.iter().rposition(|other| other == event) {
            events.remove(at);
        }
    }
    events
}

/// Gives roles back; what else the account was given or lost since stays as it is.
fn put_roles_back(tx: &mut WriteTx<'_>, moved: &MovedRoles) -> Result<(), ActionError> {
    let Some(mut account) = store::accounts::get(tx, moved.account)? else { return Ok(()) };
    let gained = moved.after.iter().filter(|grant| !moved.before.contains(grant));
    let lost = moved.before.iter().filter(|grant| !moved.after.contains(grant));
    let mut had_all = true;
    for grant in gained {
        had_all &= account.grants.contains(grant);
        account.grants.retain(|other| other != grant);
    }
    // Whoever took a role away meanwhile meant it.
    if had_all {
        for grant in lost {
            account.give(grant.clone());
        }
    }
    put_roles(tx, moved.account, &account.grants)
}
