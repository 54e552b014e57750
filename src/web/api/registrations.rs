//! `POST /api/v1/classes/{id}/registrations` and `/api/v1/registrations/{code}`: the public form's twin.

use super::json;
use crate::actions::schedule::registration::own::{self, New, Own, OwnAct};
use crate::actions::schedule::registration::typed::TypedPerson;
use crate::domain::id::ClassId;
use crate::domain::registration::{Registration, printed_slip};
use crate::web::error::{ApiError, Problem};
use crate::web::links;
use crate::web::session::From;
use crate::web::state::AppState;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who wishes to learn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct NewRegistrationJson {
    name: String,
    /// Four digits.
    birth_year: u16,
    /// Village or quarter.
    village: String,
    #[serde(default)]
    phone: String,
    /// `female` or `male`; may be left out.
    #[serde(default)]
    sex: String,
    /// Who stands for someone younger than 16.
    #[serde(default)]
    guardian: String,
    /// They have read what is kept and agree; must be true.
    consent: bool,
    /// A UUID of the caller's: the same one sent again is the same registration.
    #[serde(default)]
    form: String,
}

/// A registration, for whoever has its code.
#[derive(Serialize, ToSchema)]
struct RegistrationJson {
    /// With it the registration is looked up and cancelled.
    code: String,
    /// `requested`, `waiting`, `offered`, `confirmed` or `cancelled`.
    state: &'static str,
    /// The class's id.
    class: String,
    /// Where people read about the class.
    class_url: String,
    /// How many wait before.
    before: usize,
    /// Until when an offered place is kept (RFC 3339).
    offered_until: Option<String>,
}

fn answer(code: &str, registration: &Registration, before: usize) -> Response {
    json(&RegistrationJson {
        code: printed_slip(code),
        state: registration.state.code(),
        class: registration.class.to_string(),
        class_url: links::class(registration.class),
        before,
        offered_until: registration.offered_until.map(|until| until.to_rfc3339()),
    })
}

fn answer_own(own: &Own) -> Response {
    answer(&own.code, &own.registration, own.before)
}

/// Đăng ký học, không cần tài khoản; như mẫu đăng ký trên trang của lớp.
#[utoipa::path(
    post,
    path = "/api/v1/classes/{id}/registrations",
    params(("id" = String, Path, description = "Mã lớp (UUID)")),
    request_body(content = NewRegistrationJson),
    responses(
        (status = 200, description = "Đã nhận; mã dùng để xem và hủy", body = RegistrationJson),
        (status = 400, description = "Một trường không dùng được, hoặc chưa đồng ý", content_type = "application/problem+json"),
        (status = 404, description = "Không có lớp này", content_type = "application/problem+json"),
        (status = 409, description = "class-full: đã đủ người và không còn chỗ chờ; registration-closed: không nhận đăng ký", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn register(
    State(state): State<AppState>,
    Path(id): Path<String>,
    From(origin): From,
    body: String,
) -> Result<Response, ApiError> {
    let id = ClassId::parse(&id).map_err(|_error| Problem::of("class-missing"))?;
    let sent: NewRegistrationJson = serde_json::from_str(&body).map_err(|_error| Problem::of("request-malformed"))?;
    let NewRegistrationJson { name, birth_year, village, phone, sex, guardian, consent, form } = sent;
    let person = TypedPerson { name, birth_year: birth_year.to_string(), sex, village, phone, guardian };
    let new = New { person, consent, form, trap: String::new() };
    let done = own::register(&state.context, id, new, origin.address).await?;
    Ok(answer(&done.code, &done.registration, done.before))
}

/// Đăng ký học của ai có mã trên phiếu; không tra được bằng tên hay số điện thoại.
#[utoipa::path(
    get,
    path = "/api/v1/registrations/{code}",
    params(("code" = String, Path, description = "Mã trên phiếu, như ABCDE-FGHJK")),
    responses(
        (status = 200, description = "Đăng ký", body = RegistrationJson),
        (status = 401, description = "Không có đăng ký mang mã này", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(code): Path<String>,
    From(origin): From,
) -> Result<Response, ApiError> {
    Ok(answer_own(&own::look(&state.context, &code, origin.address).await?))
}

/// Hủy đăng ký học; chỗ dành cho người chờ tiếp theo.
#[utoipa::path(
    delete,
    path = "/api/v1/registrations/{code}",
    params(("code" = String, Path, description = "Mã trên phiếu, như ABCDE-FGHJK")),
    responses(
        (status = 200, description = "Đã hủy", body = RegistrationJson),
        (status = 401, description = "Không có đăng ký mang mã này", content_type = "application/problem+json"),
        (status = 409, description = "Đăng ký đã thôi từ trước", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn cancel(
    State(state): State<AppState>,
    Path(code): Path<String>,
    From(origin): From,
) -> Result<Response, ApiError> {
    Ok(answer_own(&own::act(&state.context, &code, OwnAct::Cancel, origin.address).await?))
}
