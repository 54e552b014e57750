//! How large the letters of each line are, in a few steps: measures of scanned letters waver, headings must not.

use super::hocr::Word;
use std::collections::BTreeMap;

/// Where nothing is known of a page's letters, they are taken for so high, in pixels.
const USUAL: f64 = 16.0;
/// A line is of the next step when its letters are larger by more than this …
const STEPS: [(f64, f64); 4] = [(0.82, 0.75), (1.2, 1.0), (1.5, 1.35), (1.95, 1.7)];
/// … and of the last step beyond.
const LARGEST: f64 = 2.2;

/// The heights of small letters, line by line.
pub(super) struct Sizes {
    body: f64,
    lines: BTreeMap<usize, f64>,
}

/// What is known of a line.
#[derive(Default)]
struct Measure {
    x_height: Option<f64>,
    letters: u32,
    /// From the first letter to the last, in pixels.
    from: i32,
    to: i32,
}

impl Measure {
    /// How much room a letter takes.
    fn advance(&self) -> f64 {
        (f64::from(self.to) - f64::from(self.from)) / f64::from(self.letters.max(1))
    }
}

impl Sizes {
    pub(super) fn of(words: &[Word]) -> Self {
        let mut lines: BTreeMap<usize, Measure> = BTreeMap::new();
        for word in words {
            let line =
                lines.entry(word.line.number).or_insert_with(|| Measure { from: i32::MAX, ..Measure::default() });
            line.x_height = word.line.x_height;
            // The blank after a word takes the room of a letter.
            line.letters += u32::try_from(word.text.trim().chars().count()).unwrap_or(0) + 1;
            line.from = line.from.min(word.place.left);
            line.to = line.to.max(word.place.right);
        }
        let measured = || lines.values().filter_map(|line| Some((line.x_height?, line)));
        let body = median(measured().map(|(x_height, line)| (x_height, line.letters))).unwrap_or(USUAL);
        let advance = median(measured().map(|(_, line)| (line.advance(), line.letters)));
        let ratio = |line: &Measure| match (line.x_height, advance) {
            (Some(x_height), _) => x_height / body,
            // Of a line with few letters the width tells more than the height.
            (None, Some(advance)) => line.advance() / advance,
            (None, None) => 1.0,
        };
        let lines = lines.iter().map(|(number, line)| (*number, body * step(ratio(line)))).collect();
        Self { body, lines }
    }

    /// The height of a line's small letters in pixels.
    pub(super) fn of_line(&self, number: usize) -> f64 {
        self.lines.get(&number).copied().unwrap_or(self.body)
    }
}

fn step(ratio: f64) -> f64 {
    STEPS.iter().find(|(below, _)| ratio < *below).map_or(LARGEST, |(_, step)| *step)
}

/// The value that half of the letters have at most.
fn median(values: impl Iterator<Item = (f64, u32)>) -> Option<f64> {
    let mut values: Vec<(f64, u32)> = values.collect();
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: u64 = values.iter().map(|(_, letters)| u64::from(*letters)).sum();
    let mut seen = 0;
    let reaches_half = |(_, letters): &&(f64, u32)| {
        seen += u64::from(*letters);
        seen * 2 >= all
    };
    values.iter().find(reaches_half).map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::super::hocr::{Line, Place};
    use super::*;

    fn word(text: &str, number: usize, x_height: Option<f64>, width: i32) -> Word {
        let place = Place { left: 100, top: 0, right: 100 + width, bottom: 30 };
        Word { text: text.to_owned(), place, sureness: 1.0, line: Line { number, baseline: 0.0, x_height } }
    }

    #[test]
    fn wavering_measures_become_steps_and_unmeasured_lines_are_told_by_their_width() {
        let words = [
            word("một dòng chữ thường dài vừa đủ", 1, Some(18.0), 500),
            word("một dòng chữ thường nữa dài vừa đủ", 2, Some(17.0), 520),
            word("một dòng chữ thường khác dài vừa đủ", 3, Some(19.0), 540),
            word("Một đề mục", 4, Some(24.0), 220),
            word("Nên làm", 5, None, 172),
            word("xong.", 6, None, 90),
        ];
        let sizes = Sizes::of(&words);
        assert!([1, 2, 3, 6].iter().all(|line| (sizes.of_line(*line) - 18.0).abs() < 1e-9));
        assert!([4, 5].iter().all(|line| (sizes.of_line(*line) - 18.0 * 1.35).abs() < 1e-9));
    }
}
