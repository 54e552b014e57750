//! Files and names that mean harm.

use super::{Office, fixture, post, wait_for};
use crate::support::http::{get, get_with};
use serde_json::{Value, json};
use std::io::Write;

fn office() -> (Office, String, String) {
    let office = Office::open(&[]);
    let token = office.token("binh", "reviewer", "so-nnmt", &["materials:write"]);
    let url = format!("{}/api/v1/materials", office.url());
    (office, token, url)
}

fn shown(url: &str, token: &str, id: &Value) -> Value {
    get_with(&format!("{url}/{}", id.as_str().unwrap()), &[("authorization", &format!("Bearer {token}"))]).json()
}

#[test]
fn a_file_that_is_two_things_is_what_its_beginning_says_and_never_runs_in_a_page() {
    let (office, token, url) = office();
    let publish = format!("{url}?publish=1");
    // Begins as a picture, goes on as a page with a script.
    let mut polyglot = b"\x89PNG\r\n\x1a\n".to_vec();
    polyglot.extend(b"<html><script>alert(1)</script></html>");
    let made = post("POST", &url, &token, &[("file", Some("anh.html"), &polyglot)]);
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(shown(&url, &token, &made.json()["id"])["files"][0]["media_type"], "image/png");
    let page = "<!DOCTYPE html><html><body><h1>Trồng ném</h1><p>Ném trên cát ven biển.</p><script>alert(1)</script></body></html>";
    let made = post("POST", &publish, &token, &[("file", Some("trang.html"), page.as_bytes())]);
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].clone();
    wait_for("the page's text", || shown(&url, &token, &id)["processing"] == "done");
    let original = shown(&url, &token, &id)["files"][0]["url"].as_str().unwrap().to_owned();
    let sent = get(&format!("{}{original}", office.url()));
    assert_eq!(sent.status, 200);
    assert!(sent.header("content-disposition").starts_with("attachment;"), "{:?}", sent.headers);
    assert_eq!(sent.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(sent.header("x-content-type-options"), "nosniff");
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let refused = post("POST", &url, &token, &[("file", Some("hinh.svg"), svg)]);
    assert_eq!((refused.status, &refused.json()["code"]), (415, &json!("file-unsupported")));
}

#[test]
fn a_bomb_is_taken_in_a_child_and_told_in_plain_words() {
    let (_office, token, url) = office();
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    packed.start_file("[Content_Types].xml", options).unwrap();
    packed.write_all(b"<Types/>").unwrap();
    packed.start_file("word/document.xml", options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..600 {
        packed.write_all(&zeros).unwrap();
    }
    let bomb = packed.finish().unwrap().into_inner();
    assert!(bomb.len() < 2 << 20);
    let made = post("POST", &url, &token, &[("file", Some("a.docx"), &bomb)]);
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].clone();
    wait_for("the verdict", || shown(&url, &token, &id)["processing"] == "failed");
    assert_eq!(get(&url).status, 200, "everything else goes on");
    let locked = post("POST", &url, &token, &[("file", Some("b.pdf"), &fixture("inflating.pdf"))]);
    assert_eq!(locked.status, 201);
    let id = locked.json()["id"].clone();
    wait_for("the verdict", || shown(&url, &token, &id)["processing"] != "pending");
}

#[test]
fn names_lead_nowhere_and_break_no_header() {
    let (office, token, url) = office();
    let text = "Một đoạn văn bản bình thường về cây ném.";
    let names = [
        ("../../../etc/cron.d/x.txt", "x.txt"),
        ("C:\\\\tai lieu\\\\a.txt", "a.txt"),
        ("a\u{202e}txt.exe.txt", "atxt.exe.txt"),
        ("ngoặc%22kép.txt", "ngoặc%22kép.txt"),
        ("<img src=x>.txt", "img src=x.txt"),
        (".htaccess", "htaccess"),
    ];
    for (number, (given, kept)) in names.into_iter().enumerate() {
        let body = format!("{text} {number}");
        let made = post("POST", &format!("{url}?publish=1"), &token, &[("file", Some(given), body.as_bytes())]);
        assert_eq!(made.status, 201, "{given}: {}", made.text());
        let id = made.json()["id"].clone();
        let shown = shown(&url, &token, &id);
        assert_eq!(shown["files"][0]["name"], kept, "{given}");
        let original = shown["files"][0]["url"].as_str().unwrap().to_owned();
        let sent = get(&format!("{}{original}", office.url()));
        assert_eq!((sent.status, sent.body.as_slice()), (200, body.as_bytes()), "{given}");
        let disposition = sent.header("content-disposition");
        assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
        let page = get(&format!("{}{}", office.url(), made.json()["url"].as_str().unwrap())).text();
        assert!(!page.contains("<img src=x>"), "{given}");
    }
    // A line break in a header's value cannot even be sent as a name; in metadata it is a sign like any other.
    use base64::Engine;
    let name = base64::engine::general_purpose::STANDARD.encode("a\r\nSet-Cookie: x=1\r\n.txt");
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("authorization", &*format!("Bearer {token}")),
        ("upload-length", "10"),
        ("upload-metadata", &*format!("filename {name}")),
    ];
    let begun = super::ask("POST", &format!("{}/quan-ly/tai-len/tus", office.url()), &headers, b"");
    assert_eq!(begun.status, 201);
    assert_eq!(begun.header("set-cookie"), "");
}

#[test]
fn a_full_disk_refuses_in_plain_words_and_everything_else_goes_on() {
    let office = Office::open(&["--disk-floor-mb", "1000000000"]);
    let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
    let url = format!("{}/api/v1/materials", office.url());
    let refused = post("POST", &url, &token, &[("file", Some("a.txt"), "Cây ném".as_bytes())]);
    assert_eq!((refused.status, &refused.json()["code"]), (507, &json!("disk-full")), "{}", refused.text());
    assert!(refused.json()["detail"].as_str().unwrap().contains("hết chỗ"), "{}", refused.text());
    assert_eq!(get(&format!("{}/api/v1/search?q=nem", office.url())).status, 200);
}
