//! Courses by id.

use crate::domain::course::Course;
use crate::domain::id::CourseId;
use crate::store::key::Key;
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: CourseId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

/// The course with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: CourseId) -> Result<Option<Course>, StoreError> {
    tx.get(Table::Courses, &key(id))?.map(|bytes| record::decode(Table::Courses, &bytes)).transpose()
}

/// All courses, the oldest first.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn all(tx: &dyn ReadTx) -> Result<Vec<Course>, StoreError> {
    let rows = tx.scan(Table::Courses, &Scan::all())?;
    rows.iter().map(|(_, bytes)| record::decode(Table::Courses, bytes)).collect()
}

/// Puts a course.
///
/// # Errors
/// When the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, course: &Course) -> Result<(), StoreError> {
    let row = record::encode(Table::Courses, course)?;
    tx.put(Table::Courses, key(course.id), row);
    Ok(())
}
