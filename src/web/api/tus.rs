//! Resumable uploads by the tus protocol, version 1.0.0: core, creation, creation-with-upload, expiration, termination.

use crate::actions::uploads::{self, Offer, receive};
use crate::domain::id::{MaterialId, OrganisationId, UploadId};
use crate::domain::upload::{Progress, Upload};
use crate::web::error::{ApiError, Problem};
use crate::web::links;
use crate::web::receipt::{is_reading, page_of, reading_of};
use crate::web::session::Sender;
use crate::web::state::AppState;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use futures_util::TryStreamExt;
use serde::Serialize;
use std::io;
use tokio_util::io::StreamReader;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,expiration,termination";
const PIECE: &str = "application/offset+octet-stream";

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// Every answer names the version that is spoken, and nobody keeps it; only `OPTIONS` and `GET` may be asked without.
pub(in crate::web) async fn speak(request: Request, next: Next) -> Response {
    let asks = matches!(request.method().as_str(), "OPTIONS" | "GET");
    let spoken = request.headers().get(&RESUMABLE).is_some_and(|version| version == VERSION);
    let mut response = if asks || spoken {
        next.run(request).await
    } else {
        let mut response = Problem::of("upload-version").as_json();
        response.headers_mut().insert("tus-version", HeaderValue::from_static(VERSION));
        response
    };
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, HeaderValue::from_static(VERSION));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Tells what is spoken here.
pub(in crate::web) async fn options(State(state): State<AppState>) -> Response {
    let most = uploads::most_bytes(&state.context).1.to_string();
    let told = [("tus-version", VERSION.to_owned()), ("tus-extension", EXTENSIONS.to_owned()), ("tus-max-size", most)];
    (StatusCode::NO_CONTENT, told.map(|(name, value)| (HeaderName::from_static(name), value))).into_response()
}

/// Begins an upload, with its first bytes where they come along.
pub(in crate::web) async fn create(
    State(state): State<AppState>,
    sender: Sender,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let size_bytes = number(&headers, &LENGTH)?;
    let offer = offer(&headers)?;
    let upload = receive::begin(&state.context, &sender.0, offer, size_bytes).await?;
    let id = upload.id;
    let with_bytes = is_piece(&headers);
    let (upload, received_bytes) = if with_bytes {
        let received = receive::append(&state.context, &sender.0, id, 0, reader(body)).await?;
        (received.upload, received.received_bytes)
    } else {
        (upload, 0)
    };
    let place = [(header::LOCATION, links::upload(id)), (OFFSET, received_bytes.to_string())];
    Ok((StatusCode::CREATED, place, expiry(&upload)).into_response())
}

/// Tells how much is there.
pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sender: Sender,
) -> Result<Response, ApiError> {
    let received = receive::state(&state.context, &sender.0, parse(&id)?).await?;
    if matches!(received.upload.progress, Progress::Refused { .. }) {
        return Err(Problem::of("upload-over").into());
    }
    let told = [(OFFSET, received.received_bytes), (LENGTH, received.upload.size_bytes)];
    let told = told.map(|(name, value)| (name, value.to_string()));
    Ok((StatusCode::OK, told, expiry(&received.upload)).into_response())
}

/// Takes the next bytes.
pub(in crate::web) async fn append(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sender: Sender,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    if !is_piece(&headers) {
        return Err(Problem::of("upload-type").into());
    }
    let from = number(&headers, &OFFSET)?;
    let received = receive::append(&state.context, &sender.0, parse(&id)?, from, reader(body)).await?;
    let told = [(OFFSET, received.received_bytes.to_string())];
    Ok((StatusCode::NO_CONTENT, told, expiry(&received.upload)).into_response())
}

/// Gives an upload up.
pub(in crate::web) async fn end(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sender: Sender,
) -> Result<Response, ApiError> {
    receive::give_up(&state.context, &sender.0, parse(&id)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What has become of an upload.
#[derive(Serialize)]
struct StateJson {
    /// `receiving`, `taken` or `refused`.
    state: &'static str,
    /// A refusal's code and reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// The material's page.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// The library had the file before.
    existing: bool,
    /// Whether its text is still being read, and what came of it in words.
    reading: bool,
    said: String,
}

/// Tells what has become of an upload.
pub(in crate::web) async fn result(
    State(state): State<AppState>,
    Path(id): Path<String>,
    sender: Sender,
) -> Result<Response, ApiError> {
    let upload = uploads::find(&state.context, &sender.0, parse(&id)?).await?;
    let outcome = uploads::outcome(&state.context, &upload).await?;
    let (code, detail) = match upload.progress.clone() {
        Progress::Refused { code, message } => (Some(code), Some(message)),
        _ => (None, None),
    };
    Ok(super::json(&StateJson {
        state: match upload.progress {
            Progress::Receiving => "receiving",
            Progress::Taken { .. } => "taken",
            Progress::Refused { .. } => "refused",
        },
        code,
        detail,
        url: outcome.as_ref().map(page_of),
        title: outcome.as_ref().map(|outcome| outcome.title.clone()).filter(|title| !title.is_empty()),
        existing: outcome.as_ref().is_some_and(|outcome| outcome.existing),
        reading: outcome.as_ref().is_some_and(|outcome| is_reading(&outcome.extraction)),
        said: outcome.as_ref().map(reading_of).unwrap_or_default(),
    }))
}

fn parse(id: &str) -> Result<UploadId, Problem> {
    UploadId::parse(id).map_err(|_error| Problem::of("upload-missing"))
}

fn reader(body: Body) -> impl tokio::io::AsyncRead + Unpin + Send + 'static {
    StreamReader::new(body.into_data_stream().map_err(io::Error::other))
}

fn is_piece(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == PIECE)
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    text.and_then(|text| text.parse().ok()).ok_or_else(|| Problem::of("upload-headers"))
}

fn expiry(upload: &Upload) -> [(HeaderName, String); 1] {
    // As RFC 9110 writes dates.
    [(EXPIRES, upload.expires_at().format("%a, %d %b %Y %H:%M:%S GMT").to_string())]
}

/// What the metadata says: `filename` or `name`, `organisation` or `material`; each value in base64.
fn offer(headers: &HeaderMap) -> Result<Offer, Problem> {
    let wrong = || Problem::of("upload-headers");
    let text = headers.get(METADATA).map(|value| value.to_str().map_err(|_error| wrong())).transpose()?;
    let (mut offer, mut named) = (Offer::default(), None);
    for pair in text.unwrap_or_default().split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let bytes = base64::engine::general_purpose::STANDARD.decode(value.trim()).map_err(|_error| wrong())?;
        let value = String::from_utf8(bytes).map_err(|_error| wrong())?;
        match key {
            "filename" => offer.name = value,
            "name" => named = Some(value),
            "organisation" if !value.is_empty() => {
                offer.organisation = Some(OrganisationId::parse(&value).map_err(|_error| wrong())?);
            }
            "material" if !value.is_empty() => {
                offer.material = Some(MaterialId::parse(&value).map_err(|_error| Problem::of("material-missing"))?);
            }
            _ => {}
        }
    }
    if offer.name.is_empty() {
        offer.name = named.unwrap_or_default();
    }
    Ok(offer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_and_what_is_no_base64_is_refused() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(METADATA, text.parse().unwrap());
            offer(&headers)
        };
        // lúa.pdf
        let offer = read("filename bMO6YS5wZGY=,organisation c28tbm5tdA==,is_confidential").unwrap();
        assert_eq!((offer.name.as_str(), offer.organisation.unwrap().as_str()), ("lúa.pdf", "so-nnmt"));
        assert!(read("filename !!!").is_err());
        assert!(read("filename bMO6YS5wZGY=,organisation L2V0Yy8=").is_err());
    }
}
