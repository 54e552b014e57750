//! Attendance for the phones of staff: the roll beforehand, marks afterwards, however often they are sent.

use super::json;
use crate::actions::schedule::attendance::marks::{self, Load, Receipt, TypedMark, WalkIn};
use crate::actions::schedule::attendance::roll::{self, Pupil, Roll};
use crate::actions::schedule::registration::typed::TypedPerson;
use crate::domain::attendance::{MarkSource, Presence};
use crate::domain::id::{ClassId, LearnerId, MarkId, MeetingId};
use crate::domain::registration::RegistrationState;
use crate::web::error::{ApiError, Problem};
use crate::web::session::Sender;
use crate::web::state::AppState;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The roll of a class.
#[derive(Serialize, ToSchema)]
struct RollJson {
    class: RollClassJson,
    meetings: Vec<RollMeetingJson>,
    learners: Vec<PupilJson>,
    marks: Vec<PresenceJson>,
}

#[derive(Serialize, ToSchema)]
struct RollClassJson {
    id: String,
    title: String,
    centre: String,
}

/// A meeting that takes place.
#[derive(Serialize, ToSchema)]
struct RollMeetingJson {
    id: String,
    /// Such as `2026-12-01`.
    day: String,
    /// RFC 3339 with `+07:00`.
    starts_at: String,
    ends_at: String,
    /// In words.
    label: String,
}

/// Someone on the roll.
#[derive(Serialize, ToSchema)]
struct PupilJson {
    id: String,
    name: String,
    birth_year: u16,
    village: String,
    /// How the registration stands, in words, where it is not a place in the class.
    note: String,
}

/// How someone was at a meeting.
#[derive(Serialize, ToSchema)]
struct PresenceJson {
    meeting: String,
    learner: String,
    /// `present`, `late`, `excused` or `absent`.
    presence: &'static str,
}

/// What a phone sends.
#[derive(Deserialize)]
struct LoadBody {
    source: String,
    sent_at: Option<DateTime<Utc>>,
    #[serde(default)]
    walk_ins: Vec<WalkInBody>,
    #[serde(default)]
    marks: Vec<MarkBody>,
}

#[derive(Deserialize)]
struct WalkInBody {
    id: Uuid,
    name: String,
    birth_year: u16,
    #[serde(default)]
    village: String,
    #[serde(default)]
    phone: String,
    /// Of a child.
    #[serde(default)]
    guardian: String,
}

#[derive(Deserialize)]
struct MarkBody {
    id: Uuid,
    meeting: Uuid,
    learner: Uuid,
    presence: Option<String>,
    at: Option<DateTime<Utc>>,
}

/// What became of each mark and each person.
#[derive(Serialize, ToSchema)]
struct ReceiptJson {
    /// Who came by, with who they are from now on.
    learners: Vec<WelcomedJson>,
    /// The ids of marks that are kept, now or before.
    taken: Vec<String>,
    refused: Vec<RefusedJson>,
}

#[derive(Serialize, ToSchema)]
struct WelcomedJson {
    id: String,
    learner: String,
}

#[derive(Serialize, ToSchema)]
struct RefusedJson {
    id: String,
    code: &'static str,
    detail: String,
}

fn pupil(one: &Pupil) -> Option<PupilJson> {
    let note = (one.state != RegistrationState::Confirmed).then(|| one.state.label().to_lowercase());
    Some(PupilJson {
        id: one.learner.to_string(),
        name: one.name.clone()?,
        birth_year: one.birth_year,
        village: one.village.clone(),
        note: note.unwrap_or_default(),
    })
}

impl From<&Roll> for RollJson {
    fn from(roll: &Roll) -> Self {
        let meeting = |card: &crate::actions::schedule::MeetingCard| {
            let (starts_at, ends_at) = card.slot.instants();
            let label = format!("{}, {}", card.slot.day.format("%d/%m/%Y"), card.slot.from.format("%H:%M"));
            RollMeetingJson { id: card.id.to_string(), day: card.slot.day.to_string(), starts_at, ends_at, label }
        };
        let mark = |((meeting, learner), presence): (&(MeetingId, LearnerId), &Presence)| PresenceJson {
            meeting: meeting.to_string(),
            learner: learner.to_string(),
            presence: presence.code(),
        };
        Self {
            class: RollClassJson {
                id: roll.class.id.to_string(),
                title: roll.class.teaching.title.clone(),
                centre: roll.centre.name.clone(),
            },
            meetings: roll.meetings.iter().map(meeting).collect(),
            learners: roll.pupils.iter().filter_map(pupil).collect(),
            marks: roll.marks.iter().map(mark).collect(),
        }
    }
}

/// Danh sách điểm danh của một lớp, cho cán bộ của lớp.
#[utoipa::path(
    get,
    path = "/api/v1/classes/{id}/attendance",
    params(("id" = String, Path, description = "Mã lớp (UUID)")),
    responses(
        (status = 200, description = "Danh sách với điểm danh đã có", body = RollJson),
        (status = 400, description = "Lớp không ghi tên hoặc đã hủy", content_type = "application/problem+json"),
        (status = 403, description = "Không phải cán bộ của lớp", content_type = "application/problem+json"),
        (status = 404, description = "Không có", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Sender(actor): Sender,
) -> Result<Response, ApiError> {
    let roll = roll::read(&state.context, &actor, class_id(&id)?).await?;
    Ok(json(&RollJson::from(&roll)))
}

/// Gửi điểm danh; gửi lại nhiều lần vẫn là một.
#[utoipa::path(
    post,
    path = "/api/v1/classes/{id}/attendance",
    params(("id" = String, Path, description = "Mã lớp (UUID)")),
    responses(
        (status = 200, description = "Lượt nào đã giữ, lượt nào không nhận", body = ReceiptJson),
        (status = 400, description = "Không đọc được, hoặc lớp không ghi tên", content_type = "application/problem+json"),
        (status = 403, description = "Không phải cán bộ của lớp", content_type = "application/problem+json"),
        (status = 404, description = "Không có", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn take(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Sender(actor): Sender,
    body: String,
) -> Result<Response, ApiError> {
    let id = class_id(&id)?;
    let body: LoadBody = serde_json::from_str(&body).map_err(|_error| Problem::of("request-malformed"))?;
    let (load, unusable) = load(body, state.context.today())?;
    let receipt = marks::take(&state.context, &actor, id, load).await?;
    Ok(json(&receipt_json(receipt, unusable)))
}

fn class_id(id: &str) -> Result<ClassId, Problem> {
    ClassId::parse(id).map_err(|_error| Problem::of("class-missing"))
}

/// What can be taken, and who of those who came by cannot, with why.
fn load(body: LoadBody, today: NaiveDate) -> Result<(Load, Vec<(Uuid, Problem)>), Problem> {
    let malformed = || Problem::of("request-malformed");
    let (mut walk_ins, mut unusable) = (Vec::new(), Vec::new());
    for one in body.walk_ins {
        let typed = TypedPerson {
            name: one.name,
            birth_year: one.birth_year.to_string(),
            village: one.village,
            phone: one.phone,
            guardian: one.guardian,
            ..TypedPerson::default()
        };
        match typed.read(today) {
            Ok(person) => walk_ins.push(WalkIn { id: one.id, person }),
            Err(error) => unusable.push((one.id, Problem::from(error))),
        }
    }
    let mark = |one: MarkBody| {
        let presence = one.presence.as_deref().map(|code| Presence::from_code(code).ok_or_else(malformed)).transpose();
        Ok::<_, Problem>(TypedMark {
            id: MarkId(one.id),
            meeting: MeetingId(one.meeting),
            learner: LearnerId(one.learner),
            presence: presence?,
            at: one.at,
        })
    };
    let marks = body.marks.into_iter().map(mark).collect::<Result<_, _>>()?;
    let source = MarkSource::from_code(&body.source).ok_or_else(malformed)?;
    Ok((Load { source, sent_at: body.sent_at, walk_ins, marks }, unusable))
}

fn receipt_json(receipt: Receipt, unusable: Vec<(Uuid, Problem)>) -> ReceiptJson {
    let refused = receipt.refused.into_iter().map(|(id, error)| (id, Problem::from(error)));
    let refused = unusable.into_iter().chain(refused).map(|(id, problem)| RefusedJson {
        id: id.to_string(),
        code: problem.code(),
        detail: problem.detail().to_owned(),
    });
    ReceiptJson {
        learners: receipt
            .learners
            .into_iter()
            .map(|(id, learner)| WelcomedJson { id: id.to_string(), learner: learner.to_string() })
            .collect(),
        taken: receipt.taken.iter().map(ToString::to_string).collect(),
        refused: refused.collect(),
    }
}
