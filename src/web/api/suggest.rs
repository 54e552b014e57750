//! `GET /api/v1/suggest`.

use super::json;
use crate::actions::search::SearchRequest;
use crate::actions::suggestions::{self, Suggestion, SuggestionKind, Target};
use crate::web::error::{ApiError, Problem};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::state::AppState;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

/// Browsers and proxies may keep an answer so long: who deletes a letter need not ask again.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=120");

/// What may be meant by what is being typed.
#[derive(Serialize, ToSchema)]
pub(super) struct SuggestJson {
    /// Best first.
    items: Vec<SuggestionJson>,
}

#[derive(Serialize, ToSchema)]
struct SuggestionJson {
    text: String,
    /// Escaped HTML with `<mark>` around what was typed.
    html: String,
    /// `material`, `topic`, `organisation`, `area` or `query`.
    kind: &'static str,
    /// The kind in Vietnamese.
    label: &'static str,
    /// What an old name has become.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The page to go to.
    url: String,
}

/// Gợi ý khi đang gõ: tên học liệu, chủ đề, cơ quan, địa bàn và những câu nhiều người đã tìm thấy.
#[utoipa::path(
    get,
    path = "/api/v1/suggest",
    params(
        ("q" = String, Query, description = "Chữ đang gõ, có dấu hoặc không dấu; từ cuối có thể chưa gõ xong"),
        ("kind" = Option<Vec<String>>, Query, description = "Chỉ gợi ý loại này: material, topic, organisation, area, query; lặp lại được"),
        ("limit" = Option<usize>, Query, description = "Số gợi ý, 1 đến 20; mặc định 8"),
    ),
    responses(
        (status = 200, description = "Gợi ý, tốt nhất trước; có thể trống", body = SuggestJson),
        (status = 400, description = "Giá trị không dùng được", content_type = "application/problem+json"),
        (status = 429, description = "Quá nhiều lượt", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn suggest(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    let kind = |code| SuggestionKind::from_code(code).ok_or_else(|| Problem::of("kind-unknown"));
    let kinds = parameters.all("kind").filter(|code| !code.is_empty()).map(kind).collect::<Result<Vec<_>, _>>()?;
    let limit = parameters.limit()?.unwrap_or(0);
    let found = suggestions::suggest(&state.context, parameters.first("q").unwrap_or_default(), &kinds, limit);
    let mut response = json(&SuggestJson { items: found.into_iter().map(item).collect() });
    response.headers_mut().insert(header::CACHE_CONTROL, KEPT);
    Ok(response)
}

fn item(found: Suggestion) -> SuggestionJson {
    let kind = found.target.kind();
    let url = match &found.target {
        Target::Material(id) => links::material(*id, &found.text),
        Target::Topic(id) => links::topic(id.as_str()),
        Target::Organisation(id) => links::organisation(id.as_str()),
        Target::Area(id) => links::area(id.as_str()),
        Target::Query => links::search(&SearchRequest { query: found.text.clone(), ..SearchRequest::default() }),
    };
    SuggestionJson { text: found.text, html: found.html, kind: kind.code(), label: kind.label(), note: found.note, url }
}
