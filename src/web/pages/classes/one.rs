//! A class's own page.

use super::feed::{CalendarLink, REFRESH_NOTE};
use super::{Frame, MeetingView, Page, html, meeting_view};
#[cfg(test)]
use super::{rendered, sample_meeting};
use crate::actions::schedule::calendar::{self, ClassCard};
use crate::actions::schedule::registration::own;
use crate::domain::class::{Class, ClassState, RegistrationMode};
use crate::domain::id::ClassId;
use crate::domain::meeting::MeetingState;
use crate::interop::schema_course::{self, Instance, Occasion};
use crate::web::error::Problem;
use crate::web::links;
use crate::web::pages::view::{Fact, Link, fact};
use crate::web::session::Reader;
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "classes/one.html", config = "src/web/askama.toml")]
struct OnePage {
    frame: Frame,
    json_ld: String,
    title: String,
    centre: String,
    banners: Vec<String>,
    summary: String,
    joint: bool,
    sample: bool,
    facts: Vec<Fact>,
    coming: Vec<MeetingView>,
    past: Vec<MeetingView>,
    materials: Vec<Link>,
    /// Where people register, if they can now.
    register: Option<String>,
    calendars: Vec<CalendarLink>,
    /// What can be printed or read aloud.
    prints: Vec<Link>,
    refresh_note: &'static str,
}

pub(super) fn parse(id: &str) -> Result<ClassId, Problem> {
    ClassId::parse(id).map_err(|_error| Problem::of("class-missing"))
}

/// What must be known of a class before anything else, in two words.
pub(super) const fn notice(class: &Class) -> Option<&'static str> {
    match class.state {
        ClassState::Cancelled => Some("Đã hủy"),
        ClassState::Closed => Some("Đã kết thúc"),
        ClassState::Draft | ClassState::Published => None,
    }
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    base: Base,
    reader: Reader,
) -> Page {
    let card = calendar::show(&state.context, parse(&id)?).await?;
    let takes_now = own::takes_now(&state.context, card.class.id).await?;
    let now = state.context.now();
    let class = &card.class;
    let (past, coming): (Vec<_>, Vec<_>) = card.meetings.iter().partition(|meeting| meeting.slot.is_over(now));
    let views = |all: Vec<&crate::actions::schedule::MeetingCard>| -> Vec<MeetingView> {
        all.into_iter().map(|meeting| meeting_view(meeting, now)).collect()
    };
    let address = base.absolute(&links::class(class.id));
    let reason = class.reason.as_deref().unwrap_or_default();
    let banner = notice(class).map(|notice| format!("{notice}. {reason}").trim().to_owned());
    html(&OnePage {
        json_ld: schema_course::course(&instance(&base, &card, &address)),
        title: class.teaching.title.clone(),
        centre: card.centre.name.clone(),
        banners: banner.into_iter().collect(),
        summary: class.teaching.summary.clone(),
        joint: class.is_joint(),
        sample: class.sample,
        facts: facts(&card),
        register: takes_now.then(|| links::register(class.id)),
        coming: views(coming),
        past: views(past),
        calendars: vec![CalendarLink::new(&base, &links::class_calendar(class.id), &class.teaching.title)],
        prints: super::poster::links_of(class.id),
        refresh_note: REFRESH_NOTE,
        materials: card.materials.iter().map(|one| Link::to(links::material(one.id, &one.name), &one.name)).collect(),
        frame: Frame::new(&class.teaching.title).described(&class.teaching.summary).at(address).for_reader(reader),
    })
}

fn facts(card: &ClassCard) -> Vec<Fact> {
    let (class, teaching) = (&card.class, &card.class.teaching);
    let organisation = |one: &crate::actions::materials::Named<crate::domain::id::OrganisationId>| {
        Link::to(links::organisation(one.id.as_str()), &one.name)
    };
    let seats = match (card.seats_left, class.registration) {
        (Some(_), RegistrationMode::None) => format!("Tối đa {} người", class.capacity.unwrap_or_default()),
        (Some(left), _) => format!("Còn {left} chỗ"),
        (None, _) => "Không giới hạn số người".to_owned(),
    };
    let words = |all: Vec<String>| all.into_iter().map(Link::bare).collect::<Vec<_>>();
    let all = [
        fact("Nơi mở lớp", vec![organisation(&card.centre)]),
        fact("Phối hợp tổ chức", card.co_organisers.iter().map(organisation).collect()),
        fact("Loại lớp", words(vec![teaching.class_type.label().to_owned()])),
        fact("Chủ đề", card.topics.iter().map(|one| Link::to(links::topic(one.id.as_str()), &one.name)).collect()),
        fact("Dành cho", words(teaching.audiences.iter().map(|one| one.label().to_owned()).collect())),
        fact("Ngôn ngữ giảng dạy", words(teaching.languages.iter().map(|one| one.name_vi().to_owned()).collect())),
        fact("Số chỗ", words(vec![seats])),
        fact("Đăng ký", words(vec![how_to_come(class.registration).to_owned()])),
        fact("Hỏi về lớp", words(Some(class.contact.clone()).filter(|text| !text.is_empty()).into_iter().collect())),
    ];
    all.into_iter().flatten().collect()
}

const fn how_to_come(mode: RegistrationMode) -> &'static str {
    match mode {
        RegistrationMode::None => "Không cần đăng ký, cứ đến",
        RegistrationMode::Staff => "Hỏi nơi mở lớp để ghi tên",
        RegistrationMode::Open => "Đăng ký ngay trên trang này, hoặc hỏi nơi mở lớp",
        RegistrationMode::Approve => "Đăng ký trên trang này, trung tâm sẽ duyệt",
    }
}

fn instance(base: &Base, card: &ClassCard, address: &str) -> Instance {
    let teaching = &card.class.teaching;
    let occasion = |meeting: &crate::actions::schedule::MeetingCard| {
        let (starts_at, ends_at) = meeting.slot.instants();
        let venue = meeting.venue.as_ref();
        let join = |venue: &crate::actions::schedule::VenueCard| {
            [venue.address.as_str(), &venue.area]
                .into_iter()
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(", ")
        };
        Occasion {
            starts_at,
            ends_at,
            status: match meeting.state {
                MeetingState::Cancelled => "EventCancelled",
                MeetingState::Moved => "EventRescheduled",
                MeetingState::Planned | MeetingState::Held => "EventScheduled",
            },
            previous_start: meeting.moved_from.map(|slot| slot.instants().0),
            place: venue.map(|venue| venue.name.clone()),
            address: venue.map(join).unwrap_or_default(),
            geo: venue.filter(|venue| !venue.roughly).and_then(|venue| venue.place),
            speakers: meeting.speakers.clone(),
        }
    };
    Instance {
        address: address.to_owned(),
        name: teaching.title.clone(),
        description: teaching.summary.clone(),
        provider: card.centre.name.clone(),
        provider_address: base.absolute(&links::organisation(card.centre.id.as_str())),
        partners: card.co_organisers.iter().map(|one| one.name.clone()).collect(),
        languages: teaching.languages.iter().map(ToString::to_string).collect(),
        topics: card.topics.iter().map(|topic| topic.name.clone()).collect(),
        audiences: teaching.audiences.iter().map(|one| one.label().to_owned()).collect(),
        capacity: card.class.capacity,
        occasions: card.meetings.iter().map(occasion).collect(),
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |meetings: Vec<MeetingView>| OnePage {
        frame: Frame::new("Lớp"),
        json_ld: "{}".to_owned(),
        title: "<thử>".to_owned(),
        centre: "<thử>".to_owned(),
        banners: vec!["<thử>".to_owned()],
        summary: "<thử>".to_owned(),
        joint: true,
        sample: true,
        facts: fact("Nơi", vec![Link::bare("<thử>")]).into_iter().collect(),
        register: Some("/".to_owned()),
        coming: meetings.clone(),
        past: meetings,
        prints: vec![Link::bare("<thử>")],
        materials: vec![Link::to("/".to_owned(), "<thử>")],
        calendars: vec![CalendarLink { label: "<thử>".to_owned(), ..CalendarLink::default() }],
        refresh_note: REFRESH_NOTE,
    };
    rendered(&[page(vec![sample_meeting()]), page(Vec::new())])
}
