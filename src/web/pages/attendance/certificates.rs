//! Certificates: given and printed by staff, told real or not to everyone who has one in hand.

#[cfg(test)]
use super::rendered;
use super::{Frame, class_id, html};
use crate::actions::ActionError;
use crate::actions::schedule::certificates::{self, IS_PRINTED, Line, Listed, Verdict};
use crate::domain::id::{ClassId, LearnerId};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::Page;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::session::{Answer, Reader, Staff};
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "attendance/certificates.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    url: String,
    back: String,
    title: String,
    held: usize,
    /// What is proposed: two thirds of the meetings.
    least: String,
    lines: Vec<Line>,
    given: bool,
    file: Option<String>,
}

fn page(staff: Staff, listed: Listed, refusal: Refusal, least: &str) -> ListPage {
    let id = listed.class.id;
    let given = listed.lines.iter().any(|line| line.certificate.as_ref().is_some_and(|(_, withdrawn)| !withdrawn));
    ListPage {
        refusal,
        notice: None,
        url: links::certificates(id),
        back: links::staff_class(id),
        title: listed.class.teaching.title.clone(),
        held: listed.held,
        least: if least.is_empty() { (listed.held * 2).div_ceil(3).max(1).to_string() } else { least.to_owned() },
        file: (given && IS_PRINTED).then(|| links::certificates_pdf(id)),
        given,
        lines: listed.lines,
        frame: Frame::new(&format!("Giấy chứng nhận: {}", listed.class.teaching.title)).for_reader(staff.reader),
    }
}

pub(in crate::web) async fn list(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let listed = certificates::list(&state.context, &staff.signed_in.actor, class_id(&id)?).await?;
    let mut page = page(staff, listed, Refusal::default(), "");
    page.notice = match parameters.first("da") {
        Some("cap") => Some("Đã cấp giấy chứng nhận."),
        Some("thu-hoi") => Some("Đã thu hồi giấy chứng nhận. Ai kiểm tra mã sẽ thấy."),
        _ => None,
    };
    Ok(html(&page)?.into_response())
}

/// Gives certificates, or declares one to be worth nothing.
pub(in crate::web) async fn act(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = class_id(&id)?;
    let actor = staff.signed_in.actor.clone();
    let (done, what) = if form.value("viec") == "thu-hoi" {
        (withdraw(&state, &actor, id, &form).await, "thu-hoi")
    } else {
        (certificates::issue(&state.context, &actor, id, form.value("it-nhat")).await.map(drop), "cap")
    };
    let Err(error) = done else { return Ok(go(&links::done(&links::certificates(id), what))) };
    let refusal = Refusal::of(error)?;
    let listed = certificates::list(&state.context, &actor, id).await?;
    refusal.clone().answer(&page(staff, listed, refusal, form.value("it-nhat")))
}

async fn withdraw(
    state: &AppState,
    actor: &crate::domain::actor::Actor,
    id: ClassId,
    form: &Form,
) -> Result<(), ActionError> {
    let unknown = |_error| ActionError::invalid("learner", "certificate-missing", "Không có giấy chứng nhận này.");
    let learner = LearnerId::parse(form.value("hoc-vien")).map_err(unknown)?;
    certificates::withdraw(&state.context, actor, (id, learner), form.value("ly-do")).await
}

pub(in crate::web) async fn pdf(
    State(state): State<AppState>,
    Path(id): Path<String>,
    base: Base,
    staff: Staff,
) -> Answer {
    let id = class_id(&id)?;
    if !IS_PRINTED {
        return Ok(go(&links::certificates(id)));
    }
    let address = move |code: &str| base.absolute(&links::certificate(code));
    let bytes = certificates::print(&state.context, &staff.signed_in.actor, id, address).await?;
    Ok(crate::web::pages::classes::pdf_file(bytes, "giay-chung-nhan.pdf"))
}

#[derive(Template)]
#[template(path = "attendance/certificate.html", config = "src/web/askama.toml")]
struct VerdictPage {
    frame: Frame,
    typed: String,
    verdict: Option<Verdict>,
}

/// The form for a code, where it is typed off the paper.
pub(in crate::web) async fn ask(State(state): State<AppState>, parameters: Parameters, reader: Reader) -> Page {
    match parameters.first("ma").filter(|code| !code.trim().is_empty()) {
        None => html(&verdict_page(String::new(), None, reader)),
        Some(code) => answer(&state, code, reader).await,
    }
}

pub(in crate::web) async fn verify(State(state): State<AppState>, Path(code): Path<String>, reader: Reader) -> Page {
    answer(&state, &code, reader).await
}

async fn answer(state: &AppState, code: &str, reader: Reader) -> Page {
    let verdict = match certificates::verify(&state.context, code).await {
        Ok(verdict) => Some(verdict),
        Err(ActionError::NotFound { .. }) => return Err(Problem::of("certificate-missing").into()),
        Err(error) => return Err(error.into()),
    };
    html(&verdict_page(code.to_owned(), verdict, reader))
}

fn verdict_page(typed: String, verdict: Option<Verdict>, reader: Reader) -> VerdictPage {
    VerdictPage { frame: Frame::new("Kiểm tra giấy chứng nhận").for_reader(reader), typed, verdict }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let text = || "<thử>".to_owned();
    let line =
        |certificate| Line { learner: LearnerId(uuid::Uuid::nil()), name: Some(text()), attended: 3, certificate };
    let page = |lines: Vec<Line>| ListPage {
        frame: Frame::new("Giấy chứng nhận"),
        refusal: Refusal::of(Problem::of("value-invalid")).unwrap_or_default(),
        notice: Some("Đã cấp."),
        url: "/".to_owned(),
        back: "/".to_owned(),
        title: text(),
        held: 3,
        least: text(),
        given: !lines.is_empty(),
        file: Some("/".to_owned()),
        lines,
    };
    let verdict = |withdrawn| Verdict {
        number: text(),
        name: Some(text()),
        class: text(),
        centre: text(),
        attended: 2,
        held: 3,
        issued_on: "01/12/2026".to_owned(),
        withdrawn,
        sample: true,
    };
    let told = |verdict| VerdictPage { frame: Frame::new("Kiểm tra"), typed: text(), verdict };
    let lines = vec![line(None), line(Some((text(), false))), line(Some((text(), true)))];
    let mut all = rendered(&[page(lines), page(Vec::new())]);
    all.extend(rendered(&[told(None), told(Some(verdict(None))), told(Some(verdict(Some(text()))))]));
    all
}
