//! Calendars that phones subscribe to.

use super::{long_day, meeting_view, time_line};
use crate::actions::schedule::feed::{self, Feed, FeedMeeting, Scope};
use crate::domain::id::{AreaId, OrganisationId, TopicId};
use crate::domain::meeting::MeetingState;
use crate::interop::ical::{self, Calendar, Event};
use crate::web::error::{PageError, Problem};
use crate::web::links;
use crate::web::state::{AppState, Base};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};

/// How often phones are asked to look again.
const REFRESH_HOURS: u32 = 6;

/// What is said beside every way to subscribe.
pub(super) const REFRESH_NOTE: &str = "Lịch trên điện thoại tự cập nhật: thường vài giờ một lần, Google Lịch có khi chậm \
     đến một ngày. Buổi dời hoặc hủy gấp thì xem ở trang này.";

/// A calendar that a page offers.
#[derive(Debug, Clone, Default)]
pub(super) struct CalendarLink {
    /// To subscribe.
    pub(super) webcal: String,
    /// To fetch once, or to copy into a calendar on the web.
    pub(super) address: String,
    pub(super) label: String,
}

impl CalendarLink {
    pub(super) fn new(base: &Base, path: &str, label: &str) -> Self {
        let address = base.absolute(path);
        Self { webcal: links::subscribe(&address), address, label: label.to_owned() }
    }
}

/// What a feed is of and where people read about that.
fn scope(kind: &str, id: &str) -> Result<(Scope, String), Problem> {
    let of = |name: &str| links::classes(&[(name, id)]);
    Ok(match kind {
        "lop" => {
            let id = super::one::parse(id)?;
            (Scope::Class(id), links::class(id))
        }
        "trung-tam" | "co-quan" => (Scope::Organisation(organisation(id)?), of("trung-tam")),
        "dia-ban" => (Scope::Area(AreaId::parse(id).map_err(|_error| Problem::of("area-missing"))?), of("dia-ban")),
        "chu-de" => (Scope::Topic(TopicId::parse(id).map_err(|_error| Problem::of("topic-missing"))?), of("chu-de")),
        "bao-cao-vien" => {
            let (id, secret) = id.split_once('.').ok_or_else(|| Problem::of("speaker-missing"))?;
            (Scope::Speaker(super::speakers::parse(id)?, secret.to_owned()), links::CLASSES.to_owned())
        }
        _ => return Err(Problem::of("page-missing")),
    })
}

fn organisation(id: &str) -> Result<OrganisationId, Problem> {
    OrganisationId::parse(id).map_err(|_error| Problem::of("organisation-missing"))
}

pub(in crate::web) async fn province(
    State(state): State<AppState>,
    base: Base,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    answer(&state, &base, &headers, (Scope::Province, links::CLASSES.to_owned())).await
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path((kind, name)): Path<(String, String)>,
    base: Base,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let id = name.strip_suffix(".ics").ok_or_else(|| Problem::of("page-missing"))?;
    answer(&state, &base, &headers, scope(&kind, id)?).await
}

async fn answer(
    state: &AppState,
    base: &Base,
    headers: &HeaderMap,
    (scope, page): (Scope, String),
) -> Result<Response, PageError> {
    let is_class = matches!(scope, Scope::Class(_));
    // What a secret opens, no proxy may keep for others.
    let keep = if matches!(scope, Scope::Speaker(..)) { "private, no-cache" } else { "no-cache" };
    let keep = (header::CACHE_CONTROL, keep.to_owned());
    let feed = feed::read(&state.context, scope).await?;
    let modified = (header::LAST_MODIFIED, feed.changed_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    if has_since(headers, feed.changed_at) {
        return Ok((StatusCode::NOT_MODIFIED, [modified, keep]).into_response());
    }
    let name = if is_class { feed.name.clone() } else { format!("Lớp học: {}", feed.name) };
    let calendar =
        Calendar { name, page: base.absolute(&page), refresh_hours: REFRESH_HOURS, events: events(state, base, &feed) };
    let kind = (header::CONTENT_TYPE, ical::MEDIA_TYPE.to_owned());
    Ok(([kind, modified, keep], ical::calendar(&calendar)).into_response())
}

/// Whether a caller has what was last changed then. One that names a tag is answered by the tag alone.
fn has_since(headers: &HeaderMap, changed_at: DateTime<Utc>) -> bool {
    let text = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    let since = text.and_then(|text| DateTime::parse_from_rfc2822(text).ok());
    !headers.contains_key(header::IF_NONE_MATCH)
        && since.is_some_and(|since| since.timestamp() >= changed_at.timestamp())
}

fn events(state: &AppState, base: &Base, feed: &Feed) -> Vec<Event> {
    let now = state.context.now();
    feed.meetings.iter().map(|one| event(base, one, now)).collect()
}

fn event(base: &Base, one: &FeedMeeting, now: DateTime<Utc>) -> Event {
    let card = &one.card;
    let cancelled = card.state == MeetingState::Cancelled;
    let venue = card.venue.as_ref();
    Event {
        uid: card.id.to_string(),
        changed_at: one.changed_at,
        sequence: card.sequence,
        starts_at: card.slot.day.and_time(card.slot.from),
        ends_at: card.slot.day.and_time(card.slot.to),
        cancelled,
        // Some calendars show a cancelled meeting like any other.
        summary: if cancelled { format!("ĐÃ HỦY: {}", card.title) } else { card.title.clone() },
        location: venue.map(|_| meeting_view(card, now).venue).unwrap_or_default(),
        geo: venue.filter(|venue| !venue.roughly).and_then(|venue| venue.place),
        description: description(one),
        categories: one.topics.clone(),
        url: base.absolute(&links::class(card.class)),
    }
}

fn description(one: &FeedMeeting) -> String {
    let card = &one.card;
    let labelled = |label: &str, text: &str| (!text.is_empty()).then(|| format!("{label}: {text}"));
    let moved = card.moved_from.map(|slot| format!("Đã dời; trước là {}, {}", long_day(slot.day), time_line(&slot)));
    let lines = [
        moved,
        card.reason.as_ref().and_then(|reason| labelled("Lý do", reason)),
        labelled("Nơi mở lớp", &card.centre.name),
        labelled("Báo cáo viên", &card.speakers.join("; ")),
        labelled("Hỏi về lớp", &one.contact),
        one.sample.then(|| "Lớp mẫu, không có thật".to_owned()),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
