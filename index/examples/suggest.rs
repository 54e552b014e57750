//! Measures suggestions: 200,000 texts, and what people have in the box after each key while they type some of them,
//! with marks and without, from the beginning and from the middle, with words in another order. What is suggested for
//! a whole text must begin with its very words before anything is timed. Each key is timed three times and the least
//! is taken, so that what else the machine does counts little.
//!
//! `cargo run --release -p hoclieu-index --example suggest [-- FILE]`: the file holds one text a line; without it texts
//! are made from a fixed seed.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use hoclieu_index::suggest::{Entry, Suggester};
use hoclieu_index::text::fold::fold;
use hoclieu_index::text::syllables;
use std::error::Error;
use std::time::Instant;

const TEXTS: usize = 200_000;
/// So many texts are typed, key by key.
const TYPED: usize = 400;
const LIMIT: usize = 8;
const ONSETS: [&str; 20] =
    ["b", "c", "ch", "d", "đ", "g", "gi", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "s", "t", "th", "tr", "v"];
const RHYMES: [&str; 24] = [
    "a", "á", "à", "ạ", "an", "ản", "anh", "ao", "ạo", "ăm", "âu", "ê", "en", "ị", "iên", "iếu", "o", "ôm", "ông",
    "ơi", "u", "úa", "ưa", "ường",
];

/// A small generator of even numbers below a bound; the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }

    /// A text of four to fourteen syllables, of which some are common and others rare.
    fn text(&mut self) -> String {
        let count = 4 + self.below(11);
        let syllable = |dice: &mut Self| {
            let onset = dice.below(ONSETS.len()) * dice.below(ONSETS.len()) / ONSETS.len();
            let rhyme = dice.below(RHYMES.len());
            format!("{}{}", ONSETS[onset], RHYMES[rhyme])
        };
        (0..count).map(|_| syllable(self)).collect::<Vec<_>>().join(" ")
    }
}

/// Everything that stands in the box while a text is typed.
fn keys(text: &str) -> Vec<&str> {
    let ends = text.char_indices().skip(1).map(|(at, _)| at);
    ends.chain([text.len()]).filter_map(|at| text.get(..at)).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut dice = Dice(11);
    let texts: Vec<String> = match std::env::args().nth(1) {
        Some(file) => std::fs::read_to_string(file)?.lines().take(TEXTS).map(str::to_owned).collect(),
        None => (0..TEXTS).map(|_| dice.text()).collect(),
    };
    let started = Instant::now();
    let entries = texts.iter().zip((0..1_000).cycle());
    let entries = entries.map(|(text, weight)| Entry { text: text.clone(), kind: (), weight });
    let suggester = Suggester::new(entries.collect());
    println!("{} texts made ready in {:.2} s", suggester.len(), started.elapsed().as_secs_f64());
    let sample: Vec<&String> = (0..TYPED).map(|_| &texts[dice.below(texts.len())]).collect();
    for text in &sample {
        let found = suggester.suggest(text, LIMIT);
        assert!(found.first().is_some_and(|best| words(best.text).starts_with(&words(text))), "{text}");
    }
    let middle = |text: &str| text.split_once(' ').map_or_else(String::new, |(_, rest)| rest.to_owned());
    let turned = |text: &str| {
        let words: Vec<&str> = text.split(' ').take(5).collect();
        words.into_iter().rev().collect::<Vec<_>>().join(" ")
    };
    measure("with marks", &suggester, sample.iter().map(|text| (*text).clone()));
    measure("without marks", &suggester, sample.iter().map(|text| fold(text)));
    measure("from the middle", &suggester, sample.iter().map(|text| middle(&fold(text))));
    measure("words turned round", &suggester, sample.iter().map(|text| turned(text)));
    measure("one letter a word", &suggester, sample.iter().map(|text| initials(&fold(text))));
    Ok(())
}

/// The words of a text in the one form under all their spellings.
fn words(text: &str) -> Vec<String> {
    syllables(text).iter().map(|syllable| syllable.key.to_string()).collect()
}

/// The first letter of each word: the hardest to narrow.
fn initials(text: &str) -> String {
    let letters = text.split(' ').take(6).filter_map(|word| word.chars().next());
    letters.map(String::from).collect::<Vec<_>>().join(" ")
}

fn measure(name: &str, suggester: &Suggester<()>, typed: impl Iterator<Item = String>) {
    let mut spent = Vec::new();
    for text in typed {
        for key in keys(&text) {
            let time = || {
                let started = Instant::now();
                std::hint::black_box(suggester.suggest(key, LIMIT));
                started.elapsed().as_secs_f64() * 1000.0
            };
            spent.push(time().min(time()).min(time()));
        }
    }
    spent.sort_by(f64::total_cmp);
    let at = |share: usize| spent[(spent.len() - 1) * share / 1000];
    println!("{name}: {} keys, p50 {:.3} ms, p99 {:.3} ms, most {:.3} ms", spent.len(), at(500), at(990), at(1000));
}
