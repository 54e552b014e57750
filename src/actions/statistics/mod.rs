//! What an organisation sees of its own work: what it published, what waits, what is outdated, how its materials were
//! used, and what people sought in vain in its field. Counts of days, never of persons.

mod field;
mod province;
mod tables;

pub(crate) use province::Tally;
pub use province::province;
pub use tables::{Sheet, csv, workbook};

use crate::actions::materials::Named;
use crate::actions::review::name_of_version;
use crate::actions::usage::{self, QueryLine, QueryUse};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::material::{Material, State, Version};
use crate::domain::permission::{Object, Verb, may};
use crate::domain::usage::{MaterialCount, Period};
use crate::store::{self, ReadTx};
use chrono::{FixedOffset, NaiveDate};
use field::Field;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many materials are read at once.
const STEP: usize = 500;
/// How many queries of a kind are named.
const QUERIES: usize = 200;

/// Which statistics are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub organisation: OrganisationId,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// The bodies below count, too, as far as the actor may read theirs.
    pub with_parts: bool,
}

/// How a material of the organisation stands.
#[derive(Debug, Clone, PartialEq)]
pub struct MaterialRow {
    pub id: MaterialId,
    pub title: String,
    pub organisation: String,
    pub state: State,
    pub published_on: Option<NaiveDate>,
    pub changed_on: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    /// Published, but its validity has ended.
    pub outdated: bool,
    /// Of the period.
    pub count: MaterialCount,
}

/// How many materials there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    pub published: usize,
    /// Published for the first time within the period.
    pub published_in_period: usize,
    pub drafts: usize,
    pub in_review: usize,
    pub scheduled: usize,
    pub withdrawn: usize,
    pub outdated: usize,
    pub views: u64,
    pub downloads: u64,
}

impl Totals {
    fn of_state(&mut self, state: State) -> &mut usize {
        match state {
            State::Draft => &mut self.drafts,
            State::InReview => &mut self.in_review,
            State::Scheduled => &mut self.scheduled,
            State::Published => &mut self.published,
            State::Withdrawn => &mut self.withdrawn,
        }
    }
}

/// All of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    pub organisation: Named<OrganisationId>,
    /// Whether there are bodies below whose statistics the actor may read.
    pub has_parts: bool,
    pub period: Period,
    pub totals: Totals,
    /// The most used first.
    pub materials: Vec<MaterialRow>,
    /// Searches in vain that were narrowed to a topic of the organisation's materials.
    pub in_vain_in_topics: Vec<QueryLine>,
    /// Searches in vain, narrowed to no topic, that share telling words with its materials.
    pub in_vain_like: Vec<QueryLine>,
}

/// Puts an organisation's statistics together.
///
/// # Errors
/// `NotFound` for no organisation, `Forbidden` for another's, `Invalid` for a period that ends before it begins.
pub async fn statistics(context: &Context, actor: &Actor, wanted: Wanted) -> Result<Statistics, ActionError> {
    let catalogue = context.catalogue();
    let organisation = catalogue.organisation(&wanted.organisation).ok_or_else(|| ActionError::NotFound {
        noun: crate::actions::error::Noun::Organisation,
        id: wanted.organisation.to_string(),
    })?;
    if !may(actor, Verb::ReadStatistics, &Object::of(&catalogue, &wanted.organisation)) {
        return Err(ActionError::Forbidden);
    }
    let named = Named { id: organisation.id.clone(), name: organisation.latest_name().to_owned() };
    let is_readable = |id: &OrganisationId| may(actor, Verb::ReadStatistics, &Object::of(&catalogue, id));
    let has_parts = catalogue.sub_organisations(&wanted.organisation).iter().any(|part| is_readable(&part.id));
    let (today, context, actor) = (context.today(), context.clone(), actor.clone());
    let gather = move || {
        usage::flush_blocking(&context)?;
        let period = usage::period(wanted.from, wanted.to, today)?;
        let catalogue = context.catalogue();
        context.store.read_blocking("statistics.organisation", |tx| {
            let (materials, field) = materials(tx, (&catalogue, &actor), &wanted, (period, today))?;
            let in_vain_in_topics = usage::in_vain(tx, period, QUERIES, &|query: &QueryUse<'_>| field.narrowed(query))?;
            let in_vain_like = usage::in_vain(tx, period, QUERIES, &|query: &QueryUse<'_>| field.like(query))?;
            let totals = totals(&materials, period);
            let organisation = named.clone();
            Ok(Statistics { organisation, has_parts, period, totals, materials, in_vain_in_topics, in_vain_like })
        })
    };
    tokio::task::spawn_blocking(gather).await?
}

/// Whether what an organisation has counts as the wanted one's: it is that one, a body whose work that one carries on, or
/// one below it whose statistics the actor may read, too: they name what is not published.
fn belongs(catalogue: &Catalogue, actor: &Actor, organisation: &OrganisationId, wanted: &Wanted) -> bool {
    let counts = if wanted.with_parts {
        catalogue.organisation_lineage(organisation).contains(&wanted.organisation)
    } else {
        catalogue.organisation_heirs(organisation).contains(&wanted.organisation)
    };
    counts && may(actor, Verb::ReadStatistics, &Object::of(catalogue, organisation))
}

fn materials(
    tx: &dyn ReadTx,
    (catalogue, actor): (&Catalogue, &Actor),
    wanted: &Wanted,
    (period, today): (Period, NaiveDate),
) -> Result<(Vec<MaterialRow>, Field), ActionError> {
    let mut counts: BTreeMap<MaterialId, MaterialCount> = BTreeMap::new();
    for row in store::usage::materials(tx, period)? {
        counts.entry(row.material).or_default().add(&row.count);
    }
    let (mut rows, mut field, mut after) = (Vec::new(), Field::default(), None);
    // Most materials are of few organisations: each is judged once.
    let mut judged: BTreeMap<OrganisationId, bool> = BTreeMap::new();
    loop {
        let part = store::materials::list(tx, after, STEP)?;
        let Some(last) = part.last() else { break };
        after = Some(last.id);
        for material in part {
            let judge = || belongs(catalogue, actor, &material.organisation, wanted);
            if !*judged.entry(material.organisation.clone()).or_insert_with(judge) {
                continue;
            }
            let number = material.public_version().unwrap_or(material.latest_version);
            let Some(version) = store::versions::get(tx, material.id, number)? else { continue };
            field.add(catalogue, &version);
            let count = counts.get(&material.id).copied().unwrap_or_default();
            let title = name_of_version(tx, &version)?;
            rows.push(row(catalogue, &material, (&version, title), (count, today)));
        }
    }
    rows.sort_by(|one, other| {
        let used = |row: &MaterialRow| Reverse(row.count.views + row.count.downloads);
        (used(one), &one.title, one.id).cmp(&(used(other), &other.title, other.id))
    });
    Ok((rows, field))
}

/// Vietnam's offset from UTC in seconds.
const VIETNAM_OFFSET_SECONDS: i32 = 7 * 3600;

fn day(at: chrono::DateTime<chrono::Utc>) -> NaiveDate {
    let offset = FixedOffset::east_opt(VIETNAM_OFFSET_SECONDS);
    offset.map_or_else(|| at.date_naive(), |offset| at.with_timezone(&offset).date_naive())
}

fn row(
    catalogue: &Catalogue,
    material: &Material,
    (version, title): (&Version, String),
    (count, today): (MaterialCount, NaiveDate),
) -> MaterialRow {
    let valid_to = version.description.valid_to;
    let organisation = catalogue.organisation(&material.organisation);
    MaterialRow {
        id: material.id,
        title,
        organisation: organisation
            .map_or_else(|| material.organisation.to_string(), |one| one.latest_name().to_owned()),
        state: material.state,
        published_on: material.published_at.map(day),
        changed_on: day(material.changed_at),
        valid_to,
        outdated: material.public_version().is_some() && valid_to.is_some_and(|day| day < today),
        count,
    }
}

fn totals(rows: &[MaterialRow], period: Period) -> Totals {
    let mut totals = Totals::default();
    for row in rows {
        *totals.of_state(row.state) += 1;
        let within = |day: NaiveDate| (period.from..=period.to).contains(&day);
        totals.published_in_period += usize::from(row.published_on.is_some_and(within));
        totals.outdated += usize::from(row.outdated);
        totals.views += row.count.views;
        totals.downloads += row.count.downloads;
    }
    totals
}

/// The organisations in being whose statistics the actor may read, by name; an ended one counts with its heirs.
pub fn organisations(context: &Context, actor: &Actor) -> Vec<Named<OrganisationId>> {
    let catalogue = context.catalogue();
    let readable = catalogue
        .organisations()
        .filter(|organisation| organisation.ended_on.is_none())
        .filter(|organisation| may(actor, Verb::ReadStatistics, &Object::of(&catalogue, &organisation.id)));
    let mut found: Vec<_> = readable
        .map(|organisation| Named { id: organisation.id.clone(), name: organisation.latest_name().to_owned() })
        .collect();
    found.sort_by_cached_key(|one| crate::search::fold(&one.name));
    found
}
