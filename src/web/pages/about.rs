//! What this is, privacy, accessibility, contact, and the page to read the API by.

#[cfg(test)]
use super::rendered;
use super::view::Link;
use super::{Frame, Page, html};
use crate::web::api::openapi;
use crate::web::messages::{self, Message};
use crate::web::session::Reader;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;

#[derive(Template)]
#[template(path = "about.html", config = "src/web/askama.toml")]
struct TextPage {
    frame: Frame,
    title: &'static str,
    body: &'static str,
}

#[derive(Template)]
#[template(path = "contact.html", config = "src/web/askama.toml")]
struct ContactPage {
    frame: Frame,
    body: &'static str,
    contact: Vec<Link>,
}

#[derive(Template)]
#[template(path = "api.html", config = "src/web/askama.toml")]
struct ApiPage {
    frame: Frame,
    paths: Vec<openapi::Path>,
    messages: Vec<&'static Message>,
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

pub(in crate::web) async fn contact(State(state): State<AppState>, reader: Reader) -> Page {
    let contact = state.config.contact.iter().map(|line| contact_line(line)).collect();
    html(&ContactPage { frame: Frame::new("Liên hệ").for_reader(reader), body: CONTACT, contact })
}

/// A line of the operator's; an e-mail address can be followed.
fn contact_line(line: &str) -> Link {
    let is_mail = line.contains('@') && !line.contains(char::is_whitespace);
    if is_mail { Link::to(format!("mailto:{line}"), line) } else { Link::bare(line) }
}

pub(in crate::web) async fn api(reader: Reader) -> Page {
    html(&ApiPage {
        frame: Frame::new("API").for_reader(reader),
        paths: openapi::paths(),
        messages: messages::all().collect(),
    })
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |body| TextPage { frame: Frame::new("x"), title: "x", body };
    let mut all = rendered(&[page(ABOUT), page(PRIVACY), page(ACCESSIBILITY)]);
    let contact = vec![contact_line("<thử>"), contact_line("thu@vidu.vn")];
    all.extend(rendered(&[ContactPage { frame: Frame::new("Liên hệ"), body: CONTACT, contact }]));
    all.extend(rendered(&[ApiPage {
        frame: Frame::new("API"),
        paths: openapi::paths(),
        messages: messages::all().collect(),
    }]));
    all
}
