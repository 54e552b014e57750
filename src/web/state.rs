//! What every handler may ask for.

use crate::actions::Context;
use axum::extract::State;
use axum::http::StatusCode;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// How the service is seen from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address that readers use, without a slash at its end.
    pub public_url: Option<String>,
    /// Whether the service ends TLS itself.
    pub own_tls: bool,
    /// Only these may tell a client's address in `X-Forwarded-For`.
    pub trusted_proxies: Vec<IpAddr>,
    /// Searches and API calls a minute for one address; 0 switches the limit off.
    pub rate_limit_per_minute: u32,
    /// How long browsers keep the cookie of a sign-in, in seconds.
    pub session_seconds: u64,
    /// The longest that an answer may take to begin.
    pub request_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: None,
            own_tls: false,
            trusted_proxies: Vec::new(),
            rate_limit_per_minute: 240,
            session_seconds: 7 * 24 * 3600,
            request_timeout: Duration::from_secs(15),
        }
    }
}

/// The address at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The state of the service; cheap to clone.
#[derive(Clone)]
pub(super) struct AppState {
    pub(super) context: Context,
    pub(super) config: Arc<Config>,
    pub(super) limiter: Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>,
}

impl AppState {
    pub(super) fn new(context: Context, config: Config) -> Self {
        let limiter = NonZeroU32::new(config.rate_limit_per_minute)
            .map(|per_minute| Arc::new(RateLimiter::keyed(Quota::per_minute(per_minute))));
        Self { context, config: Arc::new(config), limiter }
    }

    /// An absolute address of a path on this service, where its public address is known.
    pub(super) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.config.public_url.as_deref().unwrap_or_default())
    }

    /// Whether readers come over `https`.
    pub(super) fn is_https(&self) -> bool {
        self.config.own_tls || self.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// The process answers.
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// Searches can be answered.
pub(super) async fn readiness(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.context.is_ready() {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "building the index\n")
    }
}
