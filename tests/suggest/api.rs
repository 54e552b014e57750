use crate::support::http::{Answer, encode, get, get_with};
use crate::support::program::{Server, run};
use crate::support::seeded::url;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Asks until suggestions have followed the log.
fn suggested(base: &str, query: &str, is_there: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let found = get(&format!("{base}/api/v1/suggest?q={query}")).json();
        if is_there(&found) {
            return found;
        }
        assert!(Instant::now() < deadline, "{query}: {found}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn texts(found: &Value) -> Vec<String> {
    found["items"].as_array().unwrap().iter().map(|item| item["text"].as_str().unwrap().to_owned()).collect()
}

fn seeded(query: &str) -> Value {
    suggested(url(), query, |found| !texts(found).is_empty())
}

#[test]
fn titles_topics_agencies_and_areas_are_suggested_with_and_without_marks() {
    for query in ["phong tru benh dao", "Phòng trừ bệnh đạo", "benh dao on phong t"] {
        let found = seeded(&encode(query));
        assert_eq!(found["items"][0]["text"], "Phòng trừ bệnh đạo ôn trên cây lúa", "{query}: {found}");
        assert_eq!(found["items"][0]["kind"], "material");
        let page = get(&format!("{}{}", url(), found["items"][0]["url"].as_str().unwrap()));
        assert_eq!(page.status, 200);
    }
    for keys in ["nuooi toom the", "nuo6i to6m the"] {
        let found = seeded(&encode(keys));
        assert!(found["items"][0]["text"].as_str().unwrap().starts_with("Nuôi tôm thẻ"), "{keys}: {found}");
    }
    let topics = seeded("cay%20an%20q&kind=topic");
    assert_eq!(topics["items"][0]["url"], "/chu-de/agri.fruit");
    assert!(topics["items"][0]["html"].as_str().unwrap().starts_with("<mark>Cây ăn q</mark>uả"), "{topics}");
    let bodies = seeded(&encode("sở nn&ptnt"));
    assert!(
        bodies["items"].as_array().unwrap().iter().any(|item| {
            item["kind"] == "organisation" && item["note"] == "nay là Sở Nông nghiệp và Môi trường tỉnh Quảng Trị"
        }),
        "{bodies}"
    );
    let areas = seeded("gio%20chau&kind=area");
    assert_eq!(areas["items"][0]["note"], "nay là Xã Gio Linh");
}

#[test]
fn an_organisation_is_suggested_once_and_its_short_name_is_no_old_one() {
    for query in ["Sở NN&MT", "so nong nghiep", "hội nông dân"] {
        let found = seeded(&encode(query));
        let items = found["items"].as_array().unwrap();
        let mut urls: Vec<_> = items.iter().map(|item| item["url"].to_string()).collect();
        urls.sort();
        urls.dedup();
        assert_eq!(urls.len(), items.len(), "{query}: {found}");
        let short = items.iter().find(|item| item["text"] == "Sở NN&MT");
        assert!(short.is_none_or(|short| short["note"].is_null()), "{query}: {found}");
    }
}

#[test]
fn a_suggestion_may_be_kept_a_while_and_read_from_any_site() {
    let answer: Answer = get(&format!("{}/api/v1/suggest?q=lua&limit=3", url()));
    assert_eq!(answer.header("cache-control"), "public, max-age=120");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert!(!answer.header("etag").is_empty());
    assert!(texts(&answer.json()).len() <= 3);
    for query in ["", "%20", "%00", "%F0%9F%90%9D", &"a".repeat(5_000)] {
        assert_eq!(get(&format!("{}/api/v1/suggest?q={query}", url())).status, 200, "{query}");
    }
    for (wrong, code) in [("limit=x", "limit-invalid"), ("kind=none", "kind-unknown")] {
        let answer = get(&format!("{}/api/v1/suggest?q=lua&{wrong}", url()));
        assert_eq!((answer.status, &answer.json()["code"]), (400, &Value::from(code)), "{wrong}");
    }
}

#[test]
fn whoever_types_fast_has_a_limit_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let server =
        Server::start(&folder.path().join("data"), &["--seed-content", "/nonexistent", "--rate-limit-per-minute", "2"]);
    let ask = |path: &str| get_with(&format!("{}{path}", server.url), &[]).status;
    let typed: Vec<u16> = (0..11).map(|_| ask("/api/v1/suggest?q=lua")).collect();
    assert_eq!(typed.iter().filter(|status| **status == 200).count(), 10);
    assert_eq!(typed.last(), Some(&429));
    assert_eq!(ask("/api/v1/topics"), 200, "typing does not use up searches");
}

#[test]
fn suggestions_follow_what_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let import = |title: &str| {
        let lines = folder.path().join("a.jsonl");
        std::fs::write(&lines, format!("{{\"id\":\"1\",\"title\":\"{title}\",\"text\":\"x\"}}\n")).unwrap();
        assert_eq!(run(&data, &["import", &lines.to_string_lossy()]).code, Some(0));
    };
    import("Dệt zèng");
    suggested(&server.url, "det%20z", |found| texts(found) == ["Dệt zèng"]);
    import("Nghề dệt thổ cẩm");
    suggested(&server.url, "det", |found| texts(found) == ["Nghề dệt thổ cẩm"]);
    server.stop();
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    suggested(&server.url, "tho%20c", |found| texts(found) == ["Nghề dệt thổ cẩm"]);
}
