//! The engine for one machine: a redb file.

use super::StoreError;
use super::engine::{Engine, EngineTx, ReadTx, Reading, Row, Scan, Writing};
use super::tables::Table;
#[expect(clippy::disallowed_types, reason = "this is the one place that names the engine")]
use redb::Database;
use redb::backends::InMemoryBackend;
use redb::{Builder, DatabaseError, ReadOnlyTable, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition};
use std::cell::RefCell;
use std::ops::Bound;
use std::path::Path;

type Bytes = &'static [u8];

fn definition(table: Table) -> TableDefinition<'static, Bytes, Bytes> {
    TableDefinition::new(table.name())
}

/// A redb database with every table in place.
pub(super) struct RedbEngine {
    #[expect(clippy::disallowed_types, reason = "this is the one place that names the engine")]
    database: Database,
}

impl RedbEngine {
    pub(super) fn open(path: &Path, cache_bytes: usize) -> Result<Self, StoreError> {
        let mut builder = Builder::new();
        builder.set_cache_size(cache_bytes);
        builder.set_repair_callback(|repair| {
            tracing::warn!(progress = repair.progress(), "the store is being repaired after an unclean end");
        });
        let database = builder.create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => StoreError::AlreadyOpen,
            other => StoreError::engine(other),
        })?;
        Self::prepare(database)
    }

    pub(super) fn in_memory() -> Result<Self, StoreError> {
        let backend = InMemoryBackend::new();
        Self::prepare(Builder::new().create_with_backend(backend).map_err(StoreError::engine)?)
    }

    /// Opens every table once, so that readers never meet a missing one.
    #[expect(clippy::disallowed_types, reason = "this is the one place that names the engine")]
    fn prepare(database: Database) -> Result<Self, StoreError> {
        let engine = Self { database };
        engine.write(&mut |_tx| Ok(()))?;
        Ok(engine)
    }
}

impl Engine for RedbEngine {
    fn read(&self, reading: Reading<'_>) -> Result<(), StoreError> {
        let transaction = self.database.begin_read().map_err(StoreError::engine)?;
        reading(&Snapshot { transaction, tables: RefCell::new([const { None }; Table::ALL.len()]) })
    }

    fn write(&self, writing: Writing<'_>) -> Result<(), StoreError> {
        let mut transaction = self.database.begin_write().map_err(StoreError::engine)?;
        // After a power cut the file opens in milliseconds, at no cost measured while writing.
        transaction.set_quick_repair(true);
        let tables: Result<Vec<_>, _> =
            Table::ALL.iter().copied().map(|table| transaction.open_table(definition(table))).collect();
        let mut open = OpenTables { tables: tables.map_err(StoreError::engine)? };
        writing(&mut open)?;
        drop(open);
        transaction.commit().map_err(StoreError::engine)
    }
}

struct Snapshot {
    transaction: ReadTransaction,
    tables: RefCell<[Option<ReadOnlyTable<Bytes, Bytes>>; Table::ALL.len()]>,
}

impl Snapshot {
    fn with<T>(
        &self,
        table: Table,
        act: impl FnOnce(&ReadOnlyTable<Bytes, Bytes>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut tables = self.tables.borrow_mut();
        let Some(slot) = tables.get_mut(table.position()) else { return Err(StoreError::Stopped) };
        let open = match slot {
            Some(open) => open,
            None => slot.insert(self.transaction.open_table(definition(table)).map_err(StoreError::engine)?),
        };
        act(open)
    }
}

impl ReadTx for Snapshot {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.with(table, |open| get(open, key))
    }

    fn scan(&self, table: Table, scan: &Scan) -> Result<Vec<Row>, StoreError> {
        self.with(table, |open| rows(open, scan))
    }
}

struct OpenTables<'a> {
    tables: Vec<redb::Table<'a, Bytes, Bytes>>,
}

impl<'a> OpenTables<'a> {
    fn table(&self, table: Table) -> Result<&redb::Table<'a, Bytes, Bytes>, StoreError> {
        self.tables.get(table.position()).ok_or(StoreError::Stopped)
    }

    fn table_mut(&mut self, table: Table) -> Result<&mut redb::Table<'a, Bytes, Bytes>, StoreError> {
        self.tables.get_mut(table.position()).ok_or(StoreError::Stopped)
    }
}

impl ReadTx for OpenTables<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        get(self.table(table)?, key)
    }

    fn scan(&self, table: Table, scan: &Scan) -> Result<Vec<Row>, StoreError> {
        rows(self.table(table)?, scan)
    }
}

impl EngineTx for OpenTables<'_> {
    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        self.table_mut(table)?.insert(key, value).map(drop).map_err(StoreError::engine)
    }

    fn remove(&mut self, table: Table, key: &[u8]) -> Result<(), StoreError> {
        self.table_mut(table)?.remove(key).map(drop).map_err(StoreError::engine)
    }
}

fn get(table: &impl ReadableTable<Bytes, Bytes>, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    let found = table.get(key).map_err(StoreError::engine)?;
    Ok(found.map(|value| value.value().to_vec()))
}

fn rows(table: &impl ReadableTable<Bytes, Bytes>, scan: &Scan) -> Result<Vec<Row>, StoreError> {
    let start = scan.start.as_ref().map(Vec::as_slice);
    let end = scan.end.as_ref().map_or(Bound::Unbounded, |end| Bound::Excluded(end.as_slice()));
    let mut found = Vec::new();
    let mut range = table.range::<&[u8]>((start, end)).map_err(StoreError::engine)?;
    while found.len() < scan.limit {
        let next = if scan.reverse { range.next_back() } else { range.next() };
        let Some(row) = next else { break };
        let (key, value) = row.map_err(StoreError::engine)?;
        found.push((key.value().to_vec(), value.value().to_vec()));
    }
    Ok(found)
}
