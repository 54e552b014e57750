//! Venues by id and by area, and what else takes them.

use super::{days, number};
use crate::domain::id::{AreaId, VenueBlockId, VenueId};
use crate::domain::venue::{Venue, VenueBlock};
use crate::store::key::{Key, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};
use chrono::NaiveDate;
use std::collections::BTreeSet;

fn key(id: VenueId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

fn area_key(venue: &Venue) -> Vec<u8> {
    Key::new().text(venue.area.as_str()).uuid(venue.id.0).into_bytes()
}

/// The venue with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: VenueId) -> Result<Option<Venue>, StoreError> {
    tx.get(Table::Venues, &key(id))?.map(|bytes| record::decode(Table::Venues, &bytes)).transpose()
}

/// All venues, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Venue>, StoreError> {
    let rows = tx.scan(Table::Venues, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Venues, bytes)).collect()
}

/// The venues of an area.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_area(tx: &dyn ReadTx, area: &AreaId) -> Result<Vec<Venue>, StoreError> {
    let prefix = Key::new().text(area.as_str());
    let mut found = Vec::new();
    for (key, _) in tx.scan(Table::AreaVenues, &Scan::prefix(prefix.bytes()))? {
        if let Some(id) = uuid_at(&key, prefix.bytes().len()) {
            found.extend(get(tx, VenueId(id))?);
        }
    }
    Ok(found)
}

/// Puts a venue.
///
/// # Errors
/// When the engine fails or the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, venue: &Venue) -> Result<(), StoreError> {
    if let Some(before) = get(tx, venue.id)? {
        tx.remove(Table::AreaVenues, area_key(&before));
    }
    let row = record::encode(Table::Venues, venue)?;
    tx.put(Table::Venues, key(venue.id), row);
    tx.put(Table::AreaVenues, area_key(venue), Vec::new());
    Ok(())
}

fn block_key(venue: VenueId, id: VenueBlockId) -> Vec<u8> {
    Key::new().uuid(venue.0).uuid(id.0).into_bytes()
}

fn block_day_keys(block: &VenueBlock) -> impl Iterator<Item = Vec<u8>> {
    let (first, last) = (number(block.starts_at.date()), number(block.ends_at.date()));
    let (venue, id) = (block.venue.0, block.id.0);
    (first..=last).map(move |day| Key::new().uuid(venue).u32(day).uuid(id).into_bytes())
}

/// What takes a venue on days of a range, in order of time.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn blocks(
    tx: &dyn ReadTx,
    venue: VenueId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<VenueBlock>, StoreError> {
    let rows = tx.scan(Table::VenueBlockDays, &days(&Key::new().uuid(venue.0), from, to))?;
    let ids: BTreeSet<_> = rows.iter().filter_map(|(key, _)| uuid_at(key, 20)).map(VenueBlockId).collect();
    let mut found = Vec::new();
    for id in ids {
        found.extend(block(tx, venue, id)?);
    }
    found.sort_by_key(|block| (block.starts_at, block.id));
    Ok(found)
}

/// One of the things that take a venue.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn block(tx: &dyn ReadTx, venue: VenueId, id: VenueBlockId) -> Result<Option<VenueBlock>, StoreError> {
    let found = tx.get(Table::VenueBlocks, &block_key(venue, id))?;
    found.map(|bytes| record::decode(Table::VenueBlocks, &bytes)).transpose()
}

/// Has something take a venue.
///
/// # Errors
/// When the row cannot be written.
pub fn put_block(tx: &mut WriteTx<'_>, block: &VenueBlock) -> Result<(), StoreError> {
    let row = record::encode(Table::VenueBlocks, block)?;
    tx.put(Table::VenueBlocks, block_key(block.venue, block.id), row);
    for key in block_day_keys(block) {
        tx.put(Table::VenueBlockDays, key, Vec::new());
    }
    Ok(())
}

/// Gives a venue free again.
pub fn remove_block(tx: &mut WriteTx<'_>, block: &VenueBlock) {
    tx.remove(Table::VenueBlocks, block_key(block.venue, block.id));
    for key in block_day_keys(block) {
        tx.remove(Table::VenueBlockDays, key);
    }
}
