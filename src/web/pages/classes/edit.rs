//! Making a class, from a material or a course in two clicks, and describing it.

use super::form::{self, TeachingView};
use super::{Choice, Frame, Refusal, go, html, named_choices};
#[cfg(test)]
use super::{rendered, sample_refusal};
use crate::actions::schedule::classes::{self, Source, TypedClass};
use crate::actions::schedule::{centres, organisers};
use crate::domain::class::{CountMode, RegistrationMode};
use crate::domain::id::{CourseId, MaterialId};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::review::form::coded;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/edit.html", config = "src/web/askama.toml")]
struct EditPage {
    frame: Frame,
    refusal: Refusal,
    title: &'static str,
    action: String,
    back: String,
    submit: &'static str,
    centres: Vec<Choice>,
    co_organisers: Vec<Choice>,
    n_co_organisers: usize,
    course: String,
    form: TeachingView,
    capacity: String,
    registrations: Vec<Choice>,
    counts: Vec<Choice>,
    contact: String,
}

/// Which form is shown: of a new class, or of one that there is.
enum Whose {
    New,
    Of(crate::domain::id::ClassId),
}

async fn page(
    state: &AppState,
    staff: Staff,
    whose: &Whose,
    (typed, refusal): (TypedClass, Refusal),
) -> Result<EditPage, Problem> {
    let (title, action, back, submit) = match whose {
        Whose::New => ("Mở lớp", links::NEW_CLASS.to_owned(), links::STAFF_CLASSES.to_owned(), "Tạo lớp, rồi xếp lịch"),
        Whose::Of(id) => ("Sửa mô tả lớp", links::describe_class(*id), links::staff_class(*id), "Lưu"),
    };
    let own = centres(&state.context, &staff.signed_in.actor);
    let all = organisers(&state.context);
    Ok(EditPage {
        refusal,
        title,
        action,
        back,
        submit,
        centres: named_choices(&own, std::slice::from_ref(&typed.centre)),
        n_co_organisers: typed.co_organisers.len(),
        co_organisers: named_choices(&all, &typed.co_organisers),
        course: typed.course,
        form: TeachingView::of(state, typed.teaching).await?,
        capacity: typed.capacity,
        registrations: coded(RegistrationMode::ALL, |one| (one.code(), one.label()), &[&typed.registration]),
        counts: coded(CountMode::ALL, |one| (one.code(), one.label()), &[&typed.count]),
        contact: typed.contact,
        frame: Frame::new(title).for_reader(staff.reader),
    })
}

pub(in crate::web) async fn ask(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let source = match (parameters.first("hoc-lieu"), parameters.first("chuyen-de")) {
        (Some(id), _) => Source::Material(MaterialId::parse(id).map_err(|_error| Problem::of("material-missing"))?),
        (None, Some(id)) => Source::Course(CourseId::parse(id).map_err(|_error| Problem::of("course-missing"))?),
        (None, None) => Source::Nothing,
    };
    let typed = classes::propose(&state.context, &staff.signed_in.actor, source).await?;
    Ok(html(&page(&state, staff, &Whose::New, (typed, Refusal::default())).await?)?.into_response())
}

fn typed(form: &Form) -> TypedClass {
    let one = |name: &str| form.value(name).to_owned();
    TypedClass {
        centre: one("trung-tam"),
        co_organisers: form.values("cung").filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        course: one("chuyen-de"),
        teaching: form::typed(form),
        capacity: one("so-cho"),
        registration: one("dang-ky"),
        count: one("dem"),
        contact: one("lien-he"),
    }
}

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let typed = typed(&form);
    match classes::write(&state.context, &staff.signed_in.actor, None, typed.clone()).await {
        Ok(id) => Ok(go(&links::done(&links::plan_class(id), "tao"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(&state, staff, &Whose::New, (typed, refusal)).await?)
        }
    }
}

pub(in crate::web) async fn show(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id = super::one::parse(&id)?;
    let shown = classes::show(&state.context, &staff.signed_in.actor, id).await?;
    Ok(html(&page(&state, staff, &Whose::Of(id), (shown.typed, Refusal::default())).await?)?.into_response())
}

pub(in crate::web) async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, typed) = (super::one::parse(&id)?, typed(&form));
    match classes::write(&state.context, &staff.signed_in.actor, Some(id), typed.clone()).await {
        Ok(id) => Ok(go(&links::done(&links::staff_class(id), "sua"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(&state, staff, &Whose::Of(id), (typed, refusal)).await?)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let choice = || Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true };
    rendered(&[EditPage {
        frame: Frame::new("Mở lớp"),
        refusal: sample_refusal(),
        title: "Mở lớp",
        action: "/".to_owned(),
        back: "/".to_owned(),
        submit: "Lưu",
        centres: vec![choice()],
        co_organisers: vec![choice()],
        n_co_organisers: 1,
        course: String::new(),
        form: form::sample(),
        capacity: "20".to_owned(),
        registrations: vec![choice()],
        counts: vec![choice()],
        contact: "<thử>".to_owned(),
    }])
}
