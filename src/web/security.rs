//! Headers that browsers hold pages to, and bounds on how much a caller may ask.

use super::assets;
use super::error::{Problem, for_path};
use super::links;
use super::state::{AppState, Peer};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock, DefaultClock};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// Nothing but our own style (by its hash), scripts, pictures, sound and answers; no frames, no plug-ins, no other hosts.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = assets::style_hash();
    let policy = format!(
        "default-src 'none'; style-src '{style}'; script-src 'self'; img-src 'self' data:; media-src 'self'; \
         connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

/// Adds the headers of every answer; a handler's own policy stays.
pub(super) async fn headers(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let all = response.headers_mut();
    all.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| POLICY.clone());
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(), payment=()"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        all.insert(name, HeaderValue::from_static(value));
    }
    if state.is_https() {
        all.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Refuses an address that asks too often.
pub(super) async fn rate_limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let limiter = match path.as_str() {
        "/api/v1/suggest" => &state.suggest_limiter,
        "/tim" | "/tim.atom" | links::SITEMAP => &state.limiter,
        other if other.starts_with("/hoc-lieu/") && other.ends_with("/in") => &state.limiter,
        other if other.starts_with("/api/") || other.starts_with("/lich/") => &state.limiter,
        // Nobody finds codes by trying.
        "/chung-nhan" => &state.limiter,
        other if other.starts_with("/chung-nhan/") => &state.limiter,
        // A page that is printed takes as much as a search.
        other if other.starts_with("/lop-hoc/") && other.contains("/ap-phich/") => &state.limiter,
        _ => &None,
    };
    if let Some(limiter) = limiter {
        let peer = request.extensions().get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(address))| address.ip());
        let client = client(peer, request.headers(), &state.config.trusted_proxies);
        if let Err(until) = limiter.check_key(&client) {
            let seconds = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            let mut response = for_path(&path, &Problem::of("too-many-requests"));
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            return response;
        }
        if limiter.len() > MANY_CLIENTS {
            limiter.retain_recent();
        }
    }
    next.run(request).await
}

/// Beyond so many remembered addresses those that have been quiet are forgotten.
const MANY_CLIENTS: usize = 10_000;

/// The client's address: the peer's own, or what the nearest trusted proxy says; IPv6 by its network.
pub(super) fn client(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let mut client = peer;
    if trusted.contains(&peer) {
        let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let chain: Vec<IpAddr> =
            named.flat_map(|value| value.split(',')).filter_map(|a| a.trim().parse().ok()).collect();
        client = chain.into_iter().rev().find(|address| !trusted.contains(address)).unwrap_or(peer);
    }
    match client {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Refuses forms that another site sends in a reader's name: what the browser says of where they come from must be
/// this service.
pub(super) fn same_site(state: &AppState) -> CsrfLayer {
    let own = state.config.public_url.as_deref().and_then(|url| {
        let origin: String = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        // A proxy may hide the name that the browser knows.
        CsrfLayer::new().add_trusted_origin(origin.to_lowercase()).ok()
    });
    own.unwrap_or_default()
}

/// Dresses the refusal of [`same_site`] as a page or a problem.
pub(super) async fn explain_cross_site(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_some() {
        return for_path(&path, &Problem::of("cross-site"));
    }
    response
}

/// Gives up answers that take too long to begin.
pub(super) async fn time_limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    match tokio::time::timeout(state.config.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => for_path(&path, &Problem::of("too-slow")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 9.9.9.9, 10.0.0.2"));
        let [proxy, inner, far]: [IpAddr; 3] = ["10.0.0.1", "10.0.0.2", "9.9.9.9"].map(|a| a.parse().unwrap());
        assert_eq!(client(Some(proxy), &headers, &[]), proxy);
        assert_eq!(client(Some(proxy), &headers, &[proxy, inner]), far);
    }
}
