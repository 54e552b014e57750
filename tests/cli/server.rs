//! One server holds the data; commands find it.

use crate::support::http::{encode, get};
use crate::support::program::{Server, run};
use std::fs;

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
