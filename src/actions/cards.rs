//! Makes what lists show of a material out of its rows.

use crate::actions::materials::{Card, Named};
use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::day::day_of;
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::material::{Material, Version};
use crate::domain::permission::Object;
use crate::domain::validity::Standing;
use crate::store::{self, ReadTx};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The rows of a material that the public may see.
pub(super) fn public_rows(tx: &dyn ReadTx, id: MaterialId) -> Result<Option<(Material, Version)>, ActionError> {
    let Some(material) = store::materials::get(tx, id)? else { return Ok(None) };
    let Some(number) = material.public_version() else { return Ok(None) };
    let version = store::versions::get(tx, id, number)?;
    Ok(version.map(|version| (material, version)))
}

/// What a list shows of a material.
pub(super) fn card(catalogue: &Catalogue, material: &Material, version: &Version) -> Card {
    let description = &version.description;
    let mut topics: Vec<_> = description.topics.iter().filter_map(|id| catalogue.topic(id)).collect();
    let mut seen = BTreeSet::new();
    // Two of its topics may have become one.
    topics.retain(|topic| seen.insert(&topic.id));
    Card {
        id: material.id,
        external_id: material.external_id.clone(),
        title: description.title.clone(),
        summary: description.summary.clone(),
        kind: description.kind,
        organisation: named_organisation(catalogue, &material.organisation, publication_day(material, version)),
        topics: topics.into_iter().map(|topic| Named { id: topic.id.clone(), name: topic.label.clone() }).collect(),
        languages: description.languages.clone(),
        issued_on: description.issued_on,
        published_at: material.published_at,
        changed_at: material.changed_at,
        page_count: version.page_count,
        word_count: version.word_count,
        sample: description.sample,
        standing: Standing::default(),
    }
}

/// What a list shows of a public material, with how it stands today.
pub(super) fn standing_card(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    (material, version): (&Material, &Version),
    today: NaiveDate,
) -> Result<Card, ActionError> {
    let standing = standing(tx, catalogue, (material, version), today)?;
    Ok(Card { standing, ..card(catalogue, material, version) })
}

/// The published materials among `ids`, in the same order.
pub(super) async fn cards(context: &Context, ids: Vec<MaterialId>) -> Result<Vec<Card>, ActionError> {
    let context = context.clone();
    tokio::task::spawn_blocking(move || cards_blocking(&context, &ids)).await?
}

/// The same; blocks.
pub(super) fn cards_blocking(context: &Context, ids: &[MaterialId]) -> Result<Vec<Card>, ActionError> {
    let (catalogue, today) = (context.catalogue(), context.today());
    context.store.read_blocking("material.cards", |tx| {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            if let Some((material, version)) = public_rows(tx, *id)? {
                found.push(standing_card(tx, &catalogue, (&material, &version), today)?);
            }
        }
        Ok(found)
    })
}

/// How a version stands on a day. Only what is public itself takes another's place, and only that of a material of the same
/// body, of one whose work it carries on, or of one below it: anyone else merely claims to.
pub(super) fn standing(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    (material, version): (&Material, &Version),
    today: NaiveDate,
) -> Result<Standing, ActionError> {
    let object = Object::of(catalogue, &material.organisation);
    let mut replaced_by = Vec::new();
    for id in store::turns::replacing(tx, material.id)? {
        let takes = |(new, other): &(Material, Version)| {
            object.is_under(&new.organisation) && other.description.replaces.contains(&material.id)
        };
        if public_rows(tx, id)?.as_ref().is_some_and(takes) {
            replaced_by.push(id);
        }
    }
    Ok(Standing::of(&version.description, today, replaced_by))
}

/// The public ones among some materials, by their titles.
pub(super) fn named_materials(tx: &dyn ReadTx, ids: &[MaterialId]) -> Result<Vec<Named<MaterialId>>, ActionError> {
    let mut named = Vec::new();
    for id in ids {
        let public = public_rows(tx, *id)?;
        named.extend(public.map(|(_, version)| Named { id: *id, name: version.description.title }));
    }
    Ok(named)
}

/// An organisation under the name that it bore on a day.
pub(super) fn named_organisation(catalogue: &Catalogue, id: &OrganisationId, day: NaiveDate) -> Named<OrganisationId> {
    let name = catalogue.organisation(id).map_or(id.as_str(), |organisation| organisation.name_on(day));
    Named { id: id.clone(), name: name.to_owned() }
}

/// The day whose names a material is shown with: of issue, else of publication, else of making.
fn publication_day(material: &Material, version: &Version) -> NaiveDate {
    let published = day_of(material.published_at.unwrap_or(material.created_at));
    version.description.issued_on.unwrap_or(published)
}
