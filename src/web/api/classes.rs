//! `GET /api/v1/classes` and one of them.

use super::json;
use super::materials::Name;
use crate::actions::schedule::calendar::{self, ClassCard, Filter, MAX_LIST};
use crate::actions::schedule::{MeetingCard, VenueCard};
use crate::domain::id::{AreaId, ClassId, OrganisationId, TopicId};
use crate::domain::material::Audience;
use crate::web::error::{ApiError, Problem};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::state::AppState;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// How many classes a part of the list has unless told.
const DEFAULT_LIMIT: usize = 20;

/// A class with its meetings.
#[derive(Serialize, ToSchema)]
struct ClassJson {
    id: String,
    title: String,
    /// Where people read about it.
    url: String,
    summary: String,
    /// `published`, `closed` or `cancelled`.
    state: &'static str,
    /// Why it was cancelled.
    reason: Option<String>,
    centre: Name,
    co_organisers: Vec<Name>,
    class_type: &'static str,
    topics: Vec<Name>,
    audiences: Vec<&'static str>,
    /// Languages of instruction (BCP 47).
    languages: Vec<String>,
    materials: Vec<Name>,
    meetings: Vec<MeetingJson>,
    capacity: Option<u32>,
    /// Null without a limit.
    seats_left: Option<u32>,
    /// `none`, `staff`, `open` or `approve`.
    registration: &'static str,
    contact: String,
    /// The calendar of its meetings (iCalendar).
    ics_url: String,
    /// Invented, to show how it looks.
    sample: bool,
}

/// One date of a class.
#[derive(Serialize, ToSchema)]
struct MeetingJson {
    id: String,
    /// RFC 3339 with `+07:00`.
    starts_at: String,
    ends_at: String,
    /// `planned`, `moved`, `cancelled` or `held`.
    state: &'static str,
    /// When it was to begin before it was moved.
    moved_from: Option<String>,
    reason: Option<String>,
    venue: Option<VenueJson>,
    speakers: Vec<String>,
    /// How often it has changed.
    sequence: u32,
}

/// Where a meeting is.
#[derive(Serialize, ToSchema)]
struct VenueJson {
    id: String,
    name: String,
    kind: &'static str,
    address: String,
    /// The commune's name.
    area: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// The place is that of the whole commune.
    roughly: bool,
}

impl From<&VenueCard> for VenueJson {
    fn from(venue: &VenueCard) -> Self {
        Self {
            id: venue.id.to_string(),
            name: venue.name.clone(),
            kind: venue.kind.code(),
            address: venue.address.clone(),
            area: venue.area.clone(),
            latitude: venue.place.map(|place| place.0),
            longitude: venue.place.map(|place| place.1),
            roughly: venue.roughly,
        }
    }
}

impl From<&MeetingCard> for MeetingJson {
    fn from(meeting: &MeetingCard) -> Self {
        let (starts_at, ends_at) = meeting.slot.instants();
        Self {
            id: meeting.id.to_string(),
            starts_at,
            ends_at,
            state: meeting.state.code(),
            moved_from: meeting.moved_from.map(|slot| slot.instants().0),
            reason: meeting.reason.clone(),
            venue: meeting.venue.as_ref().map(VenueJson::from),
            speakers: meeting.speakers.clone(),
            sequence: meeting.sequence,
        }
    }
}

impl From<&ClassCard> for ClassJson {
    fn from(card: &ClassCard) -> Self {
        let (class, teaching) = (&card.class, &card.class.teaching);
        Self {
            id: class.id.to_string(),
            title: teaching.title.clone(),
            url: links::class(class.id),
            summary: teaching.summary.clone(),
            state: class.state.code(),
            reason: class.reason.clone(),
            centre: Name::from(&card.centre),
            co_organisers: card.co_organisers.iter().map(Name::from).collect(),
            class_type: teaching.class_type.code(),
            topics: card.topics.iter().map(Name::from).collect(),
            audiences: teaching.audiences.iter().map(|one| Audience::code(*one)).collect(),
            languages: teaching.languages.iter().map(ToString::to_string).collect(),
            materials: card.materials.iter().map(Name::from).collect(),
            meetings: card.meetings.iter().map(MeetingJson::from).collect(),
            capacity: class.capacity,
            seats_left: card.seats_left,
            registration: class.registration.code(),
            contact: class.contact.clone(),
            ics_url: links::class_calendar(class.id),
            sample: class.sample,
        }
    }
}

/// A part of a list.
#[derive(Serialize, ToSchema)]
struct ClassListJson {
    items: Vec<ClassJson>,
    /// The cursor of the next part.
    next: Option<String>,
}

/// Danh sách lớp theo ngày của buổi đầu tiên trong khoảng thời gian hỏi, từng phần.
#[utoipa::path(
    get,
    path = "/api/v1/classes",
    params(
        ("area" = Option<String>, Query, description = "Mã địa bàn, gồm cả nơi thuộc địa bàn ấy"),
        ("centre" = Option<String>, Query, description = "Mã trung tâm, cơ quan mở lớp hoặc cùng tổ chức"),
        ("topic" = Option<String>, Query, description = "Mã chủ đề, gồm cả chủ đề con"),
        ("from" = Option<String>, Query, description = "Từ ngày, như 2026-12-01; mặc định hôm nay"),
        ("to" = Option<String>, Query, description = "Đến hết ngày; mặc định 92 ngày sau from, nhiều nhất 400 ngày"),
        ("limit" = Option<usize>, Query, minimum = 1, description = "Số lớp mỗi phần, 1 đến 100; mặc định 20"),
        ("cursor" = Option<String>, Query, description = "Giá trị next của lần trước"),
    ),
    responses(
        (status = 200, description = "Một phần danh sách", body = ClassListJson),
        (status = 400, description = "Giá trị không dùng được", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters) -> Result<Response, ApiError> {
    let given = |name: &str| parameters.first(name).filter(|text| !text.is_empty());
    let unknown = || Problem::of("filter-unknown");
    let day = |name: &str| -> Result<Option<NaiveDate>, Problem> {
        given(name).map(|text| text.parse().map_err(|_error| Problem::of("day-invalid"))).transpose()
    };
    let catalogue = state.context.catalogue();
    let area = given("area").map(|text| AreaId::parse(text).map_err(|_error| unknown())).transpose()?;
    let centre = given("centre").map(|text| OrganisationId::parse(text).map_err(|_error| unknown())).transpose()?;
    let topic = given("topic").map(|text| TopicId::parse(text).map_err(|_error| unknown())).transpose()?;
    let known = area.as_ref().is_none_or(|id| catalogue.area(id).is_some())
        && centre.as_ref().is_none_or(|id| catalogue.organisation(id).is_some())
        && topic.as_ref().is_none_or(|id| catalogue.topic(id).is_some());
    if !known {
        return Err(unknown().into());
    }
    let cursor =
        given("cursor").map(|text| text.parse().map_err(|_error| Problem::of("cursor-invalid"))).transpose()?;
    let limit = parameters.limit()?.unwrap_or(DEFAULT_LIMIT).min(MAX_LIST);
    let (from, to) = (day("from")?, day("to")?);
    let filter = Filter { area, centre, topic, from, to, limit, offset: cursor.unwrap_or(0) };
    let found = calendar::list(&state.context, filter).await?;
    let items = found.items.iter().map(ClassJson::from).collect();
    Ok(json(&ClassListJson { items, next: found.next.map(|offset| offset.to_string()) }))
}

/// Một lớp với mọi buổi học.
#[utoipa::path(
    get,
    path = "/api/v1/classes/{id}",
    params(("id" = String, Path, description = "Mã lớp (UUID)")),
    responses(
        (status = 200, description = "Lớp", body = ClassJson),
        (status = 404, description = "Không có", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn show(State(state): State<AppState>, Path(id): Path<String>) -> Result<Response, ApiError> {
    let id = ClassId::parse(&id).map_err(|_error| Problem::of("class-missing"))?;
    let card = calendar::show(&state.context, id).await?;
    Ok(json(&ClassJson::from(&card)))
}
