//! Originals and pictures of pages: streamed, in parts where asked, never as active content.

use crate::actions::extraction::pages::{self, OpenImage};
use crate::actions::files::{self, OpenFile};
use crate::actions::usage;
use crate::domain::actor::Actor;
use crate::domain::id::{BlobHash, FileId, MaterialId};
use crate::interop::webvtt;
use crate::web::error::{ApiError, PageError, Problem};
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::{Reader, Staff};
use crate::web::state::AppState;
use crate::web::visit::Caller;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::io::SeekFrom;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// These show themselves without running anything; all else is saved.
const SHOWN: [&str; 6] = ["application/pdf", "audio/", "video/", "image/png", "image/jpeg", "text/plain"];

pub(in crate::web) async fn original(
    State(state): State<AppState>,
    Path((id, _name)): Path<(String, String)>,
    headers: HeaderMap,
    (caller, reader): (Caller, Reader),
) -> Result<Response, PageError> {
    Ok(send(open(&state, &reader.actor(), &id, &caller).await?, &headers).await)
}

/// The picture of a scanned page, beside its text.
pub(in crate::web) async fn page_image(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    Ok(send(open_image(&state, &id, &number).await?, &headers).await)
}

/// The same of a page that someone puts right.
pub(in crate::web) async fn page_image_at_work(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
    headers: HeaderMap,
    staff: Staff,
) -> Result<Response, PageError> {
    let (id, page) = place(&id, &number)?;
    let image = pages::image_at_work(&state.context, &staff.signed_in.actor, id, page).await?;
    Ok(send(outgoing(image, page), &headers).await)
}

/// Ảnh của một trang quét từ giấy (JPEG, cạnh dài tối đa 1600 điểm).
#[utoipa::path(
    get,
    path = "/api/v1/materials/{id}/pages/{number}/image",
    params(
        ("id" = String, Path, description = "Mã học liệu (UUID)"),
        ("number" = u32, Path, description = "Số trang, từ 1"),
    ),
    responses(
        (status = 200, description = "Ảnh trang", content_type = "image/jpeg"),
        (status = 404, description = "Không có", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn page_image_by_id(
    State(state): State<AppState>,
    Path((id, number)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Ok(send(open_image(&state, &id, &number).await?, &headers).await)
}

/// Tệp gốc theo mã; hỗ trợ tải từng phần (Range).
#[utoipa::path(
    get,
    path = "/api/v1/files/{id}",
    params(("id" = String, Path, description = "Mã tệp (UUID)")),
    responses(
        (status = 200, description = "Nội dung tệp", content_type = "application/octet-stream"),
        (status = 206, description = "Một phần của tệp", content_type = "application/octet-stream"),
        (status = 404, description = "Không có", content_type = "application/problem+json"),
    )
)]
pub(in crate::web) async fn original_by_id(
    State(state): State<AppState>,
    Path(id): Path<String>,
    headers: HeaderMap,
    caller: Caller,
) -> Result<Response, ApiError> {
    // Cookies mean nothing here.
    Ok(send(open(&state, &Actor::Visitor, &id, &caller).await?, &headers).await)
}

/// The captions of a material's recording, in the version that is named.
pub(in crate::web) async fn captions(
    State(state): State<AppState>,
    Path(name): Path<String>,
    parameters: Parameters,
    reader: Reader,
) -> Result<Response, PageError> {
    let id = name.strip_suffix(".vtt").and_then(|id| MaterialId::parse(id).ok());
    let id = id.ok_or_else(|| Problem::of("file-missing"))?;
    let number = parameters.first("ban").and_then(|number| number.parse().ok());
    let blocks = files::captions(&state.context, &reader.actor(), id, number).await?;
    Ok(([(header::CONTENT_TYPE, "text/vtt; charset=utf-8")], webvtt::track(&blocks)).into_response())
}

/// What is sent.
struct Outgoing {
    name: String,
    media_type: String,
    size_bytes: u64,
    blob: BlobHash,
    content: File,
    /// A text of which it is known.
    is_utf8: bool,
    /// Anyone may read it.
    is_public: bool,
}

async fn open(state: &AppState, actor: &Actor, id: &str, caller: &Caller) -> Result<Outgoing, Problem> {
    let id = FileId::parse(id).map_err(|_error| Problem::of("file-missing"))?;
    let OpenFile { file, content, is_utf8, is_public } = files::open(&state.context, actor, id).await?;
    if is_public {
        usage::downloaded(&state.context, caller.file(), file.material);
    }
    let (name, media_type) = (file.name, file.media_type);
    Ok(Outgoing { name, media_type, size_bytes: file.size_bytes, blob: file.blob, content, is_utf8, is_public })
}

async fn open_image(state: &AppState, id: &str, number: &str) -> Result<Outgoing, Problem> {
    let (id, page) = place(id, number)?;
    Ok(outgoing(pages::image(&state.context, id, page).await?, page))
}

/// Which page an address means.
fn place(id: &str, number: &str) -> Result<(MaterialId, u32), Problem> {
    let place = MaterialId::parse(id).ok().zip(number.parse().ok());
    place.ok_or_else(|| Problem::of("page-image-missing"))
}

fn outgoing(image: OpenImage, page: u32) -> Outgoing {
    let OpenImage { blob, size_bytes, content } = image;
    let (name, media_type) = (format!("trang-{page}.jpg"), pages::IMAGE_TYPE.to_owned());
    Outgoing { name, media_type, size_bytes, blob, content, is_utf8: false, is_public: true }
}

async fn send(mut open: Outgoing, asked: &HeaderMap) -> Response {
    let size = open.size_bytes;
    let tag = format!("\"{}\"", open.blob);
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|known| known.contains(&tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let fresh = text(header::IF_RANGE).is_none_or(|known| known == tag);
    let range = text(header::RANGE).filter(|_| fresh).map(|range| parse_range(range, size));
    let (status, from, length) = match range {
        None | Some(Range::Ignored) => (StatusCode::OK, 0, size),
        Some(Range::Part { from, length }) => (StatusCode::PARTIAL_CONTENT, from, length),
        Some(Range::Outside) => {
            let whole = format!("bytes */{size}");
            return (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, whole)]).into_response();
        }
    };
    if let Err(error) = open.content.seek(SeekFrom::Start(from)).await {
        return Problem::internal(&error.to_string()).faceless();
    }
    let body = Body::from_stream(ReaderStream::with_capacity(open.content.take(length), 64 << 10));
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    let mut add = |name, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    let charset = if open.is_utf8 { "; charset=utf-8" } else { "" };
    add(header::CONTENT_TYPE, format!("{}{charset}", open.media_type));
    add(header::CONTENT_LENGTH, length.to_string());
    add(header::ACCEPT_RANGES, "bytes".to_owned());
    add(header::ETAG, tag);
    let keeping = if open.is_public { "public, max-age=3600" } else { "no-store" };
    add(header::CACHE_CONTROL, keeping.to_owned());
    add(header::CONTENT_DISPOSITION, disposition(&open.media_type, &open.name));
    add(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned());
    if status == StatusCode::PARTIAL_CONTENT {
        add(header::CONTENT_RANGE, format!("bytes {from}-{}/{size}", from + length - 1));
    }
    response
}

/// RFC 6266: a plain name for old programs, the real one in UTF-8.
fn disposition(media_type: &str, name: &str) -> String {
    let kind = if SHOWN.iter().any(|shown| media_type.starts_with(shown)) { "inline" } else { "attachment" };
    let plain: String = crate::actions::search::plain_letters(name)
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{}", links::encode(name))
}

#[derive(Debug, PartialEq, Eq)]
enum Range {
    /// Not understood, or several parts: the whole file is sent.
    Ignored,
    Part {
        from: u64,
        length: u64,
    },
    Outside,
}

fn parse_range(text: &str, size: u64) -> Range {
    let Some((from, to)) = text.strip_prefix("bytes=").and_then(|part| part.split_once('-')) else {
        return Range::Ignored;
    };
    let (from, to) = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => (from, to.min(size.saturating_sub(1))),
        (Ok(from), Err(_)) if to.is_empty() => (from, size.saturating_sub(1)),
        (Err(_), Ok(last)) if from.is_empty() && last > 0 => (size.saturating_sub(last), size.saturating_sub(1)),
        _ => return Range::Ignored,
    };
    if from >= size { Range::Outside } else { Range::Part { from, length: to - from + 1 } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_file_are_found_and_clamped() {
        assert_eq!(parse_range("bytes=0-3", 10), Range::Part { from: 0, length: 4 });
        assert_eq!(parse_range("bytes=8-99", 10), Range::Part { from: 8, length: 2 });
        assert_eq!(parse_range("bytes=-4", 10), Range::Part { from: 6, length: 4 });
        assert_eq!(parse_range("bytes=10-", 10), Range::Outside);
        assert_eq!(parse_range("bytes=0-1,4-5", 10), Range::Ignored);
        assert_eq!(parse_range("lines=1-2", 10), Range::Ignored);
    }

    #[test]
    fn names_reach_headers_only_encoded() {
        let header = disposition("text/html", "lúa \"đạo\" ôn.html");
        assert_eq!(
            header,
            "attachment; filename=\"lua _dao_ on.html\"; filename*=UTF-8''l%C3%BAa%20%22%C4%91%E1%BA%A1o%22%20%C3%B4n.html"
        );
    }
}
