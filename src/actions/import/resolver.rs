//! Finds things of the catalogue by id or by the names that people write.

use super::OWN_ORGANISATION;
use crate::domain::area::AreaLevel;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, OrganisationId, TopicId};
use crate::domain::organisation::Organisation;
use crate::search::fold;
use std::collections::{BTreeMap, HashMap};

/// The most bodies that are offered where a name fits several or none.
const OFFERED: usize = 4;

/// The names of a catalogue, marks and case aside.
pub(super) struct Resolver<'a> {
    catalogue: &'a Catalogue,
    topics: HashMap<String, TopicId>,
    organisations: Organisations,
    areas: HashMap<String, AreaId>,
}

/// The names of organisations: full ones, short ones, and both without the province.
#[derive(Default)]
struct Organisations {
    /// In use today.
    current: BTreeMap<String, Vec<OrganisationId>>,
    /// Borne before, or by bodies that are no more.
    former: BTreeMap<String, Vec<OrganisationId>>,
    /// What names end in that tells the province, with the space before it; longer ones first.
    endings: Vec<String>,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        let live = || {
            let groups = catalogue.topics_below(None).into_iter();
            groups.flat_map(|group| catalogue.topics_below(Some(&group.id)).into_iter().chain([group]))
        };
        // A label in use wins over one that another topic bore.
        let former = live().flat_map(|topic| topic.former_labels.iter().map(|label| (fold(label), topic.id.clone())));
        let mut topics: HashMap<_, _> = former.collect();
        topics.extend(live().map(|topic| (fold(&topic.label), topic.id.clone())));
        // Two places may share a name: today's wins over a former one.
        let mut areas = HashMap::new();
        for area in catalogue.areas() {
            let former = area.former_names.iter().flat_map(|former| [&former.name, &former.full_name]);
            for name in former.map(|name| fold(name)) {
                areas.entry(name).or_insert_with(|| area.id.clone());
            }
            for name in [fold(&area.name), fold(&area.full_name)] {
                if area.valid_to.is_none() || !areas.contains_key(&name) {
                    areas.insert(name, area.id.clone());
                }
            }
        }
        Self { catalogue, topics, organisations: Organisations::of(catalogue), areas }
    }

    pub(super) fn topic(&self, text: &str) -> Option<TopicId> {
        let known = TopicId::parse(text).ok().and_then(|id| self.catalogue.topic(&id));
        known.map(|topic| topic.id.clone()).or_else(|| self.topics.get(&fold(text)).cloned())
    }

    /// The one body that is meant, by its id or any name; else what to write instead.
    pub(super) fn organisation(&self, text: &str) -> Result<OrganisationId, String> {
        let id = OrganisationId::parse(text).ok();
        if let Some(id) = id.filter(|id| self.catalogue.organisation(id).is_some() || id.as_str() == OWN_ORGANISATION) {
            return Ok(id);
        }
        let wanted = fold(text);
        let named = self.organisations.named(&wanted);
        let (lead, offered) = match named {
            [only] => return Ok(only.clone()),
            [] => (format!("Không nhận ra cơ quan «{text}»."), self.organisations.resembling(&wanted)),
            several => (format!("«{text}» là tên của nhiều cơ quan."), several.iter().collect()),
        };
        let offered: Vec<String> = offered
            .into_iter()
            .filter_map(|id| self.catalogue.organisation(id))
            .map(|one| format!("«{}» (mã {})", one.latest_name(), one.id))
            .take(OFFERED)
            .collect();
        if offered.is_empty() {
            return Err(format!("{lead} Hãy ghi tên đầy đủ hoặc mã như ở trang Cơ quan."));
        }
        Err(format!("{lead} Hãy ghi tên đầy đủ hoặc mã: {}.", offered.join(", ")))
    }

    pub(super) fn area(&self, text: &str) -> Option<AreaId> {
        let known = AreaId::parse(text).ok().filter(|id| self.catalogue.area(id).is_some());
        known.or_else(|| self.areas.get(&fold(text)).cloned())
    }
}

impl Organisations {
    fn of(catalogue: &Catalogue) -> Self {
        let provinces = catalogue.areas().filter(|area| area.level == AreaLevel::Province);
        let names = provinces.flat_map(|area| [&area.full_name, &area.name]).map(|name| format!(" {}", fold(name)));
        let mut all = Self { endings: names.collect(), ..Self::default() };
        for organisation in catalogue.organisations() {
            all.add(organisation);
        }
        all
    }

    /// A name without the province at its end, where it stands there.
    fn bare<'b>(&self, folded: &'b str) -> Option<&'b str> {
        self.endings.iter().find_map(|ending| folded.strip_suffix(ending.as_str()))
    }

    fn add(&mut self, organisation: &Organisation) {
        for (place, name) in (1..).zip(&organisation.names) {
            let in_use = place == organisation.names.len() && organisation.ended_on.is_none();
            for name in [Some(&name.name), name.short_name.as_ref()].into_iter().flatten().map(|name| fold(name)) {
                let bare = self.bare(&name).map(str::to_owned);
                let names = if in_use { &mut self.current } else { &mut self.former };
                for name in bare.into_iter().chain([name]) {
                    let bearers: &mut Vec<OrganisationId> = names.entry(name).or_default();
                    if !bearers.contains(&organisation.id) {
                        bearers.push(organisation.id.clone());
                    }
                }
            }
        }
    }

    /// The bearers of a name; a name in use wins over one that others bore.
    fn named(&self, folded: &str) -> &[OrganisationId] {
        let forms = [Some(folded), self.bare(folded)];
        let mut found = [&self.current, &self.former]
            .into_iter()
            .flat_map(|names| forms.into_iter().flatten().filter_map(|form| names.get(form)));
        found.next().map_or(&[], Vec::as_slice)
    }

    /// Bodies of today whose names hold the words, each once.
    fn resembling(&self, folded: &str) -> Vec<&OrganisationId> {
        let words = format!(" {folded} ");
        let mut found: Vec<&OrganisationId> = Vec::new();
        for (name, bearers) in &self.current {
            if !folded.is_empty() && format!(" {name} ").contains(&words) {
                found.extend(bearers);
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::area::Area;
    use serde_json::json;

    fn catalogue() -> Catalogue {
        let body = |id: &str, names: &[(&str, Option<&str>)], ended: bool| -> Organisation {
            let names: Vec<_> = names
                .iter()
                .map(|(name, short)| json!({"name": name, "short_name": short, "from": null, "to": null, "legal_basis": null}))
                .collect();
            serde_json::from_value(json!({
                "id": id, "kind": "department", "parent": null, "names": names, "created_on": null,
                "ended_on": ended.then_some("2025-06-30"), "area": null, "website": null
            }))
            .unwrap()
        };
        let province: Area = serde_json::from_value(json!({
            "id": "qt", "code": "44", "code_system": "x", "level": "province", "name": "Quảng Trị",
            "full_name": "Tỉnh Quảng Trị", "parent": null, "valid_from": null, "valid_to": null,
            "legal_basis": null, "latitude": null, "longitude": null
        }))
        .unwrap();
        let bodies = vec![
            body("so-yt", &[("Sở Y tế tỉnh Quảng Trị", None)], false),
            body("so-nnmt", &[("Sở Nông nghiệp và Môi trường tỉnh Quảng Trị", Some("Sở NN&MT"))], false),
            body("so-tnmt", &[("Sở Tài nguyên và Môi trường tỉnh Quảng Trị", None)], true),
            body("tt-a", &[("Trung tâm học tập cộng đồng xã A", Some("TTHTCĐ"))], false),
            body("tt-b", &[("Trung tâm học tập cộng đồng xã B", Some("TTHTCĐ"))], false),
        ];
        Catalogue::default().with_areas(vec![province], Vec::new()).with_organisations(bodies, Vec::new())
    }

    #[test]
    fn bodies_are_found_by_what_people_call_them() {
        let catalogue = catalogue();
        let resolver = Resolver::new(&catalogue);
        for (written, id) in [
            ("sở y tế", "so-yt"),
            ("So Y te tinh Quang Tri", "so-yt"),
            ("Sở Y tế Quảng Trị", "so-yt"),
            ("Sở Nông nghiệp và Môi trường", "so-nnmt"),
            ("Sở NN&MT", "so-nnmt"),
            ("Sở Tài nguyên và Môi trường", "so-tnmt"),
            ("so-nnmt", "so-nnmt"),
        ] {
            assert_eq!(resolver.organisation(written).unwrap().as_str(), id, "{written}");
        }
    }

    #[test]
    fn a_name_of_several_or_none_is_answered_with_those_it_may_be() {
        let catalogue = catalogue();
        let resolver = Resolver::new(&catalogue);
        let several = resolver.organisation("TTHTCĐ").unwrap_err();
        assert!(several.contains("(mã tt-a)") && several.contains("(mã tt-b)"), "{several}");
        let part = resolver.organisation("môi trường").unwrap_err();
        assert!(part.contains("(mã so-nnmt)") && !part.contains("so-tnmt"), "{part}");
        assert!(resolver.organisation("Sở Bí mật").unwrap_err().contains("Không nhận ra"));
    }
}
