//! Who is on the other side of a request: the cookie of a person who has signed in, the token of a program.

use super::error::{ApiError, PageError, Problem};
use super::forms::Settings;
use super::links;
use super::security::client;
use super::state::{AppState, Peer};
use crate::actions::accounts::manage;
use crate::actions::accounts::sessions::{self, SignedIn};
use crate::actions::accounts::sign_in::Origin;
use crate::actions::accounts::tokens::{self, Bearer};
use crate::actions::{Context, complaints, schedule, uploads};
use crate::domain::account::session::device;
use crate::domain::actor::Actor;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

/// The cookie's name where the line is safe: browsers then send it to this host alone and over `https` alone.
const SAFE_COOKIE: &str = "__Host-phien";
/// The cookie's name on a plain line.
const PLAIN_COOKIE: &str = "phien";

/// The cookie of those who are on their way to another's identity provider and back.
const SAFE_ERRAND: &str = "__Host-danh-tinh";
const PLAIN_ERRAND: &str = "danh-tinh";
/// How long that way may take.
const ERRAND_SECONDS: u32 = 600;

const fn errand_name(https: bool) -> &'static str {
    if https { SAFE_ERRAND } else { PLAIN_ERRAND }
}

/// What was remembered when someone left for another's identity provider.
pub(super) fn errand(state: &AppState, headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers).get(errand_name(state.is_https())).map(|cookie| cookie.value().to_owned())
}

/// Remembers something for the way to another's identity provider; nothing, once they are back.
pub(super) fn with_errand(state: &AppState, errand: Option<&str>, response: impl IntoResponse) -> Response {
    let (value, seconds) = errand.map_or(("", 0), |errand| (errand, ERRAND_SECONDS));
    set_cookie(state, errand_name(state.is_https()), &format!("{value}; Max-Age={seconds}"), response.into_response())
}

const fn cookie_name(https: bool) -> &'static str {
    if https { SAFE_COOKIE } else { PLAIN_COOKIE }
}

/// The secret in the cookie, if there is one.
fn cookie(headers: &HeaderMap, https: bool) -> Option<String> {
    CookieJar::from_headers(headers).get(cookie_name(https)).map(|cookie| cookie.value().to_owned())
}

/// Whether the browser carries a cookie that may open more than the public sees.
pub(super) fn has_cookie(headers: &HeaderMap) -> bool {
    [true, false].into_iter().any(|https| cookie(headers, https).is_some())
}

/// Puts the secret of a sign-in into a cookie that no script can read and no other site can send along with a form.
pub(super) fn with_cookie(state: &AppState, secret: &str, response: impl IntoResponse) -> Response {
    let seconds = state.config.session_seconds;
    set_cookie(state, cookie_name(state.is_https()), &format!("{secret}; Max-Age={seconds}"), response.into_response())
}

/// Takes the cookie away.
pub(super) fn without_cookie(state: &AppState, response: impl IntoResponse) -> Response {
    set_cookie(state, cookie_name(state.is_https()), "; Max-Age=0", response.into_response())
}

fn set_cookie(state: &AppState, name: &str, value: &str, mut response: Response) -> Response {
    let secure = if state.is_https() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The client's address, as trusted proxies tell it.
fn address(parts: &Parts, state: &AppState) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|ConnectInfo(Peer(address))| address.ip());
    client(peer, &parts.headers, &state.config.trusted_proxies)
}

/// Where a form comes from, for signing in.
pub(super) struct From(pub(super) Origin);

impl FromRequestParts<AppState> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let cookie = cookie(&parts.headers, state.is_https());
        Ok(Self(Origin { address: address(parts, state), device: device(agent), cookie }))
    }
}

/// Something that only some who have signed in do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    /// Looking after accounts and trails of others.
    Manage,
    /// Bringing files in.
    Write,
    /// Planning classes.
    Schedule,
    /// Answering complaints about materials.
    Answer,
}

fn duties(context: &Context, actor: &Actor) -> Vec<Duty> {
    let all = [
        (Duty::Manage, manage::may_list(context, actor)),
        (Duty::Write, uploads::may_send(context, actor)),
        (Duty::Schedule, schedule::may_schedule_any(context, actor)),
        (Duty::Answer, complaints::may_answer_any(context, actor)),
    ];
    all.into_iter().filter(|(_, theirs)| *theirs).map(|(duty, _)| duty).collect()
}

/// Whoever reads a page: how they want it to look, and who they are where they have signed in.
#[derive(Clone, Default)]
pub(super) struct Reader {
    pub(super) settings: Settings,
    pub(super) signed_in: Option<Arc<SignedIn>>,
    /// What is theirs to do.
    duties: Vec<Duty>,
    /// The path of the page that is read.
    pub(super) path: String,
    /// What an administrator must know on every page.
    pub(super) warning: Option<String>,
}

impl Reader {
    /// Who reads, for what not everyone may.
    pub(super) fn actor(&self) -> Actor {
        self.signed_in.as_ref().map_or(Actor::Visitor, |signed_in| signed_in.actor.clone())
    }
}

impl FromRequestParts<AppState> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        let settings = Settings::from_request_parts(parts, state).await?;
        let Some(cookie) = cookie(&parts.headers, state.is_https()) else {
            return Ok(Self { settings, ..Self::default() });
        };
        // A page for everyone is shown even when nobody can tell who asks.
        let found = sessions::find(&state.context, &cookie).await.unwrap_or_else(|error| {
            tracing::error!(%error, "a session could not be looked up");
            None
        });
        let duties = found.as_ref().map(|found| duties(&state.context, &found.actor)).unwrap_or_default();
        let warning = found.as_ref().and_then(|found| crate::actions::space::warning(&state.context, &found.actor));
        let path = parts.uri.path().to_owned();
        Ok(Self { settings, signed_in: found.map(Arc::new), duties, path, warning })
    }
}

impl Reader {
    /// Whether something is theirs to do.
    pub(super) fn has(&self, duty: Duty) -> bool {
        self.duties.contains(&duty)
    }
}

/// A person who has signed in; anyone else is led to the page for it.
pub(super) struct Staff {
    pub(super) signed_in: Arc<SignedIn>,
    pub(super) reader: Reader,
}

impl FromRequestParts<AppState> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let Ok(reader) = Reader::from_request_parts(parts, state).await;
        if let Some(signed_in) = reader.signed_in.clone() {
            return Ok(Self { signed_in, reader });
        }
        let is_read = parts.method == Method::GET;
        if !is_read && parts.headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json") {
            return Err(Problem::of("session-ended").as_json());
        }
        let back = if is_read {
            parts.uri.path_and_query().map(|path| path.as_str().to_owned())
        } else {
            page_of_form(&parts.headers, state.config.public_url.as_deref())
        };
        Err(Redirect::to(&links::sign_in(back.as_deref().unwrap_or(links::PROFILE))).into_response())
    }
}

/// The page of this service that a form was sent from, where the browser tells.
fn page_of_form(headers: &HeaderMap, public_url: Option<&str>) -> Option<String> {
    let from: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok().map(str::to_owned));
    // A proxy may hide the name that the browser knows.
    let public = public_url.and_then(|url| Some(url.parse::<Uri>().ok()?.authority()?.to_string()));
    let authority = from.authority()?.as_str();
    let is_own = [host, public].into_iter().flatten().any(|own| own.eq_ignore_ascii_case(authority));
    let path = from.path_and_query().filter(|_| is_own)?;
    links::local(path.as_str()).map(str::to_owned)
}

/// A program with a token. Without one it is a visitor; one that is worth nothing was refused before.
pub(super) struct Program(pub(super) Option<Arc<Bearer>>);

impl<S: Sync> FromRequestParts<S> for Program {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Arc<Bearer>>().cloned()))
    }
}

/// Looks up the token of a call to the API; cookies mean nothing there.
pub(super) async fn bearer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match bearer_of(&state, request.headers()).await {
        None => next.run(request).await,
        Some(Ok(bearer)) => {
            request.extensions_mut().insert(Arc::new(bearer));
            next.run(request).await
        }
        Some(Err(problem)) => problem.as_json(),
    }
}

/// Who the token of a call belongs to, where it bears one.
async fn bearer_of(state: &AppState, headers: &HeaderMap) -> Option<Result<Bearer, Problem>> {
    let value = headers.get(header::AUTHORIZATION)?;
    let secret = value.to_str().ok().and_then(|value| value.split_once(' '));
    let secret = secret.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, secret)| secret.trim());
    let Some(secret) = secret else { return Some(Err(Problem::of("token-invalid"))) };
    Some(tokens::find(&state.context, secret).await.map_err(Problem::from))
}

/// Whoever sends files: a program by its token, else a person by their cookie.
pub(super) struct Sender(pub(super) Actor);

impl FromRequestParts<AppState> for Sender {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        if let Some(bearer) = bearer_of(state, &parts.headers).await {
            return Ok(Self(bearer?.actor));
        }
        let cookie = cookie(&parts.headers, state.is_https()).ok_or_else(|| Problem::of("sign-in-required"))?;
        let found = sessions::find(&state.context, &cookie).await?;
        Ok(Self(found.ok_or_else(|| Problem::of("sign-in-required"))?.actor))
    }
}

/// What a person who has signed in is shown is kept by nobody.
pub(super) async fn no_store(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What a handler of a form answers.
pub(super) type Answer = Result<Response, PageError>;
