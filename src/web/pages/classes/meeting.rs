//! One meeting: moved, cancelled, held after all, or added.

use super::plan::venue_choices;
use super::{Choice, Frame, MeetingView, ObstacleView, Refusal, go, html, meeting_view, obstacle_views};
#[cfg(test)]
use super::{rendered, sample_meeting, sample_obstacles, sample_refusal};
use crate::actions::ActionError;
use crate::actions::schedule::classes;
use crate::actions::schedule::meetings::{self, Outcome, TypedMeeting};
use crate::actions::schedule::venues;
use crate::domain::id::{ClassId, MeetingId};
use crate::domain::meeting::MeetingState;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/meeting.html", config = "src/web/askama.toml")]
struct MeetingPage {
    frame: Frame,
    refusal: Refusal,
    action: String,
    back: String,
    class: String,
    /// None for one that is added.
    meeting: Option<MeetingView>,
    cancelled: bool,
    typed: TypedMeeting,
    venues: Vec<Choice>,
    obstacles: Vec<ObstacleView>,
}

fn parse(id: &str) -> Result<MeetingId, Problem> {
    MeetingId::parse(id).map_err(|_error| Problem::of("meeting-missing"))
}

/// What is shown beside the form: what was typed, what refused it.
#[derive(Default)]
struct Said {
    typed: Option<TypedMeeting>,
    refusal: Refusal,
    obstacles: Vec<ObstacleView>,
}

async fn page(
    state: &AppState,
    staff: Staff,
    (class, id): (ClassId, Option<MeetingId>),
    said: Said,
) -> Result<MeetingPage, Problem> {
    let actor = &staff.signed_in.actor;
    let shown = classes::show(&state.context, actor, class).await?;
    let card =
        id.map(|id| shown.meetings.iter().find(|card| card.id == id).ok_or_else(|| Problem::of("meeting-missing")));
    let card = card.transpose()?;
    let venue = card.and_then(|card| card.venue.as_ref()).map(|venue| venue.id.to_string());
    let now = card.map_or_else(
        || TypedMeeting {
            from: shown.plan.from.clone(),
            to: shown.plan.to.clone(),
            venue: shown.plan.venue.clone(),
            ..TypedMeeting::default()
        },
        |card| TypedMeeting {
            day: card.slot.day.to_string(),
            from: card.slot.from.format("%H:%M").to_string(),
            to: card.slot.to.format("%H:%M").to_string(),
            venue: venue.clone().unwrap_or_default(),
            reason: String::new(),
        },
    );
    let typed = said.typed.unwrap_or(now);
    let all = venues::list(&state.context, actor, "").await?;
    Ok(MeetingPage {
        refusal: said.refusal,
        action: id.map_or_else(|| links::new_meeting(class), |id| links::staff_meeting(class, id)),
        back: links::staff_class(class),
        class: shown.class.teaching.title.clone(),
        cancelled: card.is_some_and(|card| card.state == MeetingState::Cancelled),
        meeting: card.map(|card| meeting_view(card, state.context.now())),
        venues: venue_choices(&all, &typed.venue),
        typed,
        obstacles: said.obstacles,
        frame: Frame::new(if id.is_some() { "Dời hoặc hủy một buổi" } else { "Thêm một buổi" })
            .for_reader(staff.reader),
    })
}

pub(in crate::web) async fn ask(
    State(state): State<AppState>,
    Path((class, id)): Path<(String, String)>,
    staff: Staff,
) -> Answer {
    let ids = (super::one::parse(&class)?, Some(parse(&id)?));
    Ok(html(&page(&state, staff, ids, Said::default()).await?)?.into_response())
}

/// The form of another meeting; an address may bring what is typed into it, such as for a second one of the same day.
pub(in crate::web) async fn ask_new(
    State(state): State<AppState>,
    Path(class): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let ids = (super::one::parse(&class)?, None);
    let one = |name: &str| parameters.first(name).unwrap_or_default().to_owned();
    let given = TypedMeeting {
        day: one("ngay"),
        from: one("tu"),
        to: one("den"),
        venue: one("dia-diem"),
        ..TypedMeeting::default()
    };
    let typed = (!given.day.is_empty()).then_some(given);
    Ok(html(&page(&state, staff, ids, Said { typed, ..Said::default() }).await?)?.into_response())
}

fn typed(form: &Form) -> TypedMeeting {
    let one = |name: &str| form.value(name).to_owned();
    TypedMeeting { day: one("ngay"), from: one("tu"), to: one("den"), venue: one("dia-diem"), reason: one("ly-do") }
}

/// Goes back to the class, or shows the form with what is in the way.
async fn settle(
    (state, staff, ids): (&AppState, Staff, (ClassId, Option<MeetingId>)),
    result: Result<Outcome, ActionError>,
    (typed, what): (TypedMeeting, &str),
) -> Answer {
    let (refusal, obstacles) = match result {
        Ok(outcome) if outcome.done => return Ok(go(&links::done(&links::staff_class(ids.0), what))),
        Ok(outcome) => (Refusal::of(Problem::of("room-taken"))?, obstacle_views(&outcome.obstacles)),
        Err(error) => (Refusal::of(error)?, Vec::new()),
    };
    let said = Said { typed: Some(typed), refusal, obstacles };
    let page = page(state, staff, ids, said).await?;
    page.refusal.clone().answer(&page)
}

pub(in crate::web) async fn change(
    State(state): State<AppState>,
    Path((class, id)): Path<(String, String)>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (class, id) = (super::one::parse(&class)?, parse(&id)?);
    let (typed, actor) = (typed(&form), staff.signed_in.actor.clone());
    let (context, ids) = (&state.context, (class, id));
    let (result, what) = match form.value("viec") {
        "huy" => {
            let done = meetings::cancel(context, &actor, ids, typed.clone()).await;
            (done.map(|()| Outcome { done: true, obstacles: Vec::new() }), "huy")
        }
        "khoi-phuc" => (meetings::revive(context, &actor, ids).await, "khoi-phuc"),
        _ => (meetings::shift(context, &actor, ids, typed.clone()).await, "doi"),
    };
    settle((&state, staff, (class, Some(id))), result, (typed, what)).await
}

pub(in crate::web) async fn add(
    State(state): State<AppState>,
    Path(class): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (class, typed, actor) = (super::one::parse(&class)?, typed(&form), staff.signed_in.actor.clone());
    let result = meetings::add(&state.context, &actor, class, typed.clone()).await;
    settle((&state, staff, (class, None)), result, (typed, "them")).await
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |meeting: Option<MeetingView>, cancelled| MeetingPage {
        frame: Frame::new("Dời"),
        refusal: sample_refusal(),
        action: "/".to_owned(),
        back: "/".to_owned(),
        class: "<thử>".to_owned(),
        meeting,
        cancelled,
        typed: TypedMeeting { reason: "<thử>".to_owned(), ..TypedMeeting::default() },
        venues: vec![Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true }],
        obstacles: sample_obstacles(),
    };
    rendered(&[page(None, false), page(Some(sample_meeting()), true), page(Some(sample_meeting()), false)])
}
