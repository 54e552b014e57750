//! One server holds the data; commands find it.

use crate::support::http::{encode, get, get_with};
use crate::support::program::{Server, run, seed_content};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

#[test]
fn commands_go_through_a_running_server_and_a_second_server_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let lines = folder.path().join("a.jsonl");
    fs::write(&lines, "{\"id\":\"1\",\"title\":\"Trồng lúa\",\"text\":\"Ruộng trồng lúa bị đạo ôn.\"}\n").unwrap();
    let said = run(&data, &["import", &lines.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.err.contains("chuyển cho máy chủ") && said.out.contains("1 mới"), "{said:?}");
    let found = get(&format!("{}/api/v1/search?q={}", server.url, encode("lua dao on"))).json();
    assert_eq!(found["items"][0]["external_id"], "1");
    let second = run(&data, &["serve"]);
    assert_eq!(second.code, Some(2));
    assert!(second.err.contains("Máy chủ đang chạy"), "{second:?}");
    assert_eq!(run(&data, &["reindex"]).code, Some(0));
    assert_eq!(get(&format!("{}/api/v1/search?q=lua", server.url)).json()["total"], 1);
}

#[test]
fn whoever_connects_and_says_nothing_is_let_go_and_holds_up_no_stop() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&folder.path().join("data"), &["--seed-content", "/nonexistent"]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut silent = TcpStream::connect(&address).unwrap();
    silent.write_all(b"GET / HT").unwrap();
    silent.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let begun = Instant::now();
    // The end comes with or without a last word; a timeout would be an error of its own kind.
    let end = silent.read_to_end(&mut Vec::new());
    assert!(end.is_ok() || begun.elapsed() < Duration::from_mins(1), "{end:?}");
    let mut other = TcpStream::connect(&address).unwrap();
    other.write_all(b"GET / HT").unwrap();
    assert_eq!(get(&format!("{}/healthz", server.url)).status, 200);
    let begun = Instant::now();
    server.stop();
    assert!(begun.elapsed() < Duration::from_secs(18), "{:?}", begun.elapsed());
}

#[test]
fn a_mistyped_folder_is_no_empty_library_and_a_new_one_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("nhầm");
    for verb in ["doctor", "stats", "reindex"] {
        let said = run(&data, &[verb]);
        assert_eq!(said.code, Some(2), "{said:?}");
        assert!(said.err.contains("Chưa có dữ liệu") && !data.exists(), "{said:?}");
    }
    let lines = folder.path().join("a.jsonl");
    fs::write(&lines, "{\"id\":\"1\",\"title\":\"Lúa\",\"text\":\"Trồng lúa.\"}\n").unwrap();
    assert_eq!(run(&data, &["import", &lines.to_string_lossy()]).code, Some(0));
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o077, 0);
}

#[test]
fn a_new_material_is_searchable_as_soon_as_its_import_returns() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let lines = folder.path().join("a.jsonl");
    fs::write(&lines, "{\"id\":\"1\",\"title\":\"Dệt zèng\",\"text\":\"Nghề dệt zèng của người Tà Ôi.\"}\n").unwrap();
    assert_eq!(run(&data, &["import", &lines.to_string_lossy()]).code, Some(0));
    let total = get(&format!("{}/api/v1/search?q=zeng", server.url)).json()["total"].clone();
    assert_eq!(total, 1);
}

#[test]
fn searches_are_answered_while_a_large_import_is_indexed_and_what_it_changed_is_found_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let (first, many) = (folder.path().join("a.jsonl"), folder.path().join("b.jsonl"));
    fs::write(&first, "{\"id\":\"1\",\"title\":\"Dệt zèng\",\"text\":\"Nghề dệt zèng của người Tà Ôi.\"}\n").unwrap();
    assert_eq!(run(&data, &["import", &first.to_string_lossy()]).code, Some(0));
    let text = "bón phân cho ruộng lúa nước ".repeat(60);
    let lines =
        (0..4_000).map(|number| format!("{{\"id\":\"m{number}\",\"title\":\"Bài {number}\",\"text\":\"{text}\"}}\n"));
    fs::write(&many, lines.collect::<Vec<_>>().concat()).unwrap();
    let (path, at) = (many.to_string_lossy().into_owned(), data.clone());
    let importing = std::thread::spawn(move || run(&at, &["import", &path]));
    let mut answered = 0;
    while !importing.is_finished() {
        let found = get(&format!("{}/api/v1/search?q=zeng", server.url));
        assert_eq!((found.status, &found.json()["total"]), (200, &serde_json::json!(1)));
        answered += 1;
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(answered >= 3, "the import was over before anything was asked");
    assert_eq!(importing.join().unwrap().code, Some(0));
    // A changed material replaces what was found of it before.
    fs::write(&first, "{\"id\":\"1\",\"title\":\"Đan lát\",\"text\":\"Nghề đan gùi của người Vân Kiều.\"}\n").unwrap();
    let begun = Instant::now();
    assert_eq!(run(&data, &["import", &first.to_string_lossy()]).code, Some(0));
    assert_eq!(get(&format!("{}/api/v1/search?q=gui+van+kieu", server.url)).json()["total"], 1);
    let took = begun.elapsed();
    assert_eq!(get(&format!("{}/api/v1/search?q=zeng", server.url)).json()["total"], 0);
    assert!(took < Duration::from_secs(20), "two seconds on a free machine, {took:?} here");
}

#[test]
fn a_server_asked_to_end_finishes_cleanly_and_starts_again_with_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let lines = folder.path().join("a.jsonl");
    fs::write(&lines, "{\"id\":\"1\",\"title\":\"Dệt zèng\",\"text\":\"Nghề dệt zèng của người Tà Ôi.\"}\n").unwrap();
    assert_eq!(run(&data, &["import", &lines.to_string_lossy()]).code, Some(0));
    assert!(data.join("hoclieu.sock").exists());
    assert_eq!(server.stop(), Some(0));
    assert!(!data.join("hoclieu.sock").exists(), "nothing leads to a server that is gone");
    let again = Server::start(&data, &["--seed-content", "/nonexistent"]);
    assert_eq!(get(&format!("{}/readyz", again.url)).status, 200);
    assert_eq!(get(&format!("{}/api/v1/search?q=zeng", again.url)).json()["total"], 1);
}

#[test]
fn behind_a_proxy_each_reader_has_a_limit_of_their_own_and_the_line_is_said_to_be_safe() {
    let folder = tempfile::tempdir().unwrap();
    let settings =
        ["--rate-limit-per-minute", "3", "--trusted-proxies", "127.0.0.1", "--public-url", "https://hoclieu.vn"];
    let mut arguments = vec!["--seed-content", "/nonexistent"];
    arguments.extend(settings);
    let server = Server::start(&folder.path().join("data"), &arguments);
    let address = format!("{}/api/v1/search?q=lua", server.url);
    let ask = |reader: &str| get_with(&address, &[("X-Forwarded-For", reader), ("X-Forwarded-Proto", "https")]);
    let statuses: Vec<u16> = (0..4).map(|_| ask("203.0.113.7").status).collect();
    assert_eq!(statuses, [200, 200, 200, 429]);
    let refused = ask("203.0.113.7");
    assert_eq!(refused.json()["code"], "too-many-requests");
    assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds <= 60), "{refused:?}");
    let other = ask("203.0.113.8, 127.0.0.1");
    assert_eq!(other.status, 200);
    assert!(other.header("strict-transport-security").contains("max-age"), "{other:?}");
    assert_eq!(get(&format!("{}/healthz", server.url)).status, 200, "a watcher is never refused");
}

#[test]
fn what_reads_much_for_each_caller_is_bounded_and_the_list_of_addresses_follows_what_is_public() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent", "--rate-limit-per-minute", "4"]);
    let import = |titles: &[&str]| {
        let lines = folder.path().join("a.jsonl");
        let row = |title: &&str| format!("{{\"id\":\"{title}\",\"title\":\"{title}\",\"text\":\"x\"}}\n");
        fs::write(&lines, titles.iter().map(row).collect::<String>()).unwrap();
        assert_eq!(run(&data, &["import", &lines.to_string_lossy()]).code, Some(0));
    };
    let list = || get(&format!("{}/sitemap.xml", server.url));
    import(&["Mot"]);
    let first = list().text();
    assert_eq!(list().text(), first);
    import(&["Hai"]);
    let second = list().text();
    assert!(
        first.contains("/mot<") && !first.contains("/hai<") && second.contains("/mot<") && second.contains("/hai<")
    );
    let id = second.split("/hoc-lieu/").nth(1).unwrap().split('/').next().unwrap();
    let print = || get(&format!("{}/hoc-lieu/{id}/in", server.url)).status;
    assert!((0..20).any(|_| print() == 429) && (0..20).any(|_| list().status == 429));
    assert_eq!(get(&format!("{}/hoc-lieu/{id}/x", server.url)).status, 200, "reading is not bounded");
}

#[test]
fn with_its_own_certificate_a_server_answers_over_tls_and_only_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls");
    let (certificate, key) = (fixtures.join("certificate.pem"), fixtures.join("key.pem"));
    let (named, named_key) = (certificate.to_string_lossy(), key.to_string_lossy());
    let settings = ["--seed-content", "/nonexistent", "--tls-certificate", &named, "--tls-key", &named_key];
    let server = Server::start(&folder.path().join("data"), &settings);
    let address = server.url.strip_prefix("https://").expect("the address says that it is safe").to_owned();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&certificate).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let mut client = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut line = TcpStream::connect(&address).unwrap();
    let mut safe = rustls::Stream::new(&mut client, &mut line);
    safe.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // A server that closes without the closing alert is no concern here.
    drop(safe.read_to_end(&mut answer));
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    let mut plain = TcpStream::connect(&address).unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    drop(plain.read_to_end(&mut answer));
    assert!(!answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}

#[test]
fn a_certificate_that_cannot_be_read_is_named_before_anything_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let bad = folder.path().join("hong.pem");
    fs::write(&bad, "not a certificate").unwrap();
    let bad = bad.to_string_lossy();
    let said = run(&data, &["--listen", "127.0.0.1:0", "--tls-certificate", &bad, "--tls-key", &bad, "serve"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.err.contains("chứng thư TLS"), "{said:?}");
}

#[test]
fn files_that_were_being_read_when_the_program_was_killed_are_read_after_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let (data, documents) = (folder.path().join("data"), folder.path().join("tai-lieu"));
    fs::create_dir(&documents).unwrap();
    let names = ["lua-dao-on.pdf", "so-tay-hoa-giai.pdf", "vneid.pdf", "ga-tha-vuon.pptx", "tai-canh-ca-phe.docx"];
    for name in names {
        fs::copy(seed_content().join("materials").join(name), documents.join(name)).unwrap();
    }
    for wait in [150, 300, 600] {
        let mut child = crate::support::program::command(&data, &["import", &documents.to_string_lossy()])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let said = run(&data, &["import", &documents.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(get(&format!("{}/api/v1/materials", server.url)).json()["items"].as_array().unwrap().len(), names.len());
    let found = get(&format!("{}/api/v1/search?q={}", server.url, encode("lúa bị đạo ôn"))).json();
    assert_eq!(found["items"][0]["external_id"], "lua-dao-on.pdf", "{found}");
    assert_eq!(server.stop(), Some(0));
    let health = run(&data, &["doctor"]);
    assert!(health.code == Some(0) && health.out.contains("0 việc đang chờ"), "{health:?}");
}

#[test]
fn a_search_is_explained_in_words_with_and_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let lines = folder.path().join("a.jsonl");
    fs::write(&lines, "{\"id\":\"1\",\"title\":\"Trồng lúa\",\"text\":\"Ruộng trồng lúa bị đạo ôn.\"}\n").unwrap();
    assert_eq!(run(&data, &["import", &lines.to_string_lossy()]).code, Some(0));
    let closed = run(&data, &["explain", "trong lua"]);
    assert_eq!(closed.code, Some(0), "{closed:?}");
    for told in [
        "Đọc là: “trồng lúa”",
        "Trồng lúa (",
        "thứ 1",
        "hai từ liền nhau “trồng lúa”: gặp ",
        "từ trong tiêu đề “lúa”: gặp 1 lần",
        "trọng số",
    ] {
        assert!(closed.out.contains(told), "{told}: {closed:?}");
    }
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let through = run(&data, &["explain", "trong lua"]);
    assert_eq!(through.out, closed.out);
    let nonsense = run(&data, &["explain", "trong lua", "khong-phai-ma"]);
    assert!(nonsense.code != Some(0) && nonsense.err.contains("không phải là mã học liệu"), "{nonsense:?}");
    drop(server);
}
