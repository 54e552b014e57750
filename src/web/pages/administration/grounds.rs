//! Grounds that were entered wrongly, put right on the page of what they are about.

use super::{areas, organisations};
use crate::actions::ActionError;
use crate::actions::administration::grounds::{self, TypedGround};
use crate::domain::amendment::grounds::Entered;
use crate::web::error::Problem;
use crate::web::forms::Form;
use crate::web::links;
use crate::web::pages::accounts::go;
use crate::web::pages::view::date;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use axum::extract::{Path, State};

/// A ground with the form that puts it right.
#[derive(Debug, Clone)]
pub(super) struct GroundView {
    pub(super) words: String,
    pub(super) date: String,
    pub(super) legal_basis: String,
}

impl GroundView {
    pub(super) fn of(entered: &Entered) -> Self {
        let legal_basis = entered.legal_basis.clone().unwrap_or_default();
        let basis = if legal_basis.is_empty() { "chưa ghi căn cứ" } else { legal_basis.as_str() };
        Self { words: format!("{}: {basis}", date(entered.date)), date: entered.date.to_string(), legal_basis }
    }
}

/// The ground that a form is about, and what it is to be.
fn typed(form: &Form) -> Result<(Entered, TypedGround), Problem> {
    let date = form.value("ngay-cu").parse().map_err(|_error| Problem::of("amendment-missing"))?;
    let legal_basis = Some(form.value("can-cu-cu").to_owned()).filter(|text| !text.is_empty());
    let new = TypedGround { date: form.value("ngay").to_owned(), legal_basis: form.value("can-cu").to_owned() };
    Ok((Entered { date, legal_basis }, new))
}

/// Back to the page with what was done, or why it was not.
fn settled(page: &str, result: Result<(), ActionError>) -> Answer {
    match result {
        Ok(()) => Ok(go(&links::done(page, "can-cu"))),
        Err(ActionError::Invalid { code, .. }) => Ok(go(&links::refused(page, code))),
        Err(error) => Err(error.into()),
    }
}

pub(in crate::web) async fn of_organisation(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = organisations::parse(&id)?;
    let page = links::managed_organisation(id.as_str());
    settled(&page, grounds::correct_organisation(&state.context, &staff.signed_in.actor, id, typed(&form)?).await)
}

pub(in crate::web) async fn of_area(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = areas::parse(&id)?;
    let page = links::managed_area(id.as_str());
    settled(&page, grounds::correct_area(&state.context, &staff.signed_in.actor, id, typed(&form)?).await)
}

#[cfg(test)]
pub(super) fn sample() -> Vec<GroundView> {
    vec![GroundView { words: "<thử>".to_owned(), date: "2025-07-01".to_owned(), legal_basis: "<thử>".to_owned() }]
}
