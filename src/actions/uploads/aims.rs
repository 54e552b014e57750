//! Where an upload goes, and whether the actor may bring it there.

use super::{Offer, beside};
use crate::actions::error::Noun;
use crate::actions::import::OWN_ORGANISATION;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::material::Material;
use crate::domain::permission::{Object, Verb, may};
use crate::domain::upload::Aim;
use crate::store::{self, ReadTx};

/// The organisations in being for which an actor may write, by name.
pub fn organisations(context: &Context, actor: &Actor) -> Vec<Named<OrganisationId>> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let in_being =
        catalogue.organisations().filter(|organisation| organisation.ended_on.is_none_or(|end| today <= end));
    // The library itself publishes nothing of its own.
    let in_being = in_being.filter(|organisation| organisation.id.as_str() != OWN_ORGANISATION);
    let open = in_being.filter(|organisation| may(actor, Verb::Write, &Object::of(&catalogue, &organisation.id)));
    let named = open.map(|one| Named { id: one.id.clone(), name: one.name_on(today).to_owned() });
    let mut all: Vec<_> = named.collect();
    all.sort_by_cached_key(|one| crate::search::fold(&one.name));
    all
}

/// Whether an actor may write for any organisation.
pub fn may_send(context: &Context, actor: &Actor) -> bool {
    let catalogue = context.catalogue();
    catalogue.organisations().any(|organisation| may(actor, Verb::Write, &Object::of(&catalogue, &organisation.id)))
}

/// Refuses whoever may write nowhere.
pub(super) fn keep_to_writers(context: &Context, actor: &Actor) -> Result<(), ActionError> {
    if may_send(context, actor) { Ok(()) } else { Err(ActionError::Forbidden) }
}

/// Where an offered file goes.
///
/// # Errors
/// `Forbidden` where the actor may not write; `Invalid` when an organisation must be named or is unknown; `NotFound`
/// for a material that the actor does not see.
pub(super) async fn choose(context: &Context, actor: &Actor, offer: &Offer) -> Result<Aim, ActionError> {
    if let Some(id) = offer.beside {
        let (catalogue, by) = (context.catalogue(), actor.clone());
        context.store.read("upload.aim", move |tx| beside::draft(tx, &catalogue, &by, id).map(drop)).await?;
        return Ok(Aim::Beside(id));
    }
    if let Some(id) = offer.material {
        let (catalogue, by) = (context.catalogue(), actor.clone());
        context.store.read("upload.aim", move |tx| writable(tx, &catalogue, &by, id).map(drop)).await?;
        return Ok(Aim::Version(id));
    }
    keep_to_writers(context, actor)?;
    let catalogue = context.catalogue();
    let organisation = match &offer.organisation {
        Some(id) if catalogue.organisation(id).is_none() => {
            let reason = format!("Không có cơ quan nào mang mã {id}.");
            return Err(ActionError::Invalid { field: "organisation", code: "organisation-unknown", reason });
        }
        Some(id) => id.clone(),
        None => own(context, actor)?,
    };
    keep_to_organisation(&catalogue, actor, &organisation)?;
    Ok(Aim::Draft(organisation))
}

/// The one organisation where the actor has a role to write.
fn own(context: &Context, actor: &Actor) -> Result<OrganisationId, ActionError> {
    let mut open = organisations(context, actor);
    if let (Some(only), true) = (open.pop(), open.is_empty()) {
        return Ok(only.id);
    }
    let reason = "Tài khoản viết bài cho nhiều cơ quan; hãy chọn học liệu này thuộc cơ quan nào.";
    Err(ActionError::invalid("organisation", "organisation-required", reason))
}

/// Refuses an actor who may not write for an organisation.
pub(super) fn keep_to_organisation(
    catalogue: &Catalogue,
    actor: &Actor,
    organisation: &OrganisationId,
) -> Result<(), ActionError> {
    let allowed = may(actor, Verb::Write, &Object::of(catalogue, organisation));
    if allowed { Ok(()) } else { Err(ActionError::Forbidden) }
}

/// A material that the actor may write; one that they do not see is not there.
pub(in crate::actions) fn writable(
    tx: &dyn ReadTx,
    catalogue: &Catalogue,
    actor: &Actor,
    id: MaterialId,
) -> Result<Material, ActionError> {
    let missing = || ActionError::NotFound { noun: Noun::Material, id: id.to_string() };
    let material = store::materials::get(tx, id)?.ok_or_else(missing)?;
    let object = Object::of(catalogue, &material.organisation);
    if may(actor, Verb::Write, &object) {
        Ok(material)
    } else if material.public_version().is_some() || may(actor, Verb::ReadUnpublished, &object) {
        Err(ActionError::Forbidden)
    } else {
        Err(missing())
    }
}
