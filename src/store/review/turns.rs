//! What comes to stand otherwise without being touched: on a day of its own, or because of another material.
//!
//! Both are kept when a version is put and never taken away: whoever asks looks at the version that is public then.

use crate::domain::id::MaterialId;
use crate::domain::material::Version;
use crate::domain::validity::turning_days;
use crate::store::key::{Key, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError};
use chrono::NaiveDate;
use std::ops::Bound;

/// From the material that is replaced …
const REPLACED: u32 = 0;
/// … or from the one that comes in its place.
const REPLACING: u32 = 1;

/// A day in a key.
const DAY_BYTES: usize = 4;

/// Days since 1970; what lies before counts as then.
fn number(day: NaiveDate) -> u32 {
    u32::try_from(day.signed_duration_since(NaiveDate::default()).num_days()).unwrap_or(0)
}

fn day_key(day: NaiveDate) -> Key {
    Key::new().u32(number(day))
}

/// What is kept of a version.
pub(in crate::store) fn keys(version: &Version) -> Vec<(Table, Vec<u8>)> {
    let own = version.material.0;
    let days = turning_days(&version.description).into_iter();
    let days = days.map(|day| (Table::TurningDays, day_key(day).uuid(own).into_bytes()));
    let pairs = version.description.replaces.iter().flat_map(|replaced| {
        let forth = Key::new().u32(REPLACED).uuid(replaced.0).uuid(own);
        let back = Key::new().u32(REPLACING).uuid(own).uuid(replaced.0);
        [forth, back].map(|key| (Table::Replacements, key.into_bytes()))
    });
    days.chain(pairs).collect()
}

fn partners(tx: &dyn ReadTx, direction: u32, id: MaterialId) -> Result<Vec<MaterialId>, StoreError> {
    let prefix = Key::new().u32(direction).uuid(id.0);
    let rows = tx.scan(Table::Replacements, &Scan::prefix(prefix.bytes()))?;
    Ok(rows.iter().filter_map(|(key, _)| uuid_at(key, prefix.bytes().len())).map(MaterialId).collect())
}

/// The materials of which some version has ever said that it replaces this one.
///
/// # Errors
/// When the engine fails.
pub fn replacing(tx: &dyn ReadTx, replaced: MaterialId) -> Result<Vec<MaterialId>, StoreError> {
    partners(tx, REPLACED, replaced)
}

/// The materials that some version of this one has ever said to replace.
///
/// # Errors
/// When the engine fails.
pub fn replaced(tx: &dyn ReadTx, replacing: MaterialId) -> Result<Vec<MaterialId>, StoreError> {
    partners(tx, REPLACING, replacing)
}

/// The materials of which some version turns on a day after `from` and up to `to`; from the beginning of time
/// without `from`.
///
/// # Errors
/// When the engine fails.
pub fn between(tx: &dyn ReadTx, from: Option<NaiveDate>, to: NaiveDate) -> Result<Vec<MaterialId>, StoreError> {
    let next = |day: NaiveDate| Key::new().u32(number(day).saturating_add(1)).into_bytes();
    let mut scan = Scan::all();
    scan.end = Some(next(to));
    if let Some(from) = from {
        scan.start = Bound::Included(next(from));
    }
    let rows = tx.scan(Table::TurningDays, &scan)?;
    Ok(rows.iter().filter_map(|(key, _)| uuid_at(key, DAY_BYTES)).map(MaterialId).collect())
}
