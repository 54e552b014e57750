//! A backup made beside everything else becomes the same library again, or is refused as a whole.

use crate::accounts::{PASSWORD, served};
use crate::support::http::{Browser, get};
use crate::support::program::{Said, Server, command, run, seed_content};
use hoclieu::store::{self, Store, StoreError, snapshot};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// Documents with files, and some as text, imported through whoever holds the data.
#[track_caller]
fn fill(folder: &Path, data: &Path, texts: usize) {
    let documents = folder.join("tai-lieu");
    fs::create_dir_all(&documents).unwrap();
    for name in ["lua-dao-on.pdf", "vneid.pdf", "tai-canh-ca-phe.docx"] {
        fs::copy(seed_content().join("materials").join(name), documents.join(name)).unwrap();
    }
    let said = run(data, &["import", &documents.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let said = run(data, &["import", &lines(folder, "loi", texts).to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{said:?}");
}

fn lines(folder: &Path, prefix: &str, count: usize) -> PathBuf {
    let path = folder.join(format!("{prefix}.jsonl"));
    let text = "ruộng lúa nước ".repeat(40);
    let line = |n| format!("{{\"id\":\"{prefix}-{n}\",\"title\":\"Bài {n}\",\"text\":\"{text}\"}}\n");
    fs::write(&path, (0..count).map(line).collect::<String>()).unwrap();
    path
}

/// All rows of a closed store in one hash, and how many there are.
fn fingerprint(data: &Path) -> (String, usize) {
    let store = Store::open(&data.join("store.redb"), store::Options::default()).unwrap();
    let (mut hasher, mut count) = (blake3::Hasher::new(), 0);
    let read = store.read_blocking("test.rows", |tx| {
        snapshot::each_row(tx, |table, key, value| {
            for part in [table.name().as_bytes(), key, value] {
                hasher.update(&u64::try_from(part.len()).unwrap().to_be_bytes());
                hasher.update(part);
            }
            count += 1;
            Ok::<_, StoreError>(())
        })
    });
    read.unwrap();
    (hasher.finalize().to_string(), count)
}

/// The files of a folder with the hashes of their contents.
fn files(folder: &Path) -> Vec<(String, blake3::Hash)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                open.push(entry.path());
            } else {
                let name = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((name, blake3::hash(&fs::read(entry.path()).unwrap())));
            }
        }
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

fn restore(data: &Path, archive: &Path) -> Said {
    run(data, &["restore", &archive.to_string_lossy()])
}

fn back_up(data: &Path, archive: &Path) -> Said {
    run(data, &["backup", &archive.to_string_lossy()])
}

#[test]
fn a_library_comes_back_equal_row_by_row_and_file_by_file_with_passwords_and_settings() {
    let folder = tempfile::tempdir().unwrap();
    let (data, again, archive) = (folder.path().join("data"), folder.path().join("lai"), folder.path().join("a.tar"));
    let (server, _) = served(folder.path(), &[]);
    fill(folder.path(), &data, 300);
    assert_eq!(server.stop(), Some(0));
    fs::write(data.join("hoclieu.toml"), "file_mb = 77\noidc_client_secret = \"bimat\"\n").unwrap();
    let said = back_up(&data, &archive);
    assert_eq!(said.code, Some(0), "{said:?}");
    let keys = folder.path().join("a.tar.keys");
    for file in [&archive, &keys] {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let holds = |file: &Path, word: &[u8]| fs::read(file).unwrap().windows(word.len()).any(|part| part == word);
    for secret in [&b"bimat"[..], b"argon2id"] {
        assert!(!holds(&archive, secret) && holds(&keys, secret), "secrets lie in the second file alone");
    }
    assert!(holds(&archive, b"file_mb = 77"));
    // An empty folder that was made by hand, open to all.
    fs::create_dir(&again).unwrap();
    let said = restore(&again, &archive);
    assert!(said.code == Some(0) && said.out.contains("Đã phục hồi"), "{said:?}");
    assert_eq!(fs::metadata(&again).unwrap().permissions().mode() & 0o777, 0o700, "its owner's alone");
    assert_eq!(fs::metadata(again.join("hoclieu.toml")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fingerprint(&again), fingerprint(&data));
    assert_eq!(files(&again.join("blobs")), files(&data.join("blobs")));
    assert_eq!(
        fs::read_to_string(again.join("hoclieu.toml")).unwrap(),
        "file_mb = 77\noidc_client_secret = \"bimat\"\n"
    );
    for (data, out) in [(&data, "ra"), (&again, "ra-lai")] {
        assert_eq!(run(data, &["export", &folder.path().join(out).to_string_lossy()]).code, Some(0));
    }
    assert_eq!(files(&folder.path().join("ra")), files(&folder.path().join("ra-lai")));
    let health = run(&again, &["doctor"]);
    assert_eq!(health.code, Some(0), "{health:?}");
    fs::remove_file(again.join("hoclieu.toml")).unwrap();
    let server = Server::start(&again, &["--seed-content", "/nonexistent"]);
    let found = get(&format!("{}/api/v1/search?q=lua+bi+dao+on", server.url)).json();
    assert_eq!(found["items"][0]["external_id"], "lua-dao-on.pdf");
    let mut admin = Browser::new(&server.url);
    assert_eq!(admin.post("/dang-nhap", &[("ten", "quantri"), ("mat-khau", PASSWORD)]).status, 303);
}

#[test]
fn a_backup_beside_imports_and_readers_is_one_whole_moment() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    fill(folder.path(), &data, 500);
    let many = lines(folder.path(), "nhieu", 4_000);
    let (path, at) = (many.to_string_lossy().into_owned(), data.clone());
    let importing = std::thread::spawn(move || run(&at, &["import", &path]));
    let mut archives = Vec::new();
    let mut slowest = Duration::ZERO;
    while !importing.is_finished() && archives.len() < 4 {
        let archive = folder.path().join(format!("{}.tar", archives.len()));
        let (at, to) = (data.clone(), archive.clone());
        let backing = std::thread::spawn(move || back_up(&at, &to));
        while !backing.is_finished() {
            let begun = Instant::now();
            assert_eq!(get(&format!("{}/api/v1/search?q=dao+on", server.url)).status, 200);
            slowest = slowest.max(begun.elapsed());
        }
        let said = backing.join().unwrap();
        assert!(said.code == Some(0) && said.err.contains("chuyển cho máy chủ"), "{said:?}");
        archives.push(archive);
    }
    assert_eq!(importing.join().unwrap().code, Some(0));
    assert!(!archives.is_empty(), "the import was over before a backup began");
    assert!(slowest < Duration::from_secs(5), "a reader waited for {slowest:?}");
    for (number, archive) in archives.iter().enumerate() {
        let again = folder.path().join(format!("lai-{number}"));
        let said = restore(&again, archive);
        assert_eq!(said.code, Some(0), "{said:?}");
        // The doctor reads every material's versions, pages and files, and compares the index.
        let health = run(&again, &["doctor"]);
        assert_eq!(health.code, Some(0), "{health:?}");
    }
}

#[test]
fn what_is_cut_changed_or_mixed_up_is_refused_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let data = path("data");
    fill(folder.path(), &data, 20);
    for name in ["a.tar", "b.tar"] {
        assert_eq!(back_up(&data, &path(name)).code, Some(0));
    }
    let refused = |archive: &str, why: &str| {
        let said = restore(&path("lai"), &path(archive));
        assert!(said.code == Some(2) && said.err.contains(why), "{archive}, {why}: {said:?}");
        assert!(!path("lai").exists(), "{archive}: something was left");
    };
    let whole = fs::read(path("a.tar")).unwrap();
    let put = |name: &str, bytes: &[u8]| {
        fs::write(path(name), bytes).unwrap();
        fs::copy(path("a.tar.keys"), path(&format!("{name}.keys"))).unwrap();
    };
    for part in 1..10 {
        put("cut.tar", &whole[..whole.len() * part / 10]);
        refused("cut.tar", "Tệp sao lưu bị");
    }
    for part in 0..10 {
        let mut changed = whole.clone();
        // Not the padding, which means nothing.
        let place = (whole.len() * part / 10..whole.len()).find(|place| changed[*place] != 0).unwrap();
        changed[place] ^= 0x40;
        put("changed.tar", &changed);
        refused("changed.tar", "ao lưu");
    }
    put("empty.tar", b"");
    refused("empty.tar", "bị cụt");
    put("other.tar", &[7; 4096]);
    refused("other.tar", "Tệp sao lưu bị hỏng");
    refused("a.tar.keys", "không phải tệp .keys");
    fs::copy(path("b.tar.keys"), path("a.tar.keys")).unwrap();
    refused("a.tar", "không thuộc về");
    fs::remove_file(path("a.tar.keys")).unwrap();
    refused("a.tar", "--without-keys");
    refused("khong-co.tar", "Không mở được");
    let said = run(&path("lai"), &["restore", "--without-keys", &path("a.tar").to_string_lossy()]);
    assert!(said.code == Some(0) && said.out.contains("account link"), "{said:?}");
    let before = files(&path("lai"));
    let said = restore(&path("lai"), &path("b.tar"));
    assert!(said.code == Some(2) && said.err.contains("thư mục trống"), "{said:?}");
    assert_eq!(files(&path("lai")), before, "what is there is left alone");
}

#[test]
fn a_backup_is_never_written_over_another_nor_into_what_it_guards() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fill(folder.path(), &data, 5);
    let archive = folder.path().join("a.tar");
    fs::write(&archive, "của người khác").unwrap();
    let said = back_up(&data, &archive);
    assert!(said.code == Some(2) && said.err.contains("đã có"), "{said:?}");
    assert_eq!(fs::read_to_string(&archive).unwrap(), "của người khác");
    let said = back_up(&data, &data.join("a.tar"));
    assert!(said.code == Some(2) && said.err.contains("thư mục dữ liệu"), "{said:?}");
    let said = back_up(&data, Path::new("/nonexistent/a.tar"));
    assert!(said.code == Some(2) && said.err.contains("Không có thư mục"), "{said:?}");
}

/// Runs a command and kills it after a while; answers whether it was over before.
fn killed(data: &Path, arguments: &[&str], after: Duration) -> bool {
    let mut child =
        command(data, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    std::thread::sleep(after);
    let over = child.try_wait().unwrap().is_some();
    drop(child.kill());
    child.wait().unwrap();
    over
}

#[test]
fn backups_and_restores_killed_at_any_instant_leave_no_half() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fill(folder.path(), &data, 2_000);
    let whole = folder.path().join("whole.tar");
    let begun = Instant::now();
    assert_eq!(back_up(&data, &whole).code, Some(0));
    let (backing, begun) = (begun.elapsed(), Instant::now());
    let wanted = fingerprint(&data);
    assert_eq!(restore(&folder.path().join("lai"), &whole).code, Some(0));
    let restoring = begun.elapsed();
    let archive = folder.path().join("a.tar");
    let mut cut_short = 0;
    for round in 1..=8 {
        cut_short += u32::from(!killed(&data, &["backup", &archive.to_string_lossy()], backing * round / 9));
        if !archive.exists() {
            assert_eq!(back_up(&data, &archive).code, Some(0), "the next run is not in the way of the killed one");
        }
        fs::remove_file(&archive).unwrap();
        fs::remove_file(folder.path().join("a.tar.keys")).unwrap();
    }
    for round in 1..=8 {
        let again = folder.path().join(format!("lai-{round}"));
        cut_short += u32::from(!killed(&again, &["restore", &whole.to_string_lossy()], restoring * round / 9));
        if again.join(".phuc-hoi").exists() {
            let said = run(&again, &["doctor"]);
            assert!(said.code == Some(2) && said.err.contains("chạy lại lệnh restore"), "{said:?}");
        }
        if !again.join("store.redb").exists() || again.join(".phuc-hoi").exists() {
            assert_eq!(restore(&again, &whole).code, Some(0));
        }
        assert_eq!(fingerprint(&again), wanted, "round {round}");
    }
    assert!(cut_short >= 8, "most were over before they were killed");
    let left = files(folder.path()).into_iter().map(|(name, _)| name);
    let left: Vec<String> = left.filter(|name| name.contains(".part")).collect();
    assert!(left.is_empty(), "{left:?}");
}
