use crate::support::http::{encode, get, get_with};
use crate::support::program::{Server, run, seed_content};
use std::fs;
use std::path::Path;

/// A server with one material; answers the address of its page and of its file.
fn server(data: &Path, folder: &Path) -> (Server, String, String) {
    let server = Server::start(data, &["--seed-content", "/nonexistent"]);
    let documents = folder.join("tai-lieu");
    fs::create_dir(&documents).unwrap();
    fs::write(documents.join("nem.md"), "# Trồng ném trên đất cát\n\nNém ưa đất cát, thoát nước tốt.").unwrap();
    assert_eq!(run(data, &["import", &documents.to_string_lossy()]).code, Some(0));
    let found = get(&format!("{}/api/v1/search?q=n%C3%A9m", server.url)).json();
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    let material = get(&format!("{}/api/v1/materials/{id}", server.url)).json();
    let file = format!("{}{}", server.url, material["files"][0]["url"].as_str().unwrap());
    let page = format!("{}/hoc-lieu/{id}/nem", server.url);
    (server, page, file)
}

#[test]
fn what_was_sought_and_opened_is_counted_through_an_end_of_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (server, page, file) = server(&data, folder.path());
    let search = |query: &str| get(&format!("{}/tim?q={}", server.url, encode(query)));
    for query in ["trồng sầu riêng", "Trồng  SẦU riêng!", "trồng sầu riêng", "trồng ném", "trồng ném"]
    {
        assert_eq!(search(query).status, 200);
    }
    // What an address narrows to and nobody knows says nothing about the words: it is no search in vain.
    get(&format!("{}/tim?q={}&chu-de=khong-co", server.url, encode("trồng ném")));
    get(&page);
    get_with(&page, &[("referer", &page)]);
    get_with(&page, &[("user-agent", "Examplebot/1.0")]);
    get(&file);
    get_with(&file, &[("range", "bytes=9-")]);
    let running = run(&data, &["stats"]);
    assert!(
        running.out.contains("trồng sầu riêng"),
        "a running server tells what it still holds in memory: {running:?}"
    );
    search("trồng ném");
    server.stop();
    let said = run(&data, &["stats"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    // The helper's own search is the eighth.
    assert!(said.out.contains("8 lượt tìm, 3 không thấy gì; 1 lượt mở tài liệu, 1 lượt tải tệp."), "{}", said.out);
    let line = |text: &str| said.out.lines().filter(|line| line.starts_with(text)).collect::<Vec<_>>();
    let numbers = |line: &str| -> Vec<u64> { line.split_whitespace().filter_map(|word| word.parse().ok()).collect() };
    let in_vain = line("trồng sầu riêng");
    assert_eq!(in_vain.len(), 2, "once among those in vain, once among all: {}", said.out);
    assert_eq!(numbers(in_vain[0]), [3, 3, 1]);
    assert_eq!(numbers(line("trồng ném")[0]), [4, 0, 1]);
    assert!(line("ném").is_empty(), "what one person asked once is not shown");
}

#[test]
fn a_query_with_a_telephone_number_or_an_address_never_reaches_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (server, ..) = server(&data, folder.path());
    for query in ["ném 0905 123 456", "ném cuaong@example.vn", "zalo 0905123456", "xyzzy quen thuoc"] {
        get(&format!("{}/tim?q={}", server.url, encode(query)));
    }
    server.stop();
    let stored = fs::read(data.join("store.redb")).unwrap();
    let holds = |text: &str| stored.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("xyzzy"), "an ordinary query is there, so the others would be seen");
    for text in ["0905", "cuaong", "example.vn", "127.0.0.1"] {
        assert!(!holds(text), "{text} lies in the store");
    }
    let said = run(&data, &["stats"]);
    assert!(said.out.contains("5 lượt tìm"), "they count as searches: {}", said.out);
}

#[test]
fn what_was_sought_under_a_topic_is_told_by_topic() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let seed = seed_content();
    let server = Server::start(&data, &["--seed-content", &seed.to_string_lossy()]);
    for topic in ["agri.rice", "agri.rice", "agri.rice", "khong.co", "health"] {
        get(&format!("{}/tim?q=zzz+qqq&chu-de={topic}", server.url));
    }
    let lines = |arguments: &[&str]| {
        let said = run(&data, arguments);
        said.out.lines().filter(|line| line.starts_with("zzz qqq")).map(str::to_owned).next().unwrap_or_default()
    };
    assert!(lines(&["stats"]).contains(" 5 "), "{}", lines(&["stats"]));
    assert!(lines(&["stats", "--topic", "agri"]).contains(" 3 "));
    assert!(lines(&["stats", "--topic", "health"]).is_empty(), "asked once under this topic: not shown");
    assert_eq!(run(&data, &["stats", "--from", "2026-02-01", "--to", "2026-01-01"]).code, Some(2));
}
