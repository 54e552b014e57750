//! `GET /api/v1/search`.

use super::json;
use super::materials::{CardJson, Name};
use crate::actions::advice;
use crate::actions::search::{self, Facet, SearchItem, SearchRequest, SearchResults};
use crate::web::error::ApiError;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::state::AppState;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A search's answer.
#[derive(Serialize, ToSchema)]
pub(super) struct SearchJson {
    /// Materials that match.
    total: usize,
    items: Vec<ItemJson>,
    /// Values among all matches, by facet.
    facets: BTreeMap<&'static str, Vec<ValueJson>>,
    /// The cursor of the next items.
    next: Option<String>,
    interpretation: InterpretationJson,
}

#[derive(Serialize, ToSchema)]
struct ItemJson {
    r#type: &'static str,
    #[serde(flatten)]
    card: CardJson,
    /// Higher is better; comparable within one answer.
    score: f32,
    /// `words`.
    matched_by: &'static str,
    passages: Vec<PassageJson>,
}

#[derive(Serialize, ToSchema)]
struct PassageJson {
    /// From 1.
    page: u32,
    page_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// Escaped HTML with `<mark>`.
    html: String,
    text: String,
}

#[derive(Serialize, ToSchema)]
struct ValueJson {
    id: String,
    label: String,
    count: usize,
}

#[derive(Serialize, ToSchema)]
struct InterpretationJson {
    typed: String,
    read_as: Option<String>,
    /// Searches exactly what was typed.
    exact_url: String,
    filters: Vec<FilterJson>,
    hints: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct FilterJson {
    name: &'static str,
    id: String,
    label: String,
    /// The same search without this filter.
    remove_url: String,
}

/// Tìm học liệu: từ khóa, bộ lọc, thứ tự, từng phần.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    params(
        ("q" = Option<String>, Query, description = "Từ cần tìm, có dấu hoặc không dấu; bỏ trống để liệt kê tất cả"),
        ("topic" = Option<Vec<String>>, Query, description = "Mã chủ đề, ví dụ agri.rice; lặp lại được"),
        ("organisation" = Option<Vec<String>>, Query, description = "Mã cơ quan; gồm cả cơ quan tiền thân và đơn vị trực thuộc"),
        ("area" = Option<Vec<String>>, Query, description = "Mã địa bàn"),
        ("kind" = Option<Vec<String>>, Query, description = "Loại: text, slides, video, audio, poster, sheet, law, qa"),
        ("language" = Option<Vec<String>>, Query, description = "Ngôn ngữ (BCP 47)"),
        ("level" = Option<Vec<String>>, Query, description = "Trình độ: none, basic, advanced"),
        ("audience" = Option<Vec<String>>, Query, description = "Đối tượng"),
        ("year" = Option<Vec<String>>, Query, description = "Năm ban hành"),
        ("sort" = Option<String>, Query, description = "relevance (mặc định), newest hoặc oldest"),
        ("limit" = Option<usize>, Query, minimum = 1, description = "Số kết quả, 1 đến 50; mặc định 10"),
        ("cursor" = Option<String>, Query, description = "Giá trị next của lần trước"),
    ),
    responses(
        (status = 200, description = "Kết quả", body = SearchJson),
        (status = 400, description = "Giá trị không dùng được", content_type = "application/problem+json"),
        (status = 429, description = "Quá nhiều lượt", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn search(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    let request = parameters.api_search()?;
    advice::check_filters(&state.context, &request).await?;
    let results = search::search(&state.context, request.clone()).await?;
    Ok(json(&answer(&request, results)))
}

fn answer(request: &SearchRequest, results: SearchResults) -> SearchJson {
    let value = |value: search::FacetValue| ValueJson { id: value.id, label: value.label, count: value.count };
    let facets = results.facets.into_iter();
    let facets = facets.map(|group| (group.facet.code(), group.values.into_iter().map(value).collect()));
    let filter = |(facet, value): (Facet, search::FacetValue)| {
        let mut without = request.clone();
        without.filters.retain(|filter| *filter != (facet, value.id.clone()));
        let remove_url = links::api_search(&without);
        FilterJson { name: facet.code(), id: value.id, label: value.label, remove_url }
    };
    SearchJson {
        total: results.total,
        items: results.items.into_iter().map(item).collect(),
        facets: facets.collect(),
        next: results.next,
        interpretation: InterpretationJson {
            typed: results.interpretation.typed,
            read_as: results.interpretation.read_as,
            exact_url: links::api_search(request),
            filters: results.interpretation.filters.into_iter().map(filter).collect(),
            hints: results.interpretation.hints,
        },
    }
}

fn item(item: SearchItem) -> ItemJson {
    let passages = item.passages.into_iter().map(|passage| PassageJson {
        page: passage.page,
        page_id: passage.page_id,
        label: passage.label,
        html: passage.html,
        text: passage.text,
    });
    ItemJson {
        r#type: "material",
        passages: passages.collect(),
        score: item.score,
        matched_by: "words",
        card: CardJson::of(&item.card),
    }
}

impl From<&crate::actions::materials::Named<crate::domain::id::TopicId>> for Name {
    fn from(topic: &crate::actions::materials::Named<crate::domain::id::TopicId>) -> Self {
        Self { id: topic.id.to_string(), name: topic.name.clone() }
    }
}
