//! What every engine must do; a second one joins by adding itself to `engines`.

use chrono::{DateTime, Utc};
use hoclieu::store::tables::Table;
use hoclieu::store::{Options, ReadTx, Scan, Stamp, Store, StoreError, log};
use std::sync::Arc;

mod schedule;

fn engines() -> Vec<(&'static str, Store, Option<tempfile::TempDir>)> {
    let folder = tempfile::tempdir().unwrap();
    let on_disk = Store::open(&folder.path().join("store.redb"), Options::default()).unwrap();
    vec![("file", on_disk, Some(folder)), ("memory", Store::in_memory().unwrap(), None)]
}

fn stamp() -> Stamp {
    Stamp { at: DateTime::<Utc>::UNIX_EPOCH, actor: "system".to_owned() }
}

fn value(store: &Store, key: &[u8]) -> Option<Vec<u8>> {
    store.read_blocking("test.get", |tx| tx.get(Table::Meta, key)).unwrap()
}

#[test]
fn a_closure_that_fails_leaves_nothing_and_logs_nothing() {
    for (name, store, _folder) in engines() {
        let failed = store.write_blocking("test.fail", stamp(), |tx| {
            tx.put(Table::Meta, b"a".to_vec(), b"1".to_vec());
            tx.record("material", "x".to_owned(), &["title"]);
            Err::<(), _>(StoreError::Conflict { what: "a".to_owned() })
        });
        assert!(failed.is_err(), "{name}");
        assert_eq!(value(&store, b"a"), None, "{name}");
        let latest = store.read_blocking("test.log", |tx| log::latest(tx)).unwrap();
        assert_eq!(latest, 0, "{name}");
    }
}

#[test]
fn a_closure_sees_its_own_writes_in_order_within_limits() {
    for (name, store, _folder) in engines() {
        let keys = |scan: Scan| {
            store.write_blocking("test.scan", stamp(), move |tx| {
                for key in [b"k1", b"k2", b"k3", b"k4"] {
                    tx.put(Table::Topics, key.to_vec(), Vec::new());
                }
                tx.remove(Table::Topics, b"k2".to_vec());
                let rows = tx.scan(Table::Topics, &scan)?;
                Ok::<_, StoreError>(
                    rows.into_iter().map(|(key, _)| String::from_utf8(key).unwrap()).collect::<Vec<_>>(),
                )
            })
        };
        assert_eq!(keys(Scan::prefix(b"k").limit(2)).unwrap().value, ["k1", "k3"], "{name}");
        assert_eq!(keys(Scan::prefix(b"k").limit(2).reverse()).unwrap().value, ["k4", "k3"], "{name}");
        assert_eq!(keys(Scan::prefix(b"k").after(b"k1".to_vec())).unwrap().value, ["k3", "k4"], "{name}");
    }
}

#[test]
fn revisions_are_gap_free_when_many_write_at_once() {
    for (name, store, _folder) in engines() {
        let store = Arc::new(store);
        let writers: Vec<_> = (0..8_u8)
            .map(|writer| {
                let store = Arc::clone(&store);
                std::thread::spawn(move || {
                    for number in 0..25_u8 {
                        store
                            .write_blocking("test.many", stamp(), move |tx| {
                                tx.put(Table::Meta, vec![writer, number], vec![number]);
                                tx.record("material", format!("{writer}-{number}"), &["title"]);
                                Ok::<_, StoreError>(())
                            })
                            .unwrap();
                    }
                })
            })
            .collect();
        for writer in writers {
            writer.join().unwrap();
        }
        let entries = store.read_blocking("test.log", |tx| log::after(tx, 0, 1_000)).unwrap();
        let revisions: Vec<u64> = entries.iter().map(|entry| entry.revision).collect();
        assert_eq!(revisions, (1..=200).collect::<Vec<_>>(), "{name}");
        assert_eq!(*store.subscribe().borrow(), 200, "{name}");
    }
}

#[test]
fn a_second_opening_of_the_same_file_is_refused_in_plain_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.redb");
    let _first = Store::open(&path, Options::default()).unwrap();
    let second = Store::open(&path, Options::default()).err().unwrap();
    assert!(matches!(second, StoreError::AlreadyOpen), "{second}");
}

#[test]
fn a_closure_that_panics_harms_nobody_else() {
    for (name, store, _folder) in engines() {
        let panicked = store.write_blocking("test.panic", stamp(), |tx| {
            tx.put(Table::Meta, b"half".to_vec(), b"1".to_vec());
            assert!(tx.get(Table::Meta, b"half")?.is_none(), "a fault in a closure");
            Ok::<_, StoreError>(())
        });
        assert!(matches!(panicked, Err(StoreError::Panicked { .. })), "{name}");
        assert_eq!(value(&store, b"half"), None, "{name}");
        let next = store.write_blocking("test.next", stamp(), |tx| {
            tx.put(Table::Meta, b"next".to_vec(), b"1".to_vec());
            Ok::<_, StoreError>(())
        });
        assert!(next.is_ok(), "{name}");
    }
}

#[test]
fn a_store_can_be_opened_again_as_soon_as_it_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.redb");
    for number in 0..20_u8 {
        let store = Store::open(&path, Options::default()).unwrap();
        let write = move |tx: &mut hoclieu::store::WriteTx<'_>| {
            tx.put(Table::Meta, vec![number], vec![number]);
            Ok::<_, StoreError>(())
        };
        store.write_blocking("test.reopen", stamp(), write).unwrap();
    }
    let store = Store::open(&path, Options::default()).unwrap();
    assert_eq!(value(&store, &[19]), Some(vec![19]));
}

#[test]
fn a_material_is_found_under_the_external_id_it_has_and_no_longer_under_an_old_one() {
    use hoclieu::domain::id::{MaterialId, OrganisationId};
    use hoclieu::domain::material::Material;
    use hoclieu::store::materials;
    for (name, store, _folder) in engines() {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let organisation = OrganisationId::parse("so-yt").unwrap();
        let material = |number: u128, external_id: Option<&str>| Material {
            external_id: external_id.map(str::to_owned),
            ..Material::draft(MaterialId(uuid::Uuid::from_u128(number)), organisation.clone(), at)
        };
        let put = |material: Material| {
            store.write_blocking("test.put", stamp(), move |tx| materials::put(tx, &material)).map(|_| ())
        };
        let found = |external_id: &'static str| {
            let organisation = organisation.clone();
            let found =
                store.read_blocking("test.get", move |tx| materials::by_external_id(tx, &organisation, external_id));
            found.unwrap().map(|material| material.id.0.as_u128())
        };
        put(material(1, Some("a"))).unwrap();
        put(material(1, Some("b"))).unwrap();
        assert_eq!((found("a"), found("b")), (None, Some(1)), "{name}");
        put(material(2, Some("a"))).unwrap();
        assert!(matches!(put(material(2, Some("b"))), Err(StoreError::Conflict { .. })), "{name}");
        put(material(1, None)).unwrap();
        assert_eq!((found("a"), found("b")), (Some(2), None), "{name}");
    }
}
