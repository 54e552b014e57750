//! How far a recognition can be trusted.
//!
//! The program's own sureness stays high on pages where it missed nearly everything, so two more things are measured:
//! the share of the ink that lies under the words it found, and the share of its words that Vietnamese could have.

use super::hocr::{Found, Word};
use super::ink::{CELL, Ink};
use crate::extract::language::is_syllable;
use std::ops::Range;

/// Where so much of the ink is read, the rest is ornaments, stamps and strokes of the pen.
const ENOUGH_INK: f64 = 0.85;
/// Numbers, names and abbreviations leave a clean page with about so many syllables among its words.
const ENOUGH_SYLLABLES: f64 = 0.85;
/// No page has more pixels along a side.
const MOST_PIXELS: usize = 5_000;
/// Words say little about a text when there are fewer than this.
const FEW_WORDS: usize = 8;

/// What was measured of a recognition, each from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measured {
    /// The program's own sureness, by length of words.
    pub(super) sureness: f64,
    /// The share of the letters' ink that lies under words.
    pub(super) coverage: f64,
    /// The share of syllables among the words; 1 where the text need not be Vietnamese.
    pub(super) syllables: f64,
}

impl Measured {
    pub(super) fn of(found: &Found, ink: &Ink, is_vietnamese: bool) -> Self {
        Self {
            sureness: sureness(&found.words),
            coverage: coverage(&found.words, ink),
            syllables: if is_vietnamese { syllables(&found.words) } else { 1.0 },
        }
    }

    /// How sure the text is, from 0 to 1.
    pub(super) fn confidence(self) -> f64 {
        let enough = |share: f64, wanted: f64| (share / wanted).min(1.0);
        self.sureness * enough(self.coverage, ENOUGH_INK) * enough(self.syllables, ENOUGH_SYLLABLES)
    }
}

/// Whether words read in another way may stand for those read before: no less sure, and not much less of them.
///
/// Lines that were torn are read twice, above and below the tear, so more words are no sign of a better reading.
pub(super) fn is_as_good(words: &[Word], before: &[Word]) -> bool {
    let length = |words: &[Word]| words.iter().map(length).sum::<f64>();
    sureness(words) + 0.03 >= sureness(before) && length(words) >= 0.7 * length(before)
}

/// A confidence as it is kept: in hundredths.
#[expect(clippy::cast_possible_truncation, reason = "hundredths between 0 and 1")]
pub(super) fn rounded(confidence: f64) -> f32 {
    ((confidence * 100.0).round() / 100.0) as f32
}

fn length(word: &Word) -> f64 {
    f64::from(u32::try_from(word.text.chars().count()).unwrap_or(u32::MAX))
}

fn sureness(words: &[Word]) -> f64 {
    let all: f64 = words.iter().map(length).sum();
    let sure: f64 = words.iter().map(|word| word.sureness * length(word)).sum();
    if all > 0.0 { sure / all } else { 0.0 }
}

fn coverage(words: &[Word], ink: &Ink) -> f64 {
    let total = ink.total();
    if total == 0 {
        return 1.0;
    }
    let mut covered = vec![false; ink.cells.len()];
    for word in words {
        for row in cells(word.place.top, word.place.bottom) {
            for column in cells(word.place.left, word.place.right).filter(|column| *column < ink.across) {
                if let Some(cell) = covered.get_mut(row * ink.across + column) {
                    *cell = true;
                }
            }
        }
    }
    let under = ink.cells.iter().zip(&covered).filter(|(_, covered)| **covered).map(|(ink, _)| usize::from(*ink)).sum();
    share(under, total)
}

/// The cells that a stretch of pixels touches.
fn cells(from: i32, to: i32) -> Range<usize> {
    let cell = |at: i32| usize::try_from(at).unwrap_or(0).min(MOST_PIXELS) / CELL;
    cell(from)..cell(to) + 1
}

fn syllables(words: &[Word]) -> f64 {
    let letters = words.iter().map(|word| word.text.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase());
    let words: Vec<String> = letters.filter(|word| !word.is_empty()).collect();
    if words.len() < FEW_WORDS {
        return 1.0;
    }
    share(words.iter().filter(|word| is_syllable(word)).count(), words.len())
}

fn share(part: usize, all: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(part) / number(all).max(1.0)
}
