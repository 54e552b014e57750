//! The API described by its own code.

use super::{
    accounts, attendance, catalogue, classes, files, json, materials, registrations, search, suggest, uploads,
};
use axum::response::Response;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Học liệu Quảng Trị",
        description = "Tìm và đọc học liệu. Lỗi trả về dạng application/problem+json.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        search::search,
        suggest::suggest,
        materials::list,
        materials::show,
        materials::page,
        files::original_by_id,
        files::page_image_by_id,
        catalogue::topics,
        catalogue::organisations,
        catalogue::areas,
        classes::list,
        classes::show,
        attendance::show,
        attendance::take,
        registrations::register,
        registrations::show,
        registrations::cancel,
        accounts::show,
        uploads::create,
        uploads::replace,
    ),
    modifiers(&Bearer, &Refusals)
)]
struct Api;

/// Says how a program tells who it acts for.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("Mã truy cập tạo ở trang Tài khoản của tôi hoặc bằng lệnh hoclieu token create."))
            .build();
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Says what any path may answer: a token that is not good, and too many requests.
struct Refusals;

impl Modify for Refusals {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let items = api.paths.paths.values_mut();
        for operation in
            items.flat_map(|item| [&mut item.get, &mut item.post, &mut item.put, &mut item.delete]).flatten()
        {
            let mut add = |status: &str, description: &str| {
                let content = ContentBuilder::new().build();
                let response = ResponseBuilder::new().description(description);
                let response = response.content("application/problem+json", content).build();
                operation.responses.responses.entry(status.to_owned()).or_insert(RefOr::T(response));
            };
            add("401", "Mã truy cập không dùng được");
            add("429", "Quá nhiều lượt");
        }
    }
}

pub(in crate::web) async fn document() -> Response {
    json(&Api::openapi())
}

/// A path for the page that people read.
pub(in crate::web) struct Path {
    pub(in crate::web) method: &'static str,
    pub(in crate::web) path: String,
    pub(in crate::web) summary: String,
    pub(in crate::web) parameters: Vec<(String, String)>,
}

/// Every path of the description.
pub(in crate::web) fn paths() -> Vec<Path> {
    let api = Api::openapi();
    let paths = api.paths.paths.into_iter().flat_map(|(path, item)| {
        let all = [("GET", item.get), ("POST", item.post), ("PUT", item.put), ("DELETE", item.delete)];
        all.map(|(method, operation)| operation.map(|operation| (method, path.clone(), operation)))
    });
    let shown = paths.flatten().map(|(method, path, operation)| Path {
        method,
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
        assert_eq!(paths.len(), 20);
        assert!(paths.iter().all(|path| !path.summary.is_empty()), "a path has no summary");
        let version = serde_json::to_value(Api::openapi()).unwrap()["openapi"].clone();
        assert_eq!(version, "3.1.0");
    }

    #[test]
    fn every_path_tells_of_bad_tokens_and_of_too_many_requests() {
        let api = serde_json::to_value(Api::openapi()).unwrap();
        for (path, item) in api["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                let answers = operation["responses"].as_object().unwrap();
                assert!(answers.contains_key("401") && answers.contains_key("429"), "{path}");
            }
        }
    }

    #[test]
    fn every_answer_in_json_is_described_field_by_field() {
        let api = serde_json::to_value(Api::openapi()).unwrap();
        let mut described = 0;
        for (path, item) in api["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                for (kind, content) in operation["responses"]["200"]["content"].as_object().unwrap() {
                    if kind == "application/json" {
                        described += 1;
                        assert!(content["schema"]["$ref"].is_string(), "{path}: {content}");
                    }
                }
            }
        }
        assert_eq!(described, 18);
        let references = api.to_string();
        for part in references.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap();
            assert!(api["components"]["schemas"][name].is_object(), "{name} is not described");
        }
    }
}
