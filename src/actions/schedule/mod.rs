//! Courses, classes and their meetings, venues and speakers: planned by centres, seen by everyone.
//!
//! Clashes are looked for over all centres in the transaction that writes.

pub mod announcement;
pub mod attendance;
pub mod calendar;
pub mod certificates;
pub mod classes;
pub mod courses;
mod desk;
pub mod feed;
pub mod figures;
pub mod learners;
pub mod meetings;
pub mod obstacles;
pub mod people;
pub mod plan;
pub mod poster;
pub mod registration;
pub mod requests;
pub(in crate::actions) mod seed;
pub mod speakers;
pub mod storms;
mod told;
pub mod typed;
pub mod venues;

pub use desk::{MeetingCard, VenueCard};

use crate::actions::cards::{named_materials, named_organisation};
use crate::actions::error::Noun;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::id::{AreaId, ClassId, MaterialId, OrganisationId};
use crate::domain::organisation::OrganisationKind;
use crate::domain::permission::{Object, Verb, may};
use crate::search::fold;
use crate::store::{self, ReadTx};
use std::fmt::Display;

/// Whether the actor plans classes anywhere.
pub fn may_schedule_any(context: &Context, actor: &Actor) -> bool {
    let Actor::Account(holder) = actor else { return false };
    let catalogue = context.catalogue();
    holder.grants.iter().any(|grant| may_schedule(&catalogue, actor, &grant.organisation))
}

fn may_schedule(catalogue: &Catalogue, actor: &Actor, organisation: &OrganisationId) -> bool {
    may(actor, Verb::Schedule, &Object::of(catalogue, organisation))
}

/// The bodies for which the actor plans classes, by name.
pub fn centres(context: &Context, actor: &Actor) -> Vec<Named<OrganisationId>> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let theirs = in_being(&catalogue).filter(|id| may_schedule(&catalogue, actor, id));
    sorted(theirs.map(|id| named_organisation(&catalogue, id, today)).collect())
}

/// Every body that can have a class, by name.
pub fn organisers(context: &Context) -> Vec<Named<OrganisationId>> {
    let (catalogue, today) = (context.catalogue(), context.today());
    sorted(in_being(&catalogue).map(|id| named_organisation(&catalogue, id, today)).collect())
}

fn in_being(catalogue: &Catalogue) -> impl Iterator<Item = &OrganisationId> {
    let all = catalogue.organisations().filter(|one| one.ended_on.is_none() && one.kind != OrganisationKind::System);
    all.map(|one| &one.id)
}

fn sorted(mut all: Vec<Named<OrganisationId>>) -> Vec<Named<OrganisationId>> {
    all.sort_by_cached_key(|one| fold(&one.name));
    all
}

/// Reads an organisation for which the actor plans classes.
fn centre(catalogue: &Catalogue, actor: &Actor, text: &str) -> Result<OrganisationId, ActionError> {
    let invalid = || ActionError::invalid("organisation", "centre-invalid", "Hãy chọn trung tâm hoặc cơ quan mở lớp.");
    let id = OrganisationId::parse(text).map_err(|_error| invalid())?;
    let known = catalogue.organisation(&id).filter(|one| one.ended_on.is_none()).ok_or_else(invalid)?;
    if may_schedule(catalogue, actor, &known.id) { Ok(id) } else { Err(ActionError::Forbidden) }
}

/// Whether the actor may see a class that is not public.
fn may_see(catalogue: &Catalogue, actor: &Actor, class: &Class) -> bool {
    may(actor, Verb::Schedule, &Object::of_any(catalogue, class.organisers()))
}

fn missing(noun: Noun, id: impl Display) -> ActionError {
    ActionError::NotFound { noun, id: id.to_string() }
}

/// A class that the actor may change; one that may not be seen is not there.
fn class_of(tx: &dyn ReadTx, catalogue: &Catalogue, actor: &Actor, id: ClassId) -> Result<Class, ActionError> {
    let class = store::classes::get(tx, id)?.ok_or_else(|| missing(Noun::Class, id))?;
    if may_schedule(catalogue, actor, &class.organisation) {
        Ok(class)
    } else if class.is_public() || may_see(catalogue, actor, &class) {
        Err(ActionError::Forbidden)
    } else {
        Err(missing(Noun::Class, id))
    }
}

/// The same, where planning is not over.
fn open_class_of(tx: &dyn ReadTx, catalogue: &Catalogue, actor: &Actor, id: ClassId) -> Result<Class, ActionError> {
    let class = class_of(tx, catalogue, actor, id)?;
    let over = "Lớp đã kết thúc hoặc đã hủy nên không sửa được nữa.";
    if class.is_open() { Ok(class) } else { Err(ActionError::invalid("class", "class-over", over)) }
}

/// The areas under which something in an area is found: itself and what lies around it.
fn areas_around(catalogue: &Catalogue, area: Option<&AreaId>) -> Vec<AreaId> {
    area.map(|area| catalogue.area_lineage(area).into_iter().collect()).unwrap_or_default()
}

/// The public ones among materials, by their titles.
///
/// # Errors
/// When the store fails.
pub async fn materials_named(context: &Context, ids: &[String]) -> Result<Vec<Named<MaterialId>>, ActionError> {
    let ids: Vec<MaterialId> = ids.iter().filter_map(|text| MaterialId::parse(text).ok()).collect();
    context.store.read("material.name", move |tx| named_materials(tx, &ids)).await
}

/// Reads a number that may be left out.
fn number(text: &str, most: u32, field: &'static str) -> Result<Option<u32>, ActionError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let read = text.parse().ok().filter(|number| (1..=most).contains(number));
    let reason = || format!("“{text}” không phải là số từ 1 đến {most}.");
    read.map(Some).ok_or_else(|| ActionError::Invalid { field, code: "number-invalid", reason: reason() })
}
