//! How many classes: of each body, and of the province, where a class that several have together counts once.

#[cfg(test)]
use super::rendered;
use super::{Frame, html};
use crate::actions::schedule::figures::{self, Report};
use crate::domain::figures::Figures;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/figures.html", config = "src/web/askama.toml")]
struct FiguresPage {
    frame: Frame,
    year: i32,
    before: String,
    after: String,
    province: Option<Figures>,
    bodies: Vec<(String, Figures)>,
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let year = parameters.first("nam").and_then(|year| year.parse().ok());
    let Report { year, province, bodies } = figures::report(&state.context, &staff.signed_in.actor, year).await?;
    let page = FiguresPage {
        frame: Frame::new("Số lớp").for_reader(staff.reader),
        year,
        before: links::class_figures(year - 1),
        after: links::class_figures(year + 1),
        province,
        bodies: bodies.into_iter().map(|(body, figures)| (body.name, figures)).collect(),
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let figures = Figures { classes: 3, joint: 2, led: 1, meetings: 9 };
    let page = |province, bodies| FiguresPage {
        frame: Frame::new("Số lớp"),
        year: 2026,
        before: "/".to_owned(),
        after: "/".to_owned(),
        province,
        bodies,
    };
    rendered(&[page(Some(figures), vec![("<thử>".to_owned(), figures)]), page(None, Vec::new())])
}
