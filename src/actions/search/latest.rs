//! What is new among the materials that a search finds.

use super::narrow::{self, Narrowed};
use super::{Facet, SearchRequest, facets, offset, usable_text};
use crate::actions::materials::{Card, cards};
use crate::actions::{ActionError, Context};
use crate::domain::id::MaterialId;
use crate::search::{Query, Sort};
use std::cmp::Reverse;

/// How many materials one part of the list has.
const LATEST: usize = 20;
/// How far back the list goes.
const MAX_LATEST: usize = 200;

/// A part of the materials that a search finds, the latest change first.
#[derive(Debug, Clone, Default)]
pub struct LatestMaterials {
    pub items: Vec<Card>,
    /// The names of what the search is narrowed to.
    pub filters: Vec<String>,
    /// Where the next part begins, and the one before.
    pub next: Option<String>,
    pub previous: Option<String>,
}

/// Lists what has changed last among what a search finds; its order counts for nothing here.
///
/// # Errors
/// `Invalid` for a bad cursor; `Unavailable` while the first index is built.
pub async fn latest(context: &Context, request: &SearchRequest) -> Result<LatestMaterials, ActionError> {
    let from = offset(request.cursor.as_deref())?.min(MAX_LATEST);
    let request = &SearchRequest { query: usable_text(&request.query).0, ..request.clone() };
    let query = Query {
        text: request.query.clone(),
        filters: request.filters.clone(),
        sort: Sort::Relevance,
        limit: 1,
        offset: 0,
        facets: Vec::new(),
        budget: context.bounds.search_budget,
        exact: request.exact,
        names: Vec::new(),
    };
    let (reader, asked) = (context.clone(), request.clone());
    let wanted = (from + LATEST).min(MAX_LATEST) + 1;
    let latest = tokio::task::spawn_blocking(move || {
        let Narrowed { searched, readings, .. } = narrow::answer(&reader, &asked, query)?;
        Ok::<_, ActionError>((reader.search.latest(searched, wanted)?, readings))
    });
    let (ids, readings) = latest.await??;
    let mut items = by_change(context, ids).await?;
    let more = items.len() > from + LATEST && from + LATEST < MAX_LATEST;
    items.drain(..from.min(items.len()));
    items.truncate(LATEST);
    let catalogue = context.catalogue();
    let label = |(facet, id): &(Facet, String)| facets::label(&catalogue, *facet, id);
    Ok(LatestMaterials {
        filters: request.filters.iter().map(label).chain(readings.into_iter().map(|read| read.label)).collect(),
        next: more.then(|| (from + LATEST).to_string()),
        previous: (from > 0).then(|| from.saturating_sub(LATEST).to_string()),
        items,
    })
}

async fn by_change(context: &Context, ids: Vec<MaterialId>) -> Result<Vec<Card>, ActionError> {
    let mut items = cards(context, ids).await?;
    items.sort_by_key(|card| (Reverse(card.changed_at), card.id));
    Ok(items)
}
