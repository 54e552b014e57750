//! Prints the figures of `docs/OPERATING.md` on uploads: memory while a large film comes in, and how soon many papers can
//! be searched while others search. `cargo bench --bench uploads` runs it.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a program for the terminal")]

#[path = "../support/program.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod program;

use program::{Server, run, seed_content};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// The film.
const FILM_BYTES: u64 = 1 << 30;
/// The papers.
const PAPERS: usize = 100;
const PAGES: usize = 20;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let seed = seed_content();
    let server = Server::start(&data, &["--seed-content", seed.to_str().unwrap(), "--extract-workers", "2"]);
    let token = token(&data);
    std::thread::sleep(Duration::from_secs(10));
    println!("load average before: {}", load());
    film(&server, &token);
    papers(&server, &token);
}

fn token(data: &Path) -> String {
    let added =
        run(data, &["account", "add", "lan", "--name", "Lan", "--organisation", "so-nnmt", "--role", "reviewer"]);
    assert_eq!(added.code, Some(0), "{added:?}");
    let made = run(data, &["token", "create", "lan", "--scope", "materials:write"]);
    made.out.lines().last().unwrap().trim().to_owned()
}

/// Resident memory of a process in KB, and its peak since it was last asked to forget it.
fn memory_kb(pid: u32, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Seconds of processor time that a process and its ended children took.
fn processor_seconds(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = status.rsplit(')').next().unwrap().split_whitespace().collect();
    // utime, stime, cutime and cstime, in hundredths of a second.
    fields[11..15].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

/// What else the machine does: figures of a busy one say little.
fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap().split(' ').next().unwrap().to_owned()
}

/// Sends a request whose body is written by `write`; answers status and body.
fn ask(server: &Server, head: &str, write: impl FnOnce(&mut TcpStream)) -> (u16, String) {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut line = TcpStream::connect(address).unwrap();
    line.write_all(head.replace("HOST", address).as_bytes()).unwrap();
    write(&mut line);
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

/// One film of a gigabyte, in one piece, by tus.
fn film(server: &Server, token: &str) {
    let common =
        format!("Host: HOST\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nTus-Resumable: 1.0.0\r\n");
    // film.mp4
    let head = format!(
        "POST /quan-ly/tai-len/tus HTTP/1.1\r\n{common}Upload-Length: {FILM_BYTES}\r\nUpload-Metadata: filename ZmlsbS5tcDQ=\r\nContent-Length: 0\r\n\r\n"
    );
    let (status, answer) = ask(server, &head, |_| {});
    assert_eq!(status, 201, "{answer}");
    let path = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();
    std::fs::write(format!("/proc/{}/clear_refs", server.pid()), "5").unwrap();
    let before = memory_kb(server.pid(), "VmRSS:");
    let started = Instant::now();
    let head = format!(
        "PATCH {path} HTTP/1.1\r\n{common}Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {FILM_BYTES}\r\n\r\n"
    );
    let worked = processor_seconds(server.pid());
    let (status, answer) = ask(server, &head, |line| {
        let mut piece = vec![0_u8; 1 << 20];
        for number in 0..FILM_BYTES >> 20 {
            piece[..8].copy_from_slice(&number.to_be_bytes());
            if number == 0 {
                piece[..12].copy_from_slice(b"\0\0\0\x18ftypmp42");
            }
            line.write_all(&piece).unwrap();
        }
    });
    assert_eq!(status, 204, "{answer}");
    let peak = memory_kb(server.pid(), "VmHWM:");
    println!(
        "a film of 1 GB: {:.1} s, {:.1} s of processor time, resident memory {} MB before, {} MB at most, {} MB more",
        started.elapsed().as_secs_f64(),
        processor_seconds(server.pid()) - worked,
        before >> 10,
        peak >> 10,
        peak.saturating_sub(before) >> 10
    );
}

/// Papers of twenty pages, published by the API, while someone searches.
fn papers(server: &Server, token: &str) {
    let papers: Vec<Vec<u8>> = (0..PAPERS).map(paper).collect();
    let idle = searching(server, Duration::from_secs(20));
    let (over, url) = (Arc::new(AtomicBool::new(false)), server.url.clone());
    let stop = Arc::clone(&over);
    let reader = std::thread::spawn(move || {
        let mut times = Vec::new();
        while !stop.load(Ordering::SeqCst) {
            times.push(search(&url));
            std::thread::sleep(Duration::from_millis(50));
        }
        times
    });
    let (started, worked) = (Instant::now(), processor_seconds(server.pid()));
    for (number, paper) in papers.iter().enumerate() {
        let boundary = "ranh-gioi";
        let mut body =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{number}.pdf\"\r\n\r\n")
                .into_bytes();
        body.extend(paper);
        body.extend(format!("\r\n--{boundary}--\r\n").bytes());
        let head = format!(
            "POST /api/v1/materials?publish=1 HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let (status, answer) = ask(server, &head, |line| line.write_all(&body).unwrap());
        assert_eq!(status, 201, "{answer}");
    }
    let sent = started.elapsed();
    let found = format!("{}/api/v1/search?q=%22giay+to+thu+nghiem%22&limit=1", server.url);
    while total(&found) < PAPERS as u64 {
        assert!(started.elapsed() < Duration::from_mins(10), "only {} papers are found", total(&found));
        std::thread::sleep(Duration::from_millis(200));
    }
    let all = started.elapsed();
    over.store(true, Ordering::SeqCst);
    let busy = reader.join().unwrap();
    println!(
        "{PAPERS} papers of {PAGES} pages: sent in {:.1} s, all searchable after {:.1} s, {:.1} s of processor time, load average {}",
        sent.as_secs_f64(),
        all.as_secs_f64(),
        processor_seconds(server.pid()) - worked,
        load()
    );
    println!("searches meanwhile: idle {}, busy {}", percentiles(idle), percentiles(busy));
}

fn total(url: &str) -> u64 {
    let mut answer = ureq::get(url).call().unwrap();
    let json: serde_json::Value = serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap();
    json["total"].as_u64().unwrap()
}

fn search(url: &str) -> Duration {
    let started = Instant::now();
    ureq::get(format!("{url}/tim?q=trong+lua+bi+dao+on")).call().unwrap().body_mut().read_to_string().unwrap();
    started.elapsed()
}

fn searching(server: &Server, span: Duration) -> Vec<Duration> {
    let started = Instant::now();
    let mut times = Vec::new();
    while started.elapsed() < span {
        times.push(search(&server.url));
        std::thread::sleep(Duration::from_millis(50));
    }
    times
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    format!("p50 {:.1} ms, p99 {:.1} ms ({} searches)", at(50), at(99), times.len())
}

/// A paper of twenty pages of plain text, each paper and page with words of its own.
fn paper(number: usize) -> Vec<u8> {
    let mut objects = vec![String::from("<< /Type /Catalog /Pages 2 0 R >>")];
    let kids: Vec<String> = (0..PAGES).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    objects.push(format!("<< /Type /Pages /Count {PAGES} /Kids [{}] >>", kids.join(" ")));
    objects.push(String::from("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"));
    for page in 0..PAGES {
        let mut text = String::from("BT /F1 11 Tf 60 790 Td 14 TL\n");
        for line in 0..45 {
            let word = |step: usize| WORDS[(number * 31 + page * 17 + line * 7 + step * 3) % WORDS.len()];
            let words: Vec<&str> = (0..11).map(word).collect();
            let begin = if line == 0 { format!("Giay to thu nghiem so {number} trang {page}.") } else { String::new() };
            writeln!(text, "({begin} {}.) Tj T*", words.join(" ")).unwrap();
        }
        text.push_str("ET");
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            5 + 2 * page
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()));
    }
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        places.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let table = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(file, "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).unwrap();
    file.into_bytes()
}

const WORDS: [&str; 23] = [
    "trong", "lua", "dao", "on", "bon", "phan", "dat", "cat", "nem", "tieu", "nuoc", "muoi", "tom", "ca", "rung", "bo",
    "lon", "ga", "vit", "mua", "gieo", "hat", "sach",
];
