//! `GET /api/v1/topics`, `/organisations`, `/areas`.

use super::json;
use crate::actions::materials::Named;
use crate::actions::topics::TopicNode;
use crate::actions::{areas, organisations, topics};
use crate::domain::area::Area;
use crate::domain::id::OrganisationId;
use crate::domain::organisation::Organisation;
use crate::web::error::ApiError;
use crate::web::forms::Parameters;
use crate::web::state::AppState;
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json as value};

/// Cây chủ đề hai cấp, kèm số học liệu.
#[utoipa::path(get, path = "/api/v1/topics", responses((status = 200, description = "Chủ đề", content_type = "application/json")))]
pub(in crate::web) async fn topics(State(state): State<AppState>) -> Result<Response, ApiError> {
    let tree = topics::tree(&state.context).await?;
    Ok(json(&value!({ "items": tree.iter().map(topic).collect::<Vec<_>>() })))
}

fn topic(node: &TopicNode) -> Value {
    value!({
        "id": node.topic.id,
        "label": node.topic.label,
        "description": node.topic.description,
        "count": node.count,
        "children": node.children.iter().map(topic).collect::<Vec<_>>(),
    })
}

/// Cơ quan, đơn vị với tên qua các thời kỳ và cơ quan tiếp nối.
#[utoipa::path(
    get,
    path = "/api/v1/organisations",
    params(("name" = Option<String>, Query, description = "Một phần của tên, cũ hoặc mới, có dấu hoặc không")),
    responses((status = 200, description = "Cơ quan", content_type = "application/json"))
)]
pub(in crate::web) async fn organisations(
    State(state): State<AppState>,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Line<'a> {
        #[serde(flatten)]
        organisation: &'a Organisation,
        name: &'a str,
        count: usize,
        successors: Vec<&'a OrganisationId>,
        predecessors: Vec<&'a OrganisationId>,
    }
    let lines = organisations::list(&state.context, parameters.first("name").unwrap_or_default()).await?;
    fn ids(named: &[Named<OrganisationId>]) -> Vec<&OrganisationId> {
        named.iter().map(|one| &one.id).collect()
    }
    let items: Vec<Line<'_>> = lines
        .iter()
        .map(|line| Line {
            organisation: &line.organisation,
            name: line.organisation.latest_name(),
            count: line.count,
            successors: ids(&line.successors),
            predecessors: ids(&line.predecessors),
        })
        .collect();
    Ok(json(&value!({ "items": items })))
}

/// Địa bàn hiện nay; với name thì cả đơn vị cũ.
#[utoipa::path(
    get,
    path = "/api/v1/areas",
    params(("name" = Option<String>, Query, description = "Một phần của tên, cũ hoặc mới, có dấu hoặc không")),
    responses((status = 200, description = "Địa bàn", content_type = "application/json"))
)]
pub(in crate::web) async fn areas(State(state): State<AppState>, parameters: Parameters) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Line<'a> {
        #[serde(flatten)]
        area: &'a Area,
        count: usize,
        former: Vec<String>,
        successors: Vec<String>,
    }
    let lines = areas::list(&state.context, parameters.first("name").unwrap_or_default()).await?;
    let ids = |areas: &[Area]| areas.iter().map(|area| area.id.to_string()).collect();
    let items: Vec<Line<'_>> = lines
        .iter()
        .map(|line| Line {
            area: &line.area,
            count: line.count,
            former: ids(&line.former),
            successors: ids(&line.successors),
        })
        .collect();
    Ok(json(&value!({ "items": items })))
}
