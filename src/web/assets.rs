//! The style inlined in every page, and the few files that browsers keep for good.

use super::error::not_found;
use super::links;
use super::state::Base;
use axum::extract::Path;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The page's own style.
pub(super) const STYLE: &str = include_str!("static/style.css");
const LISTEN: &str = include_str!("static/listen.js");
const SUGGEST: &str = include_str!("static/suggest.js");
const PROGRESS: &str = include_str!("static/progress.js");
const DRAFT: &str = include_str!("static/draft.js");
const PRINT: &str = include_str!("static/print.js");
const MEDIA: &str = include_str!("static/media.js");
const UPLOAD: &str = include_str!("static/upload.js");
const MARKS: &str = include_str!("static/marks.js");
const LEAVE: &str = include_str!("static/leave.js");
const PHONE: &str = include_str!("static/attendance.js");
const WORKER: &str = include_str!("static/attendance-worker.js");
const ICON: &str = include_str!("static/icon.svg");

/// The address of the script that reads aloud: its content's hash is in it, so it may be kept for good.
pub(super) static LISTEN_URL: LazyLock<String> = LazyLock::new(|| address("nghe", LISTEN, "js"));
/// The address of the script that suggests while someone types.
pub(super) static SUGGEST_URL: LazyLock<String> = LazyLock::new(|| address("goi-y", SUGGEST, "js"));
/// The address of the script that shows how far long work has come.
pub(super) static PROGRESS_URL: LazyLock<String> = LazyLock::new(|| address("tien-do", PROGRESS, "js"));
/// The address of the script that keeps a form while someone types.
pub(super) static DRAFT_URL: LazyLock<String> = LazyLock::new(|| address("giu-nhap", DRAFT, "js"));
/// The address of the script that jumps to moments of a recording.
pub(super) static MEDIA_URL: LazyLock<String> = LazyLock::new(|| address("phat", MEDIA, "js"));
/// The address of the script that opens the browser's printing.
pub(super) static PRINT_URL: LazyLock<String> = LazyLock::new(|| address("in", PRINT, "js"));
/// The address of the script that uploads files in pieces.
pub(super) static UPLOAD_URL: LazyLock<String> = LazyLock::new(|| address("tai-len", UPLOAD, "js"));
/// The address of the script for tables of marks.
pub(super) static MARKS_URL: LazyLock<String> = LazyLock::new(|| address("bang-diem-danh", MARKS, "js"));
/// The address of the script that looks after what was not sent before someone signs out.
pub(super) static LEAVE_URL: LazyLock<String> = LazyLock::new(|| address("dang-xuat", LEAVE, "js"));
/// The address of the script of attendance on a phone.
pub(super) static PHONE_URL: LazyLock<String> = LazyLock::new(|| address("diem-danh", PHONE, "js"));
/// The address of the icon.
pub(super) static ICON_URL: LazyLock<String> = LazyLock::new(|| address("bieu-tuong", ICON, "svg"));

fn address(name: &str, content: &str, ending: &str) -> String {
    let digest: String = blake3::hash(content.as_bytes()).to_hex().chars().take(12).collect();
    format!("/tai-san/{name}-{digest}.{ending}")
}

/// The style's hash as the content policy names it.
pub(super) fn style_hash() -> String {
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(Sha256::digest(STYLE.as_bytes())))
}

/// The worker of attendance on a phone: with any change of what it keeps it is another one.
pub(super) fn phone_worker() -> String {
    let kept = [&*PHONE_URL, &*ICON_URL].map(|url| format!("'{url}'")).join(", ");
    let version: String = blake3::hash(format!("{kept}{STYLE}").as_bytes()).to_hex().chars().take(12).collect();
    WORKER.replace("{{version}}", &version).replace("{{kept}}", &kept)
}

const SCRIPT: &str = "text/javascript; charset=utf-8";
const FOREVER: &str = "public, max-age=31536000, immutable";

/// A file under its content's hash.
pub(super) async fn asset(Path(name): Path<String>, uri: Uri) -> Response {
    let wanted = format!("/tai-san/{name}");
    let known = [
        (&*LISTEN_URL, LISTEN, SCRIPT),
        (&*SUGGEST_URL, SUGGEST, SCRIPT),
        (&*PROGRESS_URL, PROGRESS, SCRIPT),
        (&*DRAFT_URL, DRAFT, SCRIPT),
        (&*MEDIA_URL, MEDIA, SCRIPT),
        (&*PRINT_URL, PRINT, SCRIPT),
        (&*UPLOAD_URL, UPLOAD, SCRIPT),
        (&*MARKS_URL, MARKS, SCRIPT),
        (&*LEAVE_URL, LEAVE, SCRIPT),
        (&*PHONE_URL, PHONE, SCRIPT),
        (&*ICON_URL, ICON, "image/svg+xml"),
    ];
    match known.into_iter().find(|(url, ..)| **url == wanted) {
        Some((_, content, kind)) => {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOREVER)], content).into_response()
        }
        None => not_found(uri).await,
    }
}

/// The icon where browsers look for it unasked.
pub(super) async fn icon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")], ICON).into_response()
}

/// Crawlers may read everything but results, which are endless.
pub(super) async fn robots(base: Base) -> String {
    format!("User-agent: *\nDisallow: /tim\nDisallow: /api/\nSitemap: {}\n", base.absolute(links::SITEMAP))
}
