//! What changes of an organisation, field by field in words, for its audit trail.

use crate::actions::ActionError;
use crate::domain::account::Account;
use crate::domain::alteration::{self, Alteration};
use crate::domain::amendment::Replaced;
use crate::domain::day::date_vi;
use crate::domain::id::OrganisationId;
use crate::domain::organisation::Organisation;
use crate::domain::topic::Topic;
use crate::store::log::subject;
use crate::store::{self, ReadTx, WriteTx};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Tells the log which fields of an organisation change, and its trail from what to what.
pub(super) fn record_organisation(tx: &mut WriteTx<'_>, row: &Replaced<Organisation>) -> Result<(), ActionError> {
    let id = row.after.id.to_string();
    let (fields, told) = match &row.before {
        Some(before) => (changed(before, &row.after), altered(tx, before, &row.after)?),
        None => (vec!["names"], alteration::between([("names", String::new(), names(&row.after))])),
    };
    tx.record(subject::ORGANISATION, id.clone(), &fields);
    Ok(store::alterations::note(tx, (subject::ORGANISATION, &id), told)?)
}

/// The same of a topic.
pub(super) fn record_topic(tx: &mut WriteTx<'_>, row: &Replaced<Topic>) -> Result<(), ActionError> {
    let id = row.after.id.to_string();
    let before = row.before.as_ref().map(|topic| topic.label.clone()).unwrap_or_default();
    tx.record(subject::TOPIC, id.clone(), &["label"]);
    let told = alteration::between([("label", before, row.after.label.clone())]);
    Ok(store::alterations::note(tx, (subject::TOPIC, &id), told)?)
}

/// Tells every body where an account gains or loses a role, and its trail which roles it had and has.
pub(super) fn record_roles(tx: &mut WriteTx<'_>, before: &Account, after: &Account) -> Result<(), ActionError> {
    let id = after.id.to_string();
    let lost = before.grants.iter().filter(|grant| !after.grants.contains(grant));
    let gained = after.grants.iter().filter(|grant| !before.grants.contains(grant));
    let bodies: BTreeSet<_> = lost.chain(gained).map(|grant| &grant.organisation).collect();
    for body in bodies {
        tx.record_at(body, subject::ACCOUNT, id.clone(), &["grants"]);
    }
    let told = alteration::between([("grants", roles(tx, before)?, roles(tx, after)?)]);
    Ok(store::alterations::note(tx, (subject::ACCOUNT, &id), told)?)
}

fn roles(tx: &dyn ReadTx, account: &Account) -> Result<String, ActionError> {
    let all = store::organisations::all(tx)?;
    let name = |id: &OrganisationId| {
        let found = all.iter().find(|one| one.id == *id);
        found.map_or_else(|| id.to_string(), |one| one.latest_name().to_owned())
    };
    let told = account.grants.iter().map(|grant| format!("{}, {}", grant.role.label(), name(&grant.organisation)));
    Ok(told.collect::<Vec<_>>().join("; "))
}

/// The fields whose values differ, whether or not that shows in words.
fn changed(before: &Organisation, after: &Organisation) -> Vec<&'static str> {
    let fields = [
        ("names", before.names != after.names),
        ("created_on", before.created_on != after.created_on),
        ("ended_on", before.ended_on != after.ended_on),
        ("kind", before.kind != after.kind),
        ("parent", before.parent != after.parent),
        ("area", before.area != after.area),
        ("website", before.website != after.website),
        ("publishes_unreviewed", before.publishes_unreviewed != after.publishes_unreviewed),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

fn altered(tx: &dyn ReadTx, before: &Organisation, after: &Organisation) -> Result<Vec<Alteration>, ActionError> {
    let day = |day: Option<NaiveDate>| day.map(date_vi).unwrap_or_default();
    let website = |one: &Organisation| one.website.clone().unwrap_or_default();
    let alone = |one: &Organisation| alteration::yes(one.publishes_unreviewed);
    Ok(alteration::between([
        ("names", names(before), names(after)),
        ("created_on", day(before.created_on), day(after.created_on)),
        ("ended_on", day(before.ended_on), day(after.ended_on)),
        ("kind", before.kind.label().to_owned(), after.kind.label().to_owned()),
        ("parent", parent(tx, before)?, parent(tx, after)?),
        ("area", area(tx, before)?, area(tx, after)?),
        ("website", website(before), website(after)),
        ("publishes_unreviewed", alone(before), alone(after)),
    ]))
}

/// All names with their short forms, the days on which they began and ended, and the legal bases.
fn names(one: &Organisation) -> String {
    let names = one.names.iter().map(|name| {
        let short = name.short_name.as_deref().map(|short| format!(" [{short}]")).unwrap_or_default();
        let from = name.from.map(|day| format!(" từ {}", date_vi(day))).unwrap_or_default();
        let to = name.to.map(|day| format!(" đến {}", date_vi(day))).unwrap_or_default();
        let basis = name.legal_basis.as_deref().map(|basis| format!(" ({basis})")).unwrap_or_default();
        format!("{}{short}{from}{to}{basis}", name.name)
    });
    names.collect::<Vec<_>>().join("; ")
}

fn parent(tx: &dyn ReadTx, one: &Organisation) -> Result<String, ActionError> {
    let Some(id) = &one.parent else { return Ok(String::new()) };
    let parent = store::organisations::all(tx)?.into_iter().find(|other| other.id == *id);
    Ok(parent.map_or_else(|| id.to_string(), |parent| parent.latest_name().to_owned()))
}

fn area(tx: &dyn ReadTx, one: &Organisation) -> Result<String, ActionError> {
    let Some(id) = &one.area else { return Ok(String::new()) };
    let area = store::areas::all(tx)?.into_iter().find(|other| other.id == *id);
    Ok(area.map_or_else(|| id.to_string(), |area| area.full_name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::organisation::{OrganisationKind, OrganisationName};

    #[test]
    fn what_differs_in_value_alone_is_told_too() {
        let name =
            OrganisationName {
                name: "Sở Y tế".to_owned(), short_name: None, from: None, to: None, legal_basis: None
            };
        let before = Organisation {
            id: OrganisationId::parse("so-yt").unwrap(),
            kind: OrganisationKind::Department,
            parent: None,
            names: vec![name.clone()],
            created_on: None,
            ended_on: None,
            area: None,
            website: None,
            publishes_unreviewed: false,
        };
        let short = OrganisationName { short_name: Some("SYT".to_owned()), ..name };
        let created_on = NaiveDate::from_ymd_opt(2025, 7, 1);
        let after = Organisation { names: vec![short], created_on, ..before.clone() };
        assert_eq!(changed(&before, &after), ["names", "created_on"]);
        assert_eq!((names(&before), names(&after)), ("Sở Y tế".to_owned(), "Sở Y tế [SYT]".to_owned()));
        assert!(changed(&after, &after).is_empty());
    }
}
