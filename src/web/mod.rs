//! HTTP: pages for people, the API for programs. All routes stand on this page, grouped by who calls them.

mod api;
mod assets;
mod cache;
mod error;
mod forms;
mod links;
mod messages;
mod pages;
mod security;
mod state;

pub use state::{Config, Peer};

use crate::actions::Context;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use state::AppState;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

/// The longest form that is taken, in bytes.
const MAX_BODY_BYTES: usize = 64 << 10;

/// Every route of the service.
pub fn router(context: Context, config: Config) -> Router {
    let state = AppState::new(context, config);
    // The innermost layer comes first.
    Router::new()
        .merge(visitors())
        .merge(programs())
        .layer(from_fn(cache::revalidate))
        .layer(from_fn_with_state(state.clone(), security::rate_limit))
        .merge(originals())
        .merge(machines())
        .fallback(error::not_found)
        .layer(from_fn_with_state(state.clone(), security::time_limit))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(CompressionLayer::new())
        .with_state(state)
}

/// Pages for everyone.
fn visitors() -> Router<AppState> {
    Router::new()
        .route("/", get(pages::home::show))
        .route("/tim", get(pages::search::show))
        .route("/hoc-lieu", get(pages::materials::newest))
        .route("/hoc-lieu/{id}", get(pages::materials::show_plain))
        .route("/hoc-lieu/{id}/{slug}", get(pages::materials::show))
        .route("/chu-de", get(pages::topics::list))
        .route("/chu-de/{id}", get(pages::topics::show))
        .route("/co-quan", get(pages::organisations::list))
        .route("/co-quan/{id}", get(pages::organisations::show))
        .route("/dia-ban", get(pages::areas::list))
        .route("/dia-ban/{id}", get(pages::areas::show))
        .route("/loai", get(pages::topics::kinds))
        .route("/gioi-thieu", get(pages::about::about))
        .route("/rieng-tu", get(pages::about::privacy))
        .route("/tiep-can", get(pages::about::accessibility))
        .route("/lien-he", get(pages::about::contact))
        .route("/tuy-chon", get(pages::settings::show).post(pages::settings::save))
        .route("/api", get(pages::about::api))
}

/// The API.
fn programs() -> Router<AppState> {
    Router::new()
        .route("/api/v1/search", get(api::search::search))
        .route("/api/v1/materials", get(api::materials::list))
        .route("/api/v1/materials/{id}", get(api::materials::show))
        .route("/api/v1/materials/{id}/pages/{number}", get(api::materials::page))
        .route("/api/v1/topics", get(api::catalogue::topics))
        .route("/api/v1/organisations", get(api::catalogue::organisations))
        .route("/api/v1/areas", get(api::catalogue::areas))
        .route("/api/v1/openapi.json", get(api::openapi::document))
        .route("/api/{*rest}", get(api::unknown).post(api::unknown))
}

/// Files as they were uploaded and pictures of their pages: streamed, never kept in memory.
fn originals() -> Router<AppState> {
    Router::new()
        .route("/tep/{id}/{name}", get(api::files::original))
        .route("/api/v1/files/{id}", get(api::files::original_by_id))
        .route("/anh-trang/{id}/{number}", get(api::files::page_image))
        .route("/api/v1/materials/{id}/pages/{number}/image", get(api::files::page_image_by_id))
}

/// What browsers, crawlers and supervisors ask for.
fn machines() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(state::health))
        .route("/readyz", get(state::readiness))
        .route("/robots.txt", get(assets::robots))
        .route("/sitemap.xml", get(pages::materials::sitemap))
        .route("/favicon.ico", get(assets::icon))
        .route("/tai-san/{name}", get(assets::asset))
}
