//! Plain HTTP requests, answered with status, headers and body; an error status is an answer too.

use serde_json::Value;
use std::collections::BTreeMap;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Gets a page.
#[track_caller]
pub(crate) fn get(url: &str) -> Answer {
    get_with(url, &[])
}

/// Gets a page with request headers; redirections are not followed.
#[track_caller]
pub(crate) fn get_with(url: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(agent().get(url), |request, (name, value)| request.header(*name, *value));
    read(request.call().unwrap_or_else(|error| panic!("GET {url}: {error}")))
}

/// Asks for the head of a page alone.
#[track_caller]
pub(crate) fn head(url: &str) -> Answer {
    read(agent().head(url).call().unwrap_or_else(|error| panic!("HEAD {url}: {error}")))
}

/// A browser without a screen: keeps cookies, sends forms as browsers do, follows nothing by itself.
pub(crate) struct Browser {
    pub(crate) base: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn new(base: &str) -> Self {
        Self { base: base.to_owned(), cookies: BTreeMap::new() }
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    #[track_caller]
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let answer = get_with(&format!("{}{path}", self.base), &[("cookie", &self.cookie())]);
        self.keep(&answer);
        answer
    }

    /// Sends a form from a page of the service itself.
    #[track_caller]
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.base.clone();
        self.post_with(path, fields, &[("origin", &origin), ("sec-fetch-site", "same-origin")])
    }

    /// Sends a form with the headers that say where it comes from.
    #[track_caller]
    pub(crate) fn post_with(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        let request = agent().post(format!("{}{path}", self.base)).header("cookie", self.cookie());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = read(request.send(body.join("&")).unwrap_or_else(|error| panic!("POST {path}: {error}")));
        self.keep(&answer);
        answer
    }

    /// Sends a body of some kind from a page of the service itself.
    #[track_caller]
    pub(crate) fn post_body(&mut self, path: &str, kind: &str, body: &[u8]) -> Answer {
        let request = agent().post(format!("{}{path}", self.base)).header("cookie", self.cookie());
        let request = request.header("origin", &self.base).header("sec-fetch-site", "same-origin");
        let answer = read(
            request.header("content-type", kind).send(body).unwrap_or_else(|error| panic!("POST {path}: {error}")),
        );
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()) {
            let (name, rest) = cookie.split_once('=').unwrap_or((cookie, ""));
            let value = rest.split(';').next().unwrap_or_default();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build().into()
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let headers = response.headers().clone();
    let body = response.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a body");
    Answer { status: response.status().as_u16(), headers, body }
}

/// Writes a query as part of an address.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Sends a request of any method with headers and a body.
#[track_caller]
pub(crate) fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let request = ureq::http::Request::builder().method(method).uri(url);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(body.to_vec()).expect("a request");
    let configured = agent().configure_request(request).allow_non_standard_methods(true).build();
    read(agent().run(configured).unwrap_or_else(|error| panic!("{method} {url}: {error}")))
}
