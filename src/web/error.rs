//! One failure, two faces: a page with a way back for people, `application/problem+json` for programs.

use super::forms::Settings;
use super::messages::{Message, by_code, find};
use super::pages::Frame;
use crate::actions::ActionError;
use crate::actions::error::Noun;
use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use std::any::Any;
use std::error::Error;
use std::time::Duration;

/// A failure on its way out.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    message: &'static Message,
    /// A more exact code than the message's, where the action named one.
    code: &'static str,
    detail: String,
    /// Under this the cause stands in the log.
    reference: Option<String>,
    /// So long the caller should wait.
    retry_after: Option<Duration>,
}

impl Problem {
    /// The failure with a code of the table.
    pub(super) fn of(code: &str) -> Self {
        let message = by_code(code);
        Self { message, code: message.code, detail: message.detail.to_owned(), reference: None, retry_after: None }
    }

    /// Refused because it was tried too often.
    pub(super) fn too_often(wait: Duration) -> Self {
        let minutes = wait.as_secs().div_ceil(60).max(1);
        let detail = format!("Đã thử quá nhiều lần. Hãy đợi {minutes} phút rồi thử lại.");
        Self { detail, retry_after: Some(wait), ..Self::of("too-many-requests") }
    }

    /// Its stable code.
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    /// What a form says when it is shown again.
    pub(super) fn detail(&self) -> &str {
        &self.detail
    }

    pub(super) fn status(&self) -> StatusCode {
        self.message.status
    }

    /// Whether the form that led here should be shown again with what is wrong.
    pub(super) fn is_callers(&self) -> bool {
        matches!(self.message.status.as_u16(), 400 | 401 | 409 | 429)
    }

    /// Says when to come back and how to say who one is, where that is the matter.
    pub(super) fn dress(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        if let Some(wait) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs() + 1));
        }
        if self.message.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }

    /// A value that cannot be used; an action's code that the table does not have yet stays as it is.
    fn of_invalid(code: &'static str) -> Self {
        let message = find(code).unwrap_or_else(|| by_code("value-invalid"));
        Self { code, ..Self::of(message.code) }
    }

    /// A failure inside: the cause goes to the log under a reference that the caller is told.
    pub(super) fn internal(cause: &str) -> Self {
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
            code: self.code,
            reference: self.reference.as_deref(),
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        self.dress((self.message.status, kind, text).into_response())
    }

    /// Without a face; [`face_refusals`] gives it the page that the reader's settings ask for.
    pub(super) fn faceless(&self) -> Response {
        let mut response = self.dress(self.message.status.into_response());
        response.extensions_mut().insert(self.clone());
        response
    }

    /// As a page that offers a search, looking as its reader wants.
    fn as_page(&self, settings: Settings) -> Response {
        let frame = Frame { classes: settings.classes(), ..Frame::new(self.message.title) };
        let page =
            ErrorPage { frame, title: self.message.title, detail: &self.detail, reference: self.reference.as_deref() };
        let html = page.render().unwrap_or_else(|_| self.message.title.to_owned());
        self.dress((self.message.status, Html(html)).into_response())
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
                Noun::Account => "account-missing",
                Noun::Amendment => "amendment-missing",
                Noun::Synonym => "synonym-missing",
                Noun::Job => "job-missing",
                Noun::Session => "session-missing",
                Noun::Token => "token-missing",
                Noun::Complaint => "complaint-missing",
                Noun::Upload => "upload-missing",
                Noun::Course => "course-missing",
                Noun::Class => "class-missing",
                Noun::Meeting => "meeting-missing",
                Noun::Venue => "venue-missing",
                Noun::Speaker => "speaker-missing",
                Noun::Learner => "learner-missing",
                Noun::Registration => "registration-missing",
                Noun::Certificate => "certificate-missing",
                Noun::Request => "request-missing",
                Noun::Storm => "storm-missing",
                Noun::Batch => "batch-missing",
            }),
            ActionError::Invalid { code, reason, .. } => Self { detail: reason, ..Self::of_invalid(code) },
            ActionError::Unauthenticated { code, reason } => Self { detail: reason, ..Self::of(code) },
            ActionError::Forbidden => Self::of("not-allowed"),
            ActionError::TooOften { wait } => Self::too_often(wait),
            ActionError::TimedOut => Self::of("too-slow"),
            ActionError::IdentityProvider(cause) => {
                tracing::error!(cause, "the identity provider failed");
                Self::of("identity-unreachable")
            }
            ActionError::Locked(cause) => {
                tracing::error!(%cause, "what names persons cannot be sealed or opened");
                Self::of("vault-locked")
            }
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
        self.0.faceless()
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

/// What suits an address: a problem for programs, for people what becomes a page on the way out.
pub(super) fn for_path(path: &str, problem: &Problem) -> Response {
    if is_for_programs(path) { problem.as_json() } else { problem.faceless() }
}

fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/")
}

/// Answers what no route takes.
pub(super) async fn not_found(uri: Uri) -> Response {
    for_path(uri.path(), &Problem::of("page-missing"))
}

/// Answers a method that an address does not take, such as `DELETE` where there is only something to read.
pub(super) async fn method_not_allowed(uri: Uri) -> Response {
    for_path(uri.path(), &Problem::of("method-not-allowed"))
}

/// Answers after a handler has panicked.
pub(super) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("a handler panicked");
    Problem::internal(text).faceless()
}

/// Gives a face to every failure that has none yet: a handler's, a panic's, and what the framework refuses in words of
/// its own (an address that is no text, a body that is too large).
pub(super) async fn face_refusals(settings: Settings, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        None => match refused_by_framework(&response) {
            Some(code) => Problem::of(code),
            None => return response,
        },
    };
    let mut faced = if is_for_programs(&path) { problem.as_json() } else { problem.as_page(settings) };
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            faced.headers_mut().insert(name, value.clone());
        }
    }
    faced
}

/// The code of what the framework has refused; none for an answer of ours.
fn refused_by_framework(response: &Response) -> Option<&'static str> {
    let kind = response.headers().get(header::CONTENT_TYPE).map_or(&b"text/plain"[..], HeaderValue::as_bytes);
    match response.status() {
        _ if !kind.starts_with(b"text/plain") => None,
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE | StatusCode::UNPROCESSABLE_ENTITY => {
            Some("request-malformed")
        }
        StatusCode::PAYLOAD_TOO_LARGE => Some("request-too-large"),
        _ => None,
    }
}

#[cfg(test)]
/// Samples for the test that renders every page.
pub(super) fn samples() -> Vec<String> {
    let page =
        ErrorPage { frame: Frame::new("Lỗi"), title: "Lỗi", detail: "Hãy <thử> lại.", reference: Some("abc") };
    super::pages::rendered(&[page])
}
