//! Two texts side by side, paragraph by paragraph, with the words that differ.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashSet;
use std::ops::Range;

/// More paragraphs of either text are not compared.
const MOST_PARAGRAPHS: usize = 3_000;
/// So many pairs of words are compared in all, a second's work; beyond that paragraphs are marked as changed in whole.
const MOST_PAIRS: usize = 60_000_000;
/// Paragraphs are set beside each other when they share so many, in hundredths, of their words.
const ALIKE: usize = 40;
/// So many paragraphs of a changed passage are looked at to find the one that belongs beside another.
const AHEAD: usize = 20;

/// A piece of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span<'a> {
    pub text: &'a str,
    /// Not in the paragraph beside it.
    pub changed: bool,
}

/// What stands beside what; one side is empty where the other text has nothing like it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row<'a> {
    pub left: Vec<Span<'a>>,
    pub right: Vec<Span<'a>>,
}

/// Two texts side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison<'a> {
    pub rows: Vec<Row<'a>>,
    /// Only the beginnings were compared, for the texts are very long.
    pub cut: bool,
}

impl Row<'_> {
    /// Whether both sides say the same.
    pub fn is_same(&self) -> bool {
        !self.left.is_empty() && self.left.iter().chain(&self.right).all(|span| !span.changed)
    }
}

/// Sets two texts side by side; paragraphs are lines, empty ones do not count.
pub fn compare<'a>(left: &'a str, right: &'a str) -> Comparison<'a> {
    let paragraphs = |text: &'a str| text.lines().map(str::trim).filter(|line| !line.is_empty());
    let cut = [left, right].into_iter().any(|text| paragraphs(text).nth(MOST_PARAGRAPHS).is_some());
    let left: Vec<&str> = paragraphs(left).take(MOST_PARAGRAPHS).collect();
    let right: Vec<&str> = paragraphs(right).take(MOST_PARAGRAPHS).collect();
    let (mut rows, mut pairs_left) = (Vec::new(), MOST_PAIRS);
    for step in capture_diff_slices(Algorithm::Patience, &left, &right) {
        let (olds, news) = (part(&left, step.old_range()), part(&right, step.new_range()));
        if matches!(step, DiffOp::Equal { .. }) {
            rows.extend(
                olds.iter().zip(news).map(|(old, new)| Row { left: whole(old, false), right: whole(new, false) }),
            );
        } else {
            beside(olds, news, &mut pairs_left, &mut rows);
        }
    }
    Comparison { rows, cut }
}

/// Sets the paragraphs of a changed passage beside those that they are most likely made from, in order.
fn beside<'a>(olds: &[&'a str], news: &[&'a str], pairs_left: &mut usize, rows: &mut Vec<Row<'a>>) {
    let words: Vec<HashSet<&str>> = news.iter().map(|new| new.split_whitespace().collect()).collect();
    let mut done = 0;
    for old in olds {
        let waiting = part(news, done..news.len());
        let own: HashSet<&str> = old.split_whitespace().collect();
        let Some(at) = words.iter().skip(done).take(AHEAD).position(|new| are_alike(&own, new)) else {
            rows.push(Row { left: whole(old, true), right: Vec::new() });
            continue;
        };
        rows.extend(waiting.iter().take(at).map(|new| added(new)));
        rows.extend(waiting.get(at).map(|new| changed(old, new, pairs_left)));
        done += at + 1;
    }
    rows.extend(part(news, done..news.len()).iter().map(|new| added(new)));
}

fn added(text: &str) -> Row<'_> {
    Row { left: Vec::new(), right: whole(text, true) }
}

fn whole(text: &str, changed: bool) -> Vec<Span<'_>> {
    vec![Span { text, changed }]
}

fn part<'t, 'a>(texts: &'t [&'a str], range: Range<usize>) -> &'t [&'a str] {
    texts.get(range).unwrap_or_default()
}

fn are_alike(one: &HashSet<&str>, other: &HashSet<&str>) -> bool {
    one.intersection(other).count() * 100 >= one.union(other).count() * ALIKE
}

/// Two versions of a paragraph, word by word.
fn changed<'a>(old: &'a str, new: &'a str, pairs_left: &mut usize) -> Row<'a> {
    let olds: Vec<&str> = old.split_inclusive(' ').collect();
    let news: Vec<&str> = new.split_inclusive(' ').collect();
    match pairs_left.checked_sub(olds.len() * news.len()) {
        Some(left) => *pairs_left = left,
        None => return Row { left: whole(old, true), right: whole(new, true) },
    }
    let bare = |words: &[&'a str]| words.iter().map(|word| word.trim_end()).collect::<Vec<_>>();
    let (mut left, mut right) = (Spans::of(old), Spans::of(new));
    for step in capture_diff_slices(Algorithm::Myers, &bare(&olds), &bare(&news)) {
        let changed = !matches!(step, DiffOp::Equal { .. });
        left.push(part(&olds, step.old_range()), changed);
        right.push(part(&news, step.new_range()), changed);
    }
    Row { left: left.done, right: right.done }
}

/// A paragraph as it is cut into spans from its beginning.
struct Spans<'a> {
    rest: &'a str,
    done: Vec<Span<'a>>,
}

impl<'a> Spans<'a> {
    fn of(text: &'a str) -> Self {
        Self { rest: text, done: Vec::new() }
    }

    fn push(&mut self, words: &[&str], changed: bool) {
        let bytes = words.iter().map(|word| word.len()).sum();
        if let Some((text, rest)) = self.rest.split_at_checked(bytes).filter(|_| bytes > 0) {
            self.done.push(Span { text, changed });
            self.rest = rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A side with what changed in brackets.
    fn shown(spans: &[Span<'_>]) -> String {
        spans.iter().map(|span| if span.changed { format!("[{}]", span.text) } else { span.text.to_owned() }).collect()
    }

    #[test]
    fn changed_words_are_marked_and_moved_paragraphs_stand_alone() {
        let left = "Trồng ném\nChọn ruộng cao, thoát nước tốt.\nBón lót phân chuồng trước khi trồng.\nĐoạn bị bỏ đi.";
        let right = "Trồng ném\nĐoạn hoàn toàn mới ở đây.\nChọn ruộng cao, thoát nước thật tốt.\nBón lót phân chuồng trước khi trồng.";
        let comparison = compare(left, right);
        let rows: Vec<(String, String)> =
            comparison.rows.iter().map(|row| (shown(&row.left), shown(&row.right))).collect();
        let expected = [
            ("Trồng ném", "Trồng ném"),
            ("", "[Đoạn hoàn toàn mới ở đây.]"),
            ("Chọn ruộng cao, thoát nước tốt.", "Chọn ruộng cao, thoát nước [thật ]tốt."),
            ("Bón lót phân chuồng trước khi trồng.", "Bón lót phân chuồng trước khi trồng."),
            ("[Đoạn bị bỏ đi.]", ""),
        ];
        assert_eq!(rows, expected.map(|(left, right)| (left.to_owned(), right.to_owned())));
        assert!(comparison.rows[0].is_same() && !comparison.rows[2].is_same() && !comparison.cut);
    }

    #[test]
    fn long_texts_without_anything_in_common_end_soon() {
        let text = |word: &str| (0..5_000).map(|n| format!("{word} {n}")).collect::<Vec<_>>().join("\n");
        let (left, right) = (text("trái"), text("phải"));
        let comparison = compare(&left, &right);
        assert!(comparison.cut && comparison.rows.len() == 2 * MOST_PARAGRAPHS);
    }

    #[test]
    fn long_texts_that_are_alike_end_soon_and_show_what_they_can() {
        let page =
            |n: usize, word: &str| (0..500).map(|at| format!("chữ{} {word}{n}", at % 40)).collect::<Vec<_>>().join(" ");
        let text = |word: &str| (0..600).map(|n| page(n, word)).collect::<Vec<_>>().join("\n");
        let (left, right) = (text("trái"), text("phải"));
        let rows = compare(&left, &right).rows;
        let in_whole = |row: &&Row<'_>| row.left.len() == 1 && row.left.iter().all(|span| span.changed);
        assert!(rows.len() >= 600 && rows.iter().filter(in_whole).count() < rows.len());
    }

    proptest! {
        #[test]
        fn each_side_holds_its_whole_text_in_order(
            left in proptest::collection::vec("[a-d]( [a-d]){0,6}", 0..12),
            right in proptest::collection::vec("[a-d]( [a-d]){0,6}", 0..12),
        ) {
            let (left, right) = (left.join("\n"), right.join("\n"));
            let comparison = compare(&left, &right);
            let side = |pick: fn(&Row<'_>) -> String| {
                comparison.rows.iter().map(pick).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
            };
            prop_assert_eq!(side(|row| row.left.iter().map(|span| span.text).collect()), left.as_str());
            prop_assert_eq!(side(|row| row.right.iter().map(|span| span.text).collect()), right.as_str());
        }
    }
}
