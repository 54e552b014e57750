//! What comes in: addresses with their parameters, and the settings cookie.

use super::error::{ApiError, Problem};
use super::links::{API_TIME, EXACT, TIME, facet_parameter};
use crate::actions::search::{Facet, SearchRequest, Sort, usable_text};
use axum::extract::rejection::StringRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use std::convert::Infallible;

/// The longest value of a parameter that is looked at, in characters.
const MAX_VALUE_CHARS: usize = 4_000;

/// No value of a filter is longer, in characters: what is longer is unknown and would swell every link of the page.
const MAX_FILTER_CHARS: usize = 200;

/// The parameters of an address in their order; broken ones are passed over, never an error.
pub(super) struct Parameters(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(pairs(parts.uri.query().unwrap_or_default())))
    }
}

/// The fields of a form, as browsers send them.
pub(super) struct Form(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = StringRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, StringRejection> {
        // How long a form may be, its route says.
        Ok(Self(pairs_within(&String::from_request(request, state).await?, usize::MAX)))
    }
}

impl Form {
    /// The first value under a name; empty where there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether anything came under a name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| other == name)
    }

    /// Every value under a name.
    pub(super) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// Reads `name=value&…` with percent signs and pluses.
pub(super) fn pairs(query: &str) -> Vec<(String, String)> {
    pairs_within(query, MAX_VALUE_CHARS)
}

fn pairs_within(query: &str, max_chars: usize) -> Vec<(String, String)> {
    let decode = |text: &str| -> String { percent_decode(text).chars().take(max_chars).collect() };
    let pair = |part: &str| part.split_once('=').map(|(name, value)| (decode(name), decode(value)));
    query.split('&').filter_map(pair).collect()
}

/// Reads what percent signs and pluses stand for.
pub(super) fn percent_decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digits = [ahead.next(), ahead.next()].map(|byte| byte.and_then(|b| char::from(b).to_digit(16)));
                match digits.map(|digit| digit.and_then(|digit| u8::try_from(digit).ok())) {
                    [Some(high), Some(low)] => {
                        bytes.push(high * 16 + low);
                        rest = ahead;
                    }
                    _ => bytes.push(byte),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Parameters {
    /// The first value under a name.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Every value under a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A search as a page's address states it.
    pub(super) fn page_search(&self) -> SearchRequest {
        let sort = match self.first("xep") {
            Some("moi") => Sort::Newest,
            Some("cu") => Sort::Oldest,
            _ => Sort::Relevance,
        };
        let exact = self.first(EXACT).is_some_and(|value| value == "1");
        SearchRequest { exact, ..self.search(facet_parameter, ("khong-doc", sort), self.first("sau")) }
    }

    /// A search as an address of the API states it.
    ///
    /// A program is told of a value that cannot be used; a person who follows a mistyped address gets results.
    pub(super) fn api_search(&self) -> Result<SearchRequest, ApiError> {
        let sort = match self.first("sort").filter(|sort| !sort.is_empty()) {
            None | Some("relevance") => Sort::Relevance,
            Some("newest") => Sort::Newest,
            Some("oldest") => Sort::Oldest,
            Some(_) => return Err(Problem::of("sort-unknown").into()),
        };
        let mut request = self.search(Facet::code, ("unread", sort), self.first("cursor"));
        request.limit = self.limit()?.unwrap_or(0);
        request.exact = self.first("exact").is_some_and(|value| matches!(value, "1" | "true"));
        Ok(request)
    }

    /// How many items a program asks for, when it says.
    pub(super) fn limit(&self) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.first("limit").filter(|text| !text.is_empty()) else { return Ok(None) };
        let limit = text.parse().ok().filter(|limit| *limit > 0);
        limit.map(Some).ok_or_else(|| Problem::of("limit-invalid").into())
    }

    fn search(
        &self,
        name_of: impl Fn(Facet) -> &'static str,
        (unread, sort): (&str, Sort),
        cursor: Option<&str>,
    ) -> SearchRequest {
        let facet = |name: &str| Facet::ALL.into_iter().find(|facet| name_of(*facet) == name);
        let mut filters = Vec::new();
        for (name, value) in self.0.iter().filter(|(_, value)| !value.trim().is_empty()) {
            if let Some(facet) = facet(name) {
                let filter = (facet, value.trim().chars().take(MAX_FILTER_CHARS).collect());
                if !filters.contains(&filter) {
                    filters.push(filter);
                }
            }
        }
        let (query, cut) = usable_text(self.first("q").unwrap_or_default());
        let is_unread = |readable: &Facet| self.all(unread).any(|name| facet(name) == Some(*readable));
        SearchRequest {
            unread: [Facet::Area, Facet::Organisation].into_iter().filter(is_unread).collect(),
            any_time: self.all(unread).any(|name| matches!(name, TIME | API_TIME)),
            query,
            cut,
            filters,
            sort,
            limit: 0,
            cursor: cursor.filter(|cursor| !cursor.is_empty()).map(str::to_owned),
            exact: false,
        }
    }
}

/// How a reader wants pages to look; kept in a cookie on the reader's own device.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) large_text: bool,
    pub(super) high_contrast: bool,
    pub(super) theme: Theme,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Theme {
    /// As the device is set.
    #[default]
    Device,
    Light,
    Dark,
}

/// The name of the cookie.
pub(super) const COOKIE: &str = "tuy-chon";

impl Settings {
    /// Reads the cookie's value; unknown words are passed over.
    pub(super) fn read(value: &str) -> Self {
        let has = |word: &str| value.split('.').any(|other| other == word);
        let theme = if has("toi") {
            Theme::Dark
        } else if has("sang") {
            Theme::Light
        } else {
            Theme::Device
        };
        Self { large_text: has("chu-lon"), high_contrast: has("tuong-phan"), theme }
    }

    /// The cookie's value.
    pub(super) fn write(self) -> String {
        let theme = match self.theme {
            Theme::Device => None,
            Theme::Light => Some("sang"),
            Theme::Dark => Some("toi"),
        };
        let words = [self.large_text.then_some("chu-lon"), self.high_contrast.then_some("tuong-phan"), theme];
        words.into_iter().flatten().collect::<Vec<_>>().join(".")
    }

    /// The classes of the page's root.
    pub(super) fn classes(self) -> String {
        self.write().replace('.', " ")
    }
}

impl<S: Sync> FromRequestParts<S> for Settings {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let jar = CookieJar::from_headers(&parts.headers);
        Ok(jar.get(COOKIE).map_or_else(Self::default, |cookie| Self::read(cookie.value())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_their_cookie() {
        let settings = Settings { large_text: true, high_contrast: false, theme: Theme::Dark };
        assert_eq!(Settings::read(&settings.write()), settings);
        assert_eq!(Settings::read("\"><script>"), Settings::default());
    }

    #[test]
    fn broken_parameters_are_passed_over() {
        assert_eq!(
            pairs("q=l%C3%BAa+m%E1%BA%A1&x&%zz=%f"),
            [("q".into(), "lúa mạ".into()), ("%zz".into(), "%f".into())]
        );
    }
}
