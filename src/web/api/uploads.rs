//! `POST /api/v1/materials` and `PUT /api/v1/materials/{id}/file`: files from programs.

use crate::actions::import::describe;
use crate::actions::uploads::{Offer, Outcome, Terms, elsewhere};
use crate::domain::id::MaterialId;
use crate::web::error::{ApiError, Problem};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::receipt::{Form, Parts, page_of};
use crate::web::session::{Program, Sender};
use crate::web::state::AppState;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// A material that has the file.
#[derive(Serialize, ToSchema)]
pub(super) struct UploadedJson {
    id: String,
    /// The page for people: public, or for those who work on it.
    url: String,
    version: u32,
    /// Where the version with the file stands: `draft`, `in_review`, `scheduled`, `published` or `withdrawn`.
    state: &'static str,
    /// The library had the very same file before.
    existing: bool,
    warnings: Vec<WarningJson>,
}

#[derive(Serialize, ToSchema)]
struct WarningJson {
    code: &'static str,
    detail: String,
}

/// The form that is sent.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its description is used")]
pub(super) struct UploadForm {
    /// The file; may be absent where the description has `title`, `summary` and `links` (or `text`).
    #[schema(value_type = String, format = Binary)]
    file: Option<String>,
    /// A JSON object with the fields of an import: `title`, `summary`, `topics`, `languages`, `licence`, `organisation`, `id` …
    metadata: Option<String>,
}

/// Tải một tệp lên thành học liệu mới; việc đọc nội dung tiếp tục sau khi trả lời.
#[utoipa::path(
    post,
    path = "/api/v1/materials",
    security(("bearer" = [])),
    params(("publish" = Option<u8>, Query, description = "1 để công bố ngay; ai chưa được tự công bố thì học liệu được gửi duyệt, kèm cảnh báo not-published")),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Đã nhận; Location là địa chỉ của học liệu", body = UploadedJson),
        (status = 200, description = "Thư viện đã có tệp này", body = UploadedJson),
        (status = 400, description = "Thiếu tệp, hoặc một trường không dùng được", content_type = "application/problem+json"),
        (status = 401, description = "Thiếu mã truy cập, hoặc mã không dùng được", content_type = "application/problem+json"),
        (status = 403, description = "Không được phép", content_type = "application/problem+json"),
        (status = 413, description = "Tệp quá lớn", content_type = "application/problem+json"),
        (status = 415, description = "Không nhận loại tệp này", content_type = "application/problem+json"),
        (status = 507, description = "Máy chủ hết chỗ chứa", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn create(
    State(state): State<AppState>,
    program: Program,
    parameters: Parameters,
    form: Form,
) -> Result<Response, ApiError> {
    receive(&state, program, &parameters, (form, None)).await
}

/// Tải một tệp lên thành phiên bản mới của một học liệu; địa chỉ của học liệu giữ nguyên.
#[utoipa::path(
    put,
    path = "/api/v1/materials/{id}/file",
    security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "Mã học liệu (UUID)"),
        ("publish" = Option<u8>, Query, description = "1 để công bố ngay; ai chưa được tự công bố thì học liệu được gửi duyệt, kèm cảnh báo not-published"),
    ),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "Đã thành phiên bản mới", body = UploadedJson),
        (status = 200, description = "Phiên bản mới nhất đã là tệp này", body = UploadedJson),
        (status = 401, description = "Thiếu mã truy cập, hoặc mã không dùng được", content_type = "application/problem+json"),
        (status = 403, description = "Không được phép", content_type = "application/problem+json"),
        (status = 404, description = "Không có", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn replace(
    State(state): State<AppState>,
    Path(id): Path<String>,
    program: Program,
    parameters: Parameters,
    form: Form,
) -> Result<Response, ApiError> {
    let id = MaterialId::parse(&id).map_err(|_error| Problem::of("material-missing"))?;
    receive(&state, program, &parameters, (form, Some(id))).await
}

async fn receive(
    state: &AppState,
    Program(bearer): Program,
    parameters: &Parameters,
    (form, material): (Form, Option<MaterialId>),
) -> Result<Response, ApiError> {
    let bearer = bearer.ok_or_else(|| Problem::of("sign-in-required"))?;
    let sender = Sender(bearer.actor.clone());
    let mut parts = form.receive(state, &sender).await?;
    let publish = parameters.first("publish").is_some_and(|value| matches!(value, "1" | "true"));
    let Some((name, spool)) = parts.files.pop() else {
        if material.is_some() || !parts.field("metadata").is_some_and(elsewhere::is_told_by) {
            return Err(Problem::of("file-part-missing").into());
        }
        let terms = terms(state, &parts, (Offer::default(), false), publish)?;
        return Ok(uploaded(&elsewhere::begin(&state.context, &bearer.actor, terms).await?));
    };
    let terms = terms(state, &parts, (Offer { name, material, ..Offer::default() }, true), publish)?;
    let outcome = spool?.take(terms).await?;
    Ok(uploaded(&outcome))
}

fn terms(state: &AppState, parts: &Parts, (offer, has_file): (Offer, bool), publish: bool) -> Result<Terms, Problem> {
    let described = parts.field("metadata").map(|json| describe(&state.context, json, has_file)).transpose()?;
    Ok(Terms { offer, described, publish })
}

fn uploaded(outcome: &Outcome) -> Response {
    let warning = |warning: &crate::actions::uploads::Warning| WarningJson {
        code: warning.code,
        detail: warning.message.clone(),
    };
    let mut response = super::json(&UploadedJson {
        id: outcome.material.to_string(),
        url: page_of(outcome),
        version: outcome.version,
        state: outcome.state.code(),
        existing: outcome.existing,
        warnings: outcome.warnings.iter().map(warning).collect(),
    });
    let status = if outcome.existing { StatusCode::OK } else { StatusCode::CREATED };
    if let Ok(address) = HeaderValue::from_str(&links::api_material(outcome.material)) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    (status, response).into_response()
}
