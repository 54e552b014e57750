//! Measures ranking on judged questions.
//!
//! `evaluate SET_DIR [--queries FILE]` reads `corpus.jsonl` (`id`, `title`, `text` or `pages`), `queries.jsonl` and
//! `qrels.tsv` (and `qrels.pages.tsv`), and prints nDCG@10, recall@10, MRR@10, milliseconds per query, and the share
//! of questions whose right page is the best page of a document among the first ten.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use hoclieu_index::{Document, Library, Options, Passage, Request};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::fs::File;
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
}

#[derive(Deserialize)]
struct PageRow {
    id: Option<String>,
    heading: Option<String>,
    text: String,
}

type Judged = HashMap<String, HashMap<String, f64>>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let set = PathBuf::from(arguments.next().ok_or("usage: evaluate SET_DIR [--queries FILE]")?);
    let mut queries = set.join("queries.jsonl");
    while let Some(argument) = arguments.next() {
        if argument == "--queries" {
            queries = PathBuf::from(arguments.next().ok_or("--queries needs a file")?);
        }
    }
    let started = Instant::now();
    let library = Library::in_memory(Options::default())?;
    let mut writer = library.writer()?;
    for row in rows(&set.join("corpus.jsonl"))? {
        writer.put(document(row?))?;
    }
    writer.commit(1)?;
    println!("indexed in {:.1} s: {:?}", started.elapsed().as_secs_f64(), library.stats());
    let judged = judged(&set.join("qrels.tsv"))?;
    let pages = judged_pages(&set.join("qrels.pages.tsv"))?;
    measure(&library, &queries, &judged, &pages)
}

fn rows(path: &Path) -> Result<impl Iterator<Item = Result<Row, Box<dyn Error>>>, Box<dyn Error>> {
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

fn judged(path: &Path) -> Result<Judged, Box<dyn Error>> {
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
fn judged_pages(path: &Path) -> Result<HashMap<String, HashSet<String>>, Box<dyn Error>> {
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

fn measure(
    library: &Library,
    queries: &Path,
    judged: &Judged,
    pages: &HashMap<String, HashSet<String>>,
) -> Result<(), Box<dyn Error>> {
    let (mut ndcg, mut recall, mut reciprocal, mut right_page) = (0.0, 0.0, 0.0, 0.0);
    let (mut count, mut spent) = (0.0, 0.0);
    for row in rows(queries)? {
        let row = row?;
        let Some(relevant) = judged.get(&row.id) else { continue };
        let started = Instant::now();
        let answer = library.search(&Request::new(&row.text))?;
        spent += started.elapsed().as_secs_f64();
        let grades: Vec<f64> = answer.hits.iter().map(|hit| relevant.get(&hit.id).copied().unwrap_or(0.0)).collect();
        let mut ideal: Vec<f64> = relevant.values().copied().collect();
        ideal.sort_by(|a, b| b.total_cmp(a));
        ndcg += gain(&grades) / gain(&ideal).max(f64::MIN_POSITIVE);
        let found = grades.iter().filter(|grade| **grade > 0.0).count();
        let all = relevant.values().filter(|grade| **grade > 0.0).count().max(1);
        recall += real(found) / real(all);
        reciprocal += grades.iter().position(|grade| *grade > 0.0).map_or(0.0, |at| 1.0 / real(at + 1));
        if let Some(right) = pages.get(&row.id) {
            let best = answer.hits.iter().filter_map(|hit| hit.passages.first());
            right_page += f64::from(u8::from(best.into_iter().any(|passage| right.contains(&passage.page_id))));
        }
        count += 1.0;
    }
    println!(
        "questions {count}  nDCG@10 {:.4}  recall@10 {:.4}  MRR@10 {:.4}",
        ndcg / count,
        recall / count,
        reciprocal / count
    );
    if !pages.is_empty() {
        println!("right page {:.1} %", 100.0 * right_page / count);
    }
    println!("{:.2} ms per question", 1000.0 * spent / count);
    Ok(())
}

fn gain(grades: &[f64]) -> f64 {
    grades.iter().take(10).enumerate().map(|(at, grade)| (grade.exp2() - 1.0) / real(at + 2).log2()).sum()
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn real(count: usize) -> f64 {
    count as f64
}
