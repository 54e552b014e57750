//! Recordings with captions: imported, searched to the second, played in parts, shown in the page; links to other sites.

use crate::support::browser::Page;
use crate::support::http::{Browser, encode, get, get_with};
use crate::support::program::{Server, run};
use std::fs;
use std::path::Path;

/// A password that nobody would guess.
const PASSWORD: &str = "bốn con gà trống ở chợ phiên";

/// Twenty seconds of a quiet tone, one channel of 8,000 bytes a second.
fn wave() -> Vec<u8> {
    let samples: Vec<u8> = (0..160_000_u32).map(|at| if at / 20 % 2 == 0 { 120 } else { 136 }).collect();
    let size = u32::try_from(samples.len()).unwrap();
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((size + 36).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00");
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(8_000_u32.to_le_bytes());
    bytes.extend(b"\x01\x00\x08\x00data");
    bytes.extend(size.to_le_bytes());
    bytes.extend(samples);
    bytes
}

const CAPTIONS: &str = "WEBVTT\n\n00:01.000 --> 00:04.000\nKính thưa bà con, nước lũ đã rút.\n\n\
    00:05.500 --> 00:09.000\nNước giếng phải <i>khử trùng</i> trước khi dùng.\n\n\
    00:12.250 --> 00:15.000\nRửa tay bằng xà phòng.\n";

/// A server whose library holds a recording with captions; answers the recording as the API shows it.
fn library(folder: &Path) -> (Server, serde_json::Value) {
    let documents = folder.join("tai-lieu");
    fs::create_dir(&documents).unwrap();
    fs::write(documents.join("sau-lu.wav"), wave()).unwrap();
    fs::write(documents.join("sau-lu.vi.vtt"), CAPTIONS).unwrap();
    fs::write(documents.join("sau-lu.zh.vtt"), "WEBVTT\n\n00:01.000 --> 00:04.000\n洪水已经退了。\n").unwrap();
    fs::write(
        documents.join("metadata.csv"),
        "tệp,tiêu đề,loại,liên kết\nsau-lu.wav,Phát thanh sau lũ,audio,https://www.youtube.com/watch?v=a&t=8\n",
    )
    .unwrap();
    let data = folder.join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let said = run(&data, &["import", &documents.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let list = get(&format!("{}/api/v1/materials", server.url)).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "captions are no material of their own: {list}");
    let id = list["items"][0]["id"].as_str().unwrap().to_owned();
    let material = get(&format!("{}/api/v1/materials/{id}", server.url)).json();
    (server, material)
}

#[test]
fn a_recording_is_found_by_what_is_said_and_played_from_there() {
    let folder = tempfile::tempdir().unwrap();
    let (server, material) = library(folder.path());
    let types: Vec<_> = material["files"].as_array().unwrap().iter().map(|file| file["media_type"].clone()).collect();
    assert_eq!(types, ["audio/wav", "text/vtt", "text/vtt"]);
    assert_eq!(material["links"], serde_json::json!(["https://www.youtube.com/watch?v=a&t=8"]));
    let id = material["id"].as_str().unwrap();
    let page = get(&format!("{}/api/v1/materials/{id}/pages/1", server.url)).json();
    let second = serde_json::json!({"type": "cue", "start_ms": 5_500, "end_ms": 9_000,
        "text": "Nước giếng phải khử trùng trước khi dùng."});
    assert_eq!(page["blocks"][1], second);
    let query = encode("khử trùng nước giếng");
    let found = get(&format!("{}/api/v1/search?q={query}", server.url)).json();
    assert_eq!(found["items"][0]["passages"][0]["start_seconds"], 5, "{found}");
    let results = get(&format!("{}/tim?q={query}", server.url)).text();
    assert!(results.contains("&#38;t=5#phat") || results.contains("&amp;t=5#phat"), "{results}");

    let address = material["url"].as_str().unwrap();
    let html = get(&format!("{}{address}?trang=1&t=5", server.url)).text();
    let sound = material["files"][0]["url"].as_str().unwrap();
    assert!(html.contains(&format!("<audio controls preload=\"none\" src=\"{sound}#t=5\"")), "{html}");
    assert!(html.contains("kind=\"captions\"") && !html.contains("autoplay") && !html.contains("<iframe"));
    assert!(html.contains("data-t=\"12.250\">0:12</a>"), "{html}");
    assert!(
        html.contains(">Xem hoặc nghe tại youtube.com</a>") && html.contains("rel=\"external noopener noreferrer\"")
    );

    let track = get(&format!("{}/phu-de/{id}.vtt?ban=1", server.url));
    assert_eq!((track.status, track.header("content-type")), (200, "text/vtt; charset=utf-8"));
    assert!(track.text().contains("00:00:05.500 --> 00:00:09.000\nNước giếng phải khử trùng"), "{}", track.text());
    // Other languages are offered beside the first, and played as they came.
    let other = material["files"][2]["url"].as_str().unwrap();
    assert!(html.contains(&format!("src=\"{other}\" srclang=\"zh\" label=\"")), "{html}");
    let told = get(&format!("{}{other}", server.url));
    assert!(told.header("content-type").starts_with("text/vtt") && told.text().contains("洪水"));
    let part = get_with(&format!("{}{sound}", server.url), &[("range", "bytes=40044-40143")]);
    assert_eq!((part.status, part.header("content-range")), (206, "bytes 40044-40143/160044"));
    assert_eq!((part.body.len(), part.header("content-type")), (100, "audio/wav"));
}

#[test]
fn captions_of_a_draft_are_heard_by_its_staff_and_by_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let (server, material) = library(folder.path());
    let id = material["id"].as_str().unwrap();
    let (url, data) = (server.url.clone(), folder.path().join("data"));
    let said =
        run(&data, &["account", "add", "tinh", "--name", "Lan", "--organisation", "he-thong", "--role", "admin"]);
    let link = said.out.split_whitespace().find(|word| word.contains("/mo-tai-khoan/")).unwrap();
    let link = link.find("/mo-tai-khoan/").and_then(|at| link.get(at..)).unwrap();
    let mut admin = Browser::new(&url);
    assert_eq!(admin.post(link, &[("mat-khau-moi", PASSWORD)]).status, 303);
    assert_eq!(admin.post("/dang-nhap", &[("ten", "tinh"), ("mat-khau", PASSWORD)]).status, 303);
    assert_eq!(admin.post(&format!("/quan-ly/hoc-lieu/{id}"), &[("viec", "revise")]).status, 303);
    let preview = admin.get(&format!("/quan-ly/hoc-lieu/{id}/ban/2")).text();
    let track = format!("/phu-de/{id}.vtt?ban=2");
    assert!(preview.contains(&track), "{preview}");
    assert!(admin.get(&track).text().contains("Nước giếng phải khử trùng"));
    assert_eq!(get(&format!("{url}{track}")).status, 404);
    assert_eq!(get(&format!("{url}/phu-de/{id}.vtt?ban=1")).status, 200);
}

#[test]
fn what_lies_about_itself_is_taken_for_what_it_is_and_broken_captions_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let documents = folder.path().join("tai-lieu");
    fs::create_dir(&documents).unwrap();
    fs::write(
        documents.join("gia.mp3"),
        "<!doctype html><html><p>Không phải bài nói</p><script>alert(1)</script></html>",
    )
    .unwrap();
    fs::write(documents.join("lon.vtt"), format!("WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n", "dài ".repeat(2_500_000)))
        .unwrap();
    fs::write(documents.join("rong.vtt"), "WEBVTT\n\nkhông có giờ\n").unwrap();
    fs::write(documents.join("to.wav"), [&wave()[..], &vec![120; 2 << 20][..]].concat()).unwrap();
    let lines = folder.path().join("lien-ket.jsonl");
    let rows = [
        r#"{"id":"1","title":"Đài tỉnh","kind":"video","summary":"Phim về nuôi ong ở gò đồi","links":["https://qrtv.vn/phim"]}"#,
        r#"{"id":"2","title":"Xấu","summary":"a","links":["javascript:alert(1)"]}"#,
        r#"{"id":"3","title":"Trống","links":["https://qrtv.vn/phim"]}"#,
    ];
    fs::write(&lines, rows.join("\n")).unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["--seed-content", "/nonexistent", "--media-mb", "1"]);
    let said = run(&data, &["import", &documents.to_string_lossy()]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    let report = fs::read_dir(folder.path()).unwrap().chain(fs::read_dir(&documents).unwrap());
    let report =
        report.map(|entry| entry.unwrap().path()).find(|path| path.to_string_lossy().contains(".loi-")).unwrap();
    let report = fs::read_to_string(report).unwrap();
    for (name, code) in [("lon.vtt", "file-damaged"), ("rong.vtt", "file-damaged"), ("to.wav", "file-too-large")] {
        assert!(report.lines().any(|line| line.contains(name) && line.contains(code)), "{name}: {report}");
    }
    let said = run(&data, &["import", &lines.to_string_lossy()]);
    assert_eq!(said.code, Some(1));
    let list = get(&format!("{}/api/v1/materials", server.url)).json();
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{list}");
    for item in items {
        let html = get(&format!("{}{}", server.url, item["url"].as_str().unwrap())).text();
        assert!(!html.contains("<audio") && !html.contains("javascript:"), "{html}");
    }
    let found = get(&format!("{}/api/v1/search?q={}", server.url, encode("nuôi ong gò đồi"))).json();
    assert_eq!(found["items"][0]["external_id"], "1", "a link is found by its summary: {found}");
    let none = get(&format!("{}/phu-de/{}.vtt", server.url, items[0]["id"].as_str().unwrap()));
    assert_eq!(none.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_transcript_jumps_in_the_recording_on_a_telephone_and_is_accessible() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_owned();
    let (server, material) = tokio::task::spawn_blocking(move || library(&at)).await.unwrap();
    let address = format!("{}{}", server.url, material["url"].as_str().unwrap());
    for width in [360, 1280] {
        let mut page = Page::open(width, 740).await;
        page.goto(&address).await;
        let over = page.eval("document.documentElement.scrollWidth - innerWidth").await.as_i64().unwrap();
        assert!(over <= 0, "scrolls sideways by {over} px at {width}");
        let violations = page.axe_violations().await;
        assert!(violations.is_empty(), "{width}: {violations:#?}");
        page.eval("document.querySelectorAll('a[data-t]')[2].click()").await;
        assert_eq!(page.eval("document.querySelector('#phat audio').currentTime").await, 12.25);
        assert_eq!(page.text("location.search").await, "", "the page stays where it is");
    }
    // Without script the line is a link to the page with the player at that moment.
    let mut page = Page::open(360, 740).await;
    page.call("Emulation.setScriptExecutionDisabled", serde_json::json!({"value": true})).await;
    page.goto(&address).await;
    page.follow("a[data-t='12.250']").await;
    assert!(page.text("document.querySelector('#phat audio').getAttribute('src')").await.ends_with("#t=12"));
}
