//! From rows of the domain to a document of the index.

use crate::domain::catalogue::Catalogue;
use crate::domain::facet::Facet;
use crate::domain::material::{Material, Version};
use crate::domain::page::Page;
use chrono::{Datelike, NaiveDate};
use hoclieu_index::{Document, Passage};
use std::collections::{BTreeMap, BTreeSet};

/// Makes the document of a public version.
pub fn document(catalogue: &Catalogue, material: &Material, version: &Version, pages: &[Page]) -> Document {
    let description = &version.description;
    Document {
        id: material.id.to_string(),
        title: description.title.clone(),
        summary: description.summary.clone(),
        keys: description.document_number.iter().cloned().collect(),
        date_days: date_days(material, version),
        facets: facets(catalogue, material, version),
        passages: pages.iter().map(passage).collect(),
    }
}

fn passage(page: &Page) -> Passage {
    Passage {
        page_id: page.label.clone().unwrap_or_else(|| page.number.to_string()),
        page: page.number,
        heading: page.heading.clone(),
        text: page.text(),
    }
}

/// Days since 1970 of the issue, else of the publication.
fn date_days(material: &Material, version: &Version) -> Option<i32> {
    let published = material.published_at.map(|at| at.date_naive());
    let day = version.description.issued_on.or(published)?;
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

fn facets(catalogue: &Catalogue, material: &Material, version: &Version) -> BTreeMap<String, Vec<String>> {
    let description = &version.description;
    let areas: BTreeSet<_> = description.areas.iter().flat_map(|id| catalogue.area_lineage(id)).collect();
    let values = |facet: Facet| -> Vec<String> {
        match facet {
            Facet::Topic => description.topics.iter().map(ToString::to_string).collect(),
            Facet::Organisation => strings(catalogue.organisation_lineage(&material.organisation)),
            Facet::Area => strings(areas.iter()),
            Facet::Kind => vec![description.kind.code().to_owned()],
            Facet::Language => strings(&description.languages),
            Facet::Level => description.level.iter().map(|level| level.code().to_owned()).collect(),
            Facet::Audience => description.audiences.iter().map(|audience| audience.code().to_owned()).collect(),
            Facet::Year => description.issued_on.iter().map(|day| day.year().to_string()).collect(),
        }
    };
    Facet::ALL.into_iter().map(|facet| (facet.code().to_owned(), values(facet))).collect()
}

fn strings<T: ToString>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}
