//! Reading materials.

use crate::actions::cards::{cards, named_materials, named_organisation, public_rows, standing_card};
use crate::actions::error::Noun;
use crate::actions::search::{SearchRequest, Sort, search};
use crate::actions::versions::{self, Which};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::Facet;
use crate::domain::file::File;
use crate::domain::id::{AreaId, BlobHash, MaterialId, OrganisationId, TopicId};
use crate::domain::language::Language;
use crate::domain::material::{Description, Extraction, Kind, Material, SAMPLE_AUTHOR, State, Version};
use crate::domain::page::Page;
use crate::domain::validity::Standing;
use crate::search::{self as index, Query, SearchError};
use crate::store::{self, pages::Body, pages::PageRow};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

/// A name with its id, for a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named<Id> {
    pub id: Id,
    pub name: String,
}

/// What a list shows of a material.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub id: MaterialId,
    pub external_id: Option<String>,
    pub title: String,
    pub summary: String,
    pub kind: Kind,
    /// The publisher under the name it bore on the day of issue.
    pub organisation: Named<OrganisationId>,
    pub topics: Vec<Named<TopicId>>,
    pub languages: Vec<Language>,
    pub issued_on: Option<NaiveDate>,
    pub published_at: Option<DateTime<Utc>>,
    /// The last change of anything about it.
    pub changed_at: DateTime<Utc>,
    pub page_count: u32,
    pub word_count: u32,
    pub sample: bool,
    /// What readers should know before they rely on it.
    pub standing: Standing,
}

impl Card {
    /// Who has written the material: the organisation, but for samples, which are written in its field.
    pub fn author(&self) -> &str {
        if self.sample { SAMPLE_AUTHOR } else { &self.organisation.name }
    }
}

/// Everything that a material's own page shows, but its text.
#[derive(Debug, Clone)]
pub struct MaterialView {
    pub card: Card,
    pub description: Description,
    /// Today's organisations that carry on the publisher's work, when it has ended.
    pub successors: Vec<Named<OrganisationId>>,
    pub areas: Vec<Named<AreaId>>,
    pub files: Vec<File>,
    /// Page numbers with their headings, for the contents list (only pages with a heading).
    pub contents: Vec<(u32, String)>,
    pub extraction: Extraction,
    pub version: u32,
    pub state: State,
    /// The public materials that have come in its place.
    pub replaced_by: Vec<Named<MaterialId>>,
    /// The public materials in whose place it comes.
    pub replaces: Vec<Named<MaterialId>>,
    /// Versions that the public may read though a later one is public.
    pub old_versions: Vec<u32>,
}

/// A part of the list of all published materials.
#[derive(Debug, Clone, Default)]
pub struct MaterialList {
    pub items: Vec<Card>,
    pub next: Option<String>,
}

/// The most materials in one part of the list.
pub const MAX_LIST: usize = 100;

/// Shows a published material.
///
/// # Errors
/// `NotFound` when it does not exist or is not public.
pub async fn material(context: &Context, id: MaterialId) -> Result<MaterialView, ActionError> {
    view(context, id, Which::Public).await
}

/// Shows a version of a material to whoever may read it.
///
/// # Errors
/// `NotFound` when it does not exist or may not be read.
pub async fn view(context: &Context, id: MaterialId, which: Which) -> Result<MaterialView, ActionError> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let read = move |tx: &dyn store::ReadTx| {
        let (material, mut version) =
            which.rows(tx, id, &catalogue)?.ok_or_else(|| ActionError::missing_material(id))?;
        let card = standing_card(tx, &catalogue, (&material, &version), today)?;
        let replaces = named_materials(tx, &version.description.replaces)?;
        // What is not public is named nowhere.
        version.description.replaces = replaces.iter().map(|other| other.id).collect();
        Ok::<_, ActionError>(MaterialView {
            replaced_by: named_materials(tx, &card.standing.replaced_by)?,
            replaces,
            old_versions: versions::readable(tx, &material)?,
            card,
            successors: successors(&catalogue, &material, today),
            areas: areas(&catalogue, &version),
            files: store::files::list(tx, id, version.number)?,
            contents: store::pages::headings(tx, id, version.number)?,
            extraction: version.extraction.clone(),
            version: version.number,
            state: material.state,
            description: version.description,
        })
    };
    context.store.read("material.show", read).await
}

/// Shows a material to an actor: what everyone sees, else the latest version to those who may.
///
/// # Errors
/// `NotFound` when it does not exist or the actor may not see it.
pub async fn material_for(context: &Context, actor: &Actor, id: MaterialId) -> Result<MaterialView, ActionError> {
    match material(context, id).await {
        Err(ActionError::NotFound { .. }) => view(context, id, Which::latest(actor)).await,
        shown => shown,
    }
}

/// Today's organisations behind an organisation that has ended, however many steps ahead.
fn successors(catalogue: &Catalogue, material: &Material, today: NaiveDate) -> Vec<Named<OrganisationId>> {
    let ended = catalogue.organisation(&material.organisation).is_some_and(|o| o.ended_on.is_some());
    if !ended {
        return Vec::new();
    }
    let lineage = catalogue.organisation_successors_today(&material.organisation);
    lineage.iter().map(|id| named_organisation(catalogue, id, today)).collect()
}

fn areas(catalogue: &Catalogue, version: &Version) -> Vec<Named<AreaId>> {
    let known = version.description.areas.iter().filter_map(|id| catalogue.area(id));
    known.map(|area| Named { id: area.id.clone(), name: area.full_name.clone() }).collect()
}

/// Shows one page of a published material.
///
/// # Errors
/// `NotFound` for an unknown material or a page out of range.
pub async fn page(context: &Context, id: MaterialId, number: u32) -> Result<Page, ActionError> {
    page_of(context, id, Which::Public, number).await
}

/// Shows one page of a version to whoever may read it.
///
/// # Errors
/// `NotFound` for what does not exist or may not be read, or a page out of range.
pub async fn page_of(context: &Context, id: MaterialId, which: Which, number: u32) -> Result<Page, ActionError> {
    let catalogue = context.catalogue();
    let rows = context.store.read("material.page", move |tx| {
        let (_, version) = which.rows(tx, id, &catalogue)?.ok_or_else(|| ActionError::missing_material(id))?;
        let row = store::pages::get(tx, id, version.number, number)?;
        Ok::<_, ActionError>((version, row))
    });
    let (version, row) = rows.await?;
    let row = row.ok_or_else(|| ActionError::NotFound { noun: Noun::Page, id: number.to_string() })?;
    let context = context.clone();
    tokio::task::spawn_blocking(move || read_page(&context, &version, row)).await?
}

/// A stretch of a version's text.
#[derive(Debug, Clone)]
pub struct Stretch {
    pub pages: Vec<Page>,
    /// Where the stretches before and after it begin, if there are any.
    pub previous: Option<u32>,
    pub next: Option<u32>,
}

/// So many pages and words are read in one stretch: what a person may want on paper, in memory that does not count.
const STRETCH: (u32, u32) = (100, 60_000);

/// Reads the text of a version from a page on.
///
/// # Errors
/// `NotFound` for what does not exist or may not be read, or a page out of range; the first page may be missing.
pub async fn stretch(context: &Context, id: MaterialId, which: Which, from: u32) -> Result<Stretch, ActionError> {
    let (catalogue, reader) = (context.catalogue(), context.clone());
    let read = move |tx: &dyn store::ReadTx| {
        let (_, version) = which.rows(tx, id, &catalogue)?.ok_or_else(|| ActionError::missing_material(id))?;
        let previous = stretch_before(tx, &version, from)?;
        let (mut rows, mut words, mut number) = (Vec::new(), 0_u32, from);
        while let Some(row) = store::pages::get(tx, id, version.number, number)? {
            words = words.saturating_add(row.word_count);
            if number - from >= STRETCH.0 || words > STRETCH.1 && !rows.is_empty() {
                return Ok::<_, ActionError>((version, rows, previous, Some(number)));
            }
            rows.push(row);
            number += 1;
        }
        Ok((version, rows, previous, None))
    };
    let (version, rows, previous, next) = context.store.read("material.stretch", read).await?;
    if rows.is_empty() && from != 1 {
        return Err(ActionError::NotFound { noun: Noun::Page, id: from.to_string() });
    }
    let pages = move || rows.into_iter().map(|row| read_page(&reader, &version, row)).collect::<Result<_, _>>();
    Ok(Stretch { pages: tokio::task::spawn_blocking(pages).await??, previous, next })
}

/// Where the stretch begins that ends before a page.
fn stretch_before(tx: &dyn store::ReadTx, version: &Version, from: u32) -> Result<Option<u32>, ActionError> {
    let (mut first, mut words) = (from, 0_u32);
    while let Some(row) = store::pages::get(tx, version.material, version.number, first.saturating_sub(1))? {
        if from - first >= STRETCH.0 || first < from && words.saturating_add(row.word_count) > STRETCH.1 {
            break;
        }
        (first, words) = (first - 1, words.saturating_add(row.word_count));
    }
    Ok((first < from).then_some(first))
}

/// Joins a page's row with its text, wherever that lies; blocks.
pub(super) fn read_page(context: &Context, version: &Version, mut row: PageRow) -> Result<Page, ActionError> {
    let blocks = match std::mem::replace(&mut row.body, Body::Inline(Vec::new())) {
        Body::Inline(blocks) => blocks,
        Body::InBlob { offset, len } => {
            let blob = version.pages_blob.as_ref().ok_or_else(|| ActionError::missing_material(version.material))?;
            serde_json::from_slice(&context.blobs.read_range(blob, offset, len)?).map_err(ActionError::internal)?
        }
    };
    Ok(row.into_page(blocks))
}

/// Lists published materials in the order of their ids.
///
/// # Errors
/// `Invalid` for a bad cursor.
pub async fn list(context: &Context, cursor: Option<&str>, limit: usize) -> Result<MaterialList, ActionError> {
    let after = cursor.map(MaterialId::parse).transpose().map_err(|_error| ActionError::Invalid {
        field: "cursor",
        code: "cursor-invalid",
        reason: "Con trỏ trang không hợp lệ; hãy bắt đầu lại từ trang đầu.".to_owned(),
    })?;
    let limit = limit.clamp(1, MAX_LIST);
    let (catalogue, today) = (context.catalogue(), context.today());
    context
        .store
        .read("material.list", move |tx| {
            let mut items = Vec::new();
            let mut from = after;
            loop {
                let rows = store::materials::list(tx, from, limit)?;
                for material in &rows {
                    from = Some(material.id);
                    let Some((material, version)) = public_rows(tx, material.id)? else { continue };
                    items.push(standing_card(tx, &catalogue, (&material, &version), today)?);
                    if items.len() == limit {
                        return Ok::<_, ActionError>(MaterialList { next: from.map(|id| id.to_string()), items });
                    }
                }
                if rows.len() < limit {
                    return Ok(MaterialList { items, next: None });
                }
            }
        })
        .await
}

/// Names published materials like this one, best first: those that share its telling words and its topic, then those
/// of its topics that its title finds, then the rest.
pub async fn related(context: &Context, id: MaterialId, limit: usize) -> Result<Vec<Card>, ActionError> {
    let Some(own) = cards(context, vec![id]).await?.pop() else { return Ok(Vec::new()) };
    let (index, budget) = (context.search.clone(), context.bounds.search_budget);
    let groups: BTreeSet<TopicId> = own.topics.iter().map(|topic| topic.id.group()).collect();
    let beside = Query {
        text: own.title.clone(),
        filters: groups.iter().map(|group| (Facet::Topic, group.to_string())).collect(),
        sort: index::Sort::Relevance,
        limit: limit * CONSIDERED,
        offset: 0,
        facets: Vec::new(),
        budget,
        exact: false,
        names: Vec::new(),
    };
    let ids = tokio::task::spawn_blocking(move || {
        let mut ids = index.similar(id, limit * CONSIDERED)?;
        // While the first index is built, materials can be read already.
        if !beside.filters.is_empty() && index.is_ready() {
            let found = index.search(beside)?.hits;
            ids.extend(found.iter().filter_map(|hit| MaterialId::parse(&hit.id).ok()));
        }
        Ok::<_, SearchError>(ids)
    });
    let mut seen = BTreeSet::from([id]);
    let ids = ids.await??.into_iter().filter(|id| seen.insert(*id)).collect();
    let mut like = cards(context, ids).await?;
    like.sort_by_key(|card| kinship(&own, &groups, card));
    like.truncate(limit);
    Ok(like)
}

/// So many times the wanted number of like materials are looked at.
const CONSIDERED: usize = 3;

/// 0 for a topic in common, 1 for topics of one group, 2 for none.
fn kinship(own: &Card, groups: &BTreeSet<TopicId>, other: &Card) -> u8 {
    let has = |topic: &Named<TopicId>| own.topics.iter().any(|own| own.id == topic.id);
    if other.topics.iter().any(has) {
        return 0;
    }
    let is_near = other.topics.iter().any(|topic| groups.contains(&topic.id.group()));
    if is_near { 1 } else { 2 }
}

/// Takes a version back that turned out to be unreadable: the material goes with its only version; blocks.
pub(super) fn discard_blocking(context: &Context, id: MaterialId, number: u32) -> Result<(), ActionError> {
    let unused = context.store.write_blocking("material.discard", context.stamp(), move |tx| {
        let Some(mut material) = store::materials::get(tx, id)? else { return Ok(Vec::new()) };
        let files = store::files::list(tx, id, number)?;
        store::versions::remove(tx, id, number)?;
        for file in &files {
            store::files::remove(tx, file);
        }
        if number <= 1 {
            store::materials::remove(tx, &material)?;
        } else {
            material.latest_version = number - 1;
            restore_previous(tx, &mut material)?;
        }
        tx.record_at(&material.organisation, "material", id.to_string(), &["version", "state"]);
        let blobs = files.into_iter().map(|file| file.blob);
        let is_unused = |blob: &BlobHash| store::files::is_blob_in_use(tx, blob).map(|used| !used);
        let kept = blobs.map(|blob| is_unused(&blob).map(|unused| (blob, unused))).collect::<Result<Vec<_>, _>>()?;
        Ok::<_, ActionError>(kept.into_iter().filter(|(_, unused)| *unused).map(|(blob, _)| blob).collect())
    })?;
    for blob in unused.value {
        context.blobs.remove(&blob)?;
    }
    Ok(())
}

/// The version before an unreadable one is shown again, if it could be read.
fn restore_previous(tx: &mut store::WriteTx<'_>, material: &mut Material) -> Result<(), ActionError> {
    let previous = store::versions::get(tx, material.id, material.latest_version)?;
    let readable = previous.is_some_and(|version| !matches!(version.extraction, Extraction::Failed { .. }));
    if readable && material.published_at.is_some() {
        material.state = State::Published;
        material.published_version = Some(material.latest_version);
    }
    store::materials::put(tx, material)?;
    Ok(())
}

/// Published materials, the newest first, from a place on.
///
/// # Errors
/// When the index or the store fails; while the first index is built there are none.
pub async fn newest(context: &Context, offset: usize, limit: usize) -> Result<MaterialList, ActionError> {
    let request =
        SearchRequest { limit, cursor: Some(offset.to_string()), sort: Sort::Newest, ..SearchRequest::default() };
    match search(context, request).await {
        Ok(found) => {
            Ok(MaterialList { items: found.items.into_iter().map(|item| item.card).collect(), next: found.next })
        }
        Err(ActionError::Unavailable(_)) => Ok(MaterialList::default()),
        Err(error) => Err(error),
    }
}
