//! The licences under which materials stand, and what each allows.

#[cfg(test)]
use super::rendered;
use super::{Frame, Page, html};
use crate::actions::administration::limits;
use crate::domain::material::Licence;
use crate::web::session::{Answer, Reader, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

/// Code, what is allowed, what must be kept to, address of the whole text.
const WORDS: &str = include_str!("../words/licences.tsv");

#[derive(Template)]
#[template(path = "licences.html", config = "src/web/askama.toml")]
struct LicencesPage {
    frame: Frame,
    licences: Vec<LicenceView>,
    /// For administrators.
    managed: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct LicenceView {
    code: &'static str,
    label: &'static str,
    allows: &'static str,
    demands: &'static str,
    text: &'static str,
    /// How many materials stand under it; only for administrators.
    count: usize,
}

fn view(licence: Licence, count: usize) -> LicenceView {
    let row =
        WORDS.lines().map(|line| line.split('\t').collect::<Vec<_>>()).find(|row| row.first() == Some(&licence.code()));
    let cell = |at: usize| row.as_ref().and_then(|row| row.get(at)).copied().unwrap_or_default();
    LicenceView {
        code: licence.code(),
        label: licence.label(),
        allows: cell(1),
        demands: cell(2),
        text: cell(3),
        count,
    }
}

pub(in crate::web) async fn show(reader: Reader) -> Page {
    let licences = Licence::ALL.iter().map(|licence| view(*licence, 0)).collect();
    html(&LicencesPage { frame: Frame::new("Giấy phép").for_reader(reader), licences, managed: false })
}

pub(in crate::web) async fn manage(State(state): State<AppState>, staff: Staff) -> Answer {
    let counts = limits::licences(&state.context, &staff.signed_in.actor).await?;
    let count = |licence: &Licence| counts.get(licence).copied().unwrap_or_default();
    let page = LicencesPage {
        licences: Licence::ALL.iter().map(|licence| view(*licence, count(licence))).collect(),
        managed: true,
        frame: Frame::new("Giấy phép").for_reader(staff.reader),
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let page = |managed| LicencesPage {
        frame: Frame::new("Giấy phép"),
        licences: Licence::ALL.iter().map(|licence| view(*licence, 1)).collect(),
        managed,
    };
    rendered(&[page(true), page(false)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_licence_says_what_it_allows_and_demands() {
        for licence in Licence::ALL {
            let view = view(*licence, 0);
            assert!(!view.allows.is_empty() && !view.demands.is_empty(), "{view:?}");
            assert_eq!(view.text.starts_with("https://creativecommons.org/"), view.code.starts_with("CC-"), "{view:?}");
        }
    }
}
