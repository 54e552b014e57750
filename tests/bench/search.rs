//! What a search costs by the API, beside the index asked in this process: three words in a row out of each title of the
//! newest materials, ten results with passages, total, all facets. Server and asker have a core each, and the questions have
//! been asked once before. Each answer must name the materials that the index itself names, as many in all.

use super::{agent, cores, cpu_ms, json, median, p99, pin, settle};
use crate::program::Server;
use hoclieu::domain::facet::Facet;
use hoclieu::search::{Query, SearchIndex, Sort};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Pages of titles that questions are made of, and how many titles a page has.
const PAGES: usize = 6;
const TITLES: usize = 50;
/// Clients that ask at once, each over one connection, and how often.
const CLIENTS: usize = 32;
const TIMES: usize = 40;

pub(super) fn searching_by_program(data: &Path) {
    let server = Server::start(data, &["--search-budget-ms", "2000", "--rate-limit-per-minute", "0"]);
    pin(server.pid(), 0);
    pin(std::process::id(), cores() - 1);
    settle(server.pid());
    let questions = questions(&server);
    let agent = agent();
    let addresses: Vec<String> = questions.iter().map(|question| address(&server, question)).collect();
    let answers: Vec<_> = addresses.iter().map(|address| json(&agent, address)).collect();
    let (mut http, mut cpu) = (Vec::new(), Vec::new());
    for address in &addresses {
        let before = cpu_ms(server.pid());
        let asked = Instant::now();
        json(&agent, address);
        http.push(asked.elapsed().as_secs_f64() * 1_000.0);
        cpu.push(cpu_ms(server.pid()) - before);
    }
    at_once(&addresses);
    drop(server);
    let index = SearchIndex::open(&data.join("index"), 64 << 20).unwrap();
    for (question, answer) in questions.iter().zip(&answers) {
        let found = index.search(query(question)).unwrap();
        let ids = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
        let shown: Vec<String> = answer["items"].as_array().unwrap().iter().map(ids).collect();
        assert!(found.total > 0, "{question}");
        // Names of places and bodies are read on the way, and narrow.
        if answer["interpretation"]["readings"].as_array().is_none_or(Vec::is_empty) {
            assert_eq!(answer["total"], found.total, "{question}");
            assert_eq!(shown, found.hits.iter().map(|hit| hit.id.clone()).collect::<Vec<_>>(), "{question}");
        }
    }
    let timed = |question: &String| {
        let asked = Instant::now();
        index.search(query(question)).unwrap();
        asked.elapsed().as_secs_f64() * 1_000.0
    };
    let alone: Vec<f64> = questions.iter().map(timed).collect();
    println!(
        "three words by the API, {} questions: {:.2} ms at the median, {:.2} ms of it the index's; p99 {:.1} ms; {:.2} ms of CPU at the median",
        questions.len(),
        median(http.clone()),
        median(alone),
        p99(http),
        median(cpu)
    );
}

/// Many clients ask all the time, each over a connection that it keeps.
fn at_once(addresses: &[String]) {
    let started = Instant::now();
    let times: Vec<f64> = std::thread::scope(|scope| {
        let client = |number: usize| {
            let agent = agent();
            let own = addresses.iter().cycle().skip(number * TIMES).take(TIMES);
            let timed = own.map(|address| {
                let asked = Instant::now();
                let answer = json(&agent, address);
                assert!(answer["total"].as_u64().is_some_and(|total| total > 0), "{answer}");
                asked.elapsed().as_secs_f64() * 1_000.0
            });
            timed.collect::<Vec<f64>>()
        };
        let clients: Vec<_> = (0..CLIENTS).map(|number| scope.spawn(move || client(number))).collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    });
    #[expect(clippy::cast_precision_loss, reason = "some thousand answers")]
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    println!(
        "{CLIENTS} clients at once, {TIMES} questions each, no error: {rate:.0} answers a second, median {:.1} ms, p99 {:.1} ms",
        median(times.clone()),
        p99(times)
    );
}

/// Three words in a row out of the middle of each title.
fn questions(server: &Server) -> Vec<String> {
    let (agent, mut found) = (agent(), Vec::new());
    for page in 0..PAGES {
        let listed =
            json(&agent, &format!("{}/api/v1/search?sort=newest&limit={TITLES}&cursor={}", server.url, page * TITLES));
        for item in listed["items"].as_array().unwrap() {
            let title = item["title"].as_str().unwrap();
            let words: Vec<&str> = title.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
            found.extend(words.get(words.len() / 2..).and_then(|words| words.get(..3)).map(|words| words.join(" ")));
        }
    }
    assert!(found.len() > TITLES, "{found:?}");
    found
}

fn query(text: &str) -> Query {
    Query {
        text: text.to_owned(),
        filters: Vec::new(),
        sort: Sort::Relevance,
        limit: 10,
        offset: 0,
        facets: Facet::ALL.to_vec(),
        budget: Duration::from_secs(2),
        exact: false,
        names: Vec::new(),
    }
}

fn address(server: &Server, question: &str) -> String {
    let query = question.bytes().fold(String::new(), |mut query, byte| {
        write!(query, "%{byte:02X}").unwrap();
        query
    });
    format!("{}/api/v1/search?limit=10&q={query}", server.url)
}
