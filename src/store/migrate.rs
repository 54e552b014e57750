//! Bringing an older store to this program's schema; a newer one is refused.
//!
//! A migration is a numbered function in one transaction that bumps the version with its own changes, so that a
//! process killed in the middle finds the store as it was.

use super::engine::{Engine, EngineTx};
use super::key::Key;
use super::tables::Table;
use super::{Scan, StoreError, meta};
use crate::domain::id::JobId;
use crate::domain::job::{Job, Work};
use crate::domain::material::{Extraction, Material, Version};
use chrono::{DateTime, Utc};

/// The schema that this program reads and writes.
pub const SCHEMA_VERSION: u32 = 5;

/// What a migration did.
enum Migrated {
    /// There was nothing of the kind that it changes.
    Skip,
    /// So many rows were changed.
    Rows(usize),
}

type Migration = fn(&mut dyn EngineTx) -> Result<Migrated, StoreError>;

/// Migration `n` (from 0) leads from schema `n` to `n + 1`.
const MIGRATIONS: [Migration; 5] =
    [number_the_schema, note_blob_uses, note_log_subjects, read_scans_again, note_states_and_turns];

/// Applies the migrations that are missing.
pub(super) fn migrate(engine: &dyn Engine) -> Result<(), StoreError> {
    let mut found = 0;
    engine.read(&mut |tx| {
        found = meta::schema_version(tx)?;
        Ok(())
    })?;
    if found > SCHEMA_VERSION {
        return Err(StoreError::NewerSchema { found, known: SCHEMA_VERSION });
    }
    let missing = MIGRATIONS.iter().zip(1_u32..).filter(|(_, version)| *version > found);
    for (migration, version) in missing {
        engine.write(&mut |tx| {
            if let Migrated::Rows(rows) = migration(tx)? {
                tracing::info!(version, rows, "the store was migrated");
            }
            tx.put(Table::Meta, Key::new().text(meta::SCHEMA).bytes(), version.to_string().as_bytes())
        })?;
    }
    Ok(())
}

/// Schema 1 is the first that has a number.
#[expect(clippy::unnecessary_wraps, reason = "every migration has one signature")]
fn number_the_schema(_tx: &mut dyn EngineTx) -> Result<Migrated, StoreError> {
    Ok(Migrated::Skip)
}

/// Schema 2 keeps who uses a blob beside the files, so that unused ones are found without reading every file.
fn note_blob_uses(tx: &mut dyn EngineTx) -> Result<Migrated, StoreError> {
    let files = tx.scan(Table::Files, &Scan::all())?;
    for (key, value) in &files {
        let file: crate::domain::file::File = super::record::decode(Table::Files, value)?;
        let mut usage = Key::new().text(file.blob.as_str()).into_bytes();
        usage.extend(key);
        tx.put(Table::BlobUses, &usage, &[])?;
    }
    Ok(if files.is_empty() { Migrated::Skip } else { Migrated::Rows(files.len()) })
}

/// How many log entries are read at once.
const ENTRIES: usize = 200;

/// Schema 3 finds log entries under what they tell of, for the audit trail.
fn note_log_subjects(tx: &mut dyn EngineTx) -> Result<Migrated, StoreError> {
    let (mut after, mut rows) = (0, 0);
    loop {
        let entries = super::log::after(&*tx, after, ENTRIES)?;
        let Some(last) = entries.last() else {
            return Ok(if rows == 0 { Migrated::Skip } else { Migrated::Rows(rows) });
        };
        after = last.revision;
        rows += entries.len();
        for entry in &entries {
            super::log::note_subjects(tx, entry)?;
        }
    }
}

/// Schema 4 knows of each page whether it is a picture: files with such pages are read again, and then recognised.
fn read_scans_again(tx: &mut dyn EngineTx) -> Result<Migrated, StoreError> {
    let mut count = 0;
    for (key, value) in tx.scan(Table::Versions, &Scan::all())? {
        let mut version: Version = super::record::decode(Table::Versions, &value)?;
        if version.extraction != Extraction::NeedsOcr {
            continue;
        }
        version.extraction = Extraction::Pending;
        tx.put(Table::Versions, &key, &super::record::encode(Table::Versions, &version)?)?;
        // No clock and no chance here: the id is made of the version's own, the time has always come.
        let id = JobId(uuid::Uuid::from_u128(version.material.0.as_u128() ^ (u128::from(version.number) << 64)));
        let work = Work::Extract { material: version.material, version: version.number };
        let job = Job::new(id, work, DateTime::<Utc>::UNIX_EPOCH);
        tx.put(Table::Jobs, Key::new().uuid(id.0).bytes(), &super::record::encode(Table::Jobs, &job)?)?;
        tx.put(Table::JobsByTime, Key::new().u64(0).uuid(id.0).bytes(), &[])?;
        count += 1;
    }
    Ok(if count == 0 { Migrated::Skip } else { Migrated::Rows(count) })
}

/// How many materials or versions are read at once.
const ROWS: usize = 1_000;

/// Schema 5 finds materials by where they stand, and versions by the days on which they come to stand otherwise.
fn note_states_and_turns(tx: &mut dyn EngineTx) -> Result<Migrated, StoreError> {
    let states = |bytes: &[u8]| {
        let material: Material = super::record::decode(Table::Materials, bytes)?;
        let keys = super::materials::state_keys(&material).into_iter();
        Ok(keys.map(|key| (Table::MaterialStates, key)).collect())
    };
    let turns = |bytes: &[u8]| Ok(super::turns::keys(&super::record::decode::<Version>(Table::Versions, bytes)?));
    let rows = note_all(tx, Table::Materials, &states)? + note_all(tx, Table::Versions, &turns)?;
    Ok(if rows == 0 { Migrated::Skip } else { Migrated::Rows(rows) })
}

/// What is noted of a row.
type Notes<'a> = &'a dyn Fn(&[u8]) -> Result<Vec<(Table, Vec<u8>)>, StoreError>;

/// Puts what is noted of every row of a table; answers how many rows there were.
fn note_all(tx: &mut dyn EngineTx, table: Table, notes: Notes<'_>) -> Result<usize, StoreError> {
    let (mut scan, mut count) = (Scan::all().limit(ROWS), 0);
    loop {
        let rows = tx.scan(table, &scan)?;
        let Some((last, _)) = rows.last() else { return Ok(count) };
        scan = Scan::all().after(last.clone()).limit(ROWS);
        count += rows.len();
        for (_, bytes) in &rows {
            for (noted, key) in notes(bytes)? {
                tx.put(noted, &key, &[])?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::file::File;
    use crate::domain::id::{BlobHash, FileId, MaterialId};
    use crate::domain::job::Lane;
    use crate::store::redb::RedbEngine;
    use uuid::Uuid;

    fn file() -> File {
        File {
            id: FileId(Uuid::from_u128(7)),
            material: MaterialId(Uuid::from_u128(1)),
            version: 1,
            name: "lúa.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            size_bytes: 3,
            blob: BlobHash::parse(&"ab".repeat(32)).unwrap(),
        }
    }

    #[test]
    fn a_store_of_schema_1_learns_who_uses_its_blobs() {
        let engine = RedbEngine::in_memory().unwrap();
        let key = Key::new().uuid(file().id.0);
        engine
            .write(&mut |tx| {
                tx.put(Table::Meta, Key::new().text(meta::SCHEMA).bytes(), b"1")?;
                tx.put(Table::Files, key.bytes(), &crate::store::record::encode(Table::Files, &file())?)
            })
            .unwrap();
        migrate(&engine).unwrap();
        migrate(&engine).unwrap();
        engine
            .read(&mut |tx| {
                assert_eq!(meta::schema_version(tx)?, SCHEMA_VERSION);
                assert!(crate::store::files::is_blob_in_use(tx, &file().blob)?);
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn a_store_of_schema_2_learns_what_its_log_tells_of() {
        let engine = RedbEngine::in_memory().unwrap();
        let entry = br#"{"v":1,"revision":1,"at":"2026-11-23T00:00:00Z","actor":"system","name":"material.import",
            "changes":[{"kind":"material","id":"m","fields":["state"]}]}"#;
        engine
            .write(&mut |tx| {
                tx.put(Table::Meta, Key::new().text(meta::SCHEMA).bytes(), b"2")?;
                tx.put(Table::Log, Key::new().u64(1).bytes(), entry)
            })
            .unwrap();
        migrate(&engine).unwrap();
        engine
            .read(&mut |tx| {
                assert_eq!(crate::store::log::about(tx, ("material", "m"), None, 9)?.len(), 1);
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn scans_of_an_older_store_are_promised_to_be_read_again() {
        let engine = RedbEngine::in_memory().unwrap();
        let row = |number: u32, state: &str| {
            serde_json::json!({"v": 1, "material": Uuid::from_u128(1), "number": number, "files": [],
                "description": {"title": "Quét", "kind": "text", "licence": "unknown"}, "extraction": {"state": state},
                "page_count": 1, "word_count": 0, "pages_blob": null, "created_at": "2026-11-23T00:00:00Z"})
        };
        let key = |number: u32| Key::new().uuid(Uuid::from_u128(1)).u32(number);
        engine
            .write(&mut |tx| {
                tx.put(Table::Meta, Key::new().text(meta::SCHEMA).bytes(), b"3")?;
                tx.put(Table::Versions, key(1).bytes(), row(1, "needs_ocr").to_string().as_bytes())?;
                tx.put(Table::Versions, key(2).bytes(), row(2, "done").to_string().as_bytes())
            })
            .unwrap();
        migrate(&engine).unwrap();
        engine
            .read(&mut |tx| {
                let version = |number| crate::store::versions::get(tx, MaterialId(Uuid::from_u128(1)), number);
                assert_eq!(version(1)?.unwrap().extraction, Extraction::Pending);
                assert_eq!(version(2)?.unwrap().extraction, Extraction::Done);
                let due = crate::store::jobs::due(tx, Lane::Files, DateTime::<Utc>::UNIX_EPOCH, 9)?;
                let works: Vec<Work> = due.into_iter().map(|job| job.work).collect();
                assert_eq!(works, [Work::Extract { material: MaterialId(Uuid::from_u128(1)), version: 1 }]);
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn a_store_of_schema_4_learns_where_its_materials_stand() {
        let engine = RedbEngine::in_memory().unwrap();
        let organisation = crate::domain::id::OrganisationId::parse("so").unwrap();
        let id = MaterialId(Uuid::from_u128(1));
        let material = Material::draft(id, organisation.clone(), DateTime::UNIX_EPOCH);
        let version =
            br#"{"v":1,"material":"00000000-0000-0000-0000-000000000001","number":1,"files":[],"page_count":0,
            "description":{"title":"Law","kind":"law","licence":"unknown","valid_to":"2026-06-30"},
            "extraction":{"state":"given"},"word_count":0,"pages_blob":null,"created_at":"2026-01-01T00:00:00Z"}"#;
        engine
            .write(&mut |tx| {
                tx.put(Table::Meta, Key::new().text(meta::SCHEMA).bytes(), b"4")?;
                let row = crate::store::record::encode(Table::Materials, &material)?;
                tx.put(Table::Materials, Key::new().uuid(id.0).bytes(), &row)?;
                tx.put(Table::Versions, Key::new().uuid(id.0).u32(1).bytes(), version)
            })
            .unwrap();
        migrate(&engine).unwrap();
        engine
            .read(&mut |tx| {
                let drafts = crate::store::materials::in_state(tx, &organisation, material.state)?;
                assert_eq!(drafts, std::slice::from_ref(&material));
                let day = |text: &str| text.parse().unwrap();
                assert_eq!(crate::store::turns::between(tx, Some(day("2026-06-30")), day("2026-07-01"))?, [id]);
                assert!(crate::store::turns::between(tx, None, day("2026-06-30"))?.is_empty());
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn a_store_of_a_later_program_is_refused_and_left_alone() {
        let engine = RedbEngine::in_memory().unwrap();
        let put = |tx: &mut dyn EngineTx| tx.put(Table::Meta, Key::new().text(meta::SCHEMA).bytes(), b"99");
        engine.write(&mut |tx| put(tx)).unwrap();
        assert!(matches!(migrate(&engine), Err(StoreError::NewerSchema { found: 99, .. })));
    }
}
