//! Stories for a machine that has no corpus.

use hoclieu_index::text::spell::spell;
use std::collections::HashMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

const STORIES: usize = 12_500;
const SYLLABLES: usize = 300;
const SENTENCE: usize = 20;

/// Syllables that follow a syllable, with how often they do.
type Next = HashMap<&'static str, Vec<(&'static str, u64)>>;

/// A small generator of even numbers below a bound; the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 31) % bound.max(1)
    }

    /// One of the syllables, as often as it is met.
    fn one_of(&mut self, all: &[(&'static str, u64)]) -> &'static str {
        let mut left = self.below(all.iter().map(|(_, count)| count).sum());
        for (key, count) in all {
            match left.checked_sub(*count) {
                Some(rest) => left = rest,
                None => return key,
            }
        }
        ""
    }
}

/// Writes stories made of the pairs of syllables that general text has, as often as it has them; the same every time.
pub(crate) fn stories(folder: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let next = pairs();
    let begin: Vec<(&str, u64)> = {
        let sum = |all: &Vec<(&str, u64)>| all.iter().map(|(_, count)| count).sum();
        let mut begin: Vec<(&str, u64)> = next.iter().map(|(first, all)| (*first, sum(all))).collect();
        begin.sort_unstable();
        begin
    };
    let mut dice = Dice(7);
    let path = folder.join("made-up.jsonl");
    let mut out = BufWriter::new(File::create(&path)?);
    for _ in 0..STORIES {
        let mut text = String::new();
        let mut key = dice.one_of(&begin);
        for at in 1..=SYLLABLES {
            text.push_str(&spell(key, key));
            text.push_str(if at % SENTENCE == 0 { ".\n" } else { " " });
            key = dice.one_of(next.get(key).unwrap_or(&begin));
        }
        let title = text.split_whitespace().take(8).collect::<Vec<_>>().join(" ");
        writeln!(out, "{}", serde_json::json!({ "title": title, "text": text }))?;
    }
    out.flush()?;
    Ok(path)
}

fn pairs() -> Next {
    let mut next = Next::new();
    let lines = include_str!("../../data/pair_counts.tsv").lines().filter_map(|line| line.split_once('\t'));
    for (_, forms) in lines {
        let mut words = forms.split(' ');
        while let (Some(pair), Some(count)) = (words.next(), words.next()) {
            if let (Some((first, second)), Ok(count)) = (pair.split_once('_'), count.parse()) {
                next.entry(first).or_default().push((second, count));
            }
        }
    }
    next
}
