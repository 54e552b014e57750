//! Counts syllables and neighbouring pairs in general Vietnamese text, for the tables in `data/`.
//!
//! `xz -dc news.jsonl.xz | lexicon data` reads JSON lines with `title` and `text` and writes `syllable_counts.tsv` and
//! `pair_counts.tsv`: a line for each spelling without marks, then its marked forms with how often each was met.
#![expect(clippy::print_stderr, reason = "a program for the terminal")]

use hoclieu_index::text::{fold::fold, normal, syllables};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Forms that are rarer are left out: slips and names.
const LEAST_SYLLABLE: u32 = 20;
const LEAST_PAIR: u32 = 20;
/// Longer words are no Vietnamese syllables: `nghiêng` with its tone has eight signs.
const MAX_CHARS: usize = 8;

#[derive(Deserialize)]
struct Story {
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

type Counts = HashMap<(Rc<str>, Rc<str>), u32>;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: lexicon FOLDER < stories.jsonl")?);
    let mut single: HashMap<Rc<str>, u32> = HashMap::new();
    let mut pairs = Counts::new();
    for line in std::io::stdin().lock().lines() {
        let story: Story = serde_json::from_str(&line?)?;
        for text in [&story.title, &story.text] {
            count(text, &mut single, &mut pairs);
        }
    }
    let ones = single.into_iter().filter(|(_, times)| *times >= LEAST_SYLLABLE);
    write(&folder.join("syllable_counts.tsv"), ones.map(|(key, times)| (letters(&key), key.to_string(), times)))?;
    let twos = pairs.into_iter().filter(|(_, times)| *times >= LEAST_PAIR);
    let named = |((one, two), times): ((Rc<str>, Rc<str>), u32)| {
        (format!("{}_{}", letters(&one), letters(&two)), format!("{one}_{two}"), times)
    };
    write(&folder.join("pair_counts.tsv"), twos.map(named))
}

fn count(text: &str, single: &mut HashMap<Rc<str>, u32>, pairs: &mut Counts) {
    let mut before: Option<Rc<str>> = None;
    for syllable in syllables(text) {
        if !is_ordinary(&syllable.key) {
            before = None;
            continue;
        }
        *single.entry(Rc::clone(&syllable.key)).or_default() += 1;
        if let Some(before) = before {
            *pairs.entry((before, Rc::clone(&syllable.key))).or_default() += 1;
        }
        before = Some(syllable.key);
    }
}

fn is_ordinary(key: &str) -> bool {
    let digits = key.chars().filter(char::is_ascii_digit).count();
    key.chars().count() <= MAX_CHARS && digits <= usize::from(normal::has_marks(key))
}

fn letters(key: &str) -> String {
    fold(if normal::has_marks(key) { key.trim_end_matches(|c: char| c.is_ascii_digit()) } else { key })
}

fn write(path: &Path, forms: impl Iterator<Item = (String, String, u32)>) -> Result<(), Box<dyn Error>> {
    let mut lines: BTreeMap<String, Vec<(u32, String)>> = BTreeMap::new();
    for (letters, key, times) in forms {
        lines.entry(letters).or_default().push((times, key));
    }
    let mut out = BufWriter::new(File::create(path)?);
    for (letters, mut forms) in lines {
        forms.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let forms: Vec<String> = forms.iter().map(|(times, key)| format!("{key} {times}")).collect();
        writeln!(out, "{letters}\t{}", forms.join(" "))?;
    }
    out.flush()?;
    eprintln!("{} written", path.display());
    Ok(())
}
