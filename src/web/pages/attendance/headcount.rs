//! How many were at each meeting: all that is known of classes that name nobody, and of others what no name is tied to.

#[cfg(test)]
use super::rendered;
use super::{Frame, class_id, html, label, meeting_id};
use crate::actions::schedule::MeetingCard;
use crate::actions::schedule::attendance::headcounts::{self, TypedHeadcount};
use crate::actions::schedule::attendance::roll::{self, Roll};
use crate::domain::class::CountMode;
use crate::domain::id::MeetingId;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "attendance/headcount.html", config = "src/web/askama.toml")]
struct HeadcountPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    url: String,
    back: String,
    title: String,
    /// Nobody is named: all is counted here.
    totals: bool,
    meetings: Vec<Counted>,
}

struct Counted {
    id: MeetingId,
    label: String,
    /// How many came, as marks tell.
    came: Option<u32>,
    typed: TypedHeadcount,
    open: bool,
}

fn page(staff: Staff, roll: &Roll, refusal: Refusal, wrong: Option<(MeetingId, TypedHeadcount)>) -> HeadcountPage {
    let id = roll.class.id;
    let last = roll.begun().last().map(|card| card.id);
    let counted = |card: &MeetingCard| {
        let kept = roll.totals.get(&card.id).map(|total| TypedHeadcount::of(&total.counted)).unwrap_or_default();
        let wrong = wrong.as_ref().filter(|(meeting, _)| *meeting == card.id).map(|(_, typed)| typed.clone());
        Counted {
            id: card.id,
            label: label(card),
            came: roll.came(card.id),
            open: wrong.is_some() || last == Some(card.id),
            typed: wrong.unwrap_or(kept),
        }
    };
    HeadcountPage {
        refusal,
        notice: None,
        url: links::headcount(id),
        back: links::staff_class(id),
        title: roll.class.teaching.title.clone(),
        totals: roll.class.count == CountMode::Totals,
        meetings: roll.begun().map(counted).collect(),
        frame: Frame::new(&format!("Số người mỗi buổi: {}", roll.class.teaching.title)).for_reader(staff.reader),
    }
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let roll = roll::read(&state.context, &staff.signed_in.actor, class_id(&id)?).await?;
    let mut page = page(staff, &roll, Refusal::default(), None);
    page.notice = (parameters.first("da") == Some("dem")).then_some("Đã lưu số người.");
    Ok(html(&page)?.into_response())
}

pub(in crate::web) async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, meeting) = (class_id(&id)?, meeting_id(form.value("buoi"))?);
    let one = |name: &str| form.value(name).to_owned();
    let typed = TypedHeadcount {
        people: one("tong"),
        women: one("nu"),
        ethnic_minority: one("dan-toc"),
        disabled: one("khuyet-tat"),
        young: one("tre"),
        grown: one("giua"),
        old: one("gia"),
    };
    let actor = &staff.signed_in.actor;
    match headcounts::count(&state.context, actor, (id, meeting), typed.clone()).await {
        Ok(()) => Ok(go(&links::done(&links::headcount(id), "dem"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            let roll = roll::read(&state.context, actor, id).await?;
            refusal.clone().answer(&page(staff, &roll, refusal, Some((meeting, typed))))
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |totals| HeadcountPage {
        frame: Frame::new("Số người"),
        refusal: Refusal::default(),
        notice: Some("Đã lưu."),
        url: "/".to_owned(),
        back: "/".to_owned(),
        title: "<thử>".to_owned(),
        totals,
        meetings: vec![Counted {
            id: MeetingId(uuid::Uuid::nil()),
            label: "01/12/2026, 19:00".to_owned(),
            came: Some(3),
            typed: TypedHeadcount { people: "<thử>".to_owned(), ..TypedHeadcount::default() },
            open: true,
        }],
    };
    rendered(&[page(true), page(false)])
}
