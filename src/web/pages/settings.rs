//! Large text, contrast and theme: a form that works without script, kept in a cookie.

#[cfg(test)]
use super::rendered;
use super::{Frame, Page, html};
use crate::web::forms::{COOKIE, Form, Settings, Theme};
use crate::web::links;
use crate::web::session::Reader;
use askama::Template;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// How long the choice is kept: a year.
const MAX_AGE_SECONDS: u32 = 365 * 24 * 3600;

#[derive(Template)]
#[template(path = "settings.html", config = "src/web/askama.toml")]
struct SettingsPage {
    frame: Frame,
    large_text: bool,
    high_contrast: bool,
    themes: Vec<ThemeChoice>,
    back: String,
}

struct ThemeChoice {
    value: &'static str,
    label: &'static str,
    current: bool,
}

pub(in crate::web) async fn show(headers: HeaderMap, reader: Reader) -> Page {
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = from.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    let mut shown = page(reader.settings, local(path.unwrap_or("/")));
    shown.frame = shown.frame.for_reader(reader);
    html(&shown)
}

fn page(settings: Settings, back: &str) -> SettingsPage {
    let all = [(Theme::Device, "", "Theo thiết bị"), (Theme::Light, "sang", "Sáng"), (Theme::Dark, "toi", "Tối")];
    let choice = |(theme, value, label)| ThemeChoice { value, label, current: theme == settings.theme };
    SettingsPage {
        frame: Frame::new("Chữ to và màu"),
        large_text: settings.large_text,
        high_contrast: settings.high_contrast,
        themes: all.into_iter().map(choice).collect(),
        back: back.to_owned(),
    }
}

pub(in crate::web) async fn save(form: Form) -> Response {
    let is_chosen = |name: &str| !form.value(name).is_empty();
    let theme = Settings::read(form.value("nen")).theme;
    let settings = Settings { large_text: is_chosen("chu-lon"), high_contrast: is_chosen("tuong-phan"), theme };
    let cookie = format!("{COOKIE}={}; Path=/; Max-Age={MAX_AGE_SECONDS}; SameSite=Lax; HttpOnly", settings.write());
    let back = local(form.value("ve")).to_owned();
    (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, back)]).into_response()
}

/// The page to go back to; never this one.
fn local(path: &str) -> &str {
    links::local(path).filter(|path| !path.starts_with("/tuy-chon")).unwrap_or("/")
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    rendered(&[page(Settings { large_text: true, high_contrast: true, theme: Theme::Dark }, "/")])
}
