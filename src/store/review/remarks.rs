//! What was said about materials on their way to the public.

use crate::domain::id::MaterialId;
use crate::domain::review::{Act, Remark};
use crate::store::key::{Key, u32_at};
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
