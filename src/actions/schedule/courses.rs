//! Courses: written once, scheduled by any centre.

use super::typed::TypedTeaching;
use super::{centre, may_schedule, may_schedule_any, missing, told};
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::import::clean_line;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::course::Course;
use crate::domain::id::{CourseId, OrganisationId};
use crate::search::fold;
use crate::store::{self, ReadTx, WriteTx};

/// The most lines of a syllabus.
const MAX_LINES: usize = 100;

/// A course as staff see it.
#[derive(Debug, Clone)]
pub struct CourseView {
    pub course: Course,
    pub organisation: Named<OrganisationId>,
    pub may_change: bool,
}

/// A course as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedCourse {
    pub organisation: String,
    pub teaching: TypedTeaching,
    /// One meeting a line.
    pub syllabus: String,
    pub retired: bool,
}

/// The courses whose title bears a text, by title; those in use first.
///
/// # Errors
/// `Forbidden` to whoever plans no classes.
pub async fn list(context: &Context, actor: &Actor, text: &str) -> Result<Vec<CourseView>, ActionError> {
    if !may_schedule_any(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let (catalogue, today, by, wanted) = (context.catalogue(), context.today(), actor.clone(), fold(text.trim()));
    let read = move |tx: &dyn ReadTx| {
        let mut all = store::courses::all(tx)?;
        all.retain(|course| fold(&course.teaching.title).contains(&wanted));
        all.sort_by_cached_key(|course| (course.retired, fold(&course.teaching.title)));
        let view = |course: Course| CourseView {
            organisation: named_organisation(&catalogue, &course.organisation, today),
            may_change: may_schedule(&catalogue, &by, &course.organisation),
            course,
        };
        Ok::<_, ActionError>(all.into_iter().map(view).collect())
    };
    context.store.read("course.list", read).await
}

/// Shows a course to those who plan classes.
///
/// # Errors
/// `NotFound`; `Forbidden` to whoever plans no classes.
pub async fn show(context: &Context, actor: &Actor, id: CourseId) -> Result<CourseView, ActionError> {
    if !may_schedule_any(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let (catalogue, today, by) = (context.catalogue(), context.today(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let course = store::courses::get(tx, id)?.ok_or_else(|| missing(Noun::Course, id))?;
        Ok::<_, ActionError>(CourseView {
            organisation: named_organisation(&catalogue, &course.organisation, today),
            may_change: may_schedule(&catalogue, &by, &course.organisation),
            course,
        })
    };
    context.store.read("course.show", read).await
}

/// Writes a new course, or what is changed of one; with `copied_from`, the new one says so.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for what was typed.
pub async fn write(
    context: &Context,
    actor: &Actor,
    (id, copied_from): (Option<CourseId>, Option<CourseId>),
    typed: TypedCourse,
) -> Result<CourseId, ActionError> {
    let (catalogue, by, now) = (context.catalogue(), actor.clone(), context.now());
    let fresh = CourseId(context.clock.fresh_id());
    let write = move |tx: &mut WriteTx<'_>| {
        let before = match id {
            Some(id) => Some(store::courses::get(tx, id)?.ok_or_else(|| missing(Noun::Course, id))?),
            None => None,
        };
        let organisation = match &before {
            Some(before) if !may_schedule(&catalogue, &by, &before.organisation) => return Err(ActionError::Forbidden),
            Some(before) => before.organisation.clone(),
            None => centre(&catalogue, &by, &typed.organisation)?,
        };
        let lines = typed.syllabus.lines().map(clean_line).filter(|line| !line.is_empty()).take(MAX_LINES);
        let course = Course {
            id: id.unwrap_or(fresh),
            teaching: typed.teaching.read(tx, &catalogue, before.as_ref().map(|before| &before.teaching))?,
            syllabus: lines.collect(),
            copied_from: before.as_ref().map_or(copied_from, |before| before.copied_from),
            retired: before.is_some() && typed.retired,
            created_at: before.as_ref().map_or(now, |before| before.created_at),
            changed_at: now,
            organisation,
        };
        store::courses::put(tx, &course)?;
        let altered = before.map(|before| told::of_course(&catalogue, &before, &course)).unwrap_or_default();
        store::alterations::note(tx, (store::log::subject::COURSE, &course.id.to_string()), altered)?;
        tx.record_at(&course.organisation, store::log::subject::COURSE, course.id.to_string(), &["description"]);
        Ok::<_, ActionError>(course.id)
    };
    Ok(context.store.write("course.write", context.stamp_by(actor), write).await?.value)
}
