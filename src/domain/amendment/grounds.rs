//! Putting right since when something is so, and by which decision, where that was entered wrongly.

use super::{Changes, Ground, Refusal, Replaced};
use crate::domain::area::{Area, AreaEvent};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, OrganisationId};
use crate::domain::organisation::{Organisation, OrganisationEvent};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A ground as it stands on a row or an event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entered {
    pub date: NaiveDate,
    /// Absent where none was known.
    pub legal_basis: Option<String>,
}

impl Entered {
    fn is(&self, date: Option<NaiveDate>, legal_basis: Option<&str>) -> bool {
        date == Some(self.date) && legal_basis == self.legal_basis.as_deref()
    }

    /// The last day on which it was otherwise.
    fn day_before(&self) -> Option<NaiveDate> {
        self.date.pred_opt()
    }
}

/// The latest first, each once.
fn sorted(found: impl Iterator<Item = Entered>) -> Vec<Entered> {
    found.collect::<BTreeSet<_>>().into_iter().rev().collect()
}

fn entered(date: Option<NaiveDate>, legal_basis: Option<&String>) -> Option<Entered> {
    date.map(|date| Entered { date, legal_basis: legal_basis.cloned() })
}

/// The grounds of an organisation's names and of what happened to it.
pub fn of_organisation(catalogue: &Catalogue, id: &OrganisationId) -> Vec<Entered> {
    let names = catalogue.organisation(id).into_iter().flat_map(|organisation| &organisation.names);
    let names = names.filter_map(|name| entered(name.from, name.legal_basis.as_ref()));
    let events = catalogue.organisation_events().iter().filter(|event| concerns(event, id));
    sorted(names.chain(events.filter_map(|event| entered(Some(event.date), event.legal_basis.as_ref()))))
}

fn concerns(event: &OrganisationEvent, id: &OrganisationId) -> bool {
    event.from.contains(id) || event.to.contains(id)
}

/// Plans another ground of an organisation in the place of one that was entered wrongly, with those of the bodies that
/// shared the event.
///
/// # Errors
/// `amendment-missing` where there is no such ground; `date-too-early` where days would no longer follow each other.
pub fn correct_organisation(
    catalogue: &Catalogue,
    id: &OrganisationId,
    old: &Entered,
    new: &Ground,
) -> Result<Changes, Refusal> {
    if !of_organisation(catalogue, id).contains(old) {
        return Err(unknown());
    }
    let shared =
        |event: &&OrganisationEvent| concerns(event, id) && old.is(Some(event.date), event.legal_basis.as_deref());
    let events: Vec<&OrganisationEvent> = catalogue.organisation_events().iter().filter(shared).collect();
    let mut bodies: BTreeSet<&OrganisationId> = BTreeSet::from([id]);
    bodies.extend(events.iter().flat_map(|event| event.from.iter().chain(&event.to)));
    let mut changes = Changes::default();
    for before in bodies.into_iter().filter_map(|id| catalogue.organisation(id)) {
        let ends = events.iter().any(|event| event.from.contains(&before.id) && !event.to.contains(&before.id));
        let after = organisation(before.clone(), ends, old, new);
        follows(&after)?;
        if after != *before {
            changes.organisations.push(Replaced { before: Some(before.clone()), after });
        }
    }
    changes.corrected_organisation_events = events.into_iter().map(|event| event_of(event, new)).collect();
    Ok(changes)
}

fn event_of(before: &OrganisationEvent, new: &Ground) -> Replaced<OrganisationEvent> {
    let legal_basis = Some(new.legal_basis.clone());
    let after = OrganisationEvent { date: new.date, legal_basis, ..before.clone() };
    Replaced { before: Some(before.clone()), after }
}

/// A row with the new ground; `ends` tells whether the old one ended it.
fn organisation(mut row: Organisation, ends: bool, old: &Entered, new: &Ground) -> Organisation {
    let begins = |name: &crate::domain::organisation::OrganisationName| old.is(name.from, name.legal_basis.as_deref());
    let last = row.names.len().saturating_sub(1);
    let corrected: Vec<bool> = row.names.iter().map(begins).collect();
    if corrected.first() == Some(&true) && row.created_on == Some(old.date) {
        row.created_on = Some(new.date);
    }
    for (index, name) in row.names.iter_mut().enumerate() {
        let is_followed = corrected.get(index + 1) == Some(&true);
        if corrected.get(index) == Some(&true) {
            (name.from, name.legal_basis) = (Some(new.date), Some(new.legal_basis.clone()));
        }
        if (is_followed || ends && index == last) && name.to == old.day_before() {
            name.to = Some(new.day_before());
        }
    }
    if ends && row.ended_on == old.day_before() {
        row.ended_on = Some(new.day_before());
    }
    row
}

/// Refuses names whose days do not follow each other.
fn follows(row: &Organisation) -> Result<(), Refusal> {
    let begins: Vec<NaiveDate> = row.names.iter().filter_map(|name| name.from).collect();
    let ends = row.names.iter().all(|name| name.from.zip(name.to).is_none_or(|(from, to)| from <= to));
    if ends && begins.is_sorted() && begins.last().copied().zip(row.ended_on).is_none_or(|(from, to)| from <= to) {
        return Ok(());
    }
    Err(out_of_order(row.latest_name()))
}

/// The grounds of an area's names and of what happened to it.
pub fn of_area(catalogue: &Catalogue, id: &AreaId) -> Vec<Entered> {
    let area = catalogue.area(id);
    let former = area.into_iter().flat_map(|area| &area.former_names);
    let former = former.filter_map(|name| entered(name.from, name.legal_basis.as_ref()));
    let own = area.and_then(|area| entered(named_on(area), area.legal_basis.as_ref()));
    let events = catalogue.area_events().iter().filter(|event| touches(event, id));
    sorted(former.chain(own).chain(events.filter_map(|event| entered(Some(event.date), Some(&event.legal_basis)))))
}

fn touches(event: &AreaEvent, id: &AreaId) -> bool {
    event.from.contains(id) || event.to.contains(id)
}

/// Since when an area bears its present name.
fn named_on(area: &Area) -> Option<NaiveDate> {
    let former = area.former_names.last().and_then(|name| name.to);
    former.and_then(|day| day.succ_opt()).or(area.valid_from)
}

/// Plans another ground of an area, as [`correct_organisation`] does.
///
/// # Errors
/// As there.
pub fn correct_area(catalogue: &Catalogue, id: &AreaId, old: &Entered, new: &Ground) -> Result<Changes, Refusal> {
    if !of_area(catalogue, id).contains(old) {
        return Err(unknown());
    }
    let shared = |event: &&AreaEvent| touches(event, id) && old.is(Some(event.date), Some(&event.legal_basis));
    let events: Vec<&AreaEvent> = catalogue.area_events().iter().filter(shared).collect();
    let mut areas: BTreeSet<&AreaId> = BTreeSet::from([id]);
    areas.extend(events.iter().flat_map(|event| event.from.iter().chain(&event.to)));
    let mut changes = Changes::default();
    for before in areas.into_iter().filter_map(|id| catalogue.area(id)) {
        let ends = events.iter().any(|event| event.from.contains(&before.id) && !event.to.contains(&before.id));
        let after = area(before.clone(), ends, old, new);
        if named_on(&after).zip(after.valid_to).is_some_and(|(from, to)| to < from) || !names_follow(&after) {
            return Err(out_of_order(&after.full_name));
        }
        if after != *before {
            changes.areas.push(Replaced { before: Some(before.clone()), after });
        }
    }
    let event = |before: &AreaEvent| {
        let after = AreaEvent { date: new.date, legal_basis: new.legal_basis.clone(), ..before.clone() };
        Replaced { before: Some(before.clone()), after }
    };
    changes.corrected_area_events = events.into_iter().map(event).collect();
    Ok(changes)
}

fn area(mut row: Area, ends: bool, old: &Entered, new: &Ground) -> Area {
    let is_own = old.is(named_on(&row), row.legal_basis.as_deref());
    let corrected: Vec<bool> =
        row.former_names.iter().map(|name| old.is(name.from, name.legal_basis.as_deref())).chain([is_own]).collect();
    if corrected.first() == Some(&true) && row.valid_from == Some(old.date) {
        row.valid_from = Some(new.date);
    }
    for (index, name) in row.former_names.iter_mut().enumerate() {
        if corrected.get(index) == Some(&true) {
            (name.from, name.legal_basis) = (Some(new.date), Some(new.legal_basis.clone()));
        }
        if corrected.get(index + 1) == Some(&true) && name.to == old.day_before() {
            name.to = Some(new.day_before());
        }
    }
    if is_own {
        row.legal_basis = Some(new.legal_basis.clone());
    }
    if ends && row.valid_to == old.day_before() {
        row.valid_to = Some(new.day_before());
    }
    row
}

fn names_follow(row: &Area) -> bool {
    let begins: Vec<NaiveDate> = row.former_names.iter().filter_map(|name| name.from).collect();
    let each = row.former_names.iter().all(|name| name.from.zip(name.to).is_none_or(|(from, to)| from <= to));
    each && begins.is_sorted()
}

fn unknown() -> Refusal {
    Refusal::new("ground", "amendment-missing", "Không còn căn cứ này; hãy mở lại trang.")
}

fn out_of_order(name: &str) -> Refusal {
    let reason = format!("“{name}”: với ngày này, các thời kỳ không còn nối tiếp nhau. Hãy kiểm tra lại ngày.");
    Refusal::new("date", "date-too-early", reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::amendment::organisations::{Heir, NewName, Succession, succeed};
    use crate::domain::organisation::{OrganisationKind, OrganisationName};

    fn id(text: &str) -> OrganisationId {
        OrganisationId::parse(text).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn body(text: &str) -> Organisation {
        Organisation {
            id: id(text),
            kind: OrganisationKind::Department,
            parent: None,
            names: vec![OrganisationName {
                name: text.to_owned(),
                short_name: None,
                from: Some(day("2010-01-01")),
                to: None,
                legal_basis: None,
            }],
            created_on: Some(day("2010-01-01")),
            ended_on: None,
            area: None,
            website: None,
            publishes_unreviewed: false,
        }
    }

    /// Two bodies that were merged into a new one.
    fn merged(ground: &Ground) -> Catalogue {
        let mut all = vec![body("so-a"), body("so-b")];
        let before = Catalogue::default().with_organisations(all.clone(), Vec::new());
        let into = Heir::New(id("so-c"), NewName::parse("Sở C", "").unwrap());
        let merge = Succession::Merge { from: vec![id("so-a"), id("so-b")], into };
        let changes = succeed(&before, &merge, ground).unwrap();
        for row in &changes.organisations {
            all.retain(|other| other.id != row.after.id);
            all.push(row.after.clone());
        }
        Catalogue::default().with_organisations(all, changes.organisation_events)
    }

    #[test]
    fn a_ground_is_put_right_on_every_row_that_shares_it() {
        let wrong = Ground { date: day("2025-07-01"), legal_basis: "NQ 1".to_owned() };
        let right = Ground { date: day("2025-03-01"), legal_basis: "NQ 2".to_owned() };
        let catalogue = merged(&wrong);
        let old = Entered { date: wrong.date, legal_basis: Some(wrong.legal_basis) };
        assert_eq!(of_organisation(&catalogue, &id("so-c")), std::slice::from_ref(&old));
        let changes = correct_organisation(&catalogue, &id("so-a"), &old, &right).unwrap();
        let after = |name: &str| &changes.organisations.iter().find(|row| row.after.id == id(name)).unwrap().after;
        for ended in ["so-a", "so-b"] {
            assert_eq!(after(ended).ended_on, Some(day("2025-02-28")));
            assert_eq!(after(ended).names.last().unwrap().to, Some(day("2025-02-28")));
        }
        let heir = after("so-c");
        assert_eq!((heir.created_on, heir.names[0].from), (Some(right.date), Some(right.date)));
        assert_eq!(heir.names[0].legal_basis.as_deref(), Some("NQ 2"));
        let event = &changes.corrected_organisation_events[0].after;
        assert_eq!((event.date, event.legal_basis.as_deref()), (right.date, Some("NQ 2")));
    }

    #[test]
    fn days_still_follow_each_other_and_what_is_not_there_is_not_put_right() {
        let wrong = Ground { date: day("2025-07-01"), legal_basis: "NQ 1".to_owned() };
        let catalogue = merged(&wrong);
        let old = Entered { date: wrong.date, legal_basis: Some("NQ 1".to_owned()) };
        let refused = |old: &Entered, date: &str| {
            let new = Ground { date: day(date), legal_basis: "NQ 2".to_owned() };
            correct_organisation(&catalogue, &id("so-a"), old, &new).unwrap_err().code
        };
        assert_eq!(refused(&old, "2009-01-01"), "date-too-early");
        assert_eq!(refused(&Entered { legal_basis: None, ..old.clone() }, "2025-03-01"), "amendment-missing");
    }

    #[test]
    fn the_ground_of_an_area_is_put_right_with_its_name_before() {
        let area = Area {
            id: AreaId::parse("qt.x").unwrap(),
            code: String::new(),
            code_system: String::new(),
            level: crate::domain::area::AreaLevel::Commune,
            name: "X".to_owned(),
            full_name: "Xã X".to_owned(),
            former_names: vec![crate::domain::area::AreaName {
                name: "Y".to_owned(),
                full_name: "Xã Y".to_owned(),
                from: Some(day("2000-01-01")),
                to: Some(day("2025-06-30")),
                legal_basis: None,
            }],
            parent: None,
            valid_from: Some(day("2000-01-01")),
            valid_to: None,
            legal_basis: Some("NQ 1".to_owned()),
            latitude: None,
            longitude: None,
        };
        let id = area.id.clone();
        let catalogue = Catalogue::default().with_areas(vec![area], Vec::new());
        let old = Entered { date: day("2025-07-01"), legal_basis: Some("NQ 1".to_owned()) };
        let new = Ground { date: day("2025-08-01"), legal_basis: "NQ 2".to_owned() };
        let changes = correct_area(&catalogue, &id, &old, &new).unwrap();
        let after = &changes.areas[0].after;
        assert_eq!(after.former_names[0].to, Some(day("2025-07-31")));
        assert_eq!((after.valid_from, after.legal_basis.as_deref()), (Some(day("2000-01-01")), Some("NQ 2")));
    }
}
