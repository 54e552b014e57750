//! Storm days: what is concerned, done in one act, whom to ring up, a notice to print, undone.

use super::{Choice, Frame, ObstacleView, Refusal, go, html, list as class_list, long_day, obstacle_views, time_line};
#[cfg(test)]
use super::{rendered, sample_obstacles, sample_refusal};
use crate::actions::schedule::MeetingCard;
use crate::actions::schedule::storms::{self, Caller, Concerned, Fate, Preview, StormCard, TypedStorm};
use crate::domain::id::StormId;
use crate::domain::meeting::MeetingState;
use crate::domain::storm::Storm;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::view::moment;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/storms.html", config = "src/web/askama.toml")]
struct AskPage {
    frame: Frame,
    refusal: Refusal,
    typed: TypedStorm,
    /// The actor's communes; one alone is chosen already.
    areas: Vec<Choice>,
    preview: Option<PreviewView>,
    past: Vec<PastView>,
}

struct PreviewView {
    summary: String,
    refused: bool,
    lines: Vec<ConcernedView>,
}

struct ConcernedView {
    text: String,
    url: String,
    cancelled: bool,
    obstacles: Vec<ObstacleView>,
}

/// A storm day of before.
struct PastView {
    url: String,
    title: String,
    notes: Vec<String>,
}

fn line(card: &MeetingCard) -> String {
    let venue = card.venue.as_ref().map(|venue| format!("{}, {}", venue.name, venue.area)).unwrap_or_default();
    let at = time_line(&card.slot);
    let parts = [at.as_str(), &card.title, &card.centre.name, &venue];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn concerned(one: &Concerned) -> ConcernedView {
    ConcernedView {
        text: line(&one.card),
        url: links::staff_class(one.card.class),
        cancelled: one.cancelled,
        obstacles: obstacle_views(&one.obstacles),
    }
}

fn preview_view(preview: &Preview) -> PreviewView {
    let (count, day) = (preview.meetings.len(), long_day(preview.day));
    let off = preview.meetings.iter().filter(|one| one.cancelled).count();
    let what = match preview.moved_to {
        Some(to) if off > 0 => format!("dời {} buổi sang {}, hủy {off} buổi", count - off, long_day(to)),
        Some(to) => format!("dời {count} buổi sang {}", long_day(to)),
        None => format!("hủy {count} buổi"),
    };
    PreviewView {
        summary: if count == 0 {
            format!("{day} không có buổi học nào ở {}.", preview.areas.join(", "))
        } else {
            format!("{day}, {}: {what}. Chưa làm gì.", preview.areas.join(", "))
        },
        refused: preview.is_refused() || count == 0,
        lines: preview.meetings.iter().map(concerned).collect(),
    }
}

fn past((storm, areas): &(Storm, Vec<String>)) -> PastView {
    let what = storm.moved_to.map_or_else(|| "hủy".to_owned(), |to| format!("dời sang {}", long_day(to)));
    let mut notes = vec![areas.join(", "), format!("{} buổi, {what}", storm.changes.len()), storm.reason.clone()];
    notes.push(format!("nhập lúc {}", moment(storm.at)));
    notes.extend(storm.undone_at.map(|at| format!("đã hoàn tác lúc {}", moment(at))));
    PastView { url: links::storm(storm.id), title: long_day(storm.day), notes }
}

async fn page(
    state: &AppState,
    staff: Staff,
    (mut typed, refusal, preview): (TypedStorm, Refusal, Option<Preview>),
) -> Result<AskPage, Problem> {
    let actor = &staff.signed_in.actor;
    let own: Vec<String> = storms::communes(&state.context, actor).iter().map(ToString::to_string).collect();
    let past_days = storms::list(&state.context, actor).await?;
    if let ([only], true) = (own.as_slice(), typed.areas.is_empty()) {
        typed.areas.push(only.clone());
    }
    let mut areas = class_list::areas(state, "");
    areas.retain(|area| own.contains(&area.value));
    for area in &mut areas {
        area.selected = typed.areas.contains(&area.value);
    }
    Ok(AskPage {
        refusal,
        typed,
        areas,
        preview: preview.as_ref().map(preview_view),
        past: past_days.iter().map(past).collect(),
        frame: Frame::new("Ngày bão").for_reader(staff.reader),
    })
}

pub(in crate::web) async fn ask(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let typed = TypedStorm { day: parameters.first("ngay").unwrap_or_default().to_owned(), ..TypedStorm::default() };
    Ok(html(&page(&state, staff, (typed, Refusal::default(), None)).await?)?.into_response())
}

fn typed(form: &Form) -> TypedStorm {
    let one = |name: &str| form.value(name).to_owned();
    TypedStorm {
        names: one("ten"),
        areas: form.values("dia-ban").map(str::to_owned).collect(),
        day: one("ngay"),
        fate: if form.value("lam") == "huy" { Fate::Cancel } else { Fate::Move(one("sang-ngay")) },
        reason: one("ly-do"),
        cancel_rest: form.value("huy-con-lai") == "1",
    }
}

/// Shows what would be done, or does it.
pub(in crate::web) async fn enter(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let (typed, actor) = (typed(&form), staff.signed_in.actor.clone());
    let refused = |error: Problem| Refusal::of(error);
    let preview = match storms::preview(&state.context, &actor, &typed).await {
        Ok(preview) => preview,
        Err(error) => {
            let refusal = refused(error.into())?;
            return refusal.clone().answer(&page(&state, staff, (typed, refusal, None)).await?);
        }
    };
    if form.value("luu") != "1" {
        let page = page(&state, staff, (typed, Refusal::default(), Some(preview))).await?;
        return Ok(html(&page)?.into_response());
    }
    match storms::act(&state.context, &actor, &typed).await {
        Ok(id) => Ok(go(&links::done(&links::storm(id), "xong"))),
        Err(error) => {
            let refusal = refused(error.into())?;
            refusal.clone().answer(&page(&state, staff, (typed, refusal, Some(preview))).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "classes/storm.html", config = "src/web/askama.toml")]
struct StormPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<String>,
    url: String,
    notice_url: String,
    title: String,
    areas: String,
    reason: String,
    summary: String,
    lines: Vec<Told>,
    calls: Vec<(&'static str, Vec<CallView>)>,
    can_be_undone: bool,
    undone: bool,
}

/// A meeting before and now.
struct Told {
    title: String,
    centre: String,
    before: String,
    place: String,
    now: String,
    url: String,
}

struct CallView {
    name: String,
    phone: String,
    meetings: Vec<String>,
}

fn told((before, now): &(MeetingCard, MeetingCard)) -> Told {
    let venue = before.venue.as_ref().map(|venue| format!("{}, {}", venue.name, venue.area));
    let at = |card: &MeetingCard| format!("{}, {}", long_day(card.slot.day), time_line(&card.slot));
    Told {
        title: before.title.clone(),
        centre: before.centre.name.clone(),
        before: at(before),
        place: venue.unwrap_or_else(|| "Chưa có địa điểm".to_owned()),
        now: match now.state {
            MeetingState::Cancelled => "Nghỉ".to_owned(),
            _ if now.slot == before.slot => "Học như cũ".to_owned(),
            _ => at(now),
        },
        url: links::staff_class(before.class),
    }
}

fn calls(card: &StormCard) -> Vec<(&'static str, Vec<CallView>)> {
    let of = |role: Caller| {
        let own = card.calls.iter().filter(move |call| call.role == role);
        let view = |call: &storms::Call| CallView {
            name: call.name.clone(),
            phone: if call.phone.is_empty() { "chưa có số".to_owned() } else { call.phone.clone() },
            meetings: call.meetings.iter().map(|(slot, title)| format!("{} {title}", time_line(slot))).collect(),
        };
        own.map(view).collect::<Vec<_>>()
    };
    let all = [
        ("Báo cáo viên", of(Caller::Speaker)),
        ("Người giữ chìa khóa địa điểm", of(Caller::Keeper)),
        ("Người phụ trách lớp", of(Caller::Contact)),
    ];
    all.into_iter().filter(|(_, people)| !people.is_empty()).collect()
}

fn parse(id: &str) -> Result<StormId, Problem> {
    StormId::parse(id).map_err(|_error| Problem::of("storm-missing"))
}

async fn one(state: &AppState, staff: Staff, id: StormId, refusal: Refusal) -> Result<StormPage, Problem> {
    let card = storms::show(&state.context, &staff.signed_in.actor, id).await?;
    let (storm, count) = (&card.storm, card.storm.changes.len());
    let what = storm.moved_to.map_or_else(|| "hủy".to_owned(), |to| format!("dời sang {}", long_day(to)));
    Ok(StormPage {
        refusal,
        notice: None,
        url: links::storm(id),
        notice_url: links::storm_notice(id),
        title: format!("Ngày bão: {}", long_day(storm.day)),
        areas: card.areas.join(", "),
        reason: storm.reason.clone(),
        summary: format!("{count} buổi, {what}, nhập lúc {}", moment(storm.at)),
        lines: card.meetings.iter().map(told).collect(),
        calls: calls(&card),
        can_be_undone: card.can_be_undone,
        undone: storm.undone_at.is_some(),
        frame: Frame::new("Ngày bão").for_reader(staff.reader),
    })
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let mut page = one(&state, staff, parse(&id)?, Refusal::default()).await?;
    page.notice = match parameters.first("da") {
        Some("xong") => Some(
            "Đã làm xong. Lịch trên điện thoại của bà con tự đổi theo. Hãy gọi cho những người dưới đây.".to_owned(),
        ),
        Some("hoan-tac") => {
            Some("Đã hoàn tác. Buổi nào bị đổi sau đó, hoặc chỗ đã có việc khác, thì vẫn như bây giờ.".to_owned())
        }
        _ => None,
    };
    Ok(html(&page)?.into_response())
}

pub(in crate::web) async fn undo(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id = parse(&id)?;
    match storms::undo(&state.context, &staff.signed_in.actor, id).await {
        Ok(_) => Ok(go(&links::done(&links::storm(id), "hoan-tac"))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&one(&state, staff, id, refusal).await?)
        }
    }
}

#[derive(Template)]
#[template(path = "classes/storm_notice.html", config = "src/web/askama.toml")]
struct NoticePage {
    frame: Frame,
    back: String,
    day: String,
    areas: String,
    reason: String,
    moved_to: Option<String>,
    lines: Vec<Told>,
}

/// The notice that is printed and put up.
pub(in crate::web) async fn notice(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id = parse(&id)?;
    let card = storms::show(&state.context, &staff.signed_in.actor, id).await?;
    let page = NoticePage {
        back: links::storm(id),
        day: long_day(card.storm.day),
        areas: card.areas.join(", "),
        reason: card.storm.reason.clone(),
        moved_to: card.storm.moved_to.map(long_day),
        lines: card.meetings.iter().map(told).collect(),
        frame: Frame::new("Thông báo").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let told = || Told {
        title: "<thử>".to_owned(),
        centre: "<thử>".to_owned(),
        before: "Thứ ba".to_owned(),
        place: "<thử>".to_owned(),
        now: "Nghỉ".to_owned(),
        url: "/".to_owned(),
    };
    let asking = |full: bool| AskPage {
        frame: Frame::new("Ngày bão"),
        refusal: sample_refusal(),
        typed: TypedStorm { names: "<thử>".to_owned(), reason: "<thử>".to_owned(), ..TypedStorm::default() },
        areas: vec![Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: full }],
        preview: full.then(|| PreviewView {
            summary: "<thử>".to_owned(),
            refused: false,
            lines: vec![ConcernedView {
                text: "<thử>".to_owned(),
                url: "/".to_owned(),
                cancelled: true,
                obstacles: sample_obstacles(),
            }],
        }),
        past: vec![PastView { url: "/".to_owned(), title: "<thử>".to_owned(), notes: vec!["<thử>".to_owned()] }],
    };
    let storm = |fresh: bool| StormPage {
        frame: Frame::new("Ngày bão"),
        refusal: sample_refusal(),
        notice: Some("Đã làm xong.".to_owned()),
        url: "/".to_owned(),
        notice_url: "/".to_owned(),
        title: "<thử>".to_owned(),
        areas: "<thử>".to_owned(),
        reason: "<thử>".to_owned(),
        summary: "3 buổi".to_owned(),
        lines: vec![told()],
        calls: vec![(
            "Báo cáo viên",
            vec![CallView {
                name: "<thử>".to_owned(), phone: "<thử>".to_owned(), meetings: vec!["<thử>".to_owned()]
            }],
        )],
        can_be_undone: fresh,
        undone: !fresh,
    };
    let notice = NoticePage {
        frame: Frame::new("Thông báo"),
        back: "/".to_owned(),
        day: "Thứ ba".to_owned(),
        areas: "<thử>".to_owned(),
        reason: "<thử>".to_owned(),
        moved_to: Some("Thứ tư".to_owned()),
        lines: vec![told()],
    };
    let mut all = rendered(&[asking(true), asking(false)]);
    all.extend(rendered(&[storm(true), storm(false)]));
    all.extend(rendered(&[notice]));
    all
}
