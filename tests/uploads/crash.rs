//! The power is cut at scattered moments of many uploads and reviews: what was acknowledged is there, nothing half done is seen.

use super::{Office, kept, post, walk};
use crate::support::http::{Browser, get, get_with};
use crate::support::program::run;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// How many uploads are begun before the test ends; each is one draft of its own.
const UPLOADS: usize = 200;
/// How often the light goes out at least, however fast the machine is.
const CUTS: usize = 8;
/// Those who send at the same time.
const SENDERS: usize = 3;

/// A scattered, repeatable wait.
fn wait(round: usize) -> Duration {
    let scattered = (round as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    Duration::from_millis(30 + scattered % 700)
}

/// What an answer promised.
enum Promise {
    /// There is a draft.
    Draft(String),
    /// Everyone may read it.
    Public(String),
    /// Nobody may read it any more.
    Withdrawn(String),
    /// Every byte of it was confirmed.
    Received(String),
    /// A draft that was sent to review, sent back, or given a day: how it stands.
    Stands(String, &'static str),
}

/// One who sends, until the light goes out: forms, files in pieces, drafts that are sent to review, sent back or given a
/// day, published ones of which some are withdrawn.
struct Sender {
    url: String,
    bearer: String,
    cookies: BTreeMap<String, String>,
}

impl Sender {
    fn send(&self, number: usize) -> Option<Promise> {
        let text = format!("Bài số {number} về cây ném trồng trên đất cát ven biển. ").repeat(50);
        match number % 6 {
            0 => self.form("", text.as_bytes()).map(Promise::Draft),
            1 => self.pieces(text.as_bytes()).map(Promise::Received),
            2 => self.stands(&self.form("", text.as_bytes())?, &["send"], "in_review"),
            3 => self.stands(&self.form("", text.as_bytes())?, &["send", "return"], "draft"),
            4 => self.stands(&self.form("", text.as_bytes())?, &["schedule"], "scheduled"),
            _ => self.review(&self.form("?publish=1", text.as_bytes())?, number),
        }
    }

    fn form(&self, wish: &str, text: &[u8]) -> Option<String> {
        let metadata = br#"{"title":"C\u00e2y n\u00e9m","topics":["agri.veg"],"languages":["vi"]}"#;
        let url = format!("{}/api/v1/materials{wish}", self.url);
        let sent = post("POST", &url, &self.bearer, &[("metadata", None, metadata), ("file", Some("nem.txt"), text)]);
        (sent.status == 201).then(|| sent.json()["id"].as_str().unwrap().to_owned())
    }

    fn pieces(&self, text: &[u8]) -> Option<String> {
        let bearer = format!("Bearer {}", self.bearer);
        let ask = |method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]| {
            let mut all = vec![("tus-resumable", "1.0.0"), ("authorization", bearer.as_str())];
            all.extend(headers);
            super::ask(method, &format!("{}{path}", self.url), &all, body)
        };
        let length = text.len().to_string();
        // nem.txt
        let about = [("upload-length", length.as_str()), ("upload-metadata", "filename bmVtLnR4dA==")];
        let path = ask("POST", "/quan-ly/tai-len/tus", &about, b"").header("location").to_owned();
        let (first, rest) = text.split_at(text.len() / 2);
        for (offset, piece) in [(0, first), (first.len(), rest)] {
            let place = offset.to_string();
            let headers = [("upload-offset", place.as_str()), ("content-type", "application/offset+octet-stream")];
            if ask("PATCH", &path, &headers, piece).status != 204 {
                return None;
            }
        }
        Some(path)
    }

    /// Does what leads to a state; only the last answer promises that it is reached.
    fn stands(&self, id: &str, acts: &[&str], state: &'static str) -> Option<Promise> {
        let mut browser = Browser { base: self.url.clone(), cookies: self.cookies.clone() };
        let day = (hoclieu::clock::Clock::system().today() + chrono::Days::new(30)).to_string();
        for act in acts {
            let fields = [("viec", *act), ("loi-nhan", "Thiếu nguồn."), ("ngay", day.as_str())];
            if browser.post(&format!("/quan-ly/hoc-lieu/{id}"), &fields).status != 303 {
                return None;
            }
        }
        Some(Promise::Stands(id.to_owned(), state))
    }

    /// Every second one is withdrawn at once; when nobody answers, either may be.
    fn review(&self, id: &str, number: usize) -> Option<Promise> {
        if (number / 6).is_multiple_of(2) {
            return Some(Promise::Public(id.to_owned()));
        }
        let mut browser = Browser { base: self.url.clone(), cookies: self.cookies.clone() };
        let act = [("viec", "withdraw"), ("loi-nhan", "Sai số liệu")];
        let done = browser.post(&format!("/quan-ly/hoc-lieu/{id}"), &act);
        (done.status == 303).then(|| Promise::Withdrawn(id.to_owned()))
    }
}

/// Sends until the light goes out. A broken line is no answer.
fn send(sender: &Sender, next: &AtomicUsize, over: &AtomicBool) -> Vec<Promise> {
    let mut promised = Vec::new();
    while !over.load(Ordering::SeqCst) {
        let number = next.fetch_add(1, Ordering::SeqCst);
        let sent = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sender.send(number)));
        promised.extend(sent.ok().flatten());
    }
    promised
}

/// Lets everyone send while the light goes out again and again.
fn hard_times(office: &mut Office, token: &str, reviewer: &Browser) -> Vec<Promise> {
    let next = Arc::new(AtomicUsize::new(0));
    let (mut promised, mut round) = (Vec::new(), 0);
    while next.load(Ordering::SeqCst) < UPLOADS || round < CUTS {
        round += 1;
        let over = Arc::new(AtomicBool::new(false));
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| {
                let (url, bearer) = (office.url().to_owned(), token.to_owned());
                let sender = Sender { url, bearer, cookies: reviewer.cookies.clone() };
                let (next, over) = (Arc::clone(&next), Arc::clone(&over));
                std::thread::spawn(move || send(&sender, &next, &over))
            })
            .collect();
        std::thread::sleep(wait(round));
        let server = office.server.take().unwrap();
        over.store(true, Ordering::SeqCst);
        server.kill();
        promised.extend(senders.into_iter().flat_map(|sender| sender.join().unwrap()));
        office.start();
    }
    promised
}

/// Sees that what was promised is so, and how many promises of each sort there were.
fn all_is_kept(office: &Office, token: &str, promised: &[Promise]) -> BTreeMap<&'static str, usize> {
    let bearer = format!("Bearer {token}");
    let status = |id: &str| get(&format!("{}/api/v1/materials/{id}", office.url())).status;
    let own = |path: &str| {
        let headers = [("authorization", bearer.as_str()), ("tus-resumable", "1.0.0")];
        get_with(&format!("{}{path}", office.url()), &headers)
    };
    let mut counts = BTreeMap::new();
    for promise in promised {
        let sort = match promise {
            Promise::Draft(id) => {
                assert_eq!(own(&format!("/api/v1/materials/{id}")).status, 200, "an acknowledged draft is lost");
                assert_eq!(status(id), 404, "a draft is nobody else's to see");
                "new"
            }
            Promise::Public(id) => {
                assert_eq!(status(id), 200, "an acknowledged publication is lost");
                "public"
            }
            Promise::Withdrawn(id) => {
                assert_eq!(status(id), 404, "an acknowledged withdrawal is lost");
                "withdrawn"
            }
            Promise::Received(path) => {
                super::wait_for("the draft of a confirmed file", || own(path).json()["state"] == "taken");
                "received"
            }
            Promise::Stands(id, state) => {
                let told = own(&format!("/api/v1/materials/{id}")).json();
                assert_eq!(told["state"], *state, "an acknowledged act is lost: {told}");
                assert_eq!(status(id), 404, "what is not public is nobody else's to see");
                state
            }
        };
        *counts.entry(sort).or_default() += 1;
    }
    counts
}

#[test]
fn nothing_acknowledged_is_lost_and_orphans_are_collected() {
    let mut office = Office::open(&[]);
    let reviewer = office.person("duyet", "reviewer", "so-nnmt");
    let made = run(&office.data(), &["token", "create", "duyet", "--scope", "materials:write"]);
    let token = made.out.lines().last().unwrap().trim().to_owned();
    let promised = hard_times(&mut office, &token, &reviewer);
    let counts = all_is_kept(&office, &token, &promised);
    println!("promised and kept: {counts:?}");
    assert!(counts.values().sum::<usize>() > 20 && counts.len() == 7, "{counts:?}");
    // What is still on its way in is its sender's to go on with; nothing else lies there.
    for place in walk(&office.data().join("blobs/incoming")) {
        let name = place.file_name().unwrap().to_str().unwrap().to_owned();
        let url = format!("{}/quan-ly/tai-len/tus/{name}", office.url());
        let headers = [("authorization", format!("Bearer {token}")), ("tus-resumable", "1.0.0".to_owned())];
        let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(super::ask("HEAD", &url, &headers, b"").status, 200, "{name} is nobody's");
        assert_eq!(super::ask("DELETE", &url, &headers, b"").status, 204);
    }
    assert_eq!(kept(&office.data()).1, 0, "what was given up goes");
    // An orphan: as if the light had gone out between a file and its transaction, two days ago.
    let orphan = blake3_of(b"khong ai nhac den");
    let part = |from: usize| orphan.get(from..from + 2).unwrap();
    let place = office.data().join("blobs").join(part(0)).join(part(2)).join(&orphan);
    office.server.take().unwrap().kill();
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::write(&place, b"khong ai nhac den").unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 365 * 50);
    for blob in walk(&office.data().join("blobs")) {
        std::fs::File::options().write(true).open(blob).unwrap().set_modified(long_ago).unwrap();
    }
    office.start();
    super::wait_for("the collection", || !place.exists());
    // A page's text that is just being named is no orphan for long.
    super::wait_for("a whole library", || {
        let said = run(&office.data(), &["doctor"]).out;
        said.contains("mã băm đều đúng") && !said.contains("không còn được dùng")
    });
}

fn blake3_of(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
