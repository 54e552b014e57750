//! `GET /api/v1/search`.

use super::json;
use super::materials::{CardJson, Name};
use crate::actions::schedule::MeetingCard;
use crate::actions::search::advice;
use crate::actions::search::{
    self, Change, Facet, FewerWords, FoundClasses, Help, Offer, ReadFilter, SearchItem, SearchRequest, SearchResults,
    Wider,
};
use crate::actions::usage;
use crate::domain::topic::Topic;
use crate::web::error::ApiError;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::state::AppState;
use crate::web::visit::Caller;
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
    /// Classes to come that answer as well, best first; on the first page alone.
    classes: Vec<ClassJson>,
    interpretation: InterpretationJson,
}

/// A class by its next meeting that fits.
#[derive(Serialize, ToSchema)]
struct ClassJson {
    r#type: &'static str,
    id: String,
    title: String,
    centre: Name,
    starts_at: String,
    ends_at: String,
    url: String,
}

impl ClassJson {
    fn of(card: &MeetingCard) -> Self {
        let (starts_at, ends_at) = card.slot.instants();
        Self {
            r#type: "class",
            id: card.class.to_string(),
            title: card.title.clone(),
            centre: Name::from(&card.centre),
            starts_at,
            ends_at,
            url: links::class(card.class),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct ItemJson {
    r#type: &'static str,
    #[serde(flatten)]
    card: CardJson,
    /// Higher is better; comparable within one answer.
    score: f32,
    /// It bears only a part of the query and fills up a short answer; not counted in `total`.
    partial: bool,
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
    /// The second of a recording at which it is spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    start_seconds: Option<u64>,
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
    /// What a short query without marks may have been meant as nearly as well.
    other_reading: Option<OtherReadingJson>,
    /// Searches exactly what was typed.
    exact_url: String,
    /// Chosen filters, and filters read out of the words.
    filters: Vec<FilterJson>,
    /// Filters that could be read out of the words and are not in force.
    offers: Vec<OfferJson>,
    hints: Vec<String>,
    /// Ways on, when at most two materials match.
    help: Option<HelpJson>,
}

#[derive(Serialize, ToSchema)]
struct OtherReadingJson {
    query: String,
    url: String,
}

#[derive(Serialize, ToSchema)]
struct OfferJson {
    name: &'static str,
    label: String,
    /// The words from which it was read.
    read_from: String,
    count: usize,
    url: String,
}

#[derive(Serialize, ToSchema)]
struct HelpJson {
    /// The same search with fewer words.
    fewer_words: Vec<FewerWordsJson>,
    /// The same search with fewer or broader filters.
    wider: Vec<WiderJson>,
    /// Topics to browse.
    topics: Vec<ValueJson>,
}

#[derive(Serialize, ToSchema)]
struct FewerWordsJson {
    query: String,
    dropped: Vec<String>,
    count: usize,
    url: String,
}

#[derive(Serialize, ToSchema)]
struct WiderJson {
    /// `without` one filter, `without_all`, or a `broader` topic.
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    count: usize,
    url: String,
}

#[derive(Serialize, ToSchema)]
struct FilterJson {
    name: &'static str,
    id: String,
    label: String,
    /// The words from which the filter was read; absent for one that was chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_from: Option<String>,
    /// All alternatives of a filter that was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ids: Vec<String>,
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
        ("unread" = Option<Vec<String>>, Query, description = "area, organisation, time: tên địa bàn, cơ quan, từ chỉ thời gian trong câu tìm được coi là từ thường, không thành bộ lọc"),
        ("sort" = Option<String>, Query, description = "relevance (mặc định), newest hoặc oldest"),
        ("exact" = Option<bool>, Query, description = "true: tìm đúng những gì đã gõ, không đoán dấu hay sửa lỗi gõ"),
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
    caller: Caller,
) -> Result<Response, ApiError> {
    let request = search::current(&state.context, parameters.api_search()?);
    advice::check_filters(&state.context, &request).await?;
    let results = search::search(&state.context, request.clone()).await?;
    usage::searched(&state.context, caller.search(&request.query), &request, &results);
    let help = search::help(&state.context, &request, &results).await?;
    let read_as = results.interpretation.read_as.clone();
    let classes = search::classes(&state.context, &request, read_as.as_deref()).await?;
    Ok(json(&answer(&request, results, (help, &classes))))
}

fn answer(
    request: &SearchRequest,
    results: SearchResults,
    (help, classes): (Option<Help>, &FoundClasses),
) -> SearchJson {
    let value = |value: search::FacetValue| ValueJson { id: value.id, label: value.label, count: value.count };
    let facets = results.facets.into_iter();
    let facets = facets.map(|group| (group.facet.code(), group.values.into_iter().map(value).collect()));
    let filter = |(facet, value): (Facet, search::FacetValue)| {
        let mut without = request.clone();
        without.filters.retain(|filter| *filter != (facet, value.id.clone()));
        let remove_url = links::api_search(&without);
        FilterJson {
            name: facet.code(),
            id: value.id,
            label: value.label,
            read_from: None,
            ids: Vec::new(),
            remove_url,
        }
    };
    let read = results.interpretation.readings.into_iter().map(|filter| reading(request, filter));
    let when = classes.when.as_ref().map(|when| FilterJson {
        name: links::API_TIME,
        id: when.days.map(|(from, to)| format!("{from}/{to}")).unwrap_or_default(),
        label: when.label(),
        read_from: Some(when.typed.clone()),
        ids: Vec::new(),
        remove_url: links::api_search(&SearchRequest { any_time: true, ..request.clone() }),
    });
    SearchJson {
        total: results.total,
        items: results.items.into_iter().map(item).collect(),
        facets: facets.collect(),
        next: results.next,
        classes: classes.items.iter().map(ClassJson::of).collect(),
        interpretation: InterpretationJson {
            typed: results.interpretation.typed,
            read_as: results.interpretation.read_as,
            other_reading: results
                .interpretation
                .other_reading
                .map(|other| OtherReadingJson { url: links::api_search(&other), query: other.query }),
            exact_url: links::api_search(&SearchRequest { exact: true, ..request.clone() }),
            filters: results.interpretation.filters.into_iter().map(filter).chain(read).chain(when).collect(),
            offers: results.interpretation.offers.into_iter().map(offer).collect(),
            help: help.map(help_json),
            hints: results.interpretation.hints,
        },
    }
}

fn reading(request: &SearchRequest, filter: ReadFilter) -> FilterJson {
    let mut without = request.clone();
    without.unread.push(filter.facet);
    FilterJson {
        name: filter.facet.code(),
        id: filter.values.first().cloned().unwrap_or_default(),
        label: filter.label,
        read_from: Some(filter.typed),
        ids: filter.values,
        remove_url: links::api_search(&without),
    }
}

fn offer(offer: Offer) -> OfferJson {
    OfferJson {
        name: offer.filter.facet.code(),
        label: offer.filter.label,
        read_from: offer.filter.typed,
        count: offer.count,
        url: links::api_search(&offer.request),
    }
}

fn help_json(help: Help) -> HelpJson {
    let fewer = |way: FewerWords| FewerWordsJson {
        url: links::api_search(&way.request),
        query: way.request.query,
        dropped: way.dropped,
        count: way.count,
    };
    let topic = |(topic, count): (Topic, usize)| ValueJson { id: topic.id.to_string(), label: topic.label, count };
    HelpJson {
        fewer_words: help.fewer_words.into_iter().map(fewer).collect(),
        wider: help.wider.into_iter().map(wider).collect(),
        topics: help.topics.into_iter().map(topic).collect(),
    }
}

fn wider(way: Wider) -> WiderJson {
    let url = links::api_search(&way.request);
    let (change, id, label) = match way.change {
        Change::Without { id, label, .. } => ("without", Some(id), Some(label)),
        Change::WithoutAll => ("without_all", None, None),
        Change::Broader { topic } => ("broader", Some(topic.id.to_string()), Some(topic.label)),
    };
    WiderJson { change, id, label, count: way.count, url }
}

fn item(item: SearchItem) -> ItemJson {
    let passages = item.passages.into_iter().map(|passage| PassageJson {
        page: passage.page,
        page_id: passage.page_id,
        label: passage.label,
        start_seconds: passage.start_ms.map(|start_ms| start_ms / 1_000),
        html: passage.html,
        text: passage.text,
    });
    ItemJson {
        r#type: "material",
        passages: passages.collect(),
        score: item.score,
        partial: item.partial,
        matched_by: "words",
        card: CardJson::of(&item.card),
    }
}

impl<Id: std::fmt::Display> From<&crate::actions::materials::Named<Id>> for Name {
    fn from(named: &crate::actions::materials::Named<Id>) -> Self {
        Self { id: named.id.to_string(), name: named.name.clone() }
    }
}
