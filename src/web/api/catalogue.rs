//! `GET /api/v1/topics`, `/organisations`, `/areas`.

use super::json;
use crate::actions::areas::{self, AreaLine};
use crate::actions::materials::Named;
use crate::actions::organisations::{self, OrganisationLine};
use crate::actions::topics::{self, TopicNode};
use crate::domain::area::{Area, AreaLevel};
use crate::domain::id::OrganisationId;
use crate::domain::organisation::{OrganisationKind, OrganisationName};
use crate::web::error::ApiError;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::state::AppState;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// All of a small noun.
#[derive(Serialize, ToSchema)]
struct Items<T> {
    items: Vec<T>,
}

/// A topic of either level.
#[derive(Serialize, ToSchema)]
struct TopicJson {
    /// A path such as `agri.rice`; a parent's id is the part before the dot.
    id: String,
    label: String,
    description: Option<String>,
    /// Where people read about it.
    url: String,
    /// Published materials, those of its children included.
    count: usize,
    #[schema(no_recursion)]
    children: Vec<TopicJson>,
}

impl From<&TopicNode> for TopicJson {
    fn from(node: &TopicNode) -> Self {
        Self {
            id: node.topic.id.to_string(),
            label: node.topic.label.clone(),
            description: node.topic.description.clone(),
            url: links::topic(node.topic.id.as_str()),
            count: node.count,
            children: node.children.iter().map(Self::from).collect(),
        }
    }
}

/// Cây chủ đề hai cấp, kèm số học liệu.
#[utoipa::path(
    get,
    path = "/api/v1/topics",
    responses((status = 200, description = "Chủ đề", body = Items<TopicJson>))
)]
pub(in crate::web) async fn topics(State(state): State<AppState>) -> Result<Response, ApiError> {
    let tree = topics::tree(&state.context).await?;
    Ok(json(&Items { items: tree.iter().map(TopicJson::from).collect() }))
}

/// An agency, association or centre.
#[derive(Serialize, ToSchema)]
struct OrganisationJson {
    id: String,
    /// `department`, `mass_organisation` …
    #[schema(value_type = String)]
    kind: OrganisationKind,
    /// Its latest name.
    name: String,
    /// All its names with their days, the oldest first.
    #[schema(value_type = Vec<Object>)]
    names: Vec<OrganisationName>,
    parent: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    created_on: Option<NaiveDate>,
    /// Its last day; absent while it exists.
    #[schema(value_type = Option<String>, format = Date)]
    ended_on: Option<NaiveDate>,
    area: Option<String>,
    website: Option<String>,
    /// Where people read about it.
    url: String,
    /// Published materials, those of its predecessors and sub-units included.
    count: usize,
    /// Ids of the bodies that carry on its work.
    successors: Vec<String>,
    /// Ids of the bodies whose work it carries on.
    predecessors: Vec<String>,
}

impl From<OrganisationLine> for OrganisationJson {
    fn from(line: OrganisationLine) -> Self {
        let ids = |named: &[Named<OrganisationId>]| named.iter().map(|one| one.id.to_string()).collect();
        let organisation = line.organisation;
        Self {
            url: links::organisation(organisation.id.as_str()),
            name: organisation.latest_name().to_owned(),
            successors: ids(&line.successors),
            predecessors: ids(&line.predecessors),
            count: line.count,
            id: organisation.id.to_string(),
            kind: organisation.kind,
            names: organisation.names,
            parent: organisation.parent.map(String::from),
            created_on: organisation.created_on,
            ended_on: organisation.ended_on,
            area: organisation.area.map(String::from),
            website: organisation.website,
        }
    }
}

/// Cơ quan, đơn vị với tên qua các thời kỳ và cơ quan tiếp nối.
#[utoipa::path(
    get,
    path = "/api/v1/organisations",
    params(("name" = Option<String>, Query, description = "Một phần của tên, cũ hoặc mới, có dấu hoặc không")),
    responses((status = 200, description = "Cơ quan", body = Items<OrganisationJson>))
)]
pub(in crate::web) async fn organisations(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    let lines = organisations::list(&state.context, parameters.first("name").unwrap_or_default()).await?;
    Ok(json(&Items { items: lines.into_iter().map(OrganisationJson::from).collect() }))
}

/// A place as it was between two days.
#[derive(Serialize, ToSchema)]
struct AreaJson {
    id: String,
    /// The official code; codes are used again, so join on `id`.
    code: String,
    code_system: String,
    /// `province`, `district`, `commune` or `village`.
    #[schema(value_type = String)]
    level: AreaLevel,
    name: String,
    /// The name with its kind, such as `Xã Gio Linh`.
    full_name: String,
    parent: Option<String>,
    #[schema(value_type = Option<String>, format = Date)]
    valid_from: Option<NaiveDate>,
    /// Its last day; absent while it exists.
    #[schema(value_type = Option<String>, format = Date)]
    valid_to: Option<NaiveDate>,
    legal_basis: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// Where people read about it.
    url: String,
    /// Published materials about it, those about its former units included.
    count: usize,
    /// Ids of the units that it was made of.
    former: Vec<String>,
    /// Ids of what it became.
    successors: Vec<String>,
}

impl From<AreaLine> for AreaJson {
    fn from(line: AreaLine) -> Self {
        let ids = |areas: &[Area]| areas.iter().map(|area| area.id.to_string()).collect();
        let area = line.area;
        Self {
            url: links::area(area.id.as_str()),
            count: line.count,
            former: ids(&line.former),
            successors: ids(&line.successors),
            id: area.id.to_string(),
            code: area.code,
            code_system: area.code_system,
            level: area.level,
            name: area.name,
            full_name: area.full_name,
            parent: area.parent.map(String::from),
            valid_from: area.valid_from,
            valid_to: area.valid_to,
            legal_basis: area.legal_basis,
            latitude: area.latitude,
            longitude: area.longitude,
        }
    }
}

/// Địa bàn hiện nay; với name thì cả đơn vị cũ.
#[utoipa::path(
    get,
    path = "/api/v1/areas",
    params(("name" = Option<String>, Query, description = "Một phần của tên, cũ hoặc mới, có dấu hoặc không")),
    responses((status = 200, description = "Địa bàn", body = Items<AreaJson>))
)]
pub(in crate::web) async fn areas(State(state): State<AppState>, parameters: Parameters) -> Result<Response, ApiError> {
    let lines = areas::list(&state.context, parameters.first("name").unwrap_or_default()).await?;
    Ok(json(&Items { items: lines.into_iter().map(AreaJson::from).collect() }))
}
