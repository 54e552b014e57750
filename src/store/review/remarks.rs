//! What was said about materials on their way to the public.

use crate::domain::id::{MaterialId, OrganisationId};
use crate::domain::review::{Act, Noted, Remark};
use crate::store::key::{Key, u32_at, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn prefix(material: MaterialId) -> Key {
    Key::new().uuid(material.0)
}

/// All that was said about a material, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn list(tx: &dyn ReadTx, material: MaterialId) -> Result<Vec<Remark>, StoreError> {
    let rows = tx.scan(Table::Remarks, &Scan::prefix(prefix(material).bytes()))?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Remarks, bytes)).collect()
}

/// Comments after an act are looked past so far to find it.
const LOOKED_AT: usize = 50;

/// What was last done with a material; comments aside.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn last_act(tx: &dyn ReadTx, material: MaterialId) -> Result<Option<Act>, StoreError> {
    let scan = Scan::prefix(prefix(material).bytes()).reverse().limit(LOOKED_AT);
    for (_, bytes) in tx.scan(Table::Remarks, &scan)? {
        if let Some(act) = record::decode::<Remark>(Table::Remarks, &bytes)?.act {
            return Ok(Some(act));
        }
    }
    Ok(None)
}

/// What was said or done last.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn last(tx: &dyn ReadTx, material: MaterialId) -> Result<Option<Remark>, StoreError> {
    let scan = Scan::prefix(prefix(material).bytes()).reverse().limit(1);
    tx.scan(Table::Remarks, &scan)?.first().map(|(_, bytes)| record::decode(Table::Remarks, bytes)).transpose()
}

/// Adds a remark.
///
/// # Errors
/// When the engine fails.
pub fn add(tx: &mut WriteTx<'_>, material: MaterialId, remark: &Remark) -> Result<(), StoreError> {
    let own = prefix(material);
    let last = tx.scan(Table::Remarks, &Scan::prefix(own.bytes()).reverse().limit(1))?;
    let ordinal = last.first().and_then(|(key, _)| u32_at(key, own.bytes().len())).map_or(0, |last| last + 1);
    let row = record::encode(Table::Remarks, remark)?;
    tx.put(Table::Remarks, own.u32(ordinal).into_bytes(), row);
    Ok(())
}

fn unnoted_key(organisation: &OrganisationId, material: MaterialId) -> Vec<u8> {
    Key::new().text(organisation.as_str()).uuid(material.0).into_bytes()
}

/// Marks a material as one with comments that nobody of its organisation has taken note of.
pub fn mark_unnoted(tx: &mut WriteTx<'_>, organisation: &OrganisationId, material: MaterialId) {
    tx.put(Table::UnnotedRemarks, unnoted_key(organisation, material), Vec::new());
}

/// Whether a material is marked so.
///
/// # Errors
/// When the engine fails.
pub fn is_unnoted(tx: &dyn ReadTx, organisation: &OrganisationId, material: MaterialId) -> Result<bool, StoreError> {
    Ok(tx.get(Table::UnnotedRemarks, &unnoted_key(organisation, material))?.is_some())
}

/// The materials of an organisation that are marked so.
///
/// # Errors
/// When the engine fails.
pub fn unnoted(tx: &dyn ReadTx, organisation: &OrganisationId) -> Result<Vec<MaterialId>, StoreError> {
    let prefix = Key::new().text(organisation.as_str());
    let rows = tx.scan(Table::UnnotedRemarks, &Scan::prefix(prefix.bytes()))?;
    Ok(rows.iter().filter_map(|(key, _)| uuid_at(key, prefix.bytes().len()).map(MaterialId)).collect())
}

/// Takes note of all comments on a material; answers whether there were any that nobody had taken note of.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn note_all(
    tx: &mut WriteTx<'_>,
    organisation: &OrganisationId,
    (material, noted): (MaterialId, &Noted),
) -> Result<bool, StoreError> {
    tx.remove(Table::UnnotedRemarks, unnoted_key(organisation, material));
    let mut found = false;
    for (key, bytes) in tx.scan(Table::Remarks, &Scan::prefix(prefix(material).bytes()))? {
        let remark: Remark = record::decode(Table::Remarks, &bytes)?;
        if remark.waits_for_notice() {
            found = true;
            let remark = Remark { noted: Some(noted.clone()), ..remark };
            tx.put(Table::Remarks, key, record::encode(Table::Remarks, &remark)?);
        }
    }
    Ok(found)
}

/// Takes all that was said about a material away, with the material.
///
/// # Errors
/// When the engine fails.
pub fn remove_all(tx: &mut WriteTx<'_>, material: MaterialId) -> Result<(), StoreError> {
    for (key, _) in tx.scan(Table::Remarks, &Scan::prefix(prefix(material).bytes()))? {
        tx.remove(Table::Remarks, key);
    }
    Ok(())
}
