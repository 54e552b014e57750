//! One material on its way: its description to write, its text to look at, and what can be done with it.

use super::decide::{Changes, DecideView};
use super::form::{self, FormView};
use super::lead::{notes, proposals, stands, ways};
#[cfg(test)]
use super::rendered;
use super::{Frame, UNTITLED, done, html, moment};
use crate::actions::error::Noun;
use crate::actions::review::alike::Alike;
use crate::actions::review::describe::{Conflict, Described, Kept, describe};
#[cfg(test)]
use crate::actions::review::history::SideBySide;
use crate::actions::review::history::compare;
use crate::actions::review::{self, Desk, Difference, Hint, Said, Seen, Typed, Wish, Wrong, desk, perform};
use crate::actions::versions::Which;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
#[cfg(test)]
use crate::domain::catalogue::Catalogue;
use crate::domain::id::MaterialId;
use crate::domain::review::Act;
use crate::web::error::{PageError, Problem};
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::pages::materials::first_page;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The form of the description, which decisions are sent with.
const FORM: &str = "mo-ta";

#[derive(Template)]
#[template(path = "review/edit.html", config = "src/web/askama.toml")]
struct EditPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    url: String,
    title: String,
    organisation: String,
    /// Where it stands, in words.
    stands: Vec<String>,
    /// What is to be known before anything else.
    notes: Vec<String>,
    links: Vec<(String, &'static str)>,
    conflict: Option<ConflictView>,
    seen: Seen,
    /// The form, where the reader may write.
    form: Option<FormView>,
    /// What the file suggests: field, label and value.
    proposals: Vec<(&'static str, &'static str, String)>,
    /// Whether the form has it already.
    is_prefilled: bool,
    alike: Vec<AlikeView>,
    lacks: String,
    /// Where what is missing is to be written.
    missing: Vec<(&'static str, &'static str)>,
    acts: Acts,
    remarks: Vec<RemarkView>,
    may_remark: bool,
    /// How many comments can be marked as seen.
    n_unnoted: usize,
    /// What the reader is to decide, and what it is about.
    decide: Option<DecideView>,
    changes: Option<Changes>,
    /// The beginning of the text, the number of its pages, and where all of it is.
    reading: Option<(String, u32, String)>,
}

/// What the reader may do as the material stands.
#[derive(Debug, Clone, Default)]
struct Acts(Vec<Act>);

impl Acts {
    /// Whether an act is among them, by its code.
    fn has(&self, code: &str) -> bool {
        self.0.iter().any(|act| act.code() == code)
    }
}

struct ConflictView {
    lead: String,
    differences: Vec<Difference>,
}

/// Another material that says nearly the same.
struct AlikeView {
    url: String,
    title: String,
    state: &'static str,
    percent: u32,
}

struct RemarkView {
    lead: String,
    text: String,
}

impl RemarkView {
    fn of(said: &Said) -> Self {
        let who = if said.who.is_empty() { "Hệ thống" } else { said.who.as_str() };
        let what = said.remark.act.map_or("ghi ý kiến", Act::label);
        let lead = format!("{} · {who} {what} (bản {})", moment(said.remark.at), said.remark.version);
        let noted = said.noted_by.as_ref().map(|who| match who.as_str() {
            "" => " · đã xem".to_owned(),
            who => format!(" · {who} đã xem"),
        });
        Self { lead: lead + noted.as_deref().unwrap_or_default(), text: said.remark.text.clone() }
    }
}

pub(super) fn parse(id: &str) -> Result<MaterialId, Problem> {
    let missing = |_error| ActionError::NotFound { noun: Noun::Material, id: id.to_owned() };
    MaterialId::parse(id).map_err(missing).map_err(Problem::from)
}

/// What a form that could not be written is shown with again.
#[derive(Default)]
struct Again {
    refusal: Refusal,
    typed: Option<Typed>,
    wrong: Vec<Wrong>,
    conflict: Option<Conflict>,
}

fn alike_view(id: MaterialId, alike: &Alike) -> AlikeView {
    AlikeView {
        url: links::staff_beside(id, alike.id),
        title: alike.title.clone(),
        state: alike.state.label(),
        percent: alike.percent,
    }
}

/// Puts what is to be decided about beside the decision: the text as readers will see it, and what is new in it.
async fn with_matter(state: &AppState, actor: &Actor, id: MaterialId, page: &mut EditPage) -> Result<(), Problem> {
    if page.decide.is_none() {
        return Ok(());
    }
    let number = page.seen.version;
    let reading = first_page(state, (id, Which::staff(actor, number))).await?;
    page.reading = reading.map(|(html, count)| (html, count, links::staff_preview(id, number, 2.min(count))));
    if number > 1 {
        page.changes = Some(Changes::of(compare(&state.context, actor, id, (number - 1, number)).await?));
    }
    Ok(())
}

fn page(context: &Context, staff: Staff, desk: Desk, again: Again) -> EditPage {
    let title = if desk.name.is_empty() { UNTITLED } else { desk.name.as_str() };
    let lacks: Vec<&str> = desk.lacks.iter().map(|required| required.label()).collect();
    let is_prefilled = desk.hint == Hint::Filled && again.typed.is_none();
    let typed = again.typed.unwrap_or_else(|| desk.typed.clone());
    let seen = Seen { version: desk.version.number, edition: desk.version.edition };
    let conflict = again.conflict.map(|conflict| ConflictView {
        lead: match (conflict.who.as_str(), conflict.at) {
            ("", _) | (_, None) => "Người khác vừa sửa bản này.".to_owned(),
            (who, Some(at)) => format!("{who} vừa sửa bản này lúc {}.", moment(at)),
        },
        differences: conflict.differences,
    });
    EditPage {
        refusal: again.refusal,
        notice: None,
        url: links::staff_material(desk.material.id),
        title: title.to_owned(),
        organisation: desk.organisation.clone(),
        stands: stands(&desk),
        notes: notes(&desk),
        links: ways(&desk),
        conflict,
        seen,
        form: desk.editable.then(|| FormView::of(&context.catalogue(), typed, again.wrong)),
        proposals: if desk.editable { proposals(&context.catalogue(), &desk.proposal) } else { Vec::new() },
        is_prefilled,
        alike: desk.alike.iter().map(|alike| alike_view(desk.material.id, alike)).collect(),
        lacks: lacks.join(", "),
        missing: desk.lacks.iter().filter_map(|required| form::place(required.code())).collect(),
        acts: Acts(desk.acts.clone()),
        remarks: desk.remarks.iter().map(RemarkView::of).collect(),
        may_remark: desk.may_remark,
        n_unnoted: desk.n_unnoted,
        decide: DecideView::of(&desk).map(|decide| decide.within(FORM)),
        changes: None,
        reading: None,
        frame: Frame::new(title).for_reader(staff.reader),
    }
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let desk = desk(&state.context, &staff.signed_in.actor, parse(&id)?).await?;
    let (actor, material) = (staff.signed_in.actor.clone(), desk.material.id);
    let mut page = page(&state.context, staff, desk, Again::default());
    with_matter(&state, &actor, material, &mut page).await?;
    page.notice = done(parameters.first("da"));
    Ok(html(&page)?.into_response())
}

/// Shows the page again with what could not be done.
async fn shown_again(state: &AppState, staff: Staff, id: MaterialId, again: Again) -> Answer {
    let desk = desk(&state.context, &staff.signed_in.actor, id).await?;
    let status = if again.conflict.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let refusal = again.refusal.clone();
    let page = page(&state.context, staff, desk, again);
    let mut answer = refusal.answer(&page)?;
    if refusal.text().is_none() {
        *answer.status_mut() = status;
    }
    Ok(answer)
}

/// Sends what a form says of a description to be written, with the suggestions that its button takes over.
async fn written(
    state: &AppState,
    actor: &Actor,
    id: MaterialId,
    form: &Form,
) -> (Typed, Result<Described, ActionError>) {
    let mut typed = form::typed(form);
    let wanted = form.value("nhan");
    if !wanted.is_empty() {
        match desk(&state.context, actor, id).await {
            Ok(desk) => review::accept(&mut typed, &desk.proposal, wanted),
            Err(error) => return (typed, Err(error)),
        }
    }
    let from = form::seen(form).unwrap_or(Seen { version: 0, edition: 0 });
    let described = describe(&state.context, actor, id, (from, typed.clone())).await;
    (typed, described)
}

/// What was seen once a form was written, or what it is shown with again.
fn kept(typed: Typed, described: Result<Described, ActionError>) -> Result<Result<Seen, Again>, PageError> {
    Ok(Err(match described {
        Ok(Described::Kept(kept)) if kept.wrong.is_empty() => return Ok(Ok(kept.seen)),
        Ok(Described::Kept(kept)) => Again { typed: Some(typed), wrong: kept.wrong, ..Again::default() },
        Ok(Described::Conflict(conflict)) => Again { typed: Some(typed), conflict: Some(conflict), ..Again::default() },
        Err(error) => Again { refusal: Refusal::of(error)?, typed: Some(typed), ..Again::default() },
    }))
}

/// Writes the description where the form has one, then does what its button says.
pub(in crate::web) async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    headers: HeaderMap,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let actor = staff.signed_in.actor.clone();
    let mut seen = form::seen(&form);
    if form.value("mo-ta") == "1" {
        let (typed, described) = written(&state, &actor, id, &form).await;
        if headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json") {
            return Ok(kept_json(described));
        }
        match kept(typed, described)? {
            Ok(now) => seen = Some(now),
            Err(again) => return shown_again(&state, staff, id, again).await,
        }
    }
    let act = Act::from_code(form.value("viec"));
    let Some(act) = act else { return Ok(go(&links::done(&links::staff_material(id), "luu"))) };
    let wish = Wish {
        act,
        remark: form.value("loi-nhan").to_owned(),
        on: form.value("ngay").parse().ok(),
        seen: seen.filter(|_| !act.concerns_the_public()),
    };
    match perform(&state.context, &actor, id, wish).await {
        Ok(Some(_)) => Ok(go(&links::done(&links::staff_material(id), act.code()))),
        Ok(None) => Ok(go(&links::done(links::STAFF, act.code()))),
        Err(error) => {
            let again = Again { refusal: Refusal::of(error)?, ..Again::default() };
            shown_again(&state, staff, id, again).await
        }
    }
}

/// What the script that keeps a form is told.
fn kept_json(described: Result<Described, ActionError>) -> Response {
    let said = |status: StatusCode, body: serde_json::Value| {
        (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
    };
    match described {
        Ok(Described::Kept(Kept { seen, at, wrong, lacks })) => {
            let mut message = format!("Đã giữ lúc {}.", moment(at));
            if let Some(wrong) = wrong.first() {
                message = format!("{message} Một chỗ chưa giữ được: {}", wrong.reason);
            } else if !lacks.is_empty() {
                let names: Vec<&str> = lacks.iter().map(|required| required.label()).collect();
                message = format!("{message} Còn thiếu: {}.", names.join(", "));
            }
            let body = serde_json::json!({
                "version": seen.version, "edition": seen.edition, "message": message,
            });
            said(StatusCode::OK, body)
        }
        Ok(Described::Conflict(conflict)) => {
            let who = if conflict.who.is_empty() { "Người khác" } else { conflict.who.as_str() };
            let message = format!("{who} vừa sửa bản này. Hãy bấm Lưu để xem khác nhau ở đâu; chữ đã gõ không mất.");
            said(StatusCode::CONFLICT, serde_json::json!({ "message": message }))
        }
        Err(error) => Problem::from(error).as_json(),
    }
}

pub(in crate::web) async fn remark(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    match review::remark(&state.context, &staff.signed_in.actor, id, form.value("loi-nhan")).await {
        Ok(()) => Ok(go(&links::done(&links::staff_material(id), "y-kien"))),
        Err(error) => {
            let again = Again { refusal: Refusal::of(error)?, ..Again::default() };
            shown_again(&state, staff, id, again).await
        }
    }
}

/// Marks the comments as seen.
pub(in crate::web) async fn note(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id = parse(&id)?;
    review::note(&state.context, &staff.signed_in.actor, id).await?;
    Ok(go(&links::done(&links::staff_material(id), "da-xem")))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let typed = Typed { title: "<thử>".to_owned(), languages: vec!["vi".to_owned()], ..Typed::default() };
    let wrong = vec![Wrong { field: "valid_to", reason: "<thử>".to_owned() }];
    let form = FormView::of(&Catalogue::default(), typed, wrong);
    let difference =
        Difference { field: "title", label: "Tiêu đề", before: "<thử>".to_owned(), after: "b".to_owned() };
    let page = |form, is_prefilled, acts: &[Act]| EditPage {
        frame: Frame::new("Lúa"),
        refusal: Refusal::default(),
        notice: done(Some("send")),
        url: "/".to_owned(),
        title: "<thử>".to_owned(),
        organisation: "<thử>".to_owned(),
        stands: vec!["<thử>".to_owned()],
        notes: vec!["<thử>".to_owned()],
        links: vec![("/".to_owned(), "Xem")],
        conflict: Some(ConflictView { lead: "<thử>".to_owned(), differences: vec![difference.clone()] }),
        seen: Seen { version: 1, edition: 2 },
        form,
        proposals: vec![("title", "Tiêu đề", "<thử>".to_owned())],
        is_prefilled,
        alike: vec![AlikeView { url: "/".to_owned(), title: "<thử>".to_owned(), state: "Bản nháp", percent: 87 }],
        lacks: "tiêu đề".to_owned(),
        missing: vec![("tieu-de", "Tiêu đề")],
        acts: Acts(acts.to_vec()),
        remarks: vec![RemarkView { lead: "<thử>".to_owned(), text: "<thử>".to_owned() }],
        may_remark: true,
        n_unnoted: 2,
        decide: is_prefilled.then(super::decide::sample),
        changes: is_prefilled.then(|| Changes {
            sides: ("Bản 1".to_owned(), "Bản 2".to_owned()),
            fields: Some(vec![difference.clone()]),
            text: SideBySide::of("một", "hai"),
        }),
        reading: Some(("<p>Chữ</p>".to_owned(), 3, "/".to_owned())),
    };
    let forms = [page(Some(form.clone()), true, Act::ALL), page(Some(form), false, Act::ALL)];
    [rendered(&forms), rendered(&[page(None, false, Act::ALL), page(None, false, &[])])].concat()
}
