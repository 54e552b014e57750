//! Meetings of a class, and by area, organiser, room and speaker with the day: each of these is one range.

use super::{day_of, days, number};
use crate::domain::id::{AreaId, ClassId, MeetingId, OrganisationId, SpeakerId, VenueId};
use crate::domain::meeting::Meeting;
use crate::store::key::{Key, u32_at, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};
use chrono::NaiveDate;

/// Where meetings are looked for by their day.
#[derive(Debug, Clone, Copy)]
pub enum Calendar<'a> {
    Area(&'a AreaId),
    Organisation(&'a OrganisationId),
    Venue(VenueId),
    Speaker(SpeakerId),
}

impl Calendar<'_> {
    fn prefix(self) -> (Table, Key) {
        match self {
            Self::Area(id) => (Table::AreaMeetings, Key::new().text(id.as_str())),
            Self::Organisation(id) => (Table::OrganisationMeetings, Key::new().text(id.as_str())),
            Self::Venue(id) => (Table::VenueMeetings, Key::new().uuid(id.0)),
            Self::Speaker(id) => (Table::SpeakerMeetings, Key::new().uuid(id.0)),
        }
    }
}

/// A meeting as a calendar finds it, unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub day: NaiveDate,
    pub class: ClassId,
    pub meeting: MeetingId,
}

fn key(class: ClassId, id: MeetingId) -> Vec<u8> {
    Key::new().uuid(class.0).uuid(id.0).into_bytes()
}

/// The calendars that a meeting stands in.
fn indexed(meeting: &Meeting) -> Vec<(Table, Vec<u8>)> {
    let areas = meeting.areas.iter().map(Calendar::Area);
    let organisers = meeting.organisers.iter().map(Calendar::Organisation);
    let venues = meeting.venue.iter().map(|id| Calendar::Venue(*id));
    let speakers = meeting.speakers.iter().map(|id| Calendar::Speaker(*id));
    let entry = |calendar: Calendar<'_>| {
        let (table, prefix) = calendar.prefix();
        (table, prefix.u32(number(meeting.slot.day)).uuid(meeting.class.0).uuid(meeting.id.0).into_bytes())
    };
    areas.chain(organisers).chain(venues).chain(speakers).map(entry).collect()
}

/// One meeting of a class.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, class: ClassId, id: MeetingId) -> Result<Option<Meeting>, StoreError> {
    tx.get(Table::Meetings, &key(class, id))?.map(|bytes| record::decode(Table::Meetings, &bytes)).transpose()
}

/// Every meeting of a class, in order of time.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_class(tx: &dyn ReadTx, class: ClassId) -> Result<Vec<Meeting>, StoreError> {
    let rows = tx.scan(Table::Meetings, &Scan::prefix(Key::new().uuid(class.0).bytes()))?;
    let mut all: Vec<Meeting> =
        rows.iter().map(|(_, bytes)| record::decode(Table::Meetings, bytes)).collect::<Result<_, _>>()?;
    all.sort_by_key(|meeting| (meeting.slot, meeting.id));
    Ok(all)
}

/// What stands in a calendar from one day to another, both included, in order of days.
///
/// # Errors
/// When the engine fails.
pub fn between(
    tx: &dyn ReadTx,
    calendar: Calendar<'_>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Entry>, StoreError> {
    let (table, prefix) = calendar.prefix();
    let place = prefix.bytes().len();
    let rows = tx.scan(table, &days(&prefix, from, to))?;
    let entry = |key: &[u8]| {
        Some(Entry {
            day: day_of(u32_at(key, place)?),
            class: ClassId(uuid_at(key, place + 4)?),
            meeting: MeetingId(uuid_at(key, place + 20)?),
        })
    };
    Ok(rows.iter().filter_map(|(key, _)| entry(key)).collect())
}

/// The meetings of a calendar on a day.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn on(tx: &dyn ReadTx, calendar: Calendar<'_>, day: NaiveDate) -> Result<Vec<Meeting>, StoreError> {
    let mut found = Vec::new();
    for entry in between(tx, calendar, (day, day))? {
        found.extend(get(tx, entry.class, entry.meeting)?);
    }
    Ok(found)
}

/// Puts a meeting.
///
/// # Errors
/// When the engine fails or the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, meeting: &Meeting) -> Result<(), StoreError> {
    remove(tx, meeting.class, meeting.id)?;
    for (table, key) in indexed(meeting) {
        tx.put(table, key, Vec::new());
    }
    let row = record::encode(Table::Meetings, meeting)?;
    tx.put(Table::Meetings, key(meeting.class, meeting.id), row);
    Ok(())
}

/// Takes a meeting away that nobody was ever told of.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn remove(tx: &mut WriteTx<'_>, class: ClassId, id: MeetingId) -> Result<(), StoreError> {
    if let Some(before) = get(tx, class, id)? {
        for (table, key) in indexed(&before) {
            tx.remove(table, key);
        }
        tx.remove(Table::Meetings, key(class, id));
    }
    Ok(())
}
