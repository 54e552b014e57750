//! `GET /api/v1/materials`, one of them, and the pages of its text.

use super::json;
use crate::actions::ActionError;
use crate::actions::error::Noun;
use crate::actions::materials::{self, Card, MaterialView};
use crate::domain::id::MaterialId;
use crate::domain::material::{Audience, Description, Extraction, Level};
use crate::domain::page::Page;
use crate::web::error::{ApiError, Problem};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::Program;
use crate::web::state::AppState;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// How many materials a part of the list has unless told.
const DEFAULT_LIMIT: usize = 20;

/// An id with its name.
#[derive(Serialize, ToSchema)]
pub(super) struct Name {
    pub(super) id: String,
    pub(super) name: String,
}

/// A material in a list.
#[derive(Serialize, ToSchema)]
pub(super) struct CardJson {
    id: String,
    external_id: Option<String>,
    title: String,
    url: String,
    summary: String,
    kind: &'static str,
    organisation: Name,
    topics: Vec<Name>,
    languages: Vec<String>,
    /// As `2026-11-23`.
    issued_on: Option<String>,
    pages: u32,
    words: u32,
    sample: bool,
    /// `in_force`, `not_yet`, `expired` or `replaced`.
    standing: &'static str,
}

impl CardJson {
    pub(super) fn of(card: &Card) -> Self {
        Self {
            id: card.id.to_string(),
            external_id: card.external_id.clone(),
            title: card.title.clone(),
            url: links::material(card.id, &card.title),
            summary: card.summary.clone(),
            kind: card.kind.code(),
            organisation: Name { id: card.organisation.id.to_string(), name: card.organisation.name.clone() },
            topics: card.topics.iter().map(Name::from).collect(),
            languages: card.languages.iter().map(ToString::to_string).collect(),
            issued_on: card.issued_on.map(|day| day.to_string()),
            pages: card.page_count,
            words: card.word_count,
            sample: card.sample,
            standing: card.standing.code(),
        }
    }
}

/// A part of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct ListJson {
    items: Vec<CardJson>,
    /// The cursor of the next part.
    next: Option<String>,
}

/// A material with all that is said of it.
#[derive(Serialize, ToSchema)]
pub(super) struct MaterialJson {
    id: String,
    external_id: Option<String>,
    url: String,
    version: u32,
    /// `published`; with a token of someone who may see it also `draft`, `in_review`, `scheduled` and `withdrawn`.
    state: &'static str,
    organisation: Name,
    /// Today's bodies that carry on the publisher's work.
    successors: Vec<Name>,
    /// `given`, `pending`, `done`, `needs_ocr`, `ocr_under_way`, `ocr_failed` or `failed`.
    processing: &'static str,
    /// How far scanned pages are recognised, while they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    ocr: Option<ProgressJson>,
    /// Why the text could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<FailureJson>,
    pages: u32,
    words: u32,
    /// Pages that have a heading.
    contents: Vec<EntryJson>,
    files: Vec<FileJson>,
    /// `in_force`, `not_yet`, `expired` or `replaced`.
    standing: &'static str,
    /// Ids of the public materials that have come in its place.
    replaced_by: Vec<String>,
    /// When anything of it changed last (RFC 3339).
    changed_at: String,
    #[serde(flatten)]
    description: DescriptionJson,
}

/// What is said about a material.
#[derive(Serialize, ToSchema)]
struct DescriptionJson {
    title: String,
    summary: String,
    /// Topic ids such as `agri.rice`.
    topics: Vec<String>,
    authors: Vec<String>,
    /// BCP 47.
    languages: Vec<String>,
    kind: &'static str,
    level: Option<&'static str>,
    audiences: Vec<&'static str>,
    /// Area ids.
    areas: Vec<String>,
    season: Option<String>,
    licence: &'static str,
    document_number: Option<String>,
    /// As `2026-11-23`.
    issued_on: Option<String>,
    valid_from: Option<String>,
    /// The last day of its validity.
    valid_to: Option<String>,
    /// Written as a sample, not a publication of the organisation.
    sample: bool,
    sources: Vec<String>,
    /// The day by which its organisation looks at it again, as `2026-11-23`.
    review_by: Option<String>,
    /// Ids of the public materials in whose place it comes.
    replaces: Vec<String>,
    /// Where it can be seen or heard on other sites.
    links: Vec<String>,
}

impl From<Description> for DescriptionJson {
    fn from(told: Description) -> Self {
        Self {
            title: told.title,
            summary: told.summary,
            topics: told.topics.into_iter().map(String::from).collect(),
            authors: told.authors,
            languages: told.languages.into_iter().map(String::from).collect(),
            kind: told.kind.code(),
            level: told.level.map(Level::code),
            audiences: told.audiences.into_iter().map(Audience::code).collect(),
            areas: told.areas.into_iter().map(String::from).collect(),
            season: told.season,
            licence: told.licence.code(),
            document_number: told.document_number,
            issued_on: told.issued_on.map(|day| day.to_string()),
            valid_from: told.valid_from.map(|day| day.to_string()),
            valid_to: told.valid_to.map(|day| day.to_string()),
            sample: told.sample,
            sources: told.sources,
            review_by: told.review_by.map(|day| day.to_string()),
            replaces: told.replaces.iter().map(ToString::to_string).collect(),
            links: told.links.into_iter().map(String::from).collect(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct EntryJson {
    page: u32,
    heading: String,
}

/// Pages done of all pages.
#[derive(Serialize, ToSchema)]
struct ProgressJson {
    done: u32,
    of: u32,
}

/// A stable code, and words for people in Vietnamese.
#[derive(Serialize, ToSchema)]
struct FailureJson {
    code: String,
    message: String,
}

#[derive(Serialize, ToSchema)]
struct FileJson {
    id: String,
    name: String,
    media_type: String,
    size_bytes: u64,
    url: String,
}

/// A page of a material's text.
#[derive(Serialize, ToSchema)]
struct PageJson {
    /// The plain text: blocks by lines, table cells parted by ` | `.
    text: String,
    /// The picture of a scanned page.
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
    /// `number`, `heading`, `label`, `blocks`, `language`, `origin`, `confidence` and, where it is a picture, `scan`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    page: Page,
}

/// Danh sách học liệu đã công bố, từng phần.
#[utoipa::path(
    get,
    path = "/api/v1/materials",
    params(
        ("limit" = Option<usize>, Query, minimum = 1, description = "Số học liệu mỗi phần, 1 đến 100; mặc định 20"),
        ("cursor" = Option<String>, Query, description = "Giá trị next của lần trước"),
    ),
    responses(
        (status = 200, description = "Một phần danh sách", body = ListJson),
        (status = 400, description = "Giá trị không dùng được", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters) -> Result<Response, ApiError> {
    let limit = parameters.limit()?.unwrap_or(DEFAULT_LIMIT);
    let cursor = parameters.first("cursor").filter(|cursor| !cursor.is_empty());
    let found = materials::list(&state.context, cursor, limit).await?;
    Ok(json(&ListJson { items: found.items.iter().map(CardJson::of).collect(), next: found.next }))
}

/// Một học liệu với đầy đủ mô tả và tệp; có mã truy cập thì thấy cả bản chưa công bố của cơ quan mình.
#[utoipa::path(
    get,
    path = "/api/v1/materials/{id}",
    params(("id" = String, Path, description = "Mã học liệu (UUID)")),
    responses(
        (status = 200, description = "Học liệu", body = MaterialJson),
        (status = 404, description = "Không có", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    Program(bearer): Program,
) -> Result<Response, ApiError> {
    let id = parse(&id)?;
    let Some(bearer) = bearer else {
        return Ok(json(&material(materials::material(&state.context, id).await?)));
    };
    let view = materials::material_for(&state.context, &bearer.actor, id).await?;
    Ok(([(header::CACHE_CONTROL, "no-store")], json(&material(view))).into_response())
}

/// Một trang chữ của học liệu.
#[utoipa::path(
    get,
    path = "/api/v1/materials/{id}/pages/{number}",
    params(
        ("id" = String, Path, description = "Mã học liệu (UUID)"),
        ("number" = u32, Path, description = "Số trang, từ 1"),
    ),
    responses(
        (status = 200, description = "Trang", body = PageJson),
        (status = 404, description = "Không có", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn page(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let number = number.parse().map_err(|_error| Problem::of("material-page-missing"))?;
    let page = materials::page(&state.context, parse(&id)?, number).await?;
    let image_url = page.scan.is_some().then(|| links::api_page_image(&id, number));
    Ok(json(&PageJson { text: page.text(), image_url, page }))
}

fn parse(id: &str) -> Result<MaterialId, ActionError> {
    let missing = |_error| ActionError::NotFound { noun: Noun::Material, id: id.to_owned() };
    MaterialId::parse(id).map_err(missing)
}

fn material(view: MaterialView) -> MaterialJson {
    let card = &view.card;
    let name = |id: String, name: &str| Name { id, name: name.to_owned() };
    let file = |file: &crate::domain::file::File| FileJson {
        id: file.id.to_string(),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size_bytes: file.size_bytes,
        url: links::file(file),
    };
    MaterialJson {
        id: card.id.to_string(),
        external_id: card.external_id.clone(),
        url: links::material(card.id, &card.title),
        version: view.version,
        state: view.state.code(),
        organisation: name(card.organisation.id.to_string(), &card.organisation.name),
        successors: view.successors.iter().map(|o| name(o.id.to_string(), &o.name)).collect(),
        processing: match view.extraction {
            Extraction::Given => "given",
            Extraction::Pending => "pending",
            Extraction::Done => "done",
            Extraction::NeedsOcr => "needs_ocr",
            Extraction::OcrUnderWay { .. } => "ocr_under_way",
            Extraction::OcrFailed { .. } => "ocr_failed",
            Extraction::Failed { .. } => "failed",
        },
        ocr: match view.extraction {
            Extraction::OcrUnderWay { done, of } => Some(ProgressJson { done, of }),
            _ => None,
        },
        failure: match view.extraction {
            Extraction::OcrFailed { code, message } | Extraction::Failed { code, message } => {
                Some(FailureJson { code, message })
            }
            _ => None,
        },
        pages: card.page_count,
        words: card.word_count,
        contents: view.contents.into_iter().map(|(page, heading)| EntryJson { page, heading }).collect(),
        files: view.files.iter().map(file).collect(),
        standing: card.standing.code(),
        replaced_by: view.replaced_by.iter().map(|other| other.id.to_string()).collect(),
        changed_at: view.card.changed_at.to_rfc3339(),
        description: view.description.into(),
    }
}
