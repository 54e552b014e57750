//! Attendance by class, meeting and learner; headcounts by class and meeting.

use crate::domain::attendance::{Attendance, AttendanceTotal};
use crate::domain::id::{ClassId, LearnerId, MeetingId};
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(class: ClassId, meeting: MeetingId, learner: LearnerId) -> Vec<u8> {
    Key::new().uuid(class.0).uuid(meeting.0).uuid(learner.0).into_bytes()
}

fn total_key(class: ClassId, meeting: MeetingId) -> Vec<u8> {
    Key::new().uuid(class.0).uuid(meeting.0).into_bytes()
}

/// How a learner was at a meeting.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(
    tx: &dyn ReadTx,
    class: ClassId,
    meeting: MeetingId,
    learner: LearnerId,
) -> Result<Option<Attendance>, StoreError> {
    let found = tx.get(Table::Attendance, &key(class, meeting, learner))?;
    found.map(|bytes| record::decode(Table::Attendance, &bytes)).transpose()
}

/// Who was marked at any meeting of a class.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_class(tx: &dyn ReadTx, class: ClassId) -> Result<Vec<Attendance>, StoreError> {
    scan(tx, &Key::new().uuid(class.0))
}

/// Who was marked at a meeting.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn of_meeting(tx: &dyn ReadTx, class: ClassId, meeting: MeetingId) -> Result<Vec<Attendance>, StoreError> {
    scan(tx, &Key::new().uuid(class.0).uuid(meeting.0))
}

fn scan(tx: &dyn ReadTx, prefix: &Key) -> Result<Vec<Attendance>, StoreError> {
    let rows = tx.scan(Table::Attendance, &Scan::prefix(prefix.bytes()))?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Attendance, bytes)).collect()
}

/// Puts how a learner was at a meeting.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, one: &Attendance) -> Result<(), StoreError> {
    let row = record::encode(Table::Attendance, one)?;
    tx.put(Table::Attendance, key(one.class, one.meeting, one.learner), row);
    Ok(())
}

/// The headcounts of a class.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn totals_of_class(tx: &dyn ReadTx, class: ClassId) -> Result<Vec<AttendanceTotal>, StoreError> {
    let rows = tx.scan(Table::AttendanceTotals, &Scan::prefix(Key::new().uuid(class.0).bytes()))?;
    rows.iter().map(|(_, bytes)| record::decode(Table::AttendanceTotals, bytes)).collect()
}

/// The headcount of a meeting.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn total(tx: &dyn ReadTx, class: ClassId, meeting: MeetingId) -> Result<Option<AttendanceTotal>, StoreError> {
    let found = tx.get(Table::AttendanceTotals, &total_key(class, meeting))?;
    found.map(|bytes| record::decode(Table::AttendanceTotals, &bytes)).transpose()
}

/// Puts the headcount of a meeting; one that counts nothing is taken away.
///
/// # Errors
/// When the row cannot be written.
pub fn put_total(tx: &mut WriteTx<'_>, one: &AttendanceTotal) -> Result<(), StoreError> {
    let key = total_key(one.class, one.meeting);
    if one.counted.is_empty() {
        tx.remove(Table::AttendanceTotals, key);
    } else {
        let row = record::encode(Table::AttendanceTotals, one)?;
        tx.put(Table::AttendanceTotals, key, row);
    }
    Ok(())
}
