//! Sending a complaint without an account, and reading its answer with a code.

#[cfg(test)]
use super::rendered;
use super::{Answer, AnswerView, Frame, ReasonChoice, Refusal, answer_view, html, reasons};
use crate::actions::complaints::{self, Followed, New, Sent};
use crate::actions::materials::Card;
use crate::domain::account::link::printed_code;
use crate::domain::id::MaterialId;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::view::{Link, date, moment};
use crate::web::session::{From, Reader};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "complaints/send.html", config = "src/web/askama.toml")]
struct SendPage {
    frame: Frame,
    refusal: Refusal,
    action: String,
    material: Link,
    reasons: Vec<ReasonChoice>,
    text: String,
    page: String,
    contact: String,
}

#[derive(Template)]
#[template(path = "complaints/sent.html", config = "src/web/askama.toml")]
struct SentPage {
    frame: Frame,
    material: Link,
    code: String,
    due_on: String,
}

#[derive(Template)]
#[template(path = "complaints/find.html", config = "src/web/askama.toml")]
struct FindPage {
    frame: Frame,
    refusal: Refusal,
}

#[derive(Template)]
#[template(path = "complaints/followed.html", config = "src/web/askama.toml")]
struct FollowedPage {
    frame: Frame,
    reason: &'static str,
    sent_at: String,
    due_on: String,
    organisation: String,
    /// None once the material is no longer public.
    material: Option<Link>,
    text: String,
    answer: Option<AnswerView>,
}

fn parse(id: &str) -> Result<MaterialId, Problem> {
    MaterialId::parse(id).map_err(|_error| Problem::of("material-missing"))
}

fn to_material(card: &Card) -> Link {
    Link::to(links::material(card.id, &card.title), &card.title)
}

pub(in crate::web) async fn ask(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    reader: Reader,
) -> Answer {
    let card = complaints::subject(&state.context, parse(&id)?).await?;
    let page = SendPage {
        frame: Frame::new("Báo điều chưa đúng").for_reader(reader),
        refusal: Refusal::default(),
        action: links::complain(card.id, None),
        material: to_material(&card),
        reasons: reasons(""),
        text: String::new(),
        page: parameters.first("trang").unwrap_or_default().chars().filter(char::is_ascii_digit).take(5).collect(),
        contact: String::new(),
    };
    Ok(html(&page)?.into_response())
}

pub(in crate::web) async fn send(
    State(state): State<AppState>,
    Path(id): Path<String>,
    reader: Reader,
    From(origin): From,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let card = complaints::subject(&state.context, id).await?;
    let typed = |name: &str| form.value(name).to_owned();
    let new = New {
        reason: typed("ly-do"),
        text: typed("noi-dung"),
        page: form.value("trang").trim().parse().ok(),
        contact: typed("lien-he"),
        trap: typed("trang-web"),
    };
    match complaints::send(&state.context, id, new, origin.address).await {
        Ok(Sent { code, due_on }) => {
            let page = SentPage {
                frame: Frame::new("Đã nhận phản ánh").for_reader(reader),
                material: to_material(&card),
                code: printed_code(&code),
                due_on: date(due_on),
            };
            Ok(html(&page)?.into_response())
        }
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let page = SendPage {
                frame: Frame::new("Báo điều chưa đúng").for_reader(reader),
                refusal: refusal.clone(),
                action: links::complain(card.id, None),
                material: to_material(&card),
                reasons: reasons(form.value("ly-do")),
                text: typed("noi-dung"),
                page: typed("trang"),
                contact: typed("lien-he"),
            };
            refusal.answer(&page)
        }
    }
}

pub(in crate::web) async fn find(reader: Reader) -> Answer {
    let frame = Frame::new("Xem trả lời phản ánh").for_reader(reader);
    Ok(html(&FindPage { frame, refusal: Refusal::default() })?.into_response())
}

pub(in crate::web) async fn follow(
    State(state): State<AppState>,
    reader: Reader,
    From(origin): From,
    form: Form,
) -> Answer {
    match complaints::follow(&state.context, form.value("ma"), origin.address).await {
        Ok(found) => Ok(html(&followed_page(&found, reader))?.into_response()),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let frame = Frame::new("Xem trả lời phản ánh").for_reader(reader);
            refusal.clone().answer(&FindPage { frame, refusal })
        }
    }
}

fn followed_page(found: &Followed, reader: Reader) -> FollowedPage {
    let complaint = &found.complaint;
    FollowedPage {
        frame: Frame::new("Phản ánh của bạn").for_reader(reader),
        reason: complaint.reason.label(),
        sent_at: moment(found.sent_at),
        due_on: date(complaint.due_on),
        organisation: found.organisation.clone(),
        material: found.material.as_ref().map(to_material),
        text: complaint.text.clone(),
        answer: complaint.answer.as_ref().map(answer_view),
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let link = || Link::to("/".to_owned(), "<thử>");
    let send = SendPage {
        frame: Frame::new("Báo"),
        refusal: Refusal::of(Problem::of("value-invalid")).unwrap_or_default(),
        action: "/".to_owned(),
        material: link(),
        reasons: reasons("wrong"),
        text: "<thử>".to_owned(),
        page: "1".to_owned(),
        contact: "<thử>".to_owned(),
    };
    let sent = SentPage {
        frame: Frame::new("Nhận"),
        material: link(),
        code: "ABCD".to_owned(),
        due_on: "01/01/2026".to_owned(),
    };
    let find = FindPage { frame: Frame::new("Xem"), refusal: Refusal::default() };
    let followed = |material, answer| FollowedPage {
        frame: Frame::new("Phản ánh"),
        reason: "Nội dung sai",
        sent_at: String::new(),
        due_on: String::new(),
        organisation: "<thử>".to_owned(),
        material,
        text: "<thử>".to_owned(),
        answer,
    };
    let answer = AnswerView { outcome: "Đã sửa", text: "<thử>".to_owned(), at: String::new() };
    let mut all = rendered(&[send]);
    all.extend(rendered(&[sent]));
    all.extend(rendered(&[find]));
    all.extend(rendered(&[followed(Some(link()), None), followed(None, Some(answer))]));
    all
}
