//! What this is, privacy, accessibility, contact, and the page to read the API by.

#[cfg(test)]
use super::rendered;
use super::{Frame, Page, html};
use crate::web::api::openapi;
use crate::web::messages::{MESSAGES, Message};
use crate::web::session::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "text.html", config = "src/web/askama.toml")]
struct TextPage {
    frame: Frame,
    title: &'static str,
    body: &'static str,
}

#[derive(Template)]
#[template(path = "api.html", config = "src/web/askama.toml")]
struct ApiPage {
    frame: Frame,
    paths: Vec<openapi::Path>,
    messages: &'static [Message],
}

const ABOUT: &str = include_str!("../static/about.html");
const PRIVACY: &str = include_str!("../static/privacy.html");
const ACCESSIBILITY: &str = include_str!("../static/accessibility.html");
const CONTACT: &str = include_str!("../static/contact.html");

fn text(title: &'static str, body: &'static str, reader: Reader) -> Page {
    html(&TextPage { frame: Frame::new(title).for_reader(reader), title, body })
}

pub(in crate::web) async fn about(reader: Reader) -> Page {
    text("Giới thiệu", ABOUT, reader)
}

pub(in crate::web) async fn privacy(reader: Reader) -> Page {
    text("Quyền riêng tư", PRIVACY, reader)
}

pub(in crate::web) async fn accessibility(reader: Reader) -> Page {
    text("Khả năng tiếp cận", ACCESSIBILITY, reader)
}

pub(in crate::web) async fn contact(reader: Reader) -> Page {
    text("Liên hệ", CONTACT, reader)
}

pub(in crate::web) async fn api(reader: Reader) -> Page {
    html(&ApiPage { frame: Frame::new("API").for_reader(reader), paths: openapi::paths(), messages: &MESSAGES })
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |body| TextPage { frame: Frame::new("x"), title: "x", body };
    let mut all = rendered(&[page(ABOUT), page(PRIVACY), page(ACCESSIBILITY), page(CONTACT)]);
    all.extend(rendered(&[ApiPage { frame: Frame::new("API"), paths: openapi::paths(), messages: &MESSAGES }]));
    all
}
