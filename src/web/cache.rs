//! Pages and API answers bear a tag of their content, so that a phone on a weak line fetches each only once.

use super::session::has_cookie;
use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Answers longer than this are passed on untagged.
const MAX_TAGGED_BYTES: usize = 4 << 20;

/// Marks a request that was made with HEAD and is answered as one with GET.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeadOnly;

/// Tags an answer by its content, and answers `304` to whoever has it already.
pub(super) async fn revalidate(request: Request, next: Next) -> Response {
    let mut request = request;
    let is_head = request.method() == Method::HEAD;
    if is_head {
        // The tag is one of the content, which is made as for GET and then left out.
        *request.method_mut() = Method::GET;
        request.extensions_mut().insert(HeadOnly);
    }
    let is_get = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let is_own = has_cookie(request.headers());
    let response = next.run(request).await;
    if !is_get || response.status() != StatusCode::OK || response.headers().contains_key(header::ETAG) {
        return response;
    }
    let length = response.body().size_hint().exact();
    if length.is_none_or(|length| usize::try_from(length).map_or(true, |length| length > MAX_TAGGED_BYTES)) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, MAX_TAGGED_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let digest: String = blake3::hash(&bytes).to_hex().chars().take(24).collect();
    let tag = format!("W/\"{digest}\"");
    let has = known.as_ref().and_then(|value| value.to_str().ok());
    let is_known = has.is_some_and(|list| list.split(',').any(|one| one.trim() == tag || one.trim() == "*"));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    // What is shown to someone who has signed in bears their name: no proxy may keep it for others.
    let keep = if is_own { "private, no-cache" } else { "no-cache" };
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(keep));
    parts.headers.append(header::VARY, HeaderValue::from_static("cookie"));
    if is_known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    if is_head {
        parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}
