//! Materials by id, and by the ids that their organisations use.

use super::key::{Key, uuid_at};
use super::log::subject;
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, WriteTx, alterations, record};
use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::material::{Material, State};
use std::collections::BTreeSet;

fn key(id: MaterialId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

fn external_key(organisation: &OrganisationId, external_id: &str) -> Vec<u8> {
    Key::new().text(organisation.as_str()).text(external_id).into_bytes()
}

fn state_prefix(organisation: &OrganisationId, state: State) -> Key {
    Key::new().text(organisation.as_str()).text(state.code())
}

/// Under which keys staff find a material by where it stands.
pub(super) fn state_keys(material: &Material) -> BTreeSet<Vec<u8>> {
    let key = |state: State| state_prefix(&material.organisation, state).uuid(material.id.0).into_bytes();
    material.states().into_iter().map(key).collect()
}

/// The material with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: MaterialId) -> Result<Option<Material>, StoreError> {
    tx.get(Table::Materials, &key(id))?.map(|bytes| record::decode(Table::Materials, &bytes)).transpose()
}

/// The material that an organisation knows under an id of its own.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn by_external_id(
    tx: &dyn ReadTx,
    organisation: &OrganisationId,
    external_id: &str,
) -> Result<Option<Material>, StoreError> {
    let found = tx.get(Table::ExternalIds, &external_key(organisation, external_id))?;
    let id = found.as_deref().and_then(|bytes| uuid_at(bytes, 0));
    id.map_or(Ok(None), |id| get(tx, MaterialId(id)))
}

/// Puts a material; its external id becomes findable, and one that it had before no longer is.
///
/// # Errors
/// `Conflict` when another material of the organisation bears the external id.
pub fn put(tx: &mut WriteTx<'_>, material: &Material) -> Result<(), StoreError> {
    let own = key(material.id);
    let wanted = material.external_id.as_deref().map(|external_id| external_key(&material.organisation, external_id));
    let before = get(tx, material.id)?;
    put_states(tx, before.as_ref(), material);
    if let Some(old) = before.and_then(|old| Some(external_key(&old.organisation, &old.external_id?)))
        && wanted.as_ref() != Some(&old)
    {
        tx.remove(Table::ExternalIds, old);
    }
    if let Some((external, external_id)) = wanted.zip(material.external_id.as_deref()) {
        match tx.get(Table::ExternalIds, &external)? {
            Some(other) if other != own => {
                return Err(StoreError::Conflict { what: format!("external id `{external_id}`") });
            }
            Some(_) => {}
            None => tx.put(Table::ExternalIds, external, own.clone()),
        }
    }
    let row = record::encode(Table::Materials, material)?;
    tx.put(Table::Materials, own, row);
    Ok(())
}

/// Makes a material findable by where it stands, and no longer by where it stood.
fn put_states(tx: &mut WriteTx<'_>, before: Option<&Material>, after: &Material) {
    let wanted = state_keys(after);
    for key in before.map(state_keys).unwrap_or_default().difference(&wanted) {
        tx.remove(Table::MaterialStates, key.clone());
    }
    for key in wanted {
        tx.put(Table::MaterialStates, key, Vec::new());
    }
}

/// The materials of an organisation that stand in a state, in the order of their ids.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn in_state(tx: &dyn ReadTx, organisation: &OrganisationId, state: State) -> Result<Vec<Material>, StoreError> {
    let prefix = state_prefix(organisation, state);
    let rows = tx.scan(Table::MaterialStates, &Scan::prefix(prefix.bytes()))?;
    let ids = rows.iter().filter_map(|(key, _)| uuid_at(key, prefix.bytes().len()));
    ids.filter_map(|id| get(tx, MaterialId(id)).transpose()).collect()
}

/// Takes a material's row and external id away, with what was altered of it; its versions, pages and files are the caller's.
///
/// # Errors
/// When the engine fails.
pub fn remove(tx: &mut WriteTx<'_>, material: &Material) -> Result<(), StoreError> {
    if let Some(external_id) = &material.external_id {
        tx.remove(Table::ExternalIds, external_key(&material.organisation, external_id));
    }
    for key in state_keys(material) {
        tx.remove(Table::MaterialStates, key);
    }
    tx.remove(Table::Materials, key(material.id));
    alterations::remove_all(tx, (subject::MATERIAL, &material.id.to_string()))
}

/// Materials in the order of their ids, after one of them.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(tx: &dyn ReadTx, after: Option<MaterialId>, limit: usize) -> Result<Vec<Material>, StoreError> {
    let scan = after.map_or_else(Scan::all, |id| Scan::all().after(key(id))).limit(limit);
    tx.scan(Table::Materials, &scan)?.iter().map(|(_, bytes)| record::decode(Table::Materials, bytes)).collect()
}

/// How many rows are read at once while counting.
const COUNT_STEP: usize = 2_000;

/// How many materials there are, and how many of them the public may see.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn count(tx: &dyn ReadTx) -> Result<(usize, usize), StoreError> {
    let (mut all, mut public, mut after) = (0, 0, None);
    loop {
        let part = list(tx, after, COUNT_STEP)?;
        let Some(last) = part.last() else { return Ok((all, public)) };
        after = Some(last.id);
        all += part.len();
        public += part.iter().filter(|material| material.public_version().is_some()).count();
    }
}
