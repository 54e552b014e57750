//! What every engine must do; a second one joins by adding itself to `engines`.

use chrono::{DateTime, Utc};
use hoclieu::store::tables::Table;
use hoclieu::store::{Options, ReadTx, Scan, Stamp, Store, StoreError, log};
use std::sync::Arc;

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
