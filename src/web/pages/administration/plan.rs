//! What an amendment would do, in words, before it is done.

#[cfg(test)]
use super::rendered;
use super::{Choice, Frame, Refusal, choices};
use crate::actions::administration::Plan;
use crate::domain::account::Grant;
use crate::domain::amendment::{Changes, Replaced};
use crate::domain::area::Area;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::OrganisationId;
use crate::domain::organisation::{Organisation, OrganisationEvent, OrganisationEventKind};
use crate::web::pages::view::date;
use askama::Template;

/// Shows what would be done and asks for agreement.
#[derive(Template)]
#[template(path = "administration/plan.html", config = "src/web/askama.toml")]
pub(super) struct PlanPage {
    pub(super) frame: Frame,
    pub(super) refusal: Refusal,
    pub(super) title: String,
    /// Where the form goes: with agreement, or back to be corrected.
    pub(super) url: String,
    pub(super) ground: String,
    pub(super) lines: Vec<String>,
    pub(super) people: Vec<PersonView>,
    /// What was typed, sent along once more.
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) mark: String,
}

/// A person whose roles move.
pub(super) struct PersonView {
    id: String,
    name: String,
    before: String,
    after: String,
    /// Where the person may go, if there are several places.
    places: Vec<Choice>,
}

/// Names of organisations: those that begin with the change, and all others.
struct Names<'a> {
    changes: &'a Changes,
    catalogue: &'a Catalogue,
}

impl Names<'_> {
    fn of(&self, id: &OrganisationId) -> String {
        let begins = self.changes.organisations.iter().find(|row| row.after.id == *id).map(|row| &row.after);
        let found = begins.or_else(|| self.catalogue.organisation(id));
        found.map_or_else(|| id.to_string(), |organisation| organisation.latest_name().to_owned())
    }

    fn all(&self, ids: &[OrganisationId]) -> String {
        ids.iter().map(|id| self.of(id)).collect::<Vec<_>>().join("; ")
    }

    fn grants(&self, grants: &[Grant]) -> String {
        let words = |grant: &Grant| format!("{}, {}", grant.role.label(), self.of(&grant.organisation));
        grants.iter().map(words).collect::<Vec<_>>().join("; ")
    }

    fn organisation(&self, row: &Replaced<Organisation>) -> Vec<String> {
        let after = &row.after;
        let name = after.latest_name();
        let since = after.names.last().and_then(|name| name.from).map(date).unwrap_or_default();
        let Some(before) = &row.before else { return vec![format!("Cơ quan mới: {name}, từ {since}.")] };
        let mut lines = Vec::new();
        if let Some(day) = after.ended_on.filter(|_| before.ended_on.is_none()) {
            lines.push(format!("{name}: hoạt động đến hết {}.", date(day)));
        } else if before.names != after.names {
            lines.push(format!("{}: từ {since} mang tên {name}.", before.latest_name()));
        }
        if before.parent != after.parent {
            let parent = after.parent.as_ref().map_or_else(|| "không có cấp trên".to_owned(), |id| self.of(id));
            lines.push(format!("{name}: cơ quan cấp trên nay là {parent}."));
        }
        lines
    }

    fn event(&self, event: &OrganisationEvent) -> Option<String> {
        let (from, to) = (self.all(&event.from), self.all(&event.to));
        Some(match event.kind {
            OrganisationEventKind::TransferFunction => {
                format!("Chuyển từ {from} sang {to}: {}.", event.functions.join("; "))
            }
            OrganisationEventKind::Merge | OrganisationEventKind::Split => {
                format!(
                    "Kế tục {from}: {to}. Học liệu đã có giữ tên cơ quan lúc ban hành, và tìm được theo cả hai tên."
                )
            }
            OrganisationEventKind::Abolish => format!("Không có cơ quan nào kế tục {from}."),
            OrganisationEventKind::Rename => return None,
        })
    }
}

fn area(row: &Replaced<Area>) -> String {
    let after = &row.after;
    match &row.before {
        None => format!("Đơn vị mới: {}.", after.full_name),
        Some(before) if before.full_name != after.full_name => {
            format!("{}: nay mang tên {}.", before.full_name, after.full_name)
        }
        Some(_) => match after.valid_to {
            Some(day) => format!("{}: đến hết {}.", after.full_name, date(day)),
            None => format!("{}: nay thuộc đơn vị mới.", after.full_name),
        },
    }
}

/// What is changed, line by line.
pub(super) fn lines(plan: &Plan, catalogue: &Catalogue) -> Vec<String> {
    let names = Names { changes: &plan.changes, catalogue };
    let mut lines: Vec<String> = plan.changes.organisations.iter().flat_map(|row| names.organisation(row)).collect();
    lines.extend(plan.changes.organisation_events.iter().filter_map(|event| names.event(event)));
    lines.extend(plan.changes.areas.iter().map(area));
    lines
}

/// Whose roles move, and where to.
pub(super) fn people(plan: &Plan, catalogue: &Catalogue) -> Vec<PersonView> {
    let names = Names { changes: &plan.changes, catalogue };
    let person = |person: &crate::actions::administration::Person| {
        let gained = person.after.iter().filter(|grant| !person.before.contains(grant));
        let places: Vec<_> = gained.map(|grant| (grant.organisation.clone(), names.of(&grant.organisation))).collect();
        let gone =
            if person.after.is_empty() { "không còn vai trò nào".to_owned() } else { names.grants(&person.after) };
        PersonView {
            id: person.account.to_string(),
            name: person.name.clone(),
            before: names.grants(&person.before),
            after: gone,
            places: if places.len() > 1 { choices(places, "") } else { Vec::new() },
        }
    };
    plan.people.iter().map(person).collect()
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let person = |places| PersonView {
        id: "1".to_owned(),
        name: "<thử>".to_owned(),
        before: "<thử>".to_owned(),
        after: "<thử>".to_owned(),
        places,
    };
    let page = |people, lines| PlanPage {
        frame: Frame::new("Xem trước"),
        refusal: super::sample_refusal(),
        title: "<thử>".to_owned(),
        url: "/".to_owned(),
        ground: "<thử>".to_owned(),
        lines,
        people,
        fields: vec![("ten", "<thử>".to_owned())],
        mark: "a".to_owned(),
    };
    let people = vec![person(super::sample_choices()), person(Vec::new())];
    rendered(&[page(people, vec!["<thử>".to_owned()]), page(Vec::new(), Vec::new())])
}
