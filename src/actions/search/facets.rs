//! The values that a search may be narrowed by, with their names and counts.

use super::{Facet, FacetGroup, FacetValue};
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::EVERYWHERE;
use crate::domain::id::{AreaId, OrganisationId, TopicId};
use crate::domain::language::Language;
use crate::domain::material::{Audience, Kind, Level};
use crate::search::Answer;
use std::collections::HashMap;

/// The values of every facet with their labels; those selected are there even when nothing bears them.
pub(super) fn groups(catalogue: &Catalogue, filters: &[(Facet, String)], answer: &Answer) -> Vec<FacetGroup> {
    let group = |facet: Facet| {
        let counted = answer.facets.get(facet.code()).map_or(&[][..], Vec::as_slice);
        let is_selected = |id: &str| filters.iter().any(|(of, value)| *of == facet && value == id);
        let mut values: Vec<FacetValue> = counted
            .iter()
            .map(|value| FacetValue {
                label: label(catalogue, facet, &value.id),
                selected: is_selected(&value.id),
                count: value.count,
                below: is_below(facet, &value.id),
                id: value.id.clone(),
            })
            .collect();
        for (_, id) in filters.iter().filter(|(of, id)| *of == facet && !counted.iter().any(|v| v.id == *id)) {
            let (label, below) = (label(catalogue, facet, id), is_below(facet, id));
            values.push(FacetValue { label, selected: true, count: 0, below, id: id.clone() });
        }
        FacetGroup { facet, values }
    };
    Facet::ALL.into_iter().map(group).collect()
}

fn is_below(facet: Facet, id: &str) -> bool {
    facet == Facet::Topic && TopicId::parse(id).is_ok_and(|topic| topic.parent().is_some())
}

/// Puts values in the order in which they are read: years backwards, each subtopic behind its topic, else as they are.
pub fn in_reading_order(facet: Facet, mut values: Vec<FacetValue>) -> Vec<FacetValue> {
    match facet {
        Facet::Year => values.sort_by(|a, b| b.id.cmp(&a.id)),
        Facet::Topic => {
            let group =
                |id: &str| TopicId::parse(id).ok().and_then(|topic| topic.parent()).map(|above| above.to_string());
            let places: HashMap<String, usize> =
                values.iter().zip(0..).map(|(value, at)| (value.id.clone(), at)).collect();
            let place = |value: &FacetValue| {
                let above = group(&value.id).and_then(|above| places.get(&above)).or_else(|| places.get(&value.id));
                above.copied().unwrap_or(usize::MAX)
            };
            values.sort_by_key(|value| (place(value), value.below));
        }
        _ => {}
    }
    values
}

/// The values that are chosen.
pub(super) fn selected(facets: &[FacetGroup]) -> Vec<(Facet, FacetValue)> {
    let of_group = |group: &FacetGroup| {
        let facet = group.facet;
        group.values.iter().filter(|value| value.selected).cloned().map(move |value| (facet, value)).collect::<Vec<_>>()
    };
    facets.iter().flat_map(of_group).collect()
}

/// A facet value's name for readers; the value itself where nothing is known of it.
pub fn label(catalogue: &Catalogue, facet: Facet, id: &str) -> String {
    let known = match facet {
        Facet::Topic => TopicId::parse(id).ok().and_then(|id| catalogue.topic(&id)).map(|topic| topic.label.clone()),
        Facet::Organisation => {
            let id = OrganisationId::parse(id).ok();
            id.and_then(|id| catalogue.organisation(&id)).map(|organisation| organisation.latest_name().to_owned())
        }
        Facet::Area if id == EVERYWHERE => Some("Dùng chung, không riêng địa bàn nào".to_owned()),
        Facet::Area => AreaId::parse(id).ok().and_then(|id| catalogue.area(&id)).map(|area| area.full_name.clone()),
        Facet::Kind => Kind::from_code(id).map(|kind| kind.label().to_owned()),
        Facet::Language => Language::parse(id).ok().map(|language| language.name_vi().to_owned()),
        Facet::Level => Level::from_code(id).map(|level| level.label().to_owned()),
        Facet::Audience => Audience::from_code(id).map(|audience| audience.label().to_owned()),
        Facet::Year => None,
    };
    known.unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subtopics_stand_behind_their_topic_and_years_go_backwards() {
        let value = |facet, id: &str| FacetValue {
            id: id.to_owned(),
            label: id.to_owned(),
            count: 1,
            selected: false,
            below: is_below(facet, id),
        };
        let order = |facet, ids: &[&str]| -> Vec<String> {
            let values = ids.iter().map(|id| value(facet, id)).collect();
            in_reading_order(facet, values).into_iter().map(|value| value.id).collect()
        };
        let topics = order(Facet::Topic, &["agri", "law", "agri.rice", "law.land", "agri.fruit", "lost.sub"]);
        assert_eq!(topics, ["agri", "agri.rice", "agri.fruit", "law", "law.land", "lost.sub"]);
        assert_eq!(order(Facet::Year, &["2024", "2026", "2025"]), ["2026", "2025", "2024"]);
        assert_eq!(order(Facet::Kind, &["b", "a"]), ["b", "a"]);
    }
}
