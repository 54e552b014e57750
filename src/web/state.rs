//! What every handler may ask for.

use super::sitemap::Sitemap;
use crate::actions::{Context, space};
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// A limit of the service, as its administrator is shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The flag that sets it, such as `--file-mb`.
    pub flag: String,
    /// What it bounds and in which unit, in words.
    pub about: String,
    pub value: String,
    /// It was set, and is not the default.
    pub is_given: bool,
}

/// How the service is seen from outside.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address that readers use, without a slash at its end.
    pub public_url: Option<String>,
    /// The service ends TLS by itself.
    pub own_certificate: bool,
    /// Who runs the service and how to reach them, one line each.
    pub contact: Vec<String>,
    /// Only these may tell a client's address in `X-Forwarded-For`.
    pub trusted_proxies: Vec<IpAddr>,
    /// Searches and API calls a minute for one address; 0 switches the limit off.
    pub rate_limit_per_minute: u32,
    /// How long browsers keep the cookie of a sign-in, in seconds.
    pub session_seconds: u64,
    /// The limits in force.
    pub limits: Vec<Limit>,
    /// The longest that an answer may take to begin.
    pub request_timeout: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            public_url: None,
            own_certificate: false,
            contact: Vec::new(),
            trusted_proxies: Vec::new(),
            rate_limit_per_minute: 240,
            session_seconds: 7 * 24 * 3600,
            limits: Vec::new(),
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
    /// Searches and other calls of one address.
    pub(super) limiter: Limiter,
    /// Suggestions of one address: cheap, and one for each key that is pressed.
    pub(super) suggest_limiter: Limiter,
    /// The addresses of what is public, as they were asked for last.
    pub(super) sitemap: Arc<Sitemap>,
}

/// Remembers who has called how often lately; none where there is no limit.
pub(super) type Limiter = Option<Arc<DefaultKeyedRateLimiter<IpAddr>>>;

/// So many suggestions are allowed for each search.
const SUGGESTIONS_PER_SEARCH: u32 = 5;

impl AppState {
    pub(super) fn new(context: Context, config: Config) -> Self {
        let limiter = |per_minute: u32| -> Limiter {
            let quota = NonZeroU32::new(per_minute).map(Quota::per_minute);
            let limiter = quota.map(|quota| Arc::new(RateLimiter::keyed(quota)));
            if let Some(limiter) = &limiter {
                tokio::spawn(forget_quiet_clients(Arc::downgrade(limiter)));
            }
            limiter
        };
        let per_minute = config.rate_limit_per_minute;
        let suggest_limiter = limiter(per_minute.saturating_mul(SUGGESTIONS_PER_SEARCH));
        Self {
            context,
            config: Arc::new(config),
            limiter: limiter(per_minute),
            suggest_limiter,
            sitemap: Arc::default(),
        }
    }

    /// Whether readers come over `https`.
    pub(super) fn is_https(&self) -> bool {
        self.config.own_certificate || self.config.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Addresses are kept no longer than their limit needs: those that have been quiet are forgotten each minute.
async fn forget_quiet_clients(limiter: Weak<DefaultKeyedRateLimiter<IpAddr>>) {
    loop {
        tokio::time::sleep(Duration::from_mins(1)).await;
        let Some(limiter) = limiter.upgrade() else { return };
        limiter.retain_recent();
        limiter.shrink_to_fit();
    }
}

/// Where absolute addresses begin: the configured public address, else the one that the caller used.
pub(super) struct Base(String);

impl Base {
    /// The absolute address of a path on this service.
    pub(super) fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromRequestParts<AppState> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        if let Some(url) = &state.config.public_url {
            return Ok(Self(url.clone()));
        }
        let host = parts.headers.get(header::HOST).and_then(|value| value.to_str().ok());
        let scheme = if state.is_https() { "https" } else { "http" };
        Ok(Self(host.filter(|host| is_host(host)).map_or_else(String::new, |host| format!("{scheme}://{host}"))))
    }
}

/// Whether a caller's `Host` is one: a name or a number with a port, nothing that could end up as markup.
fn is_host(text: &str) -> bool {
    !text.is_empty() && text.len() <= 255 && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
}

/// The process answers.
pub(super) async fn health() -> &'static str {
    "ok\n"
}

/// Searches can be answered; a second line tells whether there is room for new files.
pub(super) async fn readiness(State(state): State<AppState>) -> (StatusCode, String) {
    let room = space::room(&state.context).map_or("unknown", |room| room.state().code());
    if state.context.is_ready() {
        (StatusCode::OK, format!("ready\ndisk {room}\n"))
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, format!("building the index\ndisk {room}\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn only_what_looks_like_a_host_is_repeated_to_the_caller() {
        for host in ["hoclieu.vn", "127.0.0.1:8080", "[::1]:8080"] {
            assert!(is_host(host), "{host}");
        }
        for host in ["", "a\"><script>", "a/b", "a b", "user@host", &"a".repeat(256)] {
            assert!(!is_host(host), "{host}");
        }
    }
}
