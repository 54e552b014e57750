//! Whether a request is a reader's fresh wish: only such are counted. Looked at, never kept.

use super::cache::HeadOnly;
use super::forms::pairs;
use crate::actions::usage::Visit;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use std::convert::Infallible;

/// Words by which programs that read everything name themselves.
const ROBOTS: [&str; 5] = ["bot", "crawl", "spider", "slurp", "preview"];

/// Where a request comes from.
pub(super) struct Caller {
    robot: bool,
    /// The page of ours from which the reader came.
    from: Option<Uri>,
    /// A part of a file that is not its beginning, or a file that the reader has already.
    continued: bool,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let mut caller = Self::of(&parts.method, &parts.headers);
        caller.robot |= parts.extensions.get::<HeadOnly>().is_some();
        Ok(caller)
    }
}

impl Caller {
    fn of(method: &Method, headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let agent = text(header::USER_AGENT.as_str()).to_ascii_lowercase();
        let ahead = [text("sec-purpose"), text("purpose")].iter().any(|purpose| purpose.contains("prefetch"));
        let from: Option<Uri> = text(header::REFERER.as_str()).parse().ok();
        let is_ours = |from: &Uri| from.authority().is_some_and(|own| own.as_str() == text(header::HOST.as_str()));
        let range = text(header::RANGE.as_str());
        Self {
            robot: *method != Method::GET || ahead || ROBOTS.iter().any(|robot| agent.contains(robot)),
            from: from.filter(is_ours),
            continued: !range.is_empty() && !range.starts_with("bytes=0-")
                || headers.contains_key(header::IF_NONE_MATCH),
        }
    }

    /// A search for `query`: coming from its own results is no new one.
    pub(super) fn search(&self, query: &str) -> Visit {
        let asked = |from: &Uri| {
            let before = pairs(from.query().unwrap_or_default());
            from.path() == "/tim" && before.iter().any(|(name, value)| name == "q" && value.trim() == query)
        };
        Visit { again: self.from.as_ref().is_some_and(asked), robot: self.robot }
    }

    /// A page below `path`: coming from another page below it is no new visit.
    pub(super) fn page(&self, path: &str) -> Visit {
        let within = |from: &Uri| from.path().starts_with(path);
        Visit { again: self.from.as_ref().is_some_and(within), robot: self.robot }
    }

    /// A file: a later part of it, or asking whether it has changed, is no new download.
    pub(super) fn file(&self) -> Visit {
        Visit { again: self.continued, robot: self.robot }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(headers: &[(&'static str, &'static str)]) -> Caller {
        let mut all = HeaderMap::new();
        all.insert("host", "hoclieu.vn".parse().unwrap());
        for (name, value) in headers {
            all.insert(*name, value.parse().unwrap());
        }
        Caller::of(&Method::GET, &all)
    }

    #[test]
    fn filters_and_pages_of_the_same_search_are_no_new_search() {
        let same = caller(&[("referer", "https://hoclieu.vn/tim?q=l%C3%BAa+m%C3%B9a&loai=text")]);
        assert!(same.search("lúa mùa").again && !same.search("lúa").again);
        let other = caller(&[("referer", "https://example.org/tim?q=l%C3%BAa")]);
        assert!(!other.search("lúa").again, "another site's page is not ours");
        assert_eq!(caller(&[]).search("lúa"), Visit::default());
    }

    #[test]
    fn turning_pages_is_one_visit_and_parts_of_a_file_one_download() {
        let within = caller(&[("referer", "https://hoclieu.vn/hoc-lieu/a1/lua?trang=2")]);
        assert!(within.page("/hoc-lieu/a1/").again && !within.page("/hoc-lieu/b2/").again);
        assert!(caller(&[("range", "bytes=500-")]).file().again);
        assert!(!caller(&[("range", "bytes=0-")]).file().again);
    }

    #[test]
    fn programs_that_read_everything_and_browsers_that_read_ahead_are_told() {
        assert!(caller(&[("user-agent", "Mozilla/5.0 (compatible; Googlebot/2.1)")]).file().robot);
        assert!(caller(&[("sec-purpose", "prefetch;prerender")]).search("a").robot);
        assert!(!caller(&[("user-agent", "Mozilla/5.0 (Linux; Android 9)")]).file().robot);
    }
}
