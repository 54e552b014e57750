//! Areas and what happened to them.

use crate::domain::area::{Area, AreaEvent};
use crate::domain::id::AreaId;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

/// All of them, by id.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Area>, StoreError> {
    let rows = tx.scan(Table::Areas, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Areas, bytes)).collect()
}

/// Puts one.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, area: &Area) -> Result<(), StoreError> {
    let row = record::encode(Table::Areas, area)?;
    tx.put(Table::Areas, Key::new().text(area.id.as_str()).into_bytes(), row);
    Ok(())
}

/// Takes one away.
pub fn remove(tx: &mut WriteTx<'_>, id: &AreaId) {
    tx.remove(Table::Areas, Key::new().text(id.as_str()).into_bytes());
}

/// What happened to them, in the order in which it was entered.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn events(tx: &dyn ReadTx) -> Result<Vec<AreaEvent>, StoreError> {
    let rows = tx.scan(Table::AreaEvents, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::AreaEvents, bytes)).collect()
}

/// Puts events in the place of those that were there.
///
/// # Errors
/// When the engine fails.
pub fn put_events(tx: &mut WriteTx<'_>, events: &[AreaEvent]) -> Result<(), StoreError> {
    for (key, _) in tx.scan(Table::AreaEvents, &Scan::all())? {
        tx.remove(Table::AreaEvents, key);
    }
    for (ordinal, event) in (0_u32..).zip(events) {
        let row = record::encode(Table::AreaEvents, event)?;
        tx.put(Table::AreaEvents, Key::new().u32(ordinal).into_bytes(), row);
    }
    Ok(())
}
