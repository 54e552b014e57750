//! Uploads: from programs, in pieces, from pages; friendly and hostile.

mod antivirus;
mod api;
mod browser;
mod captions;
mod crash;
mod few_actions;
mod hostile;
mod resumed;

use crate::support::http::{Answer, Browser};
use crate::support::program::{Server, run, seed_content};
use std::path::{Path, PathBuf};

/// A password that nobody would guess.
const PASSWORD: &str = "bốn con gà trống ở chợ phiên";

/// A library with the organisations of the seed and no materials.
struct Office {
    folder: tempfile::TempDir,
    server: Option<Server>,
    arguments: Vec<String>,
}

impl Office {
    fn open(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seed = folder.path().join("seed");
        std::fs::create_dir(&seed).unwrap();
        for name in ["topics.json", "organisations.json", "organisation_events.json", "areas.csv", "area_events.csv"] {
            std::fs::copy(seed_content().join(name), seed.join(name)).unwrap();
        }
        // No materials: without this list every file of the folder were one.
        std::fs::write(seed.join("materials.jsonl"), "").unwrap();
        let mut all = vec!["--seed-content".to_owned(), seed.to_string_lossy().into_owned()];
        if !arguments.contains(&"--disk-floor-mb") {
            all.extend(["--disk-floor-mb".to_owned(), "0".to_owned()]);
        }
        all.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        let mut office = Self { folder, server: None, arguments: all };
        office.start();
        office
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn start(&mut self) {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        self.server = Some(Server::start(&self.data(), &arguments));
    }

    /// A power cut, and the light comes back on another port.
    fn cut(&mut self) {
        self.server.take().unwrap().kill();
        self.start();
    }

    fn url(&self) -> &str {
        &self.server.as_ref().unwrap().url
    }

    /// Makes an account and gives it a token, as an operator does.
    fn token(&self, login: &str, role: &str, organisation: &str, scopes: &[&str]) -> String {
        self.account(login, role, organisation);
        let mut arguments = vec!["token", "create", login];
        for scope in scopes {
            arguments.extend(["--scope", scope]);
        }
        let said = run(&self.data(), &arguments);
        assert_eq!(said.code, Some(0), "{said:?}");
        said.out.lines().last().unwrap().trim().to_owned()
    }

    /// Makes an account; answers the path of its one-time link.
    fn account(&self, login: &str, role: &str, organisation: &str) -> String {
        let arguments =
            ["account", "add", login, "--name", "Nguyễn Thị Lan", "--organisation", organisation, "--role", role];
        let said = run(&self.data(), &arguments);
        assert_eq!(said.code, Some(0), "{said:?}");
        let link = said.out.split_whitespace().find(|word| word.contains("/mo-tai-khoan/")).unwrap().to_owned();
        link.find("/mo-tai-khoan/").and_then(|at| link.get(at..)).unwrap().to_owned()
    }

    /// Someone with an account who has signed in.
    fn person(&self, login: &str, role: &str, organisation: &str) -> Browser {
        let link = self.account(login, role, organisation);
        let mut browser = Browser::new(self.url());
        assert_eq!(browser.post(&link, &[("mat-khau-moi", PASSWORD)]).status, 303);
        assert_eq!(browser.post("/dang-nhap", &[("ten", login), ("mat-khau", PASSWORD)]).status, 303);
        browser
    }
}

/// An administrator lets the department publish without review, on its page.
fn let_publish(admin: &mut Browser) {
    let page = admin.get("/quan-ly/co-quan/so-nnmt").text();
    let chosen = |name: &str| {
        let select = page.split(&format!("name=\"{name}\"")).nth(1).unwrap().split("</select>").next().unwrap();
        let option = select.split("<option").find(|option| option.contains(" selected")).unwrap_or_default();
        option.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    };
    let (kind, parent, area) = (chosen("loai"), chosen("cap-tren"), chosen("dia-ban"));
    let fields = [("loai", kind.as_str()), ("cap-tren", &parent), ("dia-ban", &area), ("khong-duyet", "1")];
    assert_eq!(admin.post("/quan-ly/co-quan/so-nnmt", &fields).status, 303);
}

/// A part of a form: its name, its file's name where it is one, and its bytes.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

const BOUNDARY: &str = "ranh-gioi-6f1c";

/// A form with files as programs and browsers send it.
fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream"));
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{}\r\n\r\n",
            file.unwrap_or_default()
        );
        body.extend(head.bytes());
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

/// Sends a request with a body and headers.
#[track_caller]
fn ask(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    crate::support::http::send(method, url, headers, body)
}

/// Sends a form with a token.
#[track_caller]
fn post(method: &str, url: &str, token: &str, parts: &[Part<'_>]) -> Answer {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("content-type", kind.as_str())];
    if !token.is_empty() {
        headers.push(("authorization", &bearer));
    }
    ask(method, url, &headers, &form(parts))
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/files").join(name)).unwrap()
}

/// Waits until something is so.
#[track_caller]
fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{what} has not come");
}

/// How many blobs lie in a data folder, and how many files are on their way in.
fn kept(data: &Path) -> (usize, usize) {
    let all = walk(&data.join("blobs"));
    let incoming = all.iter().filter(|path| path.parent().is_some_and(|folder| folder.ends_with("incoming"))).count();
    (all.len() - incoming, incoming)
}

/// Every file below a folder.
fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}
