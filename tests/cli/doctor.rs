//! `doctor` looks at everything, says what is wrong and what to do.

use crate::support::program::{Said, run};
use chrono::{DateTime, Utc};
use hoclieu::store::tables::Table;
use hoclieu::store::{Options, ReadTx, Scan, Stamp, Store, StoreError};
use std::fs;
use std::path::{Path, PathBuf};

/// A data folder with one document.
fn library(folder: &Path) -> PathBuf {
    let (data, documents) = (folder.join("data"), folder.join("tai-lieu"));
    fs::create_dir(&documents).unwrap();
    fs::write(documents.join("lua.md"), "# Trồng lúa\n\nLúa bị đạo ôn.").unwrap();
    let said = run(&data, &["import", &documents.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    data
}

#[track_caller]
fn assert_found(said: &Said, words: &[&str]) {
    assert_eq!(said.code, Some(1), "{said:?}");
    let bad: Vec<&str> = said.out.lines().filter(|line| line.starts_with('✗')).collect();
    assert_eq!(bad.len(), 1, "{said:?}");
    assert!(words.iter().all(|word| bad[0].contains(word)), "{bad:?}");
}

#[test]
fn a_healthy_library_is_called_so_with_what_was_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let said = run(&library(folder.path()), &["doctor"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for words in
        ["Cấu hình", "đủ phiên bản, trang và tệp của 1 học liệu", "mã băm đều đúng", "0 việc đang chờ", "Chỉ mục: 1"]
    {
        assert!(said.out.contains(words), "{words}: {said:?}");
    }
    assert!(said.out.contains("Đọc tệp: "), "{said:?}");
}

#[test]
fn a_damaged_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let data = library(folder.path());
    let mut open = vec![data.join("blobs")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            fs::write(path, b"changed").unwrap();
        }
    }
    assert_found(&run(&data, &["doctor"]), &["bị hỏng", "sao lưu"]);
}

#[test]
fn a_lost_page_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let data = library(folder.path());
    let store = Store::open(&data.join("store.redb"), Options::default()).unwrap();
    let stamp = Stamp { at: DateTime::<Utc>::UNIX_EPOCH, actor: "test".to_owned() };
    let lose = |tx: &mut hoclieu::store::WriteTx<'_>| {
        let rows = tx.scan(Table::Pages, &Scan::all())?;
        for (key, _) in rows {
            tx.remove(Table::Pages, key);
        }
        Ok::<_, StoreError>(())
    };
    store.write_blocking("test.lose", stamp, lose).unwrap();
    drop(store);
    assert_found(&run(&data, &["doctor"]), &["thiếu phiên bản, trang hoặc tệp", "nhập lại"]);
}

#[test]
fn a_lost_index_is_built_anew_and_one_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = library(folder.path());
    let generation = fs::read_to_string(data.join("index/current")).unwrap();
    for entry in fs::read_dir(data.join("index").join(generation.trim())).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "store") {
            let mut bytes = fs::read(&path).unwrap();
            bytes[0] ^= 0xff;
            fs::write(&path, bytes).unwrap();
        }
    }
    assert_found(&run(&data, &["doctor"]), &["Chỉ mục: không đọc được", "hoclieu reindex"]);
    assert_eq!(run(&data, &["reindex"]).code, Some(0));
    assert_eq!(run(&data, &["doctor"]).code, Some(0));
    fs::remove_dir_all(data.join("index")).unwrap();
    let said = run(&data, &["doctor"]);
    assert!(said.out.contains("Kho: đủ"), "{said:?}");
}

#[test]
fn certificate_and_key_that_do_not_fit_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let data = library(folder.path());
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls");
    let (certificate, key) = (fixtures.join("certificate.pem"), fixtures.join("key.pem"));
    let ask = |certificate: &Path, key: &Path| {
        let files = ["--tls-certificate", &certificate.to_string_lossy(), "--tls-key", &key.to_string_lossy()]
            .map(str::to_owned);
        let mut arguments: Vec<&str> = files.iter().map(String::as_str).collect();
        arguments.push("doctor");
        run(&data, &arguments)
    };
    let said = ask(&certificate, &key);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("khớp với khóa, dùng được đến"), "{said:?}");
    assert_found(&ask(&certificate, &certificate), &["không đọc được khóa", "tls_key"]);
    assert_found(&ask(Path::new("/nonexistent.pem"), &key), &["nonexistent.pem", "tls_certificate"]);
}
