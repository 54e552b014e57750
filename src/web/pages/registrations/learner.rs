//! A learner's file, for staff of their centre: put right, handed over, merged, erased.

#[cfg(test)]
use super::rendered;
use super::{Frame, Pick, html, sexes, typed_person};
use crate::actions::error::Noun;
use crate::actions::schedule::learners::{self, Alike, File};
use crate::actions::schedule::registration::typed::TypedPerson;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::id::LearnerId;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::pages::view::{Link, moment};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "registrations/learner.html", config = "src/web/askama.toml")]
struct LearnerPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    /// None once they were erased.
    name: Option<String>,
    centre: String,
    notes: Vec<String>,
    action: String,
    typed: TypedPerson,
    sexes: Vec<Pick>,
    classes: Vec<(Link, &'static str)>,
    alike: Vec<AlikeView>,
}

struct AlikeView {
    id: String,
    url: String,
    name: String,
    about: String,
}

fn parse(id: &str) -> Result<LearnerId, Problem> {
    LearnerId::parse(id).map_err(|_error| Problem::of("learner-missing"))
}

fn alike_view(one: &Alike) -> AlikeView {
    let classes: Vec<&str> = one.classes.iter().map(|class| class.name.as_str()).collect();
    let phone = one.person.phone.clone().unwrap_or_default();
    let about = [format!("sinh {}", one.person.birth_year), one.person.village.clone(), phone, classes.join(", ")];
    AlikeView {
        id: one.id.to_string(),
        url: links::learner(one.id),
        name: one.person.name.clone(),
        about: about.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · "),
    }
}

fn notes(file: &File) -> Vec<String> {
    let learner = &file.learner;
    let mut notes = vec![format!("Ghi lần đầu {}", moment(learner.created_at))];
    notes.extend(learner.consent.as_ref().map(|consent| {
        format!("Đồng ý bản {} lúc {}: {}", consent.version, moment(consent.at), consent.how.label().to_lowercase())
    }));
    notes.extend(learner.erased_at.map(|at| format!("Đã xóa thông tin lúc {}; chỉ còn số đếm", moment(at))));
    notes
}

async fn page(state: &AppState, staff: Staff, id: LearnerId) -> Result<LearnerPage, Problem> {
    let file = learners::show(&state.context, &staff.signed_in.actor, id).await?;
    let person = file.person.as_ref();
    let typed = person.map(TypedPerson::of).unwrap_or_default();
    Ok(LearnerPage {
        frame: Frame::new("Hồ sơ học viên").for_reader(staff.reader),
        refusal: Refusal::default(),
        notice: None,
        name: person.map(|person| person.name.clone()),
        centre: file.centre.name.clone(),
        notes: notes(&file),
        action: links::learner(id),
        sexes: sexes(&typed.sex),
        typed,
        classes: file
            .registrations
            .iter()
            .map(|(class, one)| (Link::to(links::roll(class.id), &class.name), one.state.label()))
            .collect(),
        alike: file.alike.iter().map(alike_view).collect(),
    })
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let mut page = page(&state, staff, parse(&id)?).await?;
    page.notice = match parameters.first("da") {
        Some("sua") => Some("Đã lưu."),
        Some("gop") => Some("Đã gộp hai hồ sơ."),
        Some("xoa") => Some("Đã xóa thông tin cá nhân. Số đếm của các lớp giữ nguyên."),
        _ => None,
    };
    Ok(html(&page)?.into_response())
}

/// Puts right, merges or erases.
pub(in crate::web) async fn act(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, what) = (parse(&id)?, form.value("viec").to_owned());
    match perform(&state.context, &staff.signed_in.actor, (id, &what), &form).await {
        Ok(()) => Ok(go(&links::done(&links::learner(id), &what))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let mut page = page(&state, staff, id).await?;
            if what == "sua" {
                page.typed = typed_person(&form);
                page.sexes = sexes(&page.typed.sex);
            }
            refusal.clone().answer(&LearnerPage { refusal, ..page })
        }
    }
}

async fn perform(
    context: &Context,
    actor: &Actor,
    (id, what): (LearnerId, &str),
    form: &Form,
) -> Result<(), ActionError> {
    match what {
        "xoa" => learners::erase(context, actor, id).await,
        "gop" => {
            let other = form.value("ho-so");
            let unknown = |_error| ActionError::NotFound { noun: Noun::Learner, id: other.to_owned() };
            learners::merge(context, actor, id, LearnerId::parse(other).map_err(unknown)?).await
        }
        _ => learners::correct(context, actor, id, typed_person(form)).await,
    }
}

/// What is kept of a learner, to be handed to them.
pub(in crate::web) async fn export(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let export = learners::export(&state.context, &staff.signed_in.actor, parse(&id)?).await?;
    let text = serde_json::to_string_pretty(&export).map_err(|error| Problem::internal(&error.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"hoc-vien.json\"")),
    ];
    Ok((headers, text).into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let text = || "<thử>".to_owned();
    let alike = || AlikeView { id: "1".to_owned(), url: "/".to_owned(), name: text(), about: text() };
    let page = |name: Option<String>| LearnerPage {
        frame: Frame::new("Hồ sơ"),
        refusal: Refusal::of(Problem::of("value-invalid")).unwrap_or_default(),
        notice: Some("Đã lưu."),
        centre: text(),
        notes: vec![text()],
        action: "/".to_owned(),
        typed: TypedPerson { name: text(), ..TypedPerson::default() },
        sexes: sexes("male"),
        classes: vec![(Link::to("/".to_owned(), "<thử>"), "Có chỗ")],
        alike: if name.is_some() { vec![alike()] } else { Vec::new() },
        name,
    };
    rendered(&[page(Some(text())), page(None)])
}
