//! From rows of the domain to a document of the index.

use crate::domain::area::AreaLevel;
use crate::domain::catalogue::Catalogue;
use crate::domain::day::day_of;
use crate::domain::facet::{EVERYWHERE, Facet};
use crate::domain::id::AreaId;
use crate::domain::material::{Material, SAMPLE_NOTICE, Version};
use crate::domain::page::Page;
use crate::domain::validity::Standing;
use chrono::{Datelike, NaiveDate};
use hoclieu_index::{Document, Passage};
use std::collections::{BTreeMap, BTreeSet};

/// The day of the last change, by which what is new is found; no reader narrows by it.
pub(super) const CHANGED: &str = "changed";

/// What has had its day loses this share of its score, so that its successor, which says nearly the same, stands first.
const PAST: f32 = 0.5;

/// Makes the document of a public version that stands so today.
pub fn document(
    catalogue: &Catalogue,
    (material, version): (&Material, &Version),
    standing: &Standing,
    pages: &[Page],
) -> Document {
    let description = &version.description;
    Document {
        id: material.id.to_string(),
        title: description.title.clone(),
        summary: description.summary.clone(),
        keys: description.document_number.iter().cloned().collect(),
        date_days: date_days(material, version),
        handicap: if standing.is_past() { PAST } else { 0.0 },
        facets: facets(catalogue, material, version),
        passages: pages.iter().map(|page| passage(page, description.sample)).collect(),
    }
}

/// A page as it is searched; the notice that every sample bears says nothing about its subject.
fn passage(page: &Page, sample: bool) -> Passage {
    let text = page.text();
    Passage {
        page_id: page.label.clone().unwrap_or_else(|| page.number.to_string()),
        page: page.number,
        heading: page.heading.clone(),
        text: if sample { without(&text, SAMPLE_NOTICE) } else { text },
    }
}

/// A text without a sentence, however its words are parted by blanks and lines.
fn without(text: &str, sentence: &str) -> String {
    let wanted: Vec<&str> = sentence.split_whitespace().collect();
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(start) = wanted.first().and_then(|first| rest.find(first)) {
        let (before, from) = rest.split_at_checked(start).unwrap_or((rest, ""));
        kept.push_str(before);
        let after = wanted.iter().try_fold(from, |left, word| left.trim_start().strip_prefix(word));
        let passed = wanted.first().map_or(0, |first| first.len());
        let (shown, left) = match after {
            Some(after) => ("", after.trim_start()),
            None => from.split_at_checked(passed).unwrap_or((from, "")),
        };
        kept.push_str(shown);
        rest = left;
    }
    kept.push_str(rest);
    kept
}

/// Days since 1970 of the issue, else of the publication.
fn date_days(material: &Material, version: &Version) -> Option<i32> {
    let published = material.published_at.map(day_of);
    let day = version.description.issued_on.or(published)?;
    i32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

fn facets(catalogue: &Catalogue, material: &Material, version: &Version) -> BTreeMap<String, Vec<String>> {
    let description = &version.description;
    let areas = areas(catalogue, &description.areas);
    let changed = (CHANGED.to_owned(), vec![day_of(material.changed_at).to_string()]);
    let values = |facet: Facet| -> Vec<String> {
        match facet {
            // A topic that was moved or merged counts under the one that took its place.
            Facet::Topic => {
                strings(description.topics.iter().map(|id| catalogue.topic_id(id)).collect::<BTreeSet<_>>())
            }
            Facet::Organisation => strings(catalogue.organisation_lineage(&material.organisation)),
            Facet::Area => areas.iter().cloned().collect(),
            Facet::Kind => vec![description.kind.code().to_owned()],
            Facet::Language => strings(&description.languages),
            Facet::Level => description.level.iter().map(|level| level.code().to_owned()).collect(),
            Facet::Audience => description.audiences.iter().map(|audience| audience.code().to_owned()).collect(),
            Facet::Year => description.issued_on.iter().map(|day| day.year().to_string()).collect(),
        }
    };
    Facet::ALL.into_iter().map(|facet| (facet.code().to_owned(), values(facet))).chain([changed]).collect()
}

/// The areas under which a material is found: those it names with what they lie in and have become, and, for a former
/// district or province, what its parts have become.
pub(super) fn areas(catalogue: &Catalogue, named: &[AreaId]) -> BTreeSet<String> {
    let lineage = named.iter().flat_map(|id| catalogue.area_lineage(id).into_iter().chain(catalogue.areas_today(id)));
    let mut found: BTreeSet<String> = lineage.map(|id| id.to_string()).collect();
    let is_whole = |id: &AreaId| {
        catalogue.area(id).is_some_and(|area| area.level == AreaLevel::Province && area.valid_to.is_none())
    };
    if found.is_empty() || named.iter().any(is_whole) {
        found.insert(EVERYWHERE.to_owned());
    }
    found
}

fn strings<T: ToString>(items: impl IntoIterator<Item = T>) -> Vec<String> {
    items.into_iter().map(|item| item.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_of_samples_is_not_searched() {
        let text = format!("Trồng ném\n{}\nTài liệu này nói về ném.", SAMPLE_NOTICE.replacen(' ', "\n", 3));
        let mut page = Page::from_text(1, None, &text);
        assert_eq!(passage(&page, true).text, "Trồng ném\nTài liệu này nói về ném.");
        assert_eq!(passage(&page, false).text, text, "others may quote it");
        page = Page::from_text(1, None, "Tài liệu mẫu");
        assert_eq!(passage(&page, true).text, "Tài liệu mẫu");
        assert_eq!(without("", SAMPLE_NOTICE), "");
    }
}
