//! One request: the dates as they stand, those who could come with what they have promised elsewhere, the answer.

use super::changed;
use crate::actions::schedule::MeetingCard;
use crate::actions::schedule::requests::{self, Booking, Candidate, RequestCard, Told, TypedAnswer};
use crate::domain::id::RequestId;
use crate::domain::request::RequestAct;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::pages::classes::{When, done, long_day, meeting_view, obstacle_view, time_line, when};
#[cfg(test)]
use crate::web::pages::classes::{sample_meeting, sample_refusal};
#[cfg(test)]
use crate::web::pages::rendered;
use crate::web::pages::view::{Fact, Link, date, fact, moment};
use crate::web::pages::{Frame, html};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/request.html", config = "src/web/askama.toml")]
struct RequestPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    url: String,
    title: String,
    state: &'static str,
    message: String,
    facts: Vec<Fact>,
    wishes: Vec<WishView>,
    history: Vec<String>,
    /// Codes of what the reader may do now.
    acts: Vec<&'static str>,
    /// Asked again by this day at the usual.
    renew: Option<String>,
    /// Somebody comes already.
    granted: bool,
    candidates: Vec<CandidateView>,
    chosen: String,
    reason: String,
}

struct WishView {
    when: When,
    place: String,
    changed: Option<String>,
}

/// Someone who could come.
struct CandidateView {
    value: String,
    name: String,
    notes: Vec<String>,
    /// Nothing is in the way.
    free: bool,
    warnings: Vec<(String, Option<String>)>,
    bookings: Vec<(String, Option<String>)>,
}

fn place(card: &RequestCard, meeting: Option<&MeetingCard>, now: chrono::DateTime<chrono::Utc>) -> String {
    let typed = || {
        let parts = [Some(card.request.place.clone()), card.area.clone()];
        parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    };
    meeting.map_or_else(typed, |meeting| meeting_view(meeting, now).venue)
}

fn candidate(one: &Candidate) -> CandidateView {
    let speaker = &one.speaker;
    let mut notes: Vec<String> = Some(speaker.title.clone()).filter(|text| !text.is_empty()).into_iter().collect();
    notes.extend((!one.topics.is_empty()).then(|| one.topics.join(", ")));
    notes.extend(one.fits.then(|| "đúng lĩnh vực".to_owned()));
    notes.extend((!one.serves).then(|| "thường không đến địa bàn này".to_owned()));
    notes.extend((!speaker.phone.is_empty()).then(|| format!("điện thoại {}", speaker.phone)));
    let warning = |(slot, obstacle): &(crate::domain::meeting::Slot, _)| {
        let view = obstacle_view(obstacle);
        (format!("{}: {}", long_day(slot.day), view.text), view.url)
    };
    let mut warnings: Vec<_> = one.obstacles.iter().map(warning).collect();
    let promised = one.bookings.iter().filter(|booking| booking.at_once && booking.class.is_none());
    warnings.extend(promised.map(|booking| (format!("Cùng giờ: {}", booked(booking)), None)));
    let line = |booking: &Booking| (booked(booking), booking.class.map(links::class));
    CandidateView {
        value: speaker.id.to_string(),
        name: speaker.name.clone(),
        notes,
        free: warnings.is_empty(),
        warnings,
        bookings: one.bookings.iter().map(line).collect(),
    }
}

fn booked(booking: &Booking) -> String {
    let at = format!("{}, {}", long_day(booking.slot.day), time_line(&booking.slot));
    [at.as_str(), &booking.what, &booking.place]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}

fn told(one: &Told) -> String {
    let mut text = format!("{}: {}", moment(one.answer.at), one.answer.act.label());
    if let Some(speaker) = &one.speaker {
        text = format!("{text} {speaker}");
    }
    if !one.who.is_empty() {
        text = format!("{text}, {} ghi", one.who);
    }
    if !one.answer.reason.is_empty() {
        text = format!("{text}. {}", one.answer.reason);
    }
    text
}

fn facts(card: &RequestCard) -> Vec<Fact> {
    let request = &card.request;
    let words = |text: &str| Some(text).filter(|text| !text.is_empty()).map(Link::bare).into_iter().collect();
    let class = card.class.iter().map(|(class, public)| match public {
        _ if card.may_ask => Link::to(links::staff_class(class.id), &class.name),
        true => Link::to(links::class(class.id), &class.name),
        false => Link::bare(class.name.clone()),
    });
    let all = [
        fact("Nơi mời", vec![Link::bare(card.centre.name.clone())]),
        fact("Được mời", words(&card.asked.name)),
        fact("Muốn mời", words(card.wanted.as_deref().unwrap_or_default())),
        fact("Người đến dạy", words(card.named.as_deref().unwrap_or_default())),
        fact("Lớp", class.collect()),
        fact("Hạn trả lời", words(&date(request.reply_by))),
        fact("Liên hệ", words(&request.contact)),
    ];
    all.into_iter().flatten().collect()
}

async fn page(
    state: &AppState,
    staff: Staff,
    id: RequestId,
    (typed, refusal): (TypedAnswer, Refusal),
) -> Result<RequestPage, Problem> {
    let (context, actor) = (&state.context, &staff.signed_in.actor);
    let card = requests::show(context, actor, id).await?;
    let acts = requests::acts(&card);
    let found =
        if acts.contains(&RequestAct::Name) { requests::candidates(context, actor, id).await? } else { Vec::new() };
    let (request, now) = (&card.request, context.now());
    let asked = format!("{}: {} mời", moment(request.asked_at), card.centre.name);
    let asked = if card.who.is_empty() { asked } else { format!("{asked}, {} gửi", card.who) };
    let wish = |one: &requests::WishCard| WishView {
        when: when(&one.slot()),
        place: place(&card, one.meeting.as_ref(), now),
        changed: changed(one),
    };
    let wished = request.named.or(request.wanted).map(|id| id.to_string()).unwrap_or_default();
    let ahead = card.wishes.iter().map(|wish| wish.asked.day).filter(|day| *day >= context.today()).min();
    let usual = || requests::usual_reply_by(context.today(), ahead).to_string();
    let reply_by = if typed.reply_by.is_empty() { usual() } else { typed.reply_by.clone() };
    Ok(RequestPage {
        refusal,
        notice: None,
        url: links::request(id),
        title: request.subject.clone(),
        state: request.state.label(),
        message: request.message.clone(),
        facts: facts(&card),
        wishes: card.wishes.iter().map(wish).collect(),
        history: std::iter::once(asked).chain(card.history.iter().map(told)).collect(),
        acts: acts.iter().map(|act| act.code()).collect(),
        renew: acts.contains(&RequestAct::Renew).then_some(reply_by),
        granted: request.is_granted(),
        candidates: found.iter().map(candidate).collect(),
        chosen: if typed.speaker.is_empty() { wished } else { typed.speaker },
        reason: typed.reason,
        frame: Frame::new("Lời mời báo cáo viên").for_reader(staff.reader),
    })
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let said = (TypedAnswer::default(), Refusal::default());
    let mut page = page(&state, staff, super::parse(&id)?, said).await?;
    page.notice = done(parameters.first("da"));
    Ok(html(&page)?.into_response())
}

pub(in crate::web) async fn answer(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = super::parse(&id)?;
    let act = RequestAct::from_code(form.value("viec")).ok_or_else(|| Problem::of("request-act-impossible"))?;
    let one = |name: &str| form.value(name).to_owned();
    let typed = TypedAnswer { speaker: one("nguoi"), reason: one("ly-do"), reply_by: one("han") };
    match requests::act(&state.context, &staff.signed_in.actor, id, (act, typed.clone())).await {
        Ok(()) => Ok(go(&links::done(&links::request(id), act.code()))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(&state, staff, id, (typed, refusal)).await?)
        }
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let line = || ("<thử>".to_owned(), Some("/".to_owned()));
    let candidate = |free| CandidateView {
        value: "a".to_owned(),
        name: "<thử>".to_owned(),
        notes: vec!["<thử>".to_owned()],
        free,
        warnings: if free { Vec::new() } else { vec![line()] },
        bookings: vec![line(), ("<thử>".to_owned(), None)],
    };
    let page = |open: bool| RequestPage {
        frame: Frame::new("Lời mời"),
        refusal: sample_refusal(),
        notice: Some("Đã gửi."),
        url: "/".to_owned(),
        title: "<thử>".to_owned(),
        state: "Chờ trả lời",
        message: "<thử>".to_owned(),
        facts: fact("Nơi mời", vec![Link::bare("<thử>")]).into_iter().collect(),
        wishes: vec![WishView {
            when: sample_meeting().when,
            place: "<thử>".to_owned(),
            changed: Some("<thử>".to_owned()),
        }],
        history: vec!["<thử>".to_owned()],
        acts: if open { RequestAct::ALL.iter().map(|act| act.code()).collect() } else { Vec::new() },
        renew: (!open).then(|| "2026-12-01".to_owned()),
        granted: !open,
        candidates: if open { vec![candidate(true), candidate(false)] } else { Vec::new() },
        chosen: "a".to_owned(),
        reason: "<thử>".to_owned(),
    };
    rendered(&[page(true), page(false)])
}
