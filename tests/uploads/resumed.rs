//! Uploads in pieces: what was confirmed is never sent again, whatever happens to the line or the server.

use super::{Office, ask, kept, wait_for, walk};
use crate::support::http::{Answer, Browser, get_with};
use base64::Engine;
use serde_json::json;
use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const PIECE: (&str, &str) = ("content-type", "application/offset+octet-stream");

/// A sender who speaks tus by hand.
struct Line {
    base: String,
    who: (String, String),
}

impl Line {
    fn of_token(office: &Office, token: &str) -> Self {
        Self { base: office.url().to_owned(), who: ("authorization".to_owned(), format!("Bearer {token}")) }
    }

    fn of_person(browser: &Browser) -> Self {
        let cookie = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        Self { base: browser.base.clone(), who: ("cookie".to_owned(), cookie.join("; ")) }
    }

    #[track_caller]
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut all = vec![("tus-resumable", "1.0.0"), (self.who.0.as_str(), self.who.1.as_str())];
        all.extend(headers);
        ask(method, &format!("{}{path}", self.base), &all, body)
    }

    #[track_caller]
    fn begin(&self, name: &str, length: usize) -> Answer {
        let name = base64::engine::general_purpose::STANDARD.encode(name);
        let (length, metadata) = (length.to_string(), format!("filename {name}"));
        self.ask("POST", "/quan-ly/tai-len/tus", &[("upload-length", &length), ("upload-metadata", &metadata)], b"")
    }

    #[track_caller]
    fn append(&self, path: &str, offset: usize, body: &[u8]) -> Answer {
        self.ask("PATCH", path, &[PIECE, ("upload-offset", &offset.to_string())], body)
    }
}

fn code(answer: &Answer) -> (u16, String) {
    (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// A text of so many bytes that is like no other.
fn text(length: usize) -> Vec<u8> {
    let words = (0_u64..).flat_map(|number| format!("Dòng thứ {number} nói về cây ném. ").into_bytes());
    let mut bytes: Vec<u8> = words.take(length).collect();
    while std::str::from_utf8(&bytes).is_err() {
        bytes.pop();
        bytes.insert(0, b' ');
    }
    bytes
}

#[test]
fn pieces_in_order_become_a_draft_and_any_other_is_refused() {
    let office = Office::open(&[]);
    let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
    let line = Line::of_token(&office, &token);
    let told = ask("OPTIONS", &format!("{}/quan-ly/tai-len/tus", office.url()), &[], b"");
    assert_eq!((told.status, told.header("tus-version")), (204, "1.0.0"));
    let bytes = text(100_000);
    let begun = line.begin("../../etc/ném \u{202e}fdp.txt", bytes.len());
    assert_eq!(begun.status, 201, "{}", begun.text());
    let path = begun.header("location").to_owned();
    assert!(path.starts_with("/quan-ly/tai-len/tus/"), "{path}");
    let (first, rest) = bytes.split_at(40_000);
    assert_eq!(line.append(&path, 0, first).header("upload-offset"), "40000");
    // A place that is not the end, more than was declared, another kind, another version.
    assert_eq!(code(&line.append(&path, 0, first)), (409, "upload-offset".to_owned()));
    assert_eq!(code(&line.append(&path, 50_000, rest)), (409, "upload-offset".to_owned()));
    let longer = [rest, b"x"].concat();
    assert_eq!(code(&line.append(&path, 40_000, &longer)), (413, "upload-too-long".to_owned()));
    assert_eq!(line.ask("HEAD", &path, &[], b"").header("upload-offset"), "40000", "nothing of too much is kept");
    let plain = line.ask("PATCH", &path, &[("upload-offset", "40000"), ("content-type", "text/plain")], rest);
    assert_eq!(code(&plain), (415, "upload-type".to_owned()));
    let old = ask("HEAD", &format!("{}{path}", office.url()), &[("tus-resumable", "0.2.2")], b"");
    assert_eq!(old.status, 412);
    let done = line.append(&path, 40_000, rest);
    assert_eq!((done.status, done.header("upload-offset")), (204, "100000"), "{}", done.text());
    let told = line.ask("GET", &path, &[], b"").json();
    assert_eq!((&told["state"], &told["existing"]), (&json!("taken"), &json!(false)));
    assert_eq!(code(&line.append(&path, 100_000, b"")), (410, "upload-over".to_owned()));
    let id = told["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let draft = get_with(&format!("{}/api/v1/materials/{id}", office.url()), &[("authorization", &line.who.1)]).json();
    assert_eq!(
        (&draft["files"][0]["name"], &draft["files"][0]["size_bytes"]),
        (&json!("ném fdp.txt"), &json!(100_000))
    );
    assert_eq!(draft["title"], "", "a title is for the author to say");
}

#[test]
fn another_account_finds_no_upload_where_one_is() {
    let office = Office::open(&[]);
    let own = Line::of_token(&office, &office.token("lan", "author", "so-nnmt", &["materials:write"]));
    let other = Line::of_token(&office, &office.token("minh", "manager", "so-nnmt", &["materials:write"]));
    let path = own.begin("a.txt", 10).header("location").to_owned();
    let missing = format!("{}/00000000-0000-7000-8000-000000000000", "/quan-ly/tai-len/tus");
    for (method, headers) in
        [("HEAD", vec![]), ("GET", vec![]), ("DELETE", vec![]), ("PATCH", vec![PIECE, ("upload-offset", "0")])]
    {
        let (real, none) = (other.ask(method, &path, &headers, b""), other.ask(method, &missing, &headers, b""));
        assert_eq!((real.status, real.text()), (none.status, none.text()), "{method}");
        assert_eq!(real.status, 404, "{method}");
    }
    assert_eq!(own.ask("DELETE", &path, &[], b"").status, 204);
    assert_eq!(own.ask("HEAD", &path, &[], b"").status, 404);
    assert_eq!(kept(&office.data()), (0, 0));
    let nobody = ask(
        "POST",
        &format!("{}/quan-ly/tai-len/tus", office.url()),
        &[("tus-resumable", "1.0.0"), ("upload-length", "1")],
        b"",
    );
    assert_eq!(code(&nobody), (401, "sign-in-required".to_owned()));
    let reading = Line::of_token(&office, &office.token("doc", "author", "so-nnmt", &["materials:read"]));
    assert_eq!(code(&reading.begin("a.txt", 10)), (403, "not-allowed".to_owned()));
}

#[test]
fn a_line_that_breaks_leaves_what_it_brought_even_through_a_power_cut() {
    let mut office = Office::open(&[]);
    let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
    let bytes = text(3 << 20);
    let path = {
        let line = Line::of_token(&office, &token);
        line.begin("lớn.txt", bytes.len()).header("location").to_owned()
    };
    // Half of what is promised, then silence.
    let address = office.url().strip_prefix("http://").unwrap().to_owned();
    let mut socket = TcpStream::connect(&address).unwrap();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n\r\n",
        bytes.len()
    );
    socket.write_all(head.as_bytes()).unwrap();
    socket.write_all(&bytes[..1_500_000]).unwrap();
    socket.flush().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    // Asking takes the upload over from the line that hangs.
    let offset = Line::of_token(&office, &token).ask("HEAD", &path, &[], b"").header("upload-offset").to_owned();
    let offset: usize = offset.parse().unwrap();
    assert!((1_000_000..=1_500_000).contains(&offset), "{offset}");
    office.cut();
    let line = Line::of_token(&office, &token);
    assert_eq!(
        line.ask("HEAD", &path, &[], b"").header("upload-offset"),
        offset.to_string(),
        "what was confirmed stays"
    );
    assert_eq!(line.append(&path, offset, &bytes[offset..]).status, 204);
    assert_eq!(line.ask("GET", &path, &[], b"").json()["state"], "taken");
    drop(socket);
    let original = only_original(&office, &line, &path);
    assert!(original == bytes, "the bytes are the same");
}

/// The bytes of the draft that an upload has become, from the disk.
fn only_original(office: &Office, line: &Line, path: &str) -> Vec<u8> {
    let url = line.ask("GET", path, &[], b"").json()["url"].as_str().unwrap().to_owned();
    let id = url.rsplit('/').next().unwrap();
    let draft = get_with(&format!("{}/api/v1/materials/{id}", office.url()), &[(&line.who.0, &line.who.1)]).json();
    let size = draft["files"][0]["size_bytes"].as_u64().unwrap();
    let blobs = walk(&office.data().join("blobs"));
    let found: Vec<PathBuf> = blobs.into_iter().filter(|path| std::fs::metadata(path).unwrap().len() == size).collect();
    assert_eq!(found.len(), 1);
    std::fs::read(&found[0]).unwrap()
}

#[test]
fn a_whole_file_whose_sender_was_cut_off_becomes_a_draft_all_the_same() {
    let mut office = Office::open(&[]);
    let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
    let line = Line::of_token(&office, &token);
    let bytes = text(5_000);
    let path = line.begin("a.txt", bytes.len()).header("location").to_owned();
    assert_eq!(line.append(&path, 0, &bytes[..4_999]).status, 204);
    // The last byte reached the disk, and then the light went out.
    let id = path.rsplit('/').next().unwrap();
    let partial = office.data().join("blobs/incoming").join(id);
    office.server.take().unwrap().kill();
    let mut file = std::fs::OpenOptions::new().append(true).open(partial).unwrap();
    file.write_all(&bytes[4_999..]).unwrap();
    office.start();
    let line = Line::of_token(&office, &token);
    wait_for("the draft", || line.ask("GET", &path, &[], b"").json()["state"] == "taken");
    assert_eq!(kept(&office.data()).1, 0);
}

#[test]
fn days_have_their_measure() {
    let office = Office::open(&["--upload-account-mb", "1"]);
    let line = Line::of_token(&office, &office.token("lan", "author", "so-nnmt", &["materials:write"]));
    assert_eq!(code(&line.begin("a.txt", 0)), (422, "file-empty".to_owned()));
    assert_eq!(code(&line.begin("a.txt", 201 << 20)), (413, "file-too-large".to_owned()));
    assert_eq!(code(&line.begin("a.mp4", 3 << 30)), (413, "file-too-large".to_owned()));
    let path = line.begin("a.txt", 900 << 10).header("location").to_owned();
    assert_eq!(code(&line.begin("b.txt", 200 << 10)), (429, "upload-account-full".to_owned()));
    assert_eq!(line.ask("DELETE", &path, &[], b"").status, 204);
    let path = line.begin("b.txt", 200 << 10).header("location").to_owned();
    let whole = "Ném trồng trên đất cát. ".repeat(8_000);
    let whole = whole.as_bytes().get(..200 << 10).unwrap();
    assert_eq!(
        line.ask("PATCH", &path, &[PIECE, ("upload-offset", "0")], whole).status,
        204,
        "what is given up counts no more"
    );
    assert_eq!(code(&line.ask("DELETE", &path, &[], b"")), (409, "upload-finished".to_owned()));
    assert_eq!(code(&line.begin("c.txt", 900 << 10)), (429, "upload-account-full".to_owned()), "what was taken does");
}

#[test]
fn a_page_of_another_site_sends_nothing_in_a_persons_name() {
    let office = Office::open(&[]);
    let person = office.person("lan", "author", "so-nnmt");
    let line = Line::of_person(&person);
    let foreign = [("origin", "https://example.org"), ("sec-fetch-site", "cross-site")];
    let headers = [foreign[0], foreign[1], ("upload-length", "5")];
    assert_eq!(line.ask("POST", "/quan-ly/tai-len/tus", &headers, b"").status, 403);
    let own = line.begin("a.txt", 5);
    assert_eq!(own.status, 201);
    let path = own.header("location").to_owned();
    let headers = [foreign[0], foreign[1], PIECE, ("upload-offset", "0")];
    assert_eq!(line.ask("PATCH", &path, &headers, b"abcde").status, 403);
    assert_eq!(line.ask("DELETE", &path, &foreign, b"").status, 403);
    assert_eq!(line.ask("HEAD", &path, &[], b"").header("upload-offset"), "0");
}

#[test]
fn a_real_client_stops_in_the_middle_and_goes_on_after_a_power_cut() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut office = Office::open(&[]);
    let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
    let bytes = text(9 << 20);
    let source = office.folder.path().join("ném.txt");
    std::fs::write(&source, &bytes).unwrap();
    let memory = office.folder.path().join("memory.json");
    let run = |office: &Office, until: &str| {
        let output = Command::new("node")
            .arg(root.join("tests/fixtures/uploads/client.mjs"))
            .arg(root.join("target/tools/node_modules"))
            .args([&format!("{}/quan-ly/tai-len/tus", office.url()), &token])
            .args([&source, &memory])
            .arg(until)
            .stdin(Stdio::null())
            .output()
            .expect("node is installed (make setup-tests installs it)");
        assert!(output.status.success(), "tus-js-client (make setup-tests installs it): {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let stopped = run(&office, "stop");
    office.cut();
    let line = Line::of_token(&office, &token);
    let path = stopped.find("/quan-ly/").and_then(|at| stopped.get(at..)).unwrap().to_owned();
    let kept: usize = line.ask("HEAD", &path, &[], b"").header("upload-offset").parse().unwrap();
    assert!(kept >= 4 << 20 && kept < bytes.len(), "{kept}");
    assert_eq!(run(&office, "end"), format!("from {kept}"), "nothing is sent again");
    let told = line.ask("GET", &path, &[], b"").json();
    assert_eq!(told["state"], "taken", "{told}");
    assert!(only_original(&office, &line, &path) == bytes, "the bytes are the same");
}
