//! The API described by its own code.

use super::{catalogue, files, json, materials, search};
use axum::response::Response;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Học liệu Quảng Trị",
        description = "Tìm và đọc học liệu. Lỗi trả về dạng application/problem+json.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        search::search,
        materials::list,
        materials::show,
        materials::page,
        files::original_by_id,
        files::page_image_by_id,
        catalogue::topics,
        catalogue::organisations,
        catalogue::areas,
    )
)]
struct Api;

pub(in crate::web) async fn document() -> Response {
    json(&Api::openapi())
}

/// A path for the page that people read.
pub(in crate::web) struct Path {
    pub(in crate::web) path: String,
    pub(in crate::web) summary: String,
    pub(in crate::web) parameters: Vec<(String, String)>,
}

/// Every path of the description.
pub(in crate::web) fn paths() -> Vec<Path> {
    let api = Api::openapi();
    let paths = api.paths.paths.into_iter().filter_map(|(path, item)| item.get.map(|operation| (path, operation)));
    let shown = paths.map(|(path, operation)| Path {
        path,
        summary: operation.summary.unwrap_or_default(),
        parameters: operation
            .parameters
            .unwrap_or_default()
            .into_iter()
            .filter_map(|parameter| match parameter {
                RefOr::T(parameter) => Some((parameter.name, parameter.description.unwrap_or_default())),
                RefOr::Ref(_) => None,
            })
            .collect(),
    });
    shown.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_described_in_words() {
        let paths = paths();
        assert_eq!(paths.len(), 9);
        assert!(paths.iter().all(|path| !path.summary.is_empty()), "a path has no summary");
        let version = serde_json::to_value(Api::openapi()).unwrap()["openapi"].clone();
        assert_eq!(version, "3.1.0");
    }
}
