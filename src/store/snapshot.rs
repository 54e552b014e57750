//! A store as rows, for a backup; and a store made of them.

use super::StoreError;
use super::engine::{Engine, ReadTx, Scan};
use super::tables::Table;

/// How many rows are read at once.
const PART: usize = 256;

/// A row of any table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyRow {
    pub table: Table,
    pub key: Vec<u8>,
    pub value: Vec<u8>,
}

/// Hands every row of a consistent view to `take`, table by table, in the order of keys.
///
/// # Errors
/// When the engine fails, or what `take` answers.
pub fn each_row<E: From<StoreError>>(
    tx: &dyn ReadTx,
    mut take: impl FnMut(Table, &[u8], &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    for table in Table::ALL.iter().copied() {
        let mut scan = Scan::all().limit(PART);
        loop {
            let rows = tx.scan(table, &scan)?;
            for (key, value) in &rows {
                take(table, key, value)?;
            }
            match rows.into_iter().last() {
                Some((last, _)) => scan = Scan::all().after(last).limit(PART),
                None => break,
            }
        }
    }
    Ok(())
}

/// The file of a new store under way; it is whole once this is dropped and can be opened then.
pub struct Filling {
    engine: Box<dyn Engine>,
}

impl Filling {
    pub(super) fn new(engine: Box<dyn Engine>) -> Self {
        Self { engine }
    }

    /// Puts rows as they are, durably; blocks.
    ///
    /// # Errors
    /// When the engine fails; then none of these rows is kept.
    pub fn put(&self, rows: &[AnyRow]) -> Result<(), StoreError> {
        self.engine.write(&mut |tx| rows.iter().try_for_each(|row| tx.put(row.table, &row.key, &row.value)))
    }
}
