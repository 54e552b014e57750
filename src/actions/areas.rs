//! Browsing by area, with former units.

use crate::actions::error::Noun;
use crate::actions::topics::count_of;
use crate::actions::{ActionError, Context};
use crate::domain::area::{Area, AreaLevel};
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::Facet;
use crate::domain::id::AreaId;
use crate::search::{Counts, fold};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A line in the list of areas.
#[derive(Debug, Clone)]
pub struct AreaLine {
    pub area: Area,
    /// Published materials about it, those about its former units and parts included.
    pub count: usize,
    /// The former units that it was made of.
    pub former: Vec<Area>,
    /// What it became, when it is itself a former unit.
    pub successors: Vec<Area>,
}

/// An area's own page.
#[derive(Debug, Clone)]
pub struct AreaView {
    pub line: AreaLine,
    pub parent: Option<Area>,
}

/// Lists today's communes; with `text`, every area, former ones included, whose name contains it, marks and case aside.
pub async fn list(context: &Context, text: &str) -> Result<Vec<AreaLine>, ActionError> {
    let counts = context.counts().await?;
    let (catalogue, today) = (context.catalogue(), context.today());
    let wanted = fold(text.trim());
    let is_shown = |area: &&Area| {
        if wanted.is_empty() {
            area.level == AreaLevel::Commune && area.exists_on(today)
        } else {
            area.former_names
                .iter()
                .map(|former| &former.full_name)
                .chain([&area.full_name])
                .any(|name| fold(name).contains(&wanted))
        }
    };
    let mut lines: Vec<_> = catalogue.areas().filter(is_shown).map(|area| line(&catalogue, &counts, area)).collect();
    lines.sort_by_cached_key(|line| {
        let area = &line.area;
        (area.valid_to.is_some(), area.level, fold(&area.name), area.id.clone())
    });
    Ok(lines)
}

/// Shows one area.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn area(context: &Context, id: &AreaId) -> Result<AreaView, ActionError> {
    let counts = context.counts().await?;
    let catalogue = context.catalogue();
    let missing = || ActionError::NotFound { noun: Noun::Area, id: id.to_string() };
    let area = catalogue.area(id).ok_or_else(missing)?;
    let parent = area.parent.as_ref().and_then(|parent| catalogue.area(parent)).cloned();
    Ok(AreaView { line: line(&catalogue, &counts, area), parent })
}

fn line(catalogue: &Catalogue, counts: &Counts, area: &Area) -> AreaLine {
    let owned = |areas: Vec<&Area>| areas.into_iter().cloned().collect();
    let successors = match (area.level, area.valid_to) {
        (AreaLevel::District, Some(last)) => communes_of_district(catalogue, area, last),
        _ => owned(catalogue.area_successors(&area.id)),
    };
    AreaLine {
        count: count_of(counts, Facet::Area, area.id.as_str()),
        former: owned(catalogue.area_predecessors(&area.id)),
        successors,
        area: area.clone(),
    }
}

/// Where a district that ended lies today: what its communes became.
fn communes_of_district(catalogue: &Catalogue, district: &Area, last: NaiveDate) -> Vec<Area> {
    let communes = catalogue.areas_below(&district.id, last);
    let today = communes.iter().flat_map(|commune| catalogue.area_successors(&commune.id));
    let by_name: BTreeMap<_, _> = today.map(|area| (fold(&area.name), area.clone())).collect();
    by_name.into_values().collect()
}
