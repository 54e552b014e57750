//! One failure, two faces: a page with a way back for people, `application/problem+json` for programs.

use super::messages::{Message, by_code};
use super::pages::Frame;
use crate::actions::ActionError;
use crate::actions::error::Noun;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use std::any::Any;
use std::error::Error;

/// A failure on its way out.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    message: Message,
    /// A more exact code than the message's, where the action named one.
    code: String,
    detail: String,
    /// Under this the cause stands in the log.
    reference: Option<String>,
}

impl Problem {
    /// The failure with a code of the table.
    pub(super) fn of(code: &str) -> Self {
        let message = by_code(code);
        Self { message, code: message.code.to_owned(), detail: message.detail.to_owned(), reference: None }
    }

    /// A failure inside: the cause goes to the log under a reference that the caller is told.
    fn internal(cause: &str) -> Self {
        let digest = blake3::hash(cause.as_bytes()).to_hex();
        let reference: String = digest.chars().take(10).collect();
        tracing::error!(reference, cause, "a request failed");
        Self { reference: Some(reference), ..Self::of("internal") }
    }

    /// As `application/problem+json`.
    pub(super) fn as_json(&self) -> Response {
        #[derive(Serialize)]
        struct Body<'a> {
            r#type: String,
            title: &'a str,
            status: u16,
            detail: &'a str,
            code: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            reference: Option<&'a str>,
        }
        let body = Body {
            r#type: format!("/api#{}", self.code),
            title: self.message.title,
            status: self.message.status.as_u16(),
            detail: &self.detail,
            code: &self.code,
            reference: self.reference.as_deref(),
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        (self.message.status, kind, text).into_response()
    }

    /// As a page that offers a search.
    pub(super) fn as_page(&self) -> Response {
        let page = ErrorPage {
            frame: Frame::new(self.message.title),
            title: self.message.title,
            detail: &self.detail,
            reference: self.reference.as_deref(),
        };
        let html = page.render().unwrap_or_else(|_| self.message.title.to_owned());
        (self.message.status, Html(html)).into_response()
    }
}

#[derive(Template)]
#[template(path = "error.html", config = "src/web/askama.toml")]
struct ErrorPage<'a> {
    frame: Frame,
    title: &'a str,
    detail: &'a str,
    reference: Option<&'a str>,
}

impl From<ActionError> for Problem {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::NotFound { noun, .. } => Self::of(match noun {
                Noun::Material => "material-missing",
                Noun::Page => "material-page-missing",
                Noun::PageImage => "page-image-missing",
                Noun::File => "file-missing",
                Noun::Topic => "topic-missing",
                Noun::Organisation => "organisation-missing",
                Noun::Area => "area-missing",
            }),
            ActionError::Invalid { code, reason, .. } => {
                Self { code: code.to_owned(), detail: reason, ..Self::of("value-invalid") }
            }
            ActionError::TimedOut => Self::of("too-slow"),
            ActionError::Unavailable(_) => Self::of("index-building"),
            ActionError::Internal(cause) => Self::internal(&chain(cause.as_ref())),
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::internal(&error.to_string())
    }
}

fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// A failure of a page.
pub(super) struct PageError(Box<Problem>);

impl<E: Into<Problem>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(Box::new(error.into()))
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        self.0.as_page()
    }
}

/// A failure of the API.
pub(super) struct ApiError(Box<Problem>);

impl<E: Into<Problem>> From<E> for ApiError {
    fn from(error: E) -> Self {
        Self(Box::new(error.into()))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.0.as_json()
    }
}

/// The face that suits an address.
pub(super) fn for_path(path: &str, problem: &Problem) -> Response {
    if path.starts_with("/api/") { problem.as_json() } else { problem.as_page() }
}

/// Answers what no route takes.
pub(super) async fn not_found(uri: Uri) -> Response {
    for_path(uri.path(), &Problem::of("page-missing"))
}

/// Answers after a handler has panicked.
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("a handler panicked");
    let response = Problem::internal(text).as_page();
    debug_assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    response
}

#[cfg(test)]
/// Samples for the test that renders every page.
pub(super) fn samples() -> Vec<String> {
    let page =
        ErrorPage { frame: Frame::new("Lỗi"), title: "Lỗi", detail: "Hãy <thử> lại.", reference: Some("abc") };
    super::pages::rendered(&[page])
}
