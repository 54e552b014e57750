//! The API: JSON for programs, one file for each noun.

pub(super) mod accounts;
pub(super) mod attendance;
pub(super) mod catalogue;
pub(super) mod classes;
pub(super) mod files;
pub(super) mod materials;
pub(super) mod openapi;
pub(super) mod registrations;
pub(super) mod search;
pub(super) mod suggest;
pub(super) mod tus;
pub(super) mod uploads;

use super::error::Problem;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Answers an address of the API that does not exist.
pub(super) async fn unknown() -> Response {
    Problem::of("page-missing").as_json()
}

/// A value as JSON that pages of any site may read.
fn json(value: &impl Serialize) -> Response {
    match serde_json::to_string(value) {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
            ];
            (headers, text).into_response()
        }
        Err(error) => Problem::internal(&error.to_string()).as_json(),
    }
}
