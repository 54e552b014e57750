//! From words with places to headings, paragraphs, lists and tables.
//!
//! Words go the way of a PDF's glyphs: in the order in which the recognising program read its columns, in lines by their
//! baselines, with ruled lines around the cells of tables.

use super::hocr::{Found, Place, Word};
use super::sizes::Sizes;
use super::words;
use crate::domain::page::Block;
use crate::extract::clean;
use crate::extract::content::Part;
use crate::extract::read::looks;
use crate::extract::read::pdf::{self, Glyph, Rule};

/// Points to the pixel of a page drawn at 200 dots to the inch.
const SCALE: f64 = 72.0 / 200.0;
/// Letters are about so many times as large as their small ones are high.
const EM: f64 = 1.9;
/// Marks shorter than this, in pixels, rule nothing.
const SHORTEST_RULE: f64 = 40.0;
/// Marks thicker than this, in pixels, are bars and pictures.
const THICKEST_RULE: f64 = 14.0;

/// The blocks of a page.
pub(super) fn blocks(found: Found) -> Vec<Part> {
    let rules = rules(&found.rules);
    let scale = Sizes::of(&found.words);
    let words = words::cleaned(found.words);
    let glyphs = words.iter().map(|word| glyph(word, scale.of_line(word.line.number))).collect();
    clean::parts(pdf::parts_of(glyphs, rules).into_iter().map(told_by_words).collect())
}

/// Where tables with ruled lines lie.
pub(super) fn tables(found: &Found) -> Vec<Place> {
    let areas = pdf::grids(&rules(&found.rules));
    let pixels = |points: f64| whole(points / SCALE);
    let place = |[left, top, right, bottom]: [f64; 4]| Place {
        left: pixels(left),
        top: pixels(top),
        right: pixels(right),
        bottom: pixels(bottom),
    };
    areas.into_iter().map(place).collect()
}

/// Puts the words found inside a table in the place of those that were found there before, row by row.
pub(super) fn replace(found: &mut Found, table: Place, mut words: Vec<Word>) {
    words.sort_by(|a, b| a.line.baseline.total_cmp(&b.line.baseline).then(a.place.left.cmp(&b.place.left)));
    let at = found.words.iter().position(|word| table.holds(word.place)).unwrap_or(found.words.len());
    found.words.retain(|word| !table.holds(word.place));
    let at = at.min(found.words.len());
    found.words.splice(at..at, words);
}

fn rules(marks: &[Place]) -> Vec<Rule> {
    let points = |pixels: i32| f64::from(pixels) * SCALE;
    let middle = |a: i32, b: i32| f64::midpoint(points(a), points(b));
    let rule = |mark: &Place| {
        let (width, height) = (mark.width(), mark.height());
        let across = Rule::Across { y: middle(mark.top, mark.bottom), from: points(mark.left), to: points(mark.right) };
        let down = Rule::Down { x: middle(mark.left, mark.right), from: points(mark.top), to: points(mark.bottom) };
        let is_rule = width.min(height) <= THICKEST_RULE && width.max(height) >= SHORTEST_RULE;
        is_rule.then_some(if width > height { across } else { down })
    };
    marks.iter().filter_map(rule).collect()
}

fn glyph(word: &Word, x_height: f64) -> Glyph {
    // The blank keeps words apart whose places nearly touch.
    Glyph {
        text: format!(" {}", word.text.trim()),
        x: f64::from(word.place.left) * SCALE,
        y: word.line.baseline * SCALE,
        width: word.place.width() * SCALE,
        size: (x_height * EM * SCALE).max(1.0),
        bold: false,
        old: None,
        unseen: false,
    }
}

/// Weight is not recognised, so headings of the size of their text are told by their words.
fn told_by_words(part: Part) -> Part {
    let block = match part.block {
        Block::Paragraph { text } => match looks::heading_level(&clean::line(&text)) {
            Some(level) => Block::Heading { level, text },
            None => Block::Paragraph { text },
        },
        other => other,
    };
    Part { block, ..part }
}

#[expect(clippy::cast_possible_truncation, reason = "places on a page are small")]
fn whole(pixels: f64) -> i32 {
    pixels.round() as i32
}
