//! The complaints that wait for an organisation, and answering one.

#[cfg(test)]
use super::rendered;
use super::{Answer, AnswerView, Frame, Refusal, answer_view, go, html};
use crate::actions::complaints::{self, Answering, Filter, Item, PAGE, Wanted};
use crate::domain::complaint::Outcome;
use crate::domain::id::{ComplaintId, OrganisationId};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::view::{Link, date, moment};
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "complaints/list.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    filters: Vec<FilterChoice>,
    total: usize,
    lines: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
}

struct FilterChoice {
    url: String,
    label: &'static str,
    current: bool,
}

struct Line {
    url: String,
    title: String,
    reason: &'static str,
    organisation: String,
    sent_at: String,
    due_on: String,
    overdue: bool,
    /// Why it has gone up.
    raised: Option<&'static str>,
    answered: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "complaints/one.html", config = "src/web/askama.toml")]
struct OnePage {
    frame: Frame,
    refusal: Refusal,
    done: bool,
    action: String,
    title: String,
    material: Option<Link>,
    version: u32,
    newer: bool,
    page: Option<u32>,
    reason: &'static str,
    organisation: String,
    sent_at: String,
    due_on: String,
    overdue: bool,
    text: String,
    contact: Option<String>,
    answer: Option<AnswerView>,
    answered_by: Option<String>,
    outcomes: Vec<OutcomeChoice>,
    typed: String,
}

struct OutcomeChoice {
    code: &'static str,
    label: &'static str,
    help: &'static str,
    selected: bool,
}

const FILTERS: [(Filter, &str, &str); 3] = [
    (Filter::Mine, "", "Đang chờ tôi"),
    (Filter::Open, "chua-tra-loi", "Mọi phản ánh chưa trả lời"),
    (Filter::Answered, "da-tra-loi", "Đã trả lời"),
];

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let given = |name: &str| parameters.first(name).unwrap_or_default();
    let chosen = FILTERS.iter().find(|(_, code, _)| *code == given("loc")).unwrap_or(&FILTERS[0]);
    let wanted = Wanted {
        filter: chosen.0,
        organisation: OrganisationId::parse(given("co-quan")).ok(),
        offset: given("tu").parse().unwrap_or(0),
    };
    let offset = wanted.offset;
    let found = complaints::list(&state.context, &staff.signed_in.actor, wanted).await?;
    let part = |offset: usize| links::complaints(chosen.1, given("co-quan"), offset);
    let filter = |(_, code, label): &(Filter, &'static str, &'static str)| FilterChoice {
        url: links::complaints(code, given("co-quan"), 0),
        label,
        current: *code == chosen.1,
    };
    let page = ListPage {
        frame: Frame::new("Phản ánh").for_reader(staff.reader),
        filters: FILTERS.iter().map(filter).collect(),
        total: found.total,
        lines: found.items.iter().map(line).collect(),
        previous: (offset > 0).then(|| part(offset.saturating_sub(PAGE))),
        next: found.next.map(part),
    };
    Ok(html(&page)?.into_response())
}

fn line(item: &Item) -> Line {
    let complaint = &item.complaint;
    Line {
        url: links::complaint(complaint.id),
        title: item.title.clone(),
        reason: complaint.reason.label(),
        organisation: item.organisation.clone(),
        sent_at: moment(complaint.sent_at),
        due_on: date(complaint.due_on),
        overdue: item.overdue,
        raised: item.raised.map(|raised| match raised {
            complaints::Raised::Overdue => "chuyển lên vì cơ quan chưa trả lời",
            complaints::Raised::Unattended => "chuyển lên vì cơ quan chưa có người duyệt",
        }),
        answered: complaint.answer.as_ref().map(|answer| answer.outcome.label()),
    }
}

fn parse(id: &str) -> Result<ComplaintId, Problem> {
    ComplaintId::parse(id).map_err(|_error| Problem::of("complaint-missing"))
}

fn outcomes(shown: &Answering, chosen: &str) -> Vec<OutcomeChoice> {
    let help = |outcome: Outcome| match outcome {
        Outcome::Corrected => "Đã có, hoặc sắp có, bản mới của học liệu.",
        Outcome::Withdrawn if shown.withdrawable => "Học liệu thôi công bố ngay khi bạn gửi câu trả lời.",
        Outcome::Withdrawn => "Học liệu đã thôi công bố.",
        Outcome::Kept => "Học liệu đúng; hãy nói vì sao.",
    };
    let possible = |outcome: &&Outcome| **outcome != Outcome::Withdrawn || shown.withdrawable || !is_public(shown);
    let choice = |outcome: &Outcome| OutcomeChoice {
        code: outcome.code(),
        label: outcome.label(),
        help: help(*outcome),
        selected: outcome.code() == chosen,
    };
    Outcome::ALL.iter().filter(possible).map(choice).collect()
}

fn is_public(shown: &Answering) -> bool {
    shown.material.as_ref().is_some_and(|material| material.public_version().is_some())
}

async fn page(
    state: &AppState,
    staff: Staff,
    id: ComplaintId,
    (refusal, outcome, typed): (Refusal, &str, &str),
) -> Result<OnePage, Problem> {
    let shown = complaints::show(&state.context, &staff.signed_in.actor, id).await?;
    let complaint = &shown.complaint;
    let public = shown.material.as_ref().and_then(|material| Some((material.id, material.public_version()?)));
    Ok(OnePage {
        frame: Frame::new("Phản ánh về một học liệu").for_reader(staff.reader),
        refusal,
        done: false,
        action: links::complaint(id),
        title: shown.title.clone(),
        material: public.map(|(material, _)| match complaint.page {
            Some(page) => Link::to(links::material_page(material, &shown.title, page), &shown.title),
            None => Link::to(links::material(material, &shown.title), &shown.title),
        }),
        version: complaint.version,
        newer: public.is_some_and(|(_, version)| version > complaint.version),
        page: complaint.page,
        reason: complaint.reason.label(),
        organisation: shown.organisation.clone(),
        sent_at: moment(complaint.sent_at),
        due_on: date(complaint.due_on),
        overdue: shown.overdue,
        text: complaint.text.clone(),
        contact: complaint.contact.clone(),
        answer: complaint.answer.as_ref().map(answer_view),
        answered_by: shown.answered_by.clone(),
        outcomes: outcomes(&shown, outcome),
        typed: typed.to_owned(),
    })
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let mut page = page(&state, staff, parse(&id)?, (Refusal::default(), "", "")).await?;
    page.done = parameters.first("da") == Some("tra-loi");
    Ok(html(&page)?.into_response())
}

pub(in crate::web) async fn answer(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let told = (form.value("ket-qua"), form.value("tra-loi"));
    match complaints::answer(&state.context, &staff.signed_in.actor, id, told).await {
        Ok(()) => Ok(go(&links::done(&links::complaint(id), "tra-loi"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(&state, staff, id, (refusal, told.0, told.1)).await?)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let line = |overdue| Line {
        url: "/".to_owned(),
        title: "<thử>".to_owned(),
        reason: "Nội dung sai",
        organisation: "<thử>".to_owned(),
        sent_at: String::new(),
        due_on: String::new(),
        overdue,
        raised: overdue.then_some("<thử>"),
        answered: (!overdue).then_some("Đã sửa"),
    };
    let list = |lines| ListPage {
        frame: Frame::new("Phản ánh"),
        filters: vec![FilterChoice { url: "/".to_owned(), label: "Đang chờ tôi", current: true }],
        total: 2,
        lines,
        previous: Some("/".to_owned()),
        next: Some("/".to_owned()),
    };
    let one = |answer: Option<AnswerView>| OnePage {
        frame: Frame::new("Phản ánh"),
        refusal: Refusal::of(Problem::of("value-invalid")).unwrap_or_default(),
        done: answer.is_some(),
        action: "/".to_owned(),
        title: "<thử>".to_owned(),
        material: answer.is_none().then(|| Link::to("/".to_owned(), "<thử>")),
        version: 1,
        newer: true,
        page: Some(2),
        reason: "Nội dung sai",
        organisation: "<thử>".to_owned(),
        sent_at: String::new(),
        due_on: String::new(),
        overdue: true,
        text: "<thử>".to_owned(),
        contact: Some("<thử>".to_owned()),
        outcomes: vec![OutcomeChoice { code: "kept", label: "Giữ", help: "", selected: true }],
        answered_by: answer.is_some().then(|| "<thử>".to_owned()),
        answer,
        typed: "<thử>".to_owned(),
    };
    let answer = AnswerView { outcome: "Đã sửa", text: "<thử>".to_owned(), at: String::new() };
    let mut all = rendered(&[list(vec![line(true), line(false)]), list(Vec::new())]);
    all.extend(rendered(&[one(None), one(Some(answer))]));
    all
}
