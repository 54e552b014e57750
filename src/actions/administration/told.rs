//! What changes of an organisation, field by field in words, for its audit trail.

use crate::actions::ActionError;
use crate::domain::alteration::{self, Alteration};
use crate::domain::amendment::Replaced;
use crate::domain::day::date_vi;
use crate::domain::organisation::Organisation;
use crate::store::log::subject;
use crate::store::{self, ReadTx, WriteTx};

/// Tells the log which fields of an organisation change, and its trail from what to what.
pub(super) fn record_organisation(tx: &mut WriteTx<'_>, row: &Replaced<Organisation>) -> Result<(), ActionError> {
    let id = row.after.id.to_string();
    let told = match &row.before {
        Some(before) => altered(tx, before, &row.after)?,
        None => alteration::between([("names", String::new(), names(&row.after))]),
    };
    let fields: Vec<&str> = told.iter().map(|one| one.field.as_str()).collect();
    tx.record(subject::ORGANISATION, id.clone(), &fields);
    Ok(store::alterations::note(tx, (subject::ORGANISATION, &id), told)?)
}

fn altered(tx: &dyn ReadTx, before: &Organisation, after: &Organisation) -> Result<Vec<Alteration>, ActionError> {
    let ended = |one: &Organisation| one.ended_on.map(date_vi).unwrap_or_default();
    let website = |one: &Organisation| one.website.clone().unwrap_or_default();
    let alone = |one: &Organisation| if one.publishes_unreviewed { "có" } else { "không" }.to_owned();
    Ok(alteration::between([
        ("names", names(before), names(after)),
        ("ended_on", ended(before), ended(after)),
        ("kind", before.kind.label().to_owned(), after.kind.label().to_owned()),
        ("parent", parent(tx, before)?, parent(tx, after)?),
        ("area", area(tx, before)?, area(tx, after)?),
        ("website", website(before), website(after)),
        ("publishes_unreviewed", alone(before), alone(after)),
    ]))
}

/// All names with the days and the legal bases on which they began.
fn names(one: &Organisation) -> String {
    let names = one.names.iter().map(|name| {
        let from = name.from.map(|day| format!(" từ {}", date_vi(day))).unwrap_or_default();
        let basis = name.legal_basis.as_deref().map(|basis| format!(" ({basis})")).unwrap_or_default();
        format!("{}{from}{basis}", name.name)
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
