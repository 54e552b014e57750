//! The page of attendance that a phone keeps: a frame without anything of persons, its worker and its manifest.

#[cfg(test)]
use super::rendered;
use super::{Frame, html};
use crate::web::assets;
use crate::web::forms::Settings;
use crate::web::links;
use crate::web::pages::Page;
use askama::Template;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

#[derive(Template)]
#[template(path = "attendance/phone.html", config = "src/web/askama.toml")]
struct PhonePage {
    frame: Frame,
    script: &'static str,
}

/// The same for everyone: who may load what, the API decides.
pub(in crate::web) async fn show(settings: Settings) -> Page {
    let frame = Frame { classes: settings.classes(), ..Frame::new("Điểm danh bằng điện thoại") };
    html(&PhonePage { frame, script: &assets::PHONE_URL })
}

/// The worker, which may look after the page above its own folder.
pub(in crate::web) async fn worker() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("service-worker-allowed"), links::PHONE),
    ];
    (headers, assets::phone_worker()).into_response()
}

pub(in crate::web) async fn manifest() -> Response {
    let icons = [json!({"src": &*assets::ICON_URL, "sizes": "any", "type": "image/svg+xml"})];
    let manifest = json!({
        "name": "Điểm danh – Học liệu Quảng Trị",
        "short_name": "Điểm danh",
        "lang": "vi",
        "start_url": links::PHONE,
        "scope": links::PHONE,
        "display": "standalone",
        "background_color": "#fdf8ef",
        "theme_color": "#8c1519",
        "icons": icons,
    });
    ([(header::CONTENT_TYPE, "application/manifest+json")], manifest.to_string()).into_response()
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    rendered(&[PhonePage { frame: Frame::new("Điểm danh"), script: "/x.js" }])
}
