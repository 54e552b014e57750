//! The classes of the province: a list, a month, a week; narrowed by place, centre and topic.

use super::feed::{CalendarLink, REFRESH_NOTE};
use super::month::{self, ItemView, MonthView};
use super::{Choice, Frame, MeetingView, Page, html, meeting_view};
#[cfg(test)]
use super::{rendered, sample_meeting};
use crate::actions::schedule::MeetingCard;
use crate::actions::schedule::calendar::{self, ClassCard, Filter};
use crate::domain::area::AreaLevel;
use crate::domain::id::{AreaId, OrganisationId, TopicId};
use crate::domain::meeting::MeetingState;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::Reader;
use crate::web::state::{AppState, Base};
use askama::Template;
use axum::extract::State;
use chrono::{Months, NaiveDate, TimeDelta};
use std::collections::BTreeMap;

/// How many classes a part of the list has.
const PAGE: usize = 20;

#[derive(Template)]
#[template(path = "classes/list.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    areas: Vec<Choice>,
    topics: Vec<Choice>,
    from: String,
    /// The way of looking, in addresses.
    view: &'static str,
    views: Vec<(String, &'static str, bool)>,
    centre: Option<(String, String)>,
    lines: Vec<Line>,
    calendar: Option<MonthView>,
    calendars: Vec<CalendarLink>,
    refresh_note: &'static str,
    previous: Option<String>,
    next: Option<String>,
}

struct Line {
    url: String,
    title: String,
    centre: String,
    meeting: Option<MeetingView>,
    more: String,
    seats: Option<String>,
    notice: Option<&'static str>,
    /// With whom the centre has it.
    joint: String,
    sample: bool,
}

/// Ways of looking at classes: in addresses, and in words.
const VIEWS: [(&str, &str); 3] = [("", "Danh sách"), ("thang", "Lịch tháng"), ("tuan", "Lịch tuần")];

struct Asked<'a> {
    parameters: &'a Parameters,
    view: &'static str,
    day: NaiveDate,
}

impl Asked<'_> {
    fn given(&self, name: &str) -> &str {
        self.parameters.first(name).unwrap_or_default()
    }

    /// The same look with something else.
    fn with(&self, changed: &[(&'static str, &str)]) -> String {
        let names = ["dia-ban", "trung-tam", "chu-de", "tu", "xem", "sau"];
        let value = |name: &'static str| {
            let new = changed.iter().find(|(other, _)| *other == name).map(|(_, value)| *value);
            (name, new.unwrap_or_else(|| if name == "sau" { "" } else { self.given(name) }))
        };
        let all: Vec<(&str, &str)> = names.into_iter().map(value).filter(|(_, value)| !value.is_empty()).collect();
        links::classes(&all)
    }
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    parameters: Parameters,
    base: Base,
    reader: Reader,
) -> Page {
    let today = state.context.today();
    let view = parameters.first("xem").unwrap_or_default();
    let asked = Asked {
        view: VIEWS.iter().find(|(code, _)| *code == view).map_or("", |(code, _)| *code),
        day: parameters.first("tu").and_then(|text| text.parse().ok()).unwrap_or(today),
        parameters: &parameters,
    };
    let filter = Filter {
        area: AreaId::parse(asked.given("dia-ban")).ok(),
        centre: OrganisationId::parse(asked.given("trung-tam")).ok(),
        topic: TopicId::parse(asked.given("chu-de")).ok(),
        from: Some(asked.day),
        limit: PAGE,
        offset: asked.given("sau").parse().unwrap_or(0),
        to: None,
    };
    let catalogue = state.context.catalogue();
    let centre = filter.centre.as_ref().and_then(|id| catalogue.organisation(id));
    let mut page = ListPage {
        frame: Frame::new("Lớp học")
            .described("Lớp học ở các trung tâm học tập cộng đồng trong tỉnh: ở đâu, ngày nào, ai dạy.")
            .at(base.absolute(links::CLASSES))
            .for_reader(reader),
        areas: areas(&state, asked.given("dia-ban")),
        topics: topics(&state, asked.given("chu-de")),
        from: if asked.given("tu").is_empty() { String::new() } else { asked.day.to_string() },
        view: asked.view,
        views: VIEWS.iter().map(|(code, label)| (asked.with(&[("xem", code)]), *label, *code == asked.view)).collect(),
        centre: centre.map(|centre| (centre.latest_name().to_owned(), asked.with(&[("trung-tam", "")]))),
        lines: Vec::new(),
        calendar: None,
        calendars: calendars(&state, &base, &filter),
        refresh_note: REFRESH_NOTE,
        previous: None,
        next: None,
    };
    if asked.view.is_empty() {
        let found = calendar::list(&state.context, filter.clone()).await?;
        page.lines = found.items.iter().map(|card| line(&state, card, asked.day)).collect();
        let at = |offset: usize| asked.with(&[("sau", &offset.to_string())]);
        page.previous = (filter.offset > 0).then(|| at(filter.offset.saturating_sub(PAGE)));
        page.next = found.next.map(at);
    } else {
        fill_calendar(&state, &asked, filter, &mut page).await?;
    }
    html(&page)
}

async fn fill_calendar(
    state: &AppState,
    asked: &Asked<'_>,
    filter: Filter,
    page: &mut ListPage,
) -> Result<(), crate::web::error::Problem> {
    let day = asked.day;
    let monthly = asked.view == "thang";
    let (from, to) = if monthly { month::month_range(day) } else { month::week_range(day) };
    let found = calendar::meetings(&state.context, Filter { from: Some(from), to: Some(to), ..filter }).await?;
    let mut items: BTreeMap<NaiveDate, Vec<ItemView>> = BTreeMap::new();
    for meeting in &found {
        items.entry(meeting.slot.day).or_default().push(item(meeting));
    }
    let (before, after) = if monthly {
        let first = chrono::Datelike::with_day(&day, 1).unwrap_or(day);
        (first.checked_sub_months(Months::new(1)), first.checked_add_months(Months::new(1)))
    } else {
        (day.checked_sub_signed(TimeDelta::days(7)), day.checked_add_signed(TimeDelta::days(7)))
    };
    let at = |day: NaiveDate| asked.with(&[("tu", &day.to_string())]);
    let title = if monthly {
        month::title(day)
    } else {
        format!("Tuần từ {} đến {}", crate::web::pages::view::date(from), crate::web::pages::view::date(to))
    };
    let month = monthly.then(|| chrono::Datelike::month(&day));
    page.calendar = Some(month::calendar(title, (from, to), (month, state.context.today()), items));
    (page.previous, page.next) = (before.map(at), after.map(at));
    Ok(())
}

fn item(meeting: &MeetingCard) -> ItemView {
    ItemView {
        time: meeting.slot.from.format("%H:%M").to_string(),
        label: meeting.title.clone(),
        url: Some(links::class(meeting.class)),
        bad: meeting.state == MeetingState::Cancelled,
    }
}

fn line(state: &AppState, card: &ClassCard, from: NaiveDate) -> Line {
    let now = state.context.now();
    let coming = card.meetings.iter().filter(|meeting| meeting.slot.day >= from);
    let next = coming.clone().find(|meeting| meeting.state != MeetingState::Cancelled && !meeting.slot.is_over(now));
    let shown = next.or_else(|| coming.clone().next());
    let more = coming.count().saturating_sub(1);
    Line {
        url: links::class(card.class.id),
        title: card.class.teaching.title.clone(),
        centre: card.centre.name.clone(),
        meeting: shown.map(|meeting| meeting_view(meeting, now)),
        more: if more > 0 { format!("và {more} buổi nữa") } else { String::new() },
        seats: card.seats_left.map(|seats| format!("còn {seats} chỗ")),
        notice: super::one::notice(&card.class),
        joint: card.co_organisers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", "),
        sample: card.class.sample,
    }
}

/// The calendars of what was chosen, or of the whole province.
fn calendars(state: &AppState, base: &Base, filter: &Filter) -> Vec<CalendarLink> {
    let catalogue = state.context.catalogue();
    let area = filter.area.as_ref().and_then(|id| catalogue.area(id));
    let centre = filter.centre.as_ref().and_then(|id| catalogue.organisation(id));
    let topic = filter.topic.as_ref().and_then(|id| catalogue.topic(id));
    let chosen = [
        area.map(|area| (links::area_calendar(&area.id), area.full_name.as_str())),
        centre.map(|centre| (links::centre_calendar(&centre.id), centre.latest_name())),
        topic.map(|topic| (links::topic_calendar(&topic.id), topic.label.as_str())),
    ];
    let mut all: Vec<CalendarLink> =
        chosen.into_iter().flatten().map(|(path, label)| CalendarLink::new(base, &path, label)).collect();
    if all.is_empty() {
        all.push(CalendarLink::new(base, links::PROVINCE_CALENDAR, "Cả tỉnh"));
    }
    all
}

/// Today's communes.
pub(super) fn areas(state: &AppState, chosen: &str) -> Vec<Choice> {
    let (catalogue, today) = (state.context.catalogue(), state.context.today());
    let communes = catalogue.areas().filter(|area| area.level == AreaLevel::Commune && area.exists_on(today));
    let mut found: Vec<_> = communes.collect();
    found.sort_by_cached_key(|area| crate::actions::search::plain_letters(&area.name));
    let choice = |area: &&crate::domain::area::Area| Choice {
        value: area.id.to_string(),
        label: area.full_name.clone(),
        selected: area.id.as_str() == chosen,
    };
    found.iter().map(choice).collect()
}

/// Topics of both levels, those below after the one above.
pub(super) fn topics(state: &AppState, chosen: &str) -> Vec<Choice> {
    let catalogue = state.context.catalogue();
    let mut all = Vec::new();
    for group in catalogue.topics_below(None) {
        all.push((group.id.to_string(), group.label.clone()));
        let below = catalogue.topics_below(Some(&group.id)).into_iter();
        all.extend(below.map(|topic| (topic.id.to_string(), format!("– {}", topic.label))));
    }
    all.into_iter().map(|(value, label)| Choice { selected: value == chosen, value, label }).collect()
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let choice = || Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true };
    let line = || Line {
        url: "/".to_owned(),
        title: "<thử>".to_owned(),
        centre: "<thử>".to_owned(),
        meeting: Some(sample_meeting()),
        more: "và 2 buổi nữa".to_owned(),
        seats: Some("còn 2 chỗ".to_owned()),
        notice: Some("Đã hủy"),
        joint: "<thử>".to_owned(),
        sample: true,
    };
    let page = |lines, calendar: Option<MonthView>| ListPage {
        frame: Frame::new("Lớp học"),
        areas: vec![choice()],
        topics: vec![choice()],
        from: "2026-12-01".to_owned(),
        view: if calendar.is_some() { "thang" } else { "" },
        views: vec![("/".to_owned(), "Danh sách", true)],
        centre: Some(("<thử>".to_owned(), "/".to_owned())),
        lines,
        calendar,
        calendars: vec![CalendarLink { label: "<thử>".to_owned(), ..CalendarLink::default() }],
        refresh_note: REFRESH_NOTE,
        previous: Some("/".to_owned()),
        next: Some("/".to_owned()),
    };
    rendered(&[page(vec![line()], None), page(Vec::new(), None), page(Vec::new(), Some(month::sample()))])
}
