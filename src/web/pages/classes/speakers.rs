//! The roster of speakers, and the form of one.

use super::list as class_list;
use super::{Choice, Frame, Refusal, done, go, html, named_choices};
#[cfg(test)]
use super::{rendered, sample_refusal};
use crate::actions::schedule::centres;
use crate::actions::schedule::speakers::{self, SpeakerLine, TypedSpeaker, Wanted};
use crate::domain::id::{AreaId, SpeakerId, TopicId};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::accounts::{SecretPage, qr};
use crate::web::pages::review::form::{Group, topics};
use crate::web::session::{Answer, Staff};
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/speakers.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    notice: Option<&'static str>,
    text: String,
    topics: Vec<Choice>,
    areas: Vec<Choice>,
    free: bool,
    lines: Vec<Line>,
}

struct Line {
    /// None for an entry of others.
    url: Option<String>,
    name: String,
    notes: Vec<String>,
}

fn line(one: &SpeakerLine) -> Line {
    let speaker = &one.speaker;
    let mut notes = vec![one.from()];
    notes.extend((!one.topics.is_empty()).then(|| one.topics.join(", ")));
    notes.push(if one.areas.is_empty() {
        "đi cả tỉnh".to_owned()
    } else {
        format!("đến {}", one.areas.join(", "))
    });
    notes.extend((!speaker.phone.is_empty()).then(|| format!("điện thoại {}", speaker.phone)));
    notes.extend(speaker.retired.then(|| "thôi dạy".to_owned()));
    Line { url: one.may_change.then(|| links::speaker(speaker.id)), name: speaker.name.clone(), notes }
}

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let given = |name: &str| parameters.first(name).unwrap_or_default().to_owned();
    let wanted = Wanted {
        text: given("ten"),
        topic: TopicId::parse(&given("chu-de")).ok(),
        area: AreaId::parse(&given("dia-ban")).ok(),
        free: given("tu-do") == "1",
    };
    let found = speakers::list(&state.context, &staff.signed_in.actor, &wanted).await?;
    let page = ListPage {
        frame: Frame::new("Báo cáo viên").for_reader(staff.reader),
        notice: done(parameters.first("da")),
        topics: class_list::topics(&state, &given("chu-de")),
        areas: class_list::areas(&state, &given("dia-ban")),
        free: wanted.free,
        text: wanted.text,
        lines: found.iter().map(line).collect(),
    };
    Ok(html(&page)?.into_response())
}

#[derive(Template)]
#[template(path = "classes/speaker.html", config = "src/web/askama.toml")]
struct SpeakerPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    title: &'static str,
    action: String,
    typed: TypedSpeaker,
    centres: Vec<Choice>,
    topics: Vec<Group>,
    areas: Vec<Choice>,
    calendar: Option<CalendarForm>,
}

/// Where the address of the speaker's calendar is made.
struct CalendarForm {
    action: String,
    /// There is one already.
    open: bool,
}

pub(super) fn parse(id: &str) -> Result<SpeakerId, Problem> {
    SpeakerId::parse(id).map_err(|_error| Problem::of("speaker-missing"))
}

fn page(
    state: &AppState,
    staff: Staff,
    id: Option<SpeakerId>,
    (typed, refusal): (TypedSpeaker, Refusal),
) -> Result<SpeakerPage, Problem> {
    let own = centres(&state.context, &staff.signed_in.actor);
    if own.is_empty() {
        return Err(crate::actions::ActionError::Forbidden.into());
    }
    let mut areas = class_list::areas(state, "");
    for area in &mut areas {
        area.selected = typed.areas.contains(&area.value);
    }
    let title = if id.is_some() { "Sửa báo cáo viên" } else { "Thêm báo cáo viên" };
    Ok(SpeakerPage {
        refusal,
        notice: None,
        title,
        action: id.map_or_else(|| format!("{}/moi", links::SPEAKERS), links::speaker),
        centres: named_choices(&own, std::slice::from_ref(&typed.organisation)),
        topics: topics(&state.context.catalogue(), &typed.topics),
        areas,
        typed,
        calendar: None,
        frame: Frame::new(title).for_reader(staff.reader),
    })
}

pub(in crate::web) async fn ask(State(state): State<AppState>, staff: Staff) -> Answer {
    let organisation = match centres(&state.context, &staff.signed_in.actor).as_slice() {
        [one] => one.id.to_string(),
        _ => String::new(),
    };
    let typed = TypedSpeaker { organisation, belongs: true, ..TypedSpeaker::default() };
    Ok(html(&page(&state, staff, None, (typed, Refusal::default()))?)?.into_response())
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let id = parse(&id)?;
    let shown = speakers::show(&state.context, &staff.signed_in.actor, id).await?;
    if !shown.may_change {
        return Err(crate::actions::ActionError::Forbidden.into());
    }
    let typed = TypedSpeaker::of(&shown.speaker);
    let open = speakers::has_calendar(&state.context, id).await?;
    let mut page = page(&state, staff, Some(id), (typed, Refusal::default()))?;
    page.notice = done(parameters.first("da"));
    page.calendar = Some(CalendarForm { action: links::set_speaker_calendar(id), open });
    Ok(html(&page)?.into_response())
}

/// Makes the address of a speaker's calendar, or takes it back.
pub(in crate::web) async fn set_calendar(
    State(state): State<AppState>,
    Path(id): Path<String>,
    base: Base,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, actor) = (parse(&id)?, &staff.signed_in.actor);
    if form.value("viec") != "mo" {
        speakers::close_calendar(&state.context, actor, id).await?;
        return Ok(go(&links::done(&links::speaker(id), "thu-lich")));
    }
    let secret = speakers::open_calendar(&state.context, actor, id).await?;
    let address = base.absolute(&links::speaker_calendar(id, &secret));
    let page = SecretPage {
        title: "Địa chỉ lịch của báo cáo viên",
        notes: vec![
            "Hãy gửi địa chỉ này cho báo cáo viên ngay: địa chỉ chỉ hiện một lần. Mở bằng điện thoại, hoặc thêm vào \
             ứng dụng lịch ở mục “Từ URL”."
                .to_owned(),
            "Ai có địa chỉ thì xem được lịch dạy. Địa chỉ cũ, nếu có, không dùng được nữa.".to_owned(),
        ],
        qr: qr(&address),
        secrets: vec![address],
        back: links::speaker(id),
        ..SecretPage::default()
    };
    page.answer(staff.reader)
}

async fn keep(state: &AppState, staff: Staff, id: Option<SpeakerId>, form: &Form) -> Answer {
    let one = |name: &str| form.value(name).to_owned();
    let typed = TypedSpeaker {
        name: one("ten"),
        organisation: one("don-vi"),
        belongs: form.value("thuoc") == "1",
        title: one("chuc-danh"),
        topics: form.values("chu-de").map(str::to_owned).collect(),
        areas: form.values("dia-ban").map(str::to_owned).collect(),
        phone: one("dien-thoai"),
        retired: form.value("thoi-day") == "1",
    };
    match speakers::write(&state.context, &staff.signed_in.actor, id, typed.clone()).await {
        Ok(_) => Ok(go(&links::done(links::SPEAKERS, if id.is_some() { "sua" } else { "them" }))),
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&page(state, staff, id, (typed, refusal))?)
        }
    }
}

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    keep(&state, staff, None, &form).await
}

pub(in crate::web) async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    keep(&state, staff, Some(parse(&id)?), &form).await
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let line = |own: bool| Line {
        url: own.then(|| "/".to_owned()),
        name: "<thử>".to_owned(),
        notes: vec!["<thử>".to_owned()],
    };
    let choice = || Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true };
    let list = |lines| ListPage {
        frame: Frame::new("Báo cáo viên"),
        notice: Some("xong"),
        text: "<thử>".to_owned(),
        topics: vec![choice()],
        areas: vec![choice()],
        free: true,
        lines,
    };
    let one = SpeakerPage {
        frame: Frame::new("Báo cáo viên"),
        refusal: sample_refusal(),
        notice: None,
        calendar: Some(CalendarForm { action: "/".to_owned(), open: true }),
        title: "Sửa",
        action: "/".to_owned(),
        typed: TypedSpeaker { name: "<thử>".to_owned(), belongs: true, retired: true, ..TypedSpeaker::default() },
        centres: vec![choice()],
        topics: vec![Group { label: "<thử>".to_owned(), open: true, choices: vec![choice()] }],
        areas: vec![choice()],
    };
    let mut all = rendered(&[list(vec![line(true), line(false)]), list(Vec::new())]);
    all.extend(rendered(&[one]));
    all
}
