//! Nearly the same texts: what else of what an actor may see says nearly what a draft says.

use super::history::{Compared, SideBySide, text};
use super::name_of_version;
use super::visible;
use crate::actions::cards::public_rows;
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::MaterialId;
use crate::domain::material::{Material, State, Version};
use crate::domain::permission::{Object, Verb, may};
use crate::domain::text::likeness::NEARLY_SAME;
use crate::store::{self, ReadTx};

/// Of each key so many texts are looked at: more are copies of copies.
const PER_KEY: usize = 100;
/// The most that are named.
const MOST: usize = 5;

/// A material that says nearly the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    pub id: MaterialId,
    pub title: String,
    /// Whether readers see it.
    pub public: bool,
    pub state: State,
    /// The share of pairs of words in common, in hundredths, estimated.
    pub percent: u32,
}

/// The version of another material that an actor may see: the public one, else the latest.
fn seen(
    tx: &dyn ReadTx,
    actor: &Actor,
    id: MaterialId,
    catalogue: &Catalogue,
) -> Result<Option<(Material, Version)>, ActionError> {
    if let Some(rows) = public_rows(tx, id)? {
        return Ok(Some(rows));
    }
    let Some(material) = store::materials::get(tx, id)? else { return Ok(None) };
    if !may(actor, Verb::ReadUnpublished, &Object::of(catalogue, &material.organisation)) {
        return Ok(None);
    }
    let version = store::versions::get(tx, id, material.latest_version)?;
    Ok(version.map(|version| (material, version)))
}

/// Names the materials that say nearly what a version says, the most alike first; only what the actor may see.
pub(super) fn alike(
    tx: &dyn ReadTx,
    actor: &Actor,
    own: &Version,
    catalogue: &Catalogue,
) -> Result<Vec<Alike>, ActionError> {
    let Some(signature) = store::signatures::get(tx, own.material, own.number)? else { return Ok(Vec::new()) };
    let mut ids: Vec<MaterialId> =
        store::signatures::candidates(tx, &signature, PER_KEY)?.into_iter().map(|(id, _)| id).collect();
    ids.dedup();
    let mut found = Vec::new();
    for id in ids.into_iter().filter(|id| *id != own.material) {
        let Some((material, version)) = seen(tx, actor, id, catalogue)? else { continue };
        let Some(other) = store::signatures::get(tx, id, version.number)? else { continue };
        let likeness = signature.likeness(&other);
        if likeness >= NEARLY_SAME {
            let percent = (1..=100_u16).take_while(|percent| f32::from(*percent) / 100.0 <= likeness + 0.005).last();
            found.push(Alike {
                id,
                title: name_of_version(tx, &version)?,
                public: material.public_version().is_some(),
                state: material.state,
                percent: u32::from(percent.unwrap_or(0)),
            });
        }
    }
    found.sort_by_key(|alike| (std::cmp::Reverse(alike.percent), alike.id));
    found.truncate(MOST);
    Ok(found)
}

/// Sets a draft beside another material that says nearly the same.
///
/// # Errors
/// `NotFound` for what the actor may not see.
pub async fn beside(
    context: &Context,
    actor: &Actor,
    id: MaterialId,
    other: MaterialId,
) -> Result<(String, Compared), ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let missing = |id: MaterialId| ActionError::NotFound { noun: Noun::Material, id: id.to_string() };
    let read = move |tx: &dyn ReadTx| {
        let (material, _) = visible(tx, &by, id, &catalogue)?;
        let own = store::versions::get(tx, id, material.latest_version)?.ok_or_else(|| missing(id))?;
        let (_, theirs) = seen(tx, &by, other, &catalogue)?.ok_or_else(|| missing(other))?;
        let pages = |version: &Version| store::pages::list(tx, version.material, version.number);
        let names = (name_of_version(tx, &theirs)?, name_of_version(tx, &own)?);
        Ok::<_, ActionError>((names, (theirs.clone(), pages(&theirs)?), (own.clone(), pages(&own)?)))
    };
    let ((other, title), left, right) = context.store.read("material.beside", read).await?;
    let context = context.clone();
    let compared = tokio::task::spawn_blocking(move || {
        let (before, after) = (left.0.number, right.0.number);
        let text = SideBySide::of(&text(&context, left)?, &text(&context, right)?);
        Ok::<_, ActionError>((other, Compared { title, before, after, fields: Vec::new(), text }))
    });
    compared.await?
}
