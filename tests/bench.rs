//! Prints the figures of `docs/OPERATING.md`: starting, scans, importing, searching, memory, and what the API adds to a
//! search (`docs/RELEVANCE.md`). `make bench` runs it.
//!
//! The library is made of word pairs that follow each other in the seed's own texts, the same every time; with
//! `HOCLIEU_BENCH_IMPORT` it is a file of JSON lines instead. It is filled up to 100,000 passages before searching.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a program for the terminal")]
#![expect(clippy::zombie_processes, reason = "a watcher ends what statics cannot drop")]

#[path = "support/program.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod program;

#[path = "support/browser.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod browser;
#[path = "support/paper.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod paper;
#[path = "bench/search.rs"]
mod search;

use program::{Server, command, run, seed_content};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How many documents are imported, and how many passages are searched.
const DOCUMENTS: usize = 60_000;
const PASSAGES: usize = 100_000;
/// Syllables of a generated document: about 3.4 KB of text.
const SYLLABLES: usize = 620;
/// How often each question is asked.
const ROUNDS: usize = 10;

const QUESTIONS: [&str; 20] = [
    "trồng lúa bị đạo ôn",
    "trong lua bi dao on",
    "bệnh chết nhanh cây tiêu",
    "nuôi tôm trên cát",
    "nuoi tom tren cat",
    "vay vốn chính sách nuôi bò",
    "làm sổ đỏ cho ruộng của cha mẹ để lại",
    "dang ky khai sinh muon",
    "lấy chồng Lào đăng ký kết hôn",
    "phòng chống bão lụt",
    "bom mìn còn sót lại",
    "nước giếng nhiễm phèn",
    "huyết áp cao kiêng ăn gì",
    "lừa đảo trên mạng",
    "lua dao chuyen tien qua dien thoai",
    "cách dùng VNeID mức 2",
    "sửa xe máy",
    "hoc may gia dung",
    "dịch tả lợn châu Phi",
    "lớp xóa mù chữ ban đêm cho phụ nữ",
];

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!("machine: {} cores, {}", cores(), if cfg!(debug_assertions) { "debug build" } else { "release build" });
    on_the_seed(&folder.path().join("seed"));
    recognising(&folder.path().join("seed"), folder.path());
    let (file, documents) = match std::env::var_os("HOCLIEU_BENCH_IMPORT") {
        Some(file) => (PathBuf::from(&file), BufReader::new(fs::File::open(&file).unwrap()).lines().count()),
        None => (generated(folder.path(), "import", DOCUMENTS), DOCUMENTS),
    };
    let data = folder.path().join("large");
    importing(&data, &file, documents);
    let more = PASSAGES.saturating_sub(documents);
    if more > 0 {
        let said = run(&data, &["import", generated(folder.path(), "more", more).to_str().unwrap()]);
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
    searching(&data);
    search::searching_by_program(&data);
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A small generator of even numbers; the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

/// Writes documents whose words follow each other as in the seed's texts.
fn generated(folder: &Path, name: &str, count: usize) -> PathBuf {
    let mut files: Vec<PathBuf> =
        fs::read_dir(seed_content().join("sources")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let text: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect::<Vec<_>>().join("\n");
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.contains(['"', '\\', '|'])).collect();
    let mut next: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, word) in words.iter().enumerate().take(words.len() - 1) {
        next.entry(word).or_default().push(at + 1);
    }
    let path = folder.join(format!("{name}.jsonl"));
    let mut out = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    let mut dice = Dice(count as u64);
    for number in 0..count {
        let mut at = dice.below(words.len());
        let mut text = String::new();
        for _ in 0..SYLLABLES {
            write!(text, "{} ", words[at]).unwrap();
            at = match next.get(words[at]) {
                Some(all) => all[dice.below(all.len())],
                None => dice.below(words.len()),
            };
        }
        let title = text.split(' ').take(8).collect::<Vec<_>>().join(" ");
        writeln!(out, r#"{{"id":"{name}-{number}","title":"{title}","text":"{}"}}"#, text.trim_end()).unwrap();
    }
    out.flush().unwrap();
    path
}

/// How long a server is left alone before its memory is read: threads that have nothing to do end within ten seconds.
const REST: Duration = Duration::from_secs(20);

/// From start to the first answer, the size of a result page and the memory of a server at rest.
fn on_the_seed(data: &Path) {
    let seed = seed_content();
    let server = Server::start(data, &["--seed-content", seed.to_str().unwrap()]);
    std::thread::sleep(REST);
    println!("memory at rest after the first start, which loads the seed: {} MB anonymous", anonymous_mb(&server));
    drop(server);
    let started = Instant::now();
    let server = Server::start(data, &[]);
    let page = ask(&agent(), &server, QUESTIONS[0]);
    println!("start to first answer on the seed: {} ms", started.elapsed().as_millis());
    println!("result page on the seed: {:.1} KB (Brotli), one request", kilobytes(page.len()));
    std::thread::sleep(REST);
    println!("memory at rest on the seed: {} MB anonymous", anonymous_mb(&server));
}

fn anonymous_mb(server: &Server) -> u64 {
    memory_mb(server.pid(), "RssAnon")
}

/// Pages of a scan that are recognised.
const SCANNED: u32 = 20;

/// How fast scans are read by a service with one core to itself, how right, and what searches pay meanwhile.
fn recognising(data: &Path, folder: &Path) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (body, wanted) = paper::prose();
    let page = paper::skewed(&runtime.block_on(paper::print(&body)), 1.5);
    let pages: Vec<_> = (0..SCANNED).map(|_| (page.clone(), 75)).collect();
    fs::create_dir(folder.join("scans")).unwrap();
    fs::write(folder.join("scans/quet.pdf"), paper::scan(&pages)).unwrap();
    assert_eq!(run(data, &["import", folder.join("scans").to_str().unwrap()]).code, Some(0));
    let server = Server::start(data, &[]);
    pin(server.pid(), 0);
    pin(std::process::id(), cores() - 1);
    let agent = agent();
    let newest = json(&agent, &format!("{}/api/v1/search?sort=newest&limit=1", server.url));
    let material = format!("{}/api/v1/materials/{}", server.url, newest["items"][0]["id"].as_str().unwrap());
    let state = || json(&agent, &material)["processing"].as_str().unwrap().to_owned();
    while state() != "ocr_under_way" {
        std::thread::sleep(Duration::from_millis(20));
    }
    let (started, mut busy) = (Instant::now(), Vec::new());
    while state() != "done" {
        for question in QUESTIONS.iter().take(5) {
            busy.push(timed(&agent, &server, question));
            std::thread::sleep(Duration::from_millis(40));
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let idle: Vec<f64> = QUESTIONS.iter().cycle().take(200).map(|question| timed(&agent, &server, question)).collect();
    let text = json(&agent, &format!("{material}/pages/2"))["text"].as_str().unwrap().to_owned();
    println!(
        "scans at 200 dpi, askew by 1.5°: {:.2} pages a second on one core, {:.2} % of characters wrong",
        f64::from(SCANNED) / seconds,
        paper::error_rate(&text, &wanted) * 100.0
    );
    println!("result page: p99 {:.1} ms idle, {:.1} ms on the core that reads scans", p99(idle), p99(busy));
}

fn json(agent: &ureq::Agent, address: &str) -> serde_json::Value {
    agent.get(address).call().unwrap().body_mut().read_json().unwrap()
}

/// How many milliseconds an answer takes.
fn timed(agent: &ureq::Agent, server: &Server, question: &str) -> f64 {
    let asked = Instant::now();
    ask(agent, server, question);
    asked.elapsed().as_secs_f64() * 1_000.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn p99(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() * 99 / 100).min(times.len() - 1)]
}

fn importing(data: &Path, file: &Path, documents: usize) {
    let started = Instant::now();
    let mut child = command(data, &["import", file.to_str().unwrap()])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let watched = watch(&mut child, started);
    let whole = started.elapsed();
    assert!(child.wait().unwrap().success(), "the import failed");
    let rate = |time: Duration| rounded(f64::from(u32::try_from(documents).unwrap()) / time.as_secs_f64());
    println!(
        "import of {documents} documents: {} a second stored, {} a second searchable, {} MB resident at most",
        rate(watched.stored),
        rate(whole),
        watched.resident_mb
    );
    println!(
        "computing time of the import: {:.1} core-seconds until stored, the index's beside it included; {:.1} in all",
        watched.stored_cpu, watched.cpu
    );
}

struct Watched {
    stored: Duration,
    /// Core-seconds until everything was stored, and until the end.
    stored_cpu: f64,
    cpu: f64,
    resident_mb: u64,
}

/// Follows an import: when it begins to wait for the index, everything is stored.
fn watch(child: &mut Child, started: Instant) -> Watched {
    let pid = child.id();
    let errors = BufReader::new(child.stderr.take().unwrap());
    let ended = Arc::new(AtomicBool::new(false));
    let has_ended = Arc::clone(&ended);
    let follow = std::thread::spawn(move || {
        let (mut resident_mb, mut cpu) = (0, 0.0_f64);
        while !has_ended.load(Ordering::Acquire) {
            resident_mb = memory_mb(pid, "VmHWM").max(resident_mb);
            cpu = process_seconds(pid).max(cpu);
            std::thread::sleep(Duration::from_millis(100));
        }
        (resident_mb, cpu)
    });
    let mut stored = None;
    for line in errors.lines().map_while(Result::ok) {
        if line.contains("Chờ chỉ mục") {
            stored.get_or_insert_with(|| (started.elapsed(), process_seconds(pid)));
        }
    }
    ended.store(true, Ordering::Release);
    let (stored, stored_cpu) = stored.unwrap_or_else(|| panic!("the import did not say that it waits for the index"));
    let (resident_mb, cpu) = follow.join().unwrap();
    Watched { stored, stored_cpu, cpu, resident_mb }
}

/// The computing time of a process so far in seconds, ended threads included; 0 once it has ended.
fn process_seconds(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    // The kernel counts in hundredths of a second.
    after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Asks every question several times, with the server and this program on a core each.
fn searching(data: &Path) {
    let server = Server::start(data, &["--search-budget-ms", "2000"]);
    let cores = cores();
    pin(server.pid(), 0);
    pin(std::process::id(), cores - 1);
    let agent = agent();
    let everything = ask(&agent, &server, "");
    assert!(!everything.is_empty());
    settle(server.pid());
    for question in QUESTIONS {
        ask(&agent, &server, question);
    }
    let before = cpu_ms(server.pid());
    let mut times = Vec::new();
    let mut largest = 0;
    for _ in 0..ROUNDS {
        for question in QUESTIONS {
            let asked = Instant::now();
            largest = largest.max(ask(&agent, &server, question).len());
            times.push(asked.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    let cpu = (cpu_ms(server.pid()) - before) / f64::from(u32::try_from(times.len()).unwrap());
    times.sort_by(f64::total_cmp);
    let share = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    println!(
        "result page over {PASSAGES} passages: {cpu:.1} ms of CPU; p50 {:.1} ms, p99 {:.1} ms; {:.1} KB at most",
        share(50),
        share(99),
        kilobytes(largest)
    );
    println!("memory while searching: {} MB anonymous", anonymous_mb(&server));
}

/// Waits until a process has been idle for three seconds in a row: after an import segments are put together and texts signed,
/// with short rests between.
fn settle(pid: u32) {
    let mut quiet = 0;
    for _ in 0..300 {
        let before = cpu_ms(pid);
        std::thread::sleep(Duration::from_secs(1));
        quiet = if cpu_ms(pid) - before < 30.0 { quiet + 1 } else { 0 };
        if quiet == 3 {
            return;
        }
    }
    panic!("the server never comes to rest");
}

fn pin(pid: u32, core: usize) {
    let arguments = ["-a", "-cp", &core.to_string(), &pid.to_string()].map(str::to_owned);
    let pinned = std::process::Command::new("taskset").args(arguments).stdout(Stdio::null()).status();
    assert!(pinned.is_ok_and(|status| status.success()), "taskset pins a process to a core");
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().build().into()
}

fn ask(agent: &ureq::Agent, server: &Server, question: &str) -> Vec<u8> {
    let query: String = question.bytes().fold(String::new(), |mut query, byte| {
        write!(query, "%{byte:02X}").unwrap();
        query
    });
    let address = format!("{}/tim?q={query}", server.url);
    let mut answer = agent.get(&address).header("Accept-Encoding", "br").call().unwrap();
    answer.body_mut().read_to_vec().unwrap()
}

/// One line of a process's status in megabytes; 0 once it has ended.
fn memory_mb(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or(0) >> 10
}

/// The computing time of a process so far in milliseconds, to the nanosecond where the kernel counts it.
fn cpu_ms(pid: u32) -> f64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let of_thread = |path: PathBuf| {
        let text = fs::read_to_string(path.join("schedstat")).unwrap_or_default();
        text.split_whitespace().next().and_then(|time| time.parse::<f64>().ok()).unwrap_or(0.0)
    };
    threads.map(|thread| of_thread(thread.unwrap().path())).sum::<f64>() / 1e6
}

fn kilobytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap()) / 1024.0
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate of documents")]
fn rounded(rate: f64) -> u64 {
    rate.round() as u64
}
