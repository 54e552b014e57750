//! Asking an agency or a person of the roster.

use crate::actions::schedule::centres;
use crate::actions::schedule::classes;
use crate::actions::schedule::requests::{self, Choice as Whom, Source, TypedRequest, TypedSlot};
use crate::domain::id::{ClassId, MeetingId};
use crate::domain::meeting::MeetingState;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{Choice, Refusal, go};
use crate::web::pages::classes::{list, long_day, named_choices, time_line};
use crate::web::pages::{Frame, html};
#[cfg(test)]
use crate::web::pages::{classes::sample_refusal, rendered};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

/// So many dates can be typed where there is no class yet.
const FREE_DATES: usize = 3;

#[derive(Template)]
#[template(path = "classes/request_ask.html", config = "src/web/askama.toml")]
struct AskPage {
    frame: Frame,
    refusal: Refusal,
    typed: TypedRequest,
    /// The class and its page; none where dates are typed.
    class: Option<(String, String)>,
    centres: Vec<Choice>,
    meetings: Vec<Choice>,
    /// People and bodies, those whose field it is first.
    whom: Vec<(&'static str, Vec<Choice>)>,
    areas: Vec<Choice>,
}

async fn page(
    state: &AppState,
    staff: Staff,
    (mut typed, refusal): (TypedRequest, Refusal),
) -> Result<AskPage, Problem> {
    let (context, actor) = (&state.context, &staff.signed_in.actor);
    let class = ClassId::parse(&typed.class).ok();
    let shown = match class {
        Some(id) => Some(classes::show(context, actor, id).await?),
        None => None,
    };
    let now = context.now();
    let open = shown.iter().flat_map(|shown| &shown.meetings);
    let open = open.filter(|one| one.state != MeetingState::Cancelled && !one.slot.has_begun(now));
    let meeting = |one: &crate::actions::schedule::MeetingCard| {
        let value = one.id.to_string();
        let place = one.venue.as_ref().map(|venue| format!(", {}", venue.name)).unwrap_or_default();
        let speakers =
            if one.speakers.is_empty() { String::new() } else { format!(" (đã có {})", one.speakers.join("; ")) };
        let label = format!("{}, {}{place}{speakers}", long_day(one.slot.day), time_line(&one.slot));
        Choice { selected: typed.meetings.contains(&value), value, label }
    };
    let meetings = open.map(meeting).collect();
    typed.slots.resize_with(FREE_DATES, TypedSlot::default);
    Ok(AskPage {
        refusal,
        class: shown.as_ref().map(|one| (links::staff_class(one.class.id), one.class.teaching.title.clone())),
        centres: named_choices(&centres(context, actor), std::slice::from_ref(&typed.organisation)),
        meetings,
        whom: whom(&requests::choices(context, actor, class).await?, &typed.whom),
        areas: list::areas(state, &typed.area),
        typed,
        frame: Frame::new("Mời báo cáo viên").for_reader(staff.reader),
    })
}

/// Whom to ask, in groups.
fn whom(all: &[Whom], chosen: &str) -> Vec<(&'static str, Vec<Choice>)> {
    let choice = |one: &Whom| Choice { selected: one.id == chosen, value: one.id.clone(), label: one.name.clone() };
    let group = |is_person: bool, fits: bool| {
        let own = all.iter().filter(|one| (one.is_person, one.fits) == (is_person, fits));
        own.map(choice).collect::<Vec<_>>()
    };
    let groups = [
        ("Cơ quan có báo cáo viên đúng lĩnh vực", group(false, true)),
        ("Người đúng lĩnh vực", group(true, true)),
        ("Người khác trong danh sách báo cáo viên", group(true, false)),
        ("Cơ quan khác", group(false, false)),
    ];
    groups.into_iter().filter(|(_, choices)| !choices.is_empty()).collect()
}

pub(in crate::web) async fn ask(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let source = match parameters.first("lop") {
        Some(class) => {
            let meeting = parameters.first("buoi").and_then(|id| MeetingId::parse(id).ok());
            Source::Class(crate::web::pages::classes::one::parse(class)?, meeting)
        }
        None => Source::Nothing,
    };
    let typed = requests::propose(&state.context, &staff.signed_in.actor, source).await?;
    Ok(html(&page(&state, staff, (typed, Refusal::default())).await?)?.into_response())
}

fn typed(form: &Form) -> TypedRequest {
    let one = |name: &str| form.value(name).to_owned();
    let all = |name: &'static str| form.values(name).map(str::to_owned).collect::<Vec<_>>();
    let (days, from, to) = (all("ngay"), all("tu"), all("den"));
    let slots = days.into_iter().zip(from.into_iter().zip(to)).take(FREE_DATES);
    TypedRequest {
        organisation: one("don-vi"),
        class: one("lop"),
        meetings: all("buoi"),
        subject: one("noi-dung"),
        whom: one("ai"),
        slots: slots.map(|(day, (from, to))| TypedSlot { day, from, to }).collect(),
        area: one("dia-ban"),
        place: one("dia-diem"),
        reply_by: one("han"),
        message: one("loi-nhan"),
        contact: one("lien-he"),
    }
}

pub(in crate::web) async fn send(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let typed = typed(&form);
    match requests::send(&state.context, &staff.signed_in.actor, typed.clone()).await {
        Ok(id) => Ok(go(&links::done(&links::request(id), "moi"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(&state, staff, (typed, refusal)).await?)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let choice = || Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true };
    let page = |class: Option<(String, String)>| AskPage {
        frame: Frame::new("Mời"),
        refusal: sample_refusal(),
        typed: TypedRequest {
            subject: "<thử>".to_owned(),
            message: "<thử>".to_owned(),
            slots: vec![TypedSlot::default()],
            ..TypedRequest::default()
        },
        class,
        centres: vec![choice()],
        meetings: vec![choice()],
        whom: vec![("Cơ quan", vec![choice()])],
        areas: vec![choice()],
    };
    rendered(&[page(Some(("/".to_owned(), "<thử>".to_owned()))), page(None)])
}
