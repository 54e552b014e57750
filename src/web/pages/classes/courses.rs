//! Courses: a list, and the form of one, new, changed or copied.

use super::form::{self, TeachingView};
use super::{Choice, Frame, Refusal, done, go, html, named_choices};
#[cfg(test)]
use super::{rendered, sample_refusal};
use crate::actions::schedule::centres;
use crate::actions::schedule::courses::{self, CourseView, TypedCourse};
use crate::actions::schedule::typed::TypedTeaching;
use crate::domain::id::CourseId;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/courses.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    text: String,
    lines: Vec<Line>,
}

struct Line {
    url: String,
    title: String,
    notes: Vec<String>,
    make: Option<String>,
}

fn line(view: &CourseView) -> Line {
    let course = &view.course;
    let mut notes = vec![view.organisation.name.clone(), course.teaching.class_type.label().to_owned()];
    let (lines, materials) = (course.syllabus.len(), course.teaching.materials.len());
    notes.extend((lines > 0).then(|| format!("{lines} buổi trong đề cương")));
    notes.extend((materials > 0).then(|| format!("{materials} học liệu")));
    notes.extend(course.retired.then(|| "không dùng nữa".to_owned()));
    Line {
        url: links::course(course.id),
        title: course.teaching.title.clone(),
        notes,
        make: (!course.retired).then(|| links::class_from_course(course.id)),
    }
}

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let found = courses::list(&state.context, &staff.signed_in.actor, &text).await?;
    let lines = found.iter().map(line).collect();
    Ok(html(&ListPage { frame: Frame::new("Chuyên đề").for_reader(staff.reader), text, lines })?.into_response())
}

#[derive(Template)]
#[template(path = "classes/course.html", config = "src/web/askama.toml")]
struct CoursePage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    title: String,
    organisation: String,
    action: String,
    /// Where a class is made from it, and where it is copied; none for a new one.
    make: Option<String>,
    copy: Option<String>,
    may_change: bool,
    is_new: bool,
    centres: Vec<Choice>,
    from: String,
    form: TeachingView,
    syllabus: String,
    retired: bool,
}

fn parse(id: &str) -> Result<CourseId, Problem> {
    CourseId::parse(id).map_err(|_error| Problem::of("course-missing"))
}

fn typed_of(view: &CourseView) -> TypedCourse {
    TypedCourse {
        organisation: view.course.organisation.to_string(),
        teaching: TypedTeaching::of(&view.course.teaching),
        syllabus: view.course.syllabus.join("\n"),
        retired: view.course.retired,
    }
}

/// The form of a course; `from` is the one that a new one is copied from.
async fn page(
    state: &AppState,
    staff: Staff,
    (view, from): (Option<&CourseView>, &str),
    (typed, refusal): (TypedCourse, Refusal),
) -> Result<CoursePage, Problem> {
    let own = centres(&state.context, &staff.signed_in.actor);
    if own.is_empty() {
        return Err(crate::actions::ActionError::Forbidden.into());
    }
    let id = view.map(|view| view.course.id);
    let title = view.map_or("Soạn chuyên đề", |view| view.course.teaching.title.as_str()).to_owned();
    Ok(CoursePage {
        refusal,
        notice: None,
        organisation: view.map(|view| view.organisation.name.clone()).unwrap_or_default(),
        action: id.map_or_else(|| format!("{}/moi", links::COURSES), links::course),
        make: view.filter(|view| !view.course.retired).map(|view| links::class_from_course(view.course.id)),
        copy: id.map(links::copy_course),
        may_change: view.is_none_or(|view| view.may_change),
        is_new: id.is_none(),
        centres: named_choices(&own, std::slice::from_ref(&typed.organisation)),
        from: from.to_owned(),
        form: TeachingView::of(state, typed.teaching).await?,
        syllabus: typed.syllabus,
        retired: typed.retired,
        frame: Frame::new(&title).for_reader(staff.reader),
        title,
    })
}

pub(in crate::web) async fn ask(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let from = parameters.first("tu").unwrap_or_default();
    let mut typed = TypedCourse::default();
    if !from.is_empty() {
        typed = typed_of(&courses::show(&state.context, &staff.signed_in.actor, parse(from)?).await?);
    }
    // Whoever copies a course keeps it at their own body.
    typed.organisation = match centres(&state.context, &staff.signed_in.actor).as_slice() {
        [one] => one.id.to_string(),
        _ => String::new(),
    };
    Ok(html(&page(&state, staff, (None, from), (typed, Refusal::default())).await?)?.into_response())
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let view = courses::show(&state.context, &staff.signed_in.actor, parse(&id)?).await?;
    let typed = typed_of(&view);
    let mut page = page(&state, staff, (Some(&view), ""), (typed, Refusal::default())).await?;
    page.notice = done(parameters.first("da"));
    Ok(html(&page)?.into_response())
}

fn typed(form: &Form) -> TypedCourse {
    TypedCourse {
        organisation: form.value("don-vi").to_owned(),
        teaching: form::typed(form),
        syllabus: form.value("de-cuong").to_owned(),
        retired: form.value("thoi-dung") == "1",
    }
}

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let (typed, from) = (typed(&form), form.value("tu"));
    let copied_from = CourseId::parse(from).ok();
    match courses::write(&state.context, &staff.signed_in.actor, (None, copied_from), typed.clone()).await {
        Ok(id) => Ok(go(&links::done(&links::course(id), "them"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(&state, staff, (None, from), (typed, refusal)).await?)
        }
    }
}

pub(in crate::web) async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, typed) = (parse(&id)?, typed(&form));
    match courses::write(&state.context, &staff.signed_in.actor, (Some(id), None), typed.clone()).await {
        Ok(id) => Ok(go(&links::done(&links::course(id), "sua"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let view = courses::show(&state.context, &staff.signed_in.actor, id).await?;
            refusal.clone().answer(&page(&state, staff, (Some(&view), ""), (typed, refusal)).await?)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let line = Line {
        url: "/".to_owned(),
        title: "<thử>".to_owned(),
        notes: vec!["<thử>".to_owned()],
        make: Some("/".to_owned()),
    };
    let list = |lines| ListPage { frame: Frame::new("Chuyên đề"), text: "<thử>".to_owned(), lines };
    let one = |is_new, may_change| CoursePage {
        frame: Frame::new("Chuyên đề"),
        refusal: sample_refusal(),
        notice: Some("xong"),
        title: "<thử>".to_owned(),
        organisation: "<thử>".to_owned(),
        action: "/".to_owned(),
        make: Some("/".to_owned()),
        copy: Some("/".to_owned()),
        may_change,
        is_new,
        centres: vec![Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true }],
        from: "<thử>".to_owned(),
        form: form::sample(),
        syllabus: "<thử>".to_owned(),
        retired: true,
    };
    let mut all = rendered(&[list(vec![line]), list(Vec::new())]);
    all.extend(rendered(&[one(true, true), one(false, true), one(false, false)]));
    all
}
