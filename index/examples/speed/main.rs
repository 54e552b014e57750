//! Measures searching and indexing over passages cut from a corpus, beside a plain index of Tantivy's over the same.
//!
//! ```text
//! cargo run --release -p hoclieu-index --example speed -- [FOLDER CORPUS…] [--passages N] [--characters N]
//! ```
//!
//! FOLDER takes the indexes, which are made once and searched again the next time; each CORPUS is a file of JSON lines with
//! `title` and `text`. Without any, 100,000 passages are made of the pairs that general Vietnamese text is known to have.
//! Passages end with the first sentence that brings them to `--characters` (130), and each is a document with its
//! story's title, two topics and a year; there are at most `--passages` (1,000,000). Then the same texts are cut at 3,000.
//!
//! What is measured:
//!
//! * **Indexing**: bytes of title and text a second until they can be found, with two writing threads and 96 MB for the
//!   writer; the program's own memory at most, without mapped files; the index by part, in relation to the text.
//! * **Searching**: three words in a row out of a title, ten documents with titles and snippets marked, total, two facets.
//!   Computing time of the one thread that searches, to the nanosecond, so that other programs count only through the
//!   caches. Other queries have warmed the index up.
//! * **Plain Tantivy** in between, query by query: BM25 over one field of title and text without marks, the same ten
//!   stored texts fetched (no snippets made), total and facets; any word may match, then two of three must.
//! * **Suggestions** out of the titles: what is in the box after each key.
//! * **Commits**: the time on the clock of searches while a thread of the lowest priority puts documents in and commits
//!   them, against the same without; what the searching thread waits for a core that other programs have is taken off.
//!
//! Before anything is timed, documents are looked for by their whole titles, and answers are compared with themselves:
//! each document found bears a word of the query, and the counts of years add up to the total.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod corpus;
mod made_up;
mod measure;
mod plain;

use corpus::{Corpus, Piece, TOPIC, YEAR, facet_fields};
use hoclieu_index::suggest::{Entry, Suggester};
use hoclieu_index::text::fold::fold;
use hoclieu_index::{Library, Options, Request};
use measure::{Memory, Times, anonymous_mb, cpu_ms, megabytes, parts, process_seconds, without_core_ms};
use plain::Plain;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How many queries are asked.
const QUERIES: usize = 400;
/// Of these many titles the documents are looked for.
const CHECKED: usize = 100;
/// A page of a book has so many characters.
const PAGE: usize = 3_000;
/// So many documents are put in while others search, and so many at once.
const PUT: usize = 20_000;
const COMMIT: usize = 1_000;

type Answer<T> = Result<T, Box<dyn Error>>;

struct Arguments {
    folder: PathBuf,
    corpus: Corpus,
    passages: usize,
    characters: usize,
    /// Deleted in the end, when no folder was given.
    _made: Option<tempfile::TempDir>,
}

fn arguments() -> Answer<Arguments> {
    let (mut paths, mut passages, mut characters) = (Vec::new(), 1_000_000, 130);
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--passages" => passages = given.next().ok_or("--passages N")?.parse()?,
            "--characters" => characters = given.next().ok_or("--characters N")?.parse()?,
            _ => paths.push(PathBuf::from(argument)),
        }
    }
    if paths.is_empty() {
        let made = tempfile::tempdir()?;
        let file = made_up::stories(made.path())?;
        let (folder, corpus) = (made.path().to_owned(), Corpus(vec![file]));
        return Ok(Arguments { folder, corpus, passages: passages.min(100_000), characters, _made: Some(made) });
    }
    let corpus = Corpus(paths.split_off(1));
    let folder = paths.swap_remove(0);
    Ok(Arguments { folder, corpus, passages, characters, _made: None })
}

fn main() -> Answer<()> {
    let given = arguments()?;
    let titles = given.corpus.titles()?;
    let passages = own(&given, "passages", given.characters)?;
    let plain = plain(&given)?;
    check(&passages, &titles)?;
    println!("\nthree words, ten documents with snippets, total and facets; computing time:");
    beside_plain(&passages, &plain, &titles)?;
    let pages = own(&given, "pages", PAGE)?;
    println!("\nthree words over pages of {PAGE} characters:");
    let (marked, unmarked) = (queries(&titles, 0), queries(&titles, 0).iter().map(|query| fold(query)).collect());
    println!("  with marks     {}", ask_all(&pages, &marked)?);
    println!("  without marks  {}", ask_all(&pages, &unmarked)?);
    suggestions(&titles)?;
    commits(&given, &titles)
}

fn options() -> Options {
    Options { facets: facet_fields(), ..Options::default() }
}

/// The crate's index over passages of so many characters, made unless it is there.
fn own(given: &Arguments, name: &str, characters: usize) -> Answer<Library> {
    let folder = given.folder.join(name);
    let library = Library::open(&folder, options())?;
    let (mut count, mut bytes) = (0, 0);
    let is_made = library.revision() > 0;
    let memory = Memory::watch();
    let (started, computed) = (Instant::now(), process_seconds()?);
    let mut writer = library.writer()?;
    given.corpus.each(given.passages, characters, |piece| {
        bytes += piece.bytes() as u64;
        if !is_made {
            writer.put(piece.document(count.to_string()))?;
            count += 1;
        }
        Ok(())
    })?;
    if !is_made {
        writer.commit(1)?;
        let (seconds, computed) = (started.elapsed().as_secs_f64(), process_seconds()? - computed);
        let size = megabytes(bytes);
        println!("\n{name}: {count} of {size:.0} MB indexed in {seconds:.1} s: {:.1} MB/s", size / seconds);
        println!("  {computed:.1} s of computing: {:.1} MB/s on two cores of its own", 2.0 * size / computed);
    }
    let (started, computed) = (Instant::now(), process_seconds()?);
    while let Some(merges) = writer.tidy()? {
        // One that the writer has begun by itself takes part of these; then the rest is tried again.
        if merges.wait().is_err() {
            std::thread::sleep(Duration::from_millis(200));
        }
    }
    let (seconds, computed) = (started.elapsed().as_secs_f64(), process_seconds()? - computed);
    println!(
        "  put together in {seconds:.1} s more, {computed:.1} s of computing; {} MB of memory at most",
        memory.most_mb()
    );
    drop(writer);
    let parts = parts(&folder)?;
    let whole: u64 = parts.iter().map(|(_, bytes)| bytes).sum();
    println!(
        "{name}: {} passages in {} segments, {:.0} MB: {:.2} times the text",
        library.stats().passages,
        library.segments(),
        megabytes(whole),
        megabytes(whole) / megabytes(bytes)
    );
    for (part, size) in parts.iter().filter(|(_, size)| *size > bytes / 200) {
        println!("  {:>5.1} % of the text: {part}", megabytes(*size) / megabytes(bytes) * 100.0);
    }
    Ok(library)
}

fn plain(given: &Arguments) -> Answer<Plain> {
    let folder = given.folder.join("plain");
    let plain = Plain::open(&folder)?;
    if plain.searcher()?.num_docs() == 0 {
        let started = Instant::now();
        let mut filling = plain.fill()?;
        given.corpus.each(given.passages, given.characters, |piece| filling.put(&piece))?;
        filling.finish()?;
        println!("\nplain Tantivy: indexed in {:.1} s, merges included", started.elapsed().as_secs_f64());
    }
    let whole: u64 = parts(&folder)?.iter().map(|(_, bytes)| bytes).sum();
    println!("plain Tantivy: {:.0} MB in {} segments", megabytes(whole), plain.searcher()?.segment_readers().len());
    Ok(plain)
}

/// Three words in a row out of titles, the same every time.
fn queries(titles: &[String], first: usize) -> Vec<String> {
    let of_title = |(at, title): (usize, &String)| {
        let words: Vec<&str> = title.split_whitespace().collect();
        let start = at % words.len().checked_sub(3)?.max(1);
        words.get(start..start + 3).map(|words| words.join(" "))
    };
    let step = (titles.len() / QUERIES).max(1);
    titles.iter().enumerate().skip(first).step_by(step).filter_map(of_title).collect()
}

fn request(query: &str) -> Request {
    Request { facets: vec![TOPIC.to_owned(), YEAR.to_owned()], ..Request::new(query) }
}

/// Fails when answers are not what they must be.
fn check(library: &Library, titles: &[String]) -> Answer<()> {
    let mut found = 0;
    let sample: Vec<&String> = titles.iter().step_by((titles.len() / CHECKED).max(1)).collect();
    for title in &sample {
        let answer = library.search(&request(title))?;
        found += usize::from(answer.hits.first().is_some_and(|hit| hit.title == **title));
    }
    if found * 100 < sample.len() * 95 {
        return Err(format!("of {} documents {found} are found by their titles", sample.len()).into());
    }
    for query in queries(titles, 1).iter().step_by(10) {
        let answer = library.search(&request(query))?;
        let years: usize = answer.facets.get(YEAR).map_or(0, |years| years.iter().map(|year| year.count).sum());
        let shown = answer.hits.iter().all(|hit| {
            hit.title_html.contains("<mark>") || hit.passages.iter().any(|passage| passage.html.contains("<mark>"))
        });
        if years != answer.total || !shown || answer.hits.is_empty() {
            return Err(format!("{query}: {years} by year, {} in all, marked: {shown}", answer.total).into());
        }
    }
    println!("\nchecked: {found} of {} documents come first for their titles", sample.len());
    Ok(())
}

/// Asks each query once and times it.
fn ask_all(library: &Library, queries: &Vec<String>) -> Answer<Times> {
    let mut times = Vec::with_capacity(queries.len());
    for query in queries {
        let before = cpu_ms()?;
        std::hint::black_box(library.search(&request(query))?);
        times.push(cpu_ms()? - before);
    }
    Ok(Times::new(times))
}

/// Asks the crate and plain Tantivy in turn.
fn beside_plain(library: &Library, plain: &Plain, titles: &[String]) -> Answer<()> {
    let searcher = plain.searcher()?;
    for query in queries(titles, 1) {
        library.search(&request(&query))?;
        plain.search(&searcher, &query, 1)?;
    }
    let mut whole = [0, 0, 0];
    for (name, bare) in [("with marks", false), ("without marks", true)] {
        let mut times: [Vec<f64>; 3] = Default::default();
        for query in queries(titles, 0) {
            let query = if bare { fold(&query) } else { query };
            for (at, (times, whole)) in times.iter_mut().zip(&mut whole).enumerate() {
                let before = cpu_ms()?;
                let total = match at {
                    0 => std::hint::black_box(library.search(&request(&query))?).total,
                    least => plain.search(&searcher, &query, least)?,
                };
                times.push(cpu_ms()? - before);
                *whole += total;
            }
        }
        let [ours, any, two] = times.map(Times::new);
        println!("{name}:\n  this crate             {ours}");
        for (name, times) in [("plain, any word      ", any), ("plain, two words     ", two)] {
            let times_as_long = |ours: f64, other: f64| ours / other.max(0.001);
            let (half, most) = (times_as_long(ours.at(500), times.at(500)), times_as_long(ours.at(990), times.at(990)));
            let sum = times_as_long(ours.sum(), times.sum());
            println!(
                "  {name}  {times}; this crate takes {half:.2} (p50), {most:.2} (p99), {sum:.2} (sum) times as long"
            );
        }
    }
    let asked = queries(titles, 0).len() * 2;
    println!(
        "mean total: {} here, {} with any word, {} with two",
        whole[0] / asked,
        whole[1] / asked,
        whole[2] / asked
    );
    println!("memory after searching: {} MB", anonymous_mb());
    Ok(())
}

fn suggestions(titles: &[String]) -> Answer<()> {
    let entries = titles.iter().map(|title| Entry { text: title.clone(), kind: (), weight: 1 });
    let suggester = Suggester::new(entries.collect());
    let mut times = Vec::new();
    for title in titles.iter().step_by((titles.len() / CHECKED).max(1)) {
        for typed in [title.clone(), fold(title)] {
            for (end, _) in typed.char_indices().skip(1) {
                let before = cpu_ms()?;
                std::hint::black_box(suggester.suggest(typed.get(..end).unwrap_or_default(), 8));
                times.push(cpu_ms()? - before);
            }
        }
    }
    println!("\nsuggestions out of {} titles: {}", suggester.len(), Times::new(times));
    Ok(())
}

/// Searches while documents are put in and committed by a thread of the lowest priority.
fn commits(given: &Arguments, titles: &[String]) -> Answer<()> {
    let folder = tempfile::tempdir_in(&given.folder)?;
    linked(&given.folder.join("passages"), folder.path())?;
    // So little memory is one thread's.
    let library = Library::open(folder.path(), Options { writer_memory_bytes: 16 << 20, ..options() })?;
    let queries = queries(titles, 0);
    // Other programs may take the core away; that is no stall of a search.
    let clock = |query: &String| -> Answer<f64> {
        let (waited, started) = (without_core_ms()?, Instant::now());
        std::hint::black_box(library.search(&request(query))?);
        let whole = started.elapsed().as_secs_f64() * 1000.0;
        Ok(whole - (without_core_ms()? - waited))
    };
    for query in &queries {
        clock(query)?;
    }
    let idle = queries.iter().chain(&queries).map(clock).collect::<Answer<_>>()?;
    let (ended, commits) = (AtomicBool::new(false), AtomicUsize::new(0));
    let busy = std::thread::scope(|scope| -> Answer<Vec<f64>> {
        let work = scope.spawn(|| {
            let worked = put_more(given, &library, &commits).map_err(|error| error.to_string());
            ended.store(true, Ordering::Release);
            worked
        });
        let mut times = Vec::new();
        while !ended.load(Ordering::Acquire) {
            for query in &queries {
                times.push(clock(query)?);
            }
        }
        work.join().unwrap_or_else(|_| Err("the writing thread failed".to_owned()))?;
        Ok(times)
    })?;
    println!("\nsearches on the clock, nothing else done: {}", Times::new(idle));
    println!("while {} commits of {COMMIT} documents go on: {}", commits.into_inner(), Times::new(busy));
    Ok(())
}

fn put_more(given: &Arguments, library: &Library, commits: &AtomicUsize) -> Answer<()> {
    let thread = std::fs::read_link("/proc/thread-self")?;
    let thread = thread.file_name().ok_or("no thread")?.to_owned();
    let niced = std::process::Command::new("renice").args(["-n", "19", "-p"]).arg(thread).output()?;
    if !niced.status.success() {
        return Err("renice failed".into());
    }
    // What the writer starts takes over the priority.
    let mut writer = library.writer()?;
    let mut count = 0;
    given.corpus.each(PUT, given.characters, |piece: Piece| {
        writer.put(piece.document(format!("more-{count}")))?;
        count += 1;
        if count % COMMIT == 0 {
            writer.commit(1)?;
            commits.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    })?;
    Ok(())
}

/// A second index of the same files: those of an index are never written again but for its list of contents.
fn linked(from: &Path, to: &Path) -> Answer<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_list = name.to_string_lossy().ends_with(".json") || !name.to_string_lossy().contains('.');
        let target = to.join(&name);
        if is_list { std::fs::copy(entry.path(), target).map(drop)? } else { std::fs::hard_link(entry.path(), target)? }
    }
    Ok(())
}
