//! Browsing by organisation, under old and new names.

use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::materials::Named;
use crate::actions::topics::count_of;
use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::Facet;
use crate::domain::id::OrganisationId;
use crate::domain::organisation::{Organisation, OrganisationEvent, OrganisationKind};
use crate::search::{Counts, fold};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A line in the list of organisations.
#[derive(Debug, Clone)]
pub struct OrganisationLine {
    pub organisation: Organisation,
    /// Published materials under its name, those of its predecessors and sub-units included.
    pub count: usize,
    pub successors: Vec<Named<OrganisationId>>,
    pub predecessors: Vec<Named<OrganisationId>>,
}

/// An organisation's own page.
#[derive(Debug, Clone)]
pub struct OrganisationView {
    pub line: OrganisationLine,
    pub parent: Option<Named<OrganisationId>>,
    pub sub_units: Vec<Named<OrganisationId>>,
    /// What happened to it, oldest first.
    pub events: Vec<OrganisationEvent>,
}

/// Lists organisations, those in being first; `text` keeps those whose present or former name contains it, marks and
/// case aside (an organisation found by its old name brings its successor along).
pub async fn list(context: &Context, text: &str) -> Result<Vec<OrganisationLine>, ActionError> {
    let counts = context.counts().await?;
    let (catalogue, today) = (context.catalogue(), context.today());
    let wanted = fold(text.trim());
    let matching = catalogue.organisations().filter(|organisation| bears_name(organisation, &wanted));
    let mut ids: BTreeSet<OrganisationId> = matching.map(|organisation| organisation.id.clone()).collect();
    if !wanted.is_empty() {
        let ahead: Vec<_> = ids.iter().flat_map(|id| catalogue.organisation_successors_today(id)).collect();
        ids.extend(ahead);
    }
    let shown = ids.iter().filter_map(|id| catalogue.organisation(id));
    let mut lines: Vec<_> = shown
        .filter(|organisation| organisation.kind != OrganisationKind::System)
        .map(|organisation| line(&catalogue, &counts, organisation, today))
        .collect();
    lines.sort_by_cached_key(|line| {
        let organisation = &line.organisation;
        (organisation.ended_on.is_some(), organisation.kind as u8, fold(organisation.latest_name()))
    });
    Ok(lines)
}

fn bears_name(organisation: &Organisation, wanted: &str) -> bool {
    let mut names = organisation.names.iter().flat_map(|name| [Some(&name.name), name.short_name.as_ref()]);
    wanted.is_empty() || names.any(|name| name.is_some_and(|name| fold(name).contains(wanted)))
}

fn line(catalogue: &Catalogue, counts: &Counts, organisation: &Organisation, today: NaiveDate) -> OrganisationLine {
    let named = |others: Vec<&Organisation>| -> Vec<Named<OrganisationId>> {
        others.iter().map(|other| named_organisation(catalogue, &other.id, today)).collect()
    };
    OrganisationLine {
        count: count_of(counts, Facet::Organisation, organisation.id.as_str()),
        successors: named(successors(catalogue, organisation)),
        predecessors: named(catalogue.organisation_predecessors(&organisation.id)),
        organisation: organisation.clone(),
    }
}

/// The organisations in being that carry on an organisation's work or a part of it: those that took it over and ended
/// meanwhile give way to their own successors.
fn successors<'a>(catalogue: &'a Catalogue, organisation: &Organisation) -> Vec<&'a Organisation> {
    let mut found: Vec<&Organisation> = Vec::new();
    for next in catalogue.organisation_successors(&organisation.id) {
        let today = catalogue.organisation_successors_today(&next.id);
        found.extend(today.iter().filter_map(|id| catalogue.organisation(id)));
    }
    let mut seen = BTreeSet::new();
    found.retain(|other| seen.insert(&other.id));
    found
}

/// Shows one organisation.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn organisation(context: &Context, id: &OrganisationId) -> Result<OrganisationView, ActionError> {
    let counts = context.counts().await?;
    let (catalogue, today) = (context.catalogue(), context.today());
    let missing = || ActionError::NotFound { noun: Noun::Organisation, id: id.to_string() };
    let organisation = catalogue.organisation(id).ok_or_else(missing)?;
    let sub_units = catalogue.sub_organisations(id);
    let touches = |event: &&OrganisationEvent| event.from.contains(id) || event.to.contains(id);
    let mut events: Vec<_> = catalogue.organisation_events().iter().filter(touches).cloned().collect();
    events.sort_by_key(|event| event.date);
    Ok(OrganisationView {
        line: line(&catalogue, &counts, organisation, today),
        parent: organisation.parent.as_ref().map(|parent| named_organisation(&catalogue, parent, today)),
        sub_units: sub_units.iter().map(|unit| named_organisation(&catalogue, &unit.id, today)).collect(),
        events,
    })
}
