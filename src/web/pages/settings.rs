//! Large text, contrast and theme: a form that works without script, kept in a cookie.

#[cfg(test)]
use super::rendered;
use super::{Frame, Page, html};
use crate::web::forms::{COOKIE, Settings, Theme, pairs};
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

pub(in crate::web) async fn show(headers: HeaderMap, settings: Settings) -> Page {
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = from.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    html(&page(settings, local(path.unwrap_or("/"))))
}

fn page(settings: Settings, back: &str) -> SettingsPage {
    let all = [(Theme::Device, "", "Theo thiết bị"), (Theme::Light, "sang", "Sáng"), (Theme::Dark, "toi", "Tối")];
    let choice = |(theme, value, label)| ThemeChoice { value, label, current: theme == settings.theme };
    SettingsPage {
        frame: Frame::new("Chữ to và màu").for_reader(settings),
        large_text: settings.large_text,
        high_contrast: settings.high_contrast,
        themes: all.into_iter().map(choice).collect(),
        back: back.to_owned(),
    }
}

pub(in crate::web) async fn save(body: String) -> Response {
    let form = pairs(&body);
    let value = |name: &str| form.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value.as_str());
    let theme = Settings::read(value("nen")).theme;
    let settings =
        Settings { large_text: !value("chu-lon").is_empty(), high_contrast: !value("tuong-phan").is_empty(), theme };
    let cookie = format!("{COOKIE}={}; Path=/; Max-Age={MAX_AGE_SECONDS}; SameSite=Lax; HttpOnly", settings.write());
    let back = local(value("ve")).to_owned();
    (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie), (header::LOCATION, back)]).into_response()
}

/// A path on this service; anything else leads to the first page.
fn local(path: &str) -> &str {
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
    if plain && path.chars().all(|c| c.is_ascii_graphic()) && !path.starts_with("/tuy-chon") { path } else { "/" }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    rendered(&[page(Settings { large_text: true, high_contrast: true, theme: Theme::Dark }, "/")])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_never_leads_to_another_site() {
        assert_eq!(local("/tim?q=a"), "/tim?q=a");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil", "/a\r\nSet-Cookie: x", ""] {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }
}
