//! Putting a day or a legal basis right that was entered wrongly, on whatever day it is noticed.

use super::{Agreement, allowed, amend};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::amendment::Ground;
use crate::domain::amendment::grounds::{self, Entered};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, OrganisationId};

/// A ground as it is to be.
#[derive(Debug, Clone, Default)]
pub struct TypedGround {
    pub date: String,
    pub legal_basis: String,
}

/// The grounds of an organisation, the latest first.
pub fn of_organisation(context: &Context, id: &OrganisationId) -> Vec<Entered> {
    grounds::of_organisation(&context.catalogue(), id)
}

/// The grounds of an area, the latest first.
pub fn of_area(context: &Context, id: &AreaId) -> Vec<Entered> {
    grounds::of_area(&context.catalogue(), id)
}

/// Puts a ground of an organisation right, and of the bodies that shared the event.
///
/// # Errors
/// `Forbidden` to all but administrators; `Invalid` for a ground that is not there, or a new one that cannot be.
pub async fn correct_organisation(
    context: &Context,
    actor: &Actor,
    id: OrganisationId,
    (old, typed): (Entered, TypedGround),
) -> Result<(), ActionError> {
    allowed(actor)?;
    let new = Ground::parse(&typed.date, &typed.legal_basis, context.today())?;
    let planner = move |catalogue: &Catalogue| Ok(grounds::correct_organisation(catalogue, &id, &old, &new)?);
    amend(context, (actor, "organisation.correct"), Agreement::default(), planner).await?;
    Ok(())
}

/// Puts a ground of an area right, and of the areas that shared the event.
///
/// # Errors
/// As [`correct_organisation`].
pub async fn correct_area(
    context: &Context,
    actor: &Actor,
    id: AreaId,
    (old, typed): (Entered, TypedGround),
) -> Result<(), ActionError> {
    allowed(actor)?;
    let new = Ground::parse(&typed.date, &typed.legal_basis, context.today())?;
    let planner = move |catalogue: &Catalogue| Ok(grounds::correct_area(catalogue, &id, &old, &new)?);
    amend(context, (actor, "area.correct"), Agreement::default(), planner).await?;
    Ok(())
}
