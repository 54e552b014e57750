//! The power is cut at scattered moments of many uploads: what was acknowledged is there, nothing half done is seen.

use super::{Office, kept, post, walk};
use crate::support::http::get_with;
use crate::support::program::run;
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

/// Sends files until the light goes out; answers the ids that were acknowledged. A broken line is no answer.
fn send(url: &str, token: &str, next: &AtomicUsize, over: &AtomicBool) -> Vec<String> {
    let mut acknowledged = Vec::new();
    while !over.load(Ordering::SeqCst) {
        let number = next.fetch_add(1, Ordering::SeqCst);
        let text = format!("Bài số {number} về cây ném trồng trên đất cát ven biển. ").repeat(50);
        let (url, token) = (url.to_owned(), token.to_owned());
        let sent =
            std::panic::catch_unwind(move || post("POST", &url, &token, &[("file", Some("nem.txt"), text.as_bytes())]));
        if let Ok(answer) = sent.map(|answer| (answer.status, answer)).map_err(drop)
            && answer.0 == 201
        {
            acknowledged.push(answer.1.json()["id"].as_str().unwrap().to_owned());
        }
    }
    acknowledged
}

#[test]
fn nothing_acknowledged_is_lost_and_orphans_are_collected() {
    let mut office = Office::open(&[]);
    let token = office.token("lan", "author", "so-nnmt", &["materials:write"]);
    let next = Arc::new(AtomicUsize::new(0));
    let (mut acknowledged, mut round) = (Vec::new(), 0);
    while next.load(Ordering::SeqCst) < UPLOADS || round < CUTS {
        round += 1;
        let over = Arc::new(AtomicBool::new(false));
        let senders: Vec<_> = (0..SENDERS)
            .map(|_| {
                let (url, token) = (format!("{}/api/v1/materials", office.url()), token.clone());
                let (next, over) = (Arc::clone(&next), Arc::clone(&over));
                std::thread::spawn(move || send(&url, &token, &next, &over))
            })
            .collect();
        std::thread::sleep(wait(round));
        let server = office.server.take().unwrap();
        over.store(true, Ordering::SeqCst);
        server.kill();
        acknowledged.extend(senders.into_iter().flat_map(|sender| sender.join().unwrap()));
        office.start();
    }
    assert!(acknowledged.len() > 20, "{round} cuts, {} acknowledged", acknowledged.len());
    let bearer = format!("Bearer {token}");
    for id in &acknowledged {
        let shown = get_with(&format!("{}/api/v1/materials/{id}", office.url()), &[("authorization", &bearer)]);
        assert_eq!(shown.status, 200, "an acknowledged upload is lost after {round} cuts");
    }
    assert_eq!(kept(&office.data()).1, 0, "what nobody names is swept at the start");
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
