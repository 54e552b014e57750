//! Measures ranking on judged questions.
//!
//! `evaluate SET_DIR [--queries FILE] [--all] [--save FILE] [--against FILE]` reads `corpus.jsonl` (`id`, `title`, `text` or
//! `pages`), `queries.jsonl` and `qrels.tsv` (and `qrels.pages.tsv`), and prints for the questions: nDCG@10, recall@10,
//! MRR@10, milliseconds per question, and the share of questions whose right page is the best page of a document among the
//! first ten. `--all` asks every `queries*.jsonl` of the folder, and says what share of the first table's nDCG each keeps.
//! `--save` writes the score of each question; `--against` compares with a saved run: difference, its 95 % interval by a
//! paired bootstrap, and in how many of the resamples it was not above zero.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use hoclieu_index::{Document, Library, Options, Passage, Request};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Instant;

#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    pages: Vec<PageRow>,
    /// The form of a question, where a set has several.
    #[serde(default)]
    form: String,
}

#[derive(Deserialize)]
struct PageRow {
    id: Option<String>,
    heading: Option<String>,
    text: String,
}

type Outcome<T> = Result<T, Box<dyn Error>>;
/// Grades by question and document.
type Judged = HashMap<String, HashMap<String, f64>>;

const USAGE: &str = "usage: evaluate SET_DIR [--queries FILE] [--all] [--save FILE] [--against FILE]";
/// How often the questions are drawn anew.
const RESAMPLES: usize = 5_000;

#[derive(Default)]
struct Arguments {
    set: PathBuf,
    queries: Vec<PathBuf>,
    save: Option<PathBuf>,
    against: Option<PathBuf>,
}

impl Arguments {
    fn read() -> Outcome<Self> {
        let mut arguments = std::env::args().skip(1);
        let set = PathBuf::from(arguments.next().ok_or(USAGE)?);
        let mut read = Self { queries: vec![set.join("queries.jsonl")], set, ..Self::default() };
        while let Some(argument) = arguments.next() {
            let mut file = || arguments.next().map(PathBuf::from).ok_or(USAGE);
            match argument.as_str() {
                "--queries" => read.queries = vec![file()?],
                "--save" => read.save = Some(file()?),
                "--against" => read.against = Some(file()?),
                "--all" => read.queries.extend(variants(&read.set)?),
                _ => return Err(USAGE.into()),
            }
        }
        Ok(read)
    }
}

fn variants(set: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(set)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("queries.")
            && path.extension().is_some_and(|ending| ending == "jsonl")
            && name != "queries.jsonl"
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn main() -> Outcome<()> {
    let arguments = Arguments::read()?;
    let started = Instant::now();
    let library = Library::in_memory(Options::default())?;
    let mut writer = library.writer()?;
    for row in rows(&arguments.set.join("corpus.jsonl"))? {
        writer.put(document(row?))?;
    }
    writer.commit(1)?;
    println!("indexed in {:.1} s: {:?}", started.elapsed().as_secs_f64(), library.stats());
    let set = Set {
        library,
        judged: judged(&arguments.set.join("qrels.tsv"))?,
        pages: judged_pages(&arguments.set.join("qrels.pages.tsv"))?,
    };
    println!(
        "{:<24} {:>9} {:>8} {:>9} {:>7} {:>10} {:>7} {:>6}",
        "questions", "number", "nDCG@10", "recall@10", "MRR@10", "right page", "ms", "share"
    );
    let mut first: Option<Vec<Scored>> = None;
    for queries in &arguments.queries {
        let scored = set.ask(queries)?;
        let whole = first.as_ref().map(|scored| mean(scored, |one| one.ndcg));
        set.print(queries, &scored, whole);
        first.get_or_insert(scored);
    }
    let first = first.unwrap_or_default();
    by_form(&first);
    if let Some(file) = &arguments.against {
        compare(&first, file)?;
    }
    if let Some(file) = &arguments.save {
        let lines: Vec<String> = first.iter().map(|one| format!("{}\t{}", one.id, one.ndcg)).collect();
        fs::write(file, lines.join("\n"))?;
    }
    Ok(())
}

/// A judged set with its index.
struct Set {
    library: Library,
    judged: Judged,
    pages: HashMap<String, HashSet<String>>,
}

/// What one question came to.
struct Scored {
    id: String,
    form: String,
    ndcg: f64,
    recall: f64,
    reciprocal: f64,
    right_page: f64,
    milliseconds: f64,
}

impl Set {
    fn ask(&self, queries: &Path) -> Outcome<Vec<Scored>> {
        let mut scored = Vec::new();
        for row in rows(queries)? {
            let row = row?;
            if let Some(relevant) = self.judged.get(&row.id) {
                scored.push(self.score(&row, relevant)?);
            }
        }
        Ok(scored)
    }

    fn score(&self, row: &Row, relevant: &HashMap<String, f64>) -> Outcome<Scored> {
        let started = Instant::now();
        let answer = self.library.search(&Request::new(&row.text))?;
        let milliseconds = started.elapsed().as_secs_f64() * 1_000.0;
        let grades: Vec<f64> = answer.hits.iter().map(|hit| relevant.get(&hit.id).copied().unwrap_or(0.0)).collect();
        let mut ideal: Vec<f64> = relevant.values().copied().collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        let found = grades.iter().filter(|grade| **grade > 0.0).count();
        let all = relevant.values().filter(|grade| **grade > 0.0).count().max(1);
        let right = |pages: &HashSet<String>| {
            let mut best = answer.hits.iter().filter_map(|hit| hit.passages.first());
            best.any(|passage| pages.contains(&passage.page_id))
        };
        Ok(Scored {
            id: row.id.clone(),
            form: row.form.clone(),
            ndcg: gain(&grades) / gain(&ideal).max(f64::MIN_POSITIVE),
            recall: real(found) / real(all),
            reciprocal: grades.iter().position(|grade| *grade > 0.0).map_or(0.0, |at| 1.0 / real(at + 1)),
            right_page: f64::from(u8::from(self.pages.get(&row.id).is_some_and(right))),
            milliseconds,
        })
    }

    fn print(&self, queries: &Path, scored: &[Scored], whole: Option<f64>) {
        let name = queries.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let ndcg = mean(scored, |one| one.ndcg);
        let right = if self.pages.is_empty() {
            String::new()
        } else {
            format!("{:.1} %", 100.0 * mean(scored, |one| one.right_page))
        };
        let share = whole.map_or_else(String::new, |whole| format!("{:.1} %", 100.0 * ndcg / whole));
        println!(
            "{name:<24} {:>9} {ndcg:>8.4} {:>9.4} {:>7.4} {right:>10} {:>7.2} {share:>6}",
            scored.len(),
            mean(scored, |one| one.recall),
            mean(scored, |one| one.reciprocal),
            mean(scored, |one| one.milliseconds),
        );
    }
}

fn by_form(scored: &[Scored]) {
    let mut forms: Vec<&str> = scored.iter().map(|one| one.form.as_str()).filter(|form| !form.is_empty()).collect();
    forms.sort_unstable();
    forms.dedup();
    for form in forms {
        let of_form: Vec<f64> = scored.iter().filter(|one| one.form == form).map(|one| one.ndcg).collect();
        println!(
            "  form {form:<18} {:>9} {:>8.4}",
            of_form.len(),
            of_form.iter().sum::<f64>() / real(of_form.len().max(1))
        );
    }
}

/// Compares with a saved run, question by question.
fn compare(scored: &[Scored], file: &Path) -> Outcome<()> {
    let text = fs::read_to_string(file)?;
    let parts = text.lines().filter_map(|line| line.rsplit_once('\t'));
    let before: HashMap<&str, f64> = parts.filter_map(|(id, ndcg)| Some((id, ndcg.parse().ok()?))).collect();
    let differences: Vec<f64> = scored.iter().filter_map(|one| Some(one.ndcg - before.get(one.id.as_str())?)).collect();
    let count = differences.len().max(1);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % count
    };
    let draw = |_| (0..count).map(|_| differences.get(next()).copied().unwrap_or_default()).sum::<f64>() / real(count);
    let mut drawn: Vec<f64> = (0..RESAMPLES).map(draw).collect();
    drawn.sort_by(f64::total_cmp);
    let at = |share: usize| drawn.get(RESAMPLES * share / 1_000).copied().unwrap_or_default();
    let worse = drawn.iter().filter(|mean| **mean <= 0.0).count();
    println!(
        "against {}: {:+.4} (95 %: {:+.4} to {:+.4}; not above zero in {:.1} % of {RESAMPLES} resamples of {count} questions)",
        file.display(),
        differences.iter().sum::<f64>() / real(count),
        at(25),
        at(975),
        100.0 * real(worse) / real(RESAMPLES)
    );
    Ok(())
}

fn mean(scored: &[Scored], of: impl Fn(&Scored) -> f64) -> f64 {
    scored.iter().map(of).sum::<f64>() / real(scored.len().max(1))
}

fn rows(path: &Path) -> Outcome<impl Iterator<Item = Outcome<Row>>> {
    let lines = BufReader::new(File::open(path)?).lines();
    Ok(lines.map(|line| Ok(serde_json::from_str(&line?)?)))
}

fn document(row: Row) -> Document {
    let number = |at: usize| u32::try_from(at + 1).unwrap_or(u32::MAX);
    let mut passages: Vec<Passage> = Vec::new();
    for (at, page) in row.pages.into_iter().enumerate() {
        let page_id = page.id.unwrap_or_else(|| number(at).to_string());
        passages.push(Passage { page_id, page: number(at), heading: page.heading, text: page.text });
    }
    if passages.is_empty() {
        passages.push(Passage { page_id: "1".to_owned(), page: 1, heading: None, text: row.text });
    }
    Document { id: row.id, title: row.title, passages, ..Document::default() }
}

fn judged(path: &Path) -> Outcome<Judged> {
    let mut judged = Judged::new();
    for line in BufReader::new(File::open(path)?).lines() {
        let line = line?;
        let parts: Vec<&str> = line.split('\t').collect();
        if let [query, document, grade, ..] = parts.as_slice()
            && let Ok(grade) = grade.parse()
        {
            judged.entry((*query).to_owned()).or_default().insert((*document).to_owned(), grade);
        }
    }
    Ok(judged)
}

/// Right pages by question; empty where the set has none.
fn judged_pages(path: &Path) -> Outcome<HashMap<String, HashSet<String>>> {
    let mut pages: HashMap<String, HashSet<String>> = HashMap::new();
    if !path.is_file() {
        return Ok(pages);
    }
    for line in BufReader::new(File::open(path)?).lines() {
        let line = line?;
        let parts: Vec<&str> = line.split('\t').collect();
        if let [query, rest @ ..] = parts.as_slice() {
            // Any column may name the page; grades are numbers and name none.
            pages.entry((*query).to_owned()).or_default().extend(rest.iter().map(|part| (*part).to_owned()));
        }
    }
    Ok(pages)
}

fn gain(grades: &[f64]) -> f64 {
    grades.iter().take(10).enumerate().map(|(at, grade)| (grade.exp2() - 1.0) / real(at + 2).log2()).sum()
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn real(count: usize) -> f64 {
    count as f64
}
