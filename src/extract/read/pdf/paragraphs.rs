//! Headings, paragraphs, lists and aligned rows out of lines.

use super::glyphs::Sheet;
use super::lines::{Item, Line};
use super::tables::Found;
use crate::domain::page::Block;
use crate::domain::text::decoding::Decodings;
use crate::extract::clean;
use crate::extract::content::{Part, heading, paragraph};
use crate::extract::read::looks;
use std::collections::BTreeMap;

/// How many consecutive lines must stand in columns to be a table.
const FEWEST_ROWS: usize = 3;
/// More lines than this are not looked at to find a column's edge.
const MOST_LINES: usize = 500;
/// Starts of columns may differ by this, in points.
const ALIGNED: f64 = 4.0;

/// The letter sizes of a document.
#[derive(Debug)]
pub(super) struct Style {
    /// The size most letters have.
    body: f64,
    /// Sizes of headings, the largest first.
    large: Vec<f64>,
    /// Most letters are bold, so bold says nothing.
    mostly_bold: bool,
}

impl Style {
    pub(super) fn of(sheets: &[Sheet]) -> Self {
        let mut sizes: BTreeMap<u64, usize> = BTreeMap::new();
        let (mut bold, mut all) = (0, 0);
        for glyph in sheets.iter().flat_map(|sheet| &sheet.glyphs).filter(|glyph| !glyph.text.trim().is_empty()) {
            *sizes.entry(half_points(glyph.size)).or_default() += 1;
            bold += usize::from(glyph.bold);
            all += 1;
        }
        let body = sizes.iter().max_by_key(|(_, count)| **count).map_or(0.0, |(size, _)| points(*size));
        let mut large: Vec<f64> = Vec::new();
        for size in sizes.into_keys().rev().map(points).filter(|size| *size >= 1.14 * body) {
            // Sizes this near are one size, rounded by the program that wrote the file.
            if large.last().is_none_or(|last| size < last * 0.97) {
                large.push(size);
            }
        }
        Self { body, large, mostly_bold: bold * 5 > all * 2 }
    }

    /// The level of a line that looks like a heading.
    fn level(&self, line: &Line, text: &str) -> Option<u8> {
        let has_words = text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
        if !has_words || text.chars().count() > 200 {
            return None;
        }
        if line.size >= 1.14 * self.body {
            let above = self.large.iter().filter(|size| **size > line.size * 1.03).count();
            return Some(u8::try_from(above + 1).unwrap_or(6).min(3));
        }
        let by_weight = line.bold && !self.mostly_bold && line.size >= 0.95 * self.body && looks::may_be_heading(text);
        by_weight.then(|| u8::try_from(self.large.len() + 1).unwrap_or(6).min(4))
    }
}

fn half_points(size: f64) -> u64 {
    // Counted up instead of cast: sizes are small, and no float may be cut silently.
    (0..2_000).find(|half| points(*half) + 0.25 > size).unwrap_or(2_000)
}

fn points(half: u64) -> f64 {
    f64::from(u32::try_from(half).unwrap_or(u32::MAX)) / 2.0
}

/// The blocks of a page.
pub(super) fn parts(items: &[Item], tables: Vec<Found>, style: &Style) -> Vec<Part> {
    let mut tables: Vec<Option<Found>> = tables.into_iter().map(Some).collect();
    let mut writer = Writer { style, pitch: pitch(items), edges: edges(items), open: None, parts: Vec::new() };
    let mut at = 0;
    while let Some(item) = items.get(at) {
        let rows = aligned_rows(items.get(at..).unwrap_or_default());
        if rows >= FEWEST_ROWS {
            writer.close();
            writer.parts.push(rows_table(items.get(at..at + rows).unwrap_or_default()));
            at += rows;
            continue;
        }
        match item {
            Item::Line(line) => writer.line(line),
            Item::Table(number) => {
                writer.close();
                if let Some(table) = tables.get_mut(*number).and_then(Option::take) {
                    let Found { header, rows, decodings, .. } = table;
                    writer.parts.push(Part { block: Block::Table { header, rows }, decodings });
                }
            }
        }
        at += 1;
    }
    writer.close();
    writer.parts
}

/// The usual distance from a line to the next.
fn pitch(items: &[Item]) -> f64 {
    let mut steps: Vec<f64> = items
        .windows(2)
        .filter_map(|pair| match pair {
            [Item::Line(a), Item::Line(b)] => {
                Some(b.y - a.y).filter(|step| *step > 0.5 * a.size && *step < 3.0 * a.size)
            }
            _ => None,
        })
        .collect();
    steps.sort_by(f64::total_cmp);
    // The lower third, because gaps between paragraphs can outnumber the lines inside them.
    steps.get(steps.len() / 3).copied().unwrap_or(14.0)
}

/// Where each line begins and ends.
fn edges(items: &[Item]) -> Vec<(f64, f64)> {
    let lines = items.iter().filter_map(|item| if let Item::Line(line) = item { Some(line) } else { None });
    lines.take(MOST_LINES).map(|line| (line.from(), line.to())).collect()
}

/// The right edge of the column a line stands in: where most long lines end that begin near it.
fn right(edges: &[(f64, f64)], line: &Line) -> f64 {
    let near = edges.iter().filter(|(from, _)| (from - line.from()).abs() <= 3.0 * line.size);
    let mut ends: Vec<f64> = near.map(|(_, to)| *to).collect();
    ends.sort_by(f64::total_cmp);
    // Not the very last: a title over two columns is wider than either.
    ends.get(ends.len() * 9 / 10).copied().unwrap_or_else(|| line.to())
}

struct Open {
    kind: Kind,
    text: String,
    last: Line,
    /// Where the second and later lines begin.
    left: Option<f64>,
    decodings: Decodings,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Heading(u8),
    Paragraph,
    Item(u8),
}

struct Writer<'a> {
    style: &'a Style,
    pitch: f64,
    edges: Vec<(f64, f64)>,
    open: Option<Open>,
    parts: Vec<Part>,
}

impl Writer<'_> {
    fn line(&mut self, line: &Line) {
        let text = clean::line(&line.text());
        if text.is_empty() {
            return;
        }
        let item = looks::list_item(&text);
        let kind = match (&item, self.style.level(line, &text)) {
            (Some(Block::ListItem { level, .. }), _) => Kind::Item(*level),
            (_, Some(level)) => Kind::Heading(level),
            _ => Kind::Paragraph,
        };
        if let Some(open) = &mut self.open
            && item.is_none()
            && line.marker().is_none()
            && continues(open, line, &text, kind, (self.pitch, right(&self.edges, &open.last)))
        {
            join(open, &text);
            // Under a marker the text is set in, so its second line tells where it begins.
            open.left.get_or_insert(line.from());
            open.decodings.add_all(&line.decodings);
            open.last = line.clone();
            return;
        }
        self.close();
        let text = if let Some(Block::ListItem { text, .. }) = item { text } else { text };
        self.open = Some(Open { kind, text, last: line.clone(), left: None, decodings: line.decodings.clone() });
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let block = match open.kind {
            Kind::Heading(level) => heading(level, open.text),
            Kind::Paragraph => paragraph(open.text),
            Kind::Item(level) => Block::ListItem { ordered: false, level, text: open.text },
        };
        self.parts.push(Part { block, decodings: open.decodings });
    }
}

/// Whether a line goes on with the block that is open.
fn continues(open: &Open, line: &Line, text: &str, kind: Kind, (pitch, right): (f64, f64)) -> bool {
    let last = &open.last;
    let step = line.y - last.y;
    let same_size = (line.size - last.size).abs() <= 0.12 * last.size.max(line.size);
    if let (Kind::Heading(a), kind) = (open.kind, kind) {
        return kind == Kind::Heading(a) && same_size && step > 0.0 && step < 1.6 * last.size && last.bold == line.bold;
    }
    if matches!(kind, Kind::Heading(_)) || !same_size {
        return false;
    }
    let ended = open.text.ends_with(['.', ':', ';', '!', '?', '…', '”']);
    let begins_low = text.chars().next().is_some_and(|c| c.is_lowercase() || c == ',' || c == ')');
    if step <= 0.0 {
        // The text goes on at the top of the next column.
        return !ended && begins_low;
    }
    if step > 1.45 * pitch.max(last.size) {
        return false;
    }
    if starts_numbered(text) && (ended || last.to() < last.from() + 0.85 * (right - last.from())) {
        return false;
    }
    let plain = open.kind == Kind::Paragraph && last.marker().is_none() && !starts_numbered(&open.text);
    let left = open.left.or(plain.then(|| last.from()));
    let indented = left.is_some_and(|left| line.from() > left + 0.8 * line.size);
    let width = right - last.from();
    let short = last.to() < last.from() + 0.85 * width;
    // A line that leaves half of its column free ends its paragraph, whatever its last sign.
    if last.to() < last.from() + 0.5 * width && !begins_low {
        return false;
    }
    !(ended && (short || indented) || indented && !begins_low)
}

/// "1. ", "2) ", "a) " and "Điều 3" begin something new.
fn starts_numbered(text: &str) -> bool {
    let Some(first) = text.split_whitespace().next() else { return false };
    let core = first.trim_end_matches(['.', ')', ':']);
    let marked = core.len() < first.len();
    let counted = !core.is_empty() && core.chars().all(|c| c.is_ascii_digit() || c == '.');
    let lettered = core.chars().count() == 1 && core.chars().all(char::is_alphabetic);
    (marked && (counted || lettered)) || looks::heading_level(text).is_some()
}

/// Joins a line to the text before it.
fn join(open: &mut Open, next: &str) {
    let soft = open.last.text().trim_end().ends_with('\u{ad}');
    let text = &mut open.text;
    if soft {
        text.push_str(next);
        return;
    }
    let before = text.chars().rev().nth(1);
    if text.ends_with('-') && before.is_some_and(char::is_alphabetic) && next.starts_with(char::is_lowercase) {
        // Whether the hyphen was put in for the line's end cannot be told, so it stays.
        text.push_str(next);
        return;
    }
    text.push(' ');
    text.push_str(next);
}

/// How many lines from the first on stand in the same columns.
fn aligned_rows(items: &[Item]) -> usize {
    let Some(Item::Line(first)) = items.first() else { return 0 };
    if !is_row(first) {
        return 0;
    }
    let fits = |line: &Line| {
        is_row(line)
            && line.pieces.len() == first.pieces.len()
            && line
                .pieces
                .iter()
                .zip(&first.pieces)
                .all(|(a, b)| (a.from - b.from).abs() <= ALIGNED || (a.to - b.to).abs() <= ALIGNED)
    };
    items.iter().take_while(|item| matches!(item, Item::Line(line) if fits(line))).count()
}

/// A row has short pieces, no leaders of dots, and begins with more than a bullet or a number.
fn is_row(line: &Line) -> bool {
    let [first, rest @ ..] = line.pieces.as_slice() else { return false };
    let marker = first.text.chars().count() <= 3 && rest.len() == 1;
    let leaders = line.pieces.iter().any(|piece| piece.text.contains("....") || piece.text.contains("……"));
    let long = line.pieces.iter().any(|piece| piece.text.chars().count() > 60);
    !rest.is_empty() && !marker && !leaders && !long
}

fn rows_table(items: &[Item]) -> Part {
    let lines: Vec<&Line> =
        items.iter().filter_map(|item| if let Item::Line(line) = item { Some(line) } else { None }).collect();
    let header = lines.first().is_some_and(|line| line.bold) && !lines.iter().all(|line| line.bold);
    let rows = lines.iter().map(|line| line.pieces.iter().map(|piece| piece.text.clone()).collect()).collect();
    let decodings = lines.iter().flat_map(|line| line.decodings.iter()).collect();
    Part { block: Block::Table { header, rows }, decodings }
}

#[cfg(test)]
mod tests {
    use super::super::lines::Piece;
    use super::*;

    fn line(text: &str, from: f64, to: f64, y: f64) -> Item {
        let pieces = vec![Piece { text: text.to_owned(), from, to }];
        Item::Line(Line { pieces, y, size: 10.0, bold: false, decodings: Decodings::default() })
    }

    fn blocks(items: &[Item]) -> Vec<Block> {
        parts(items, Vec::new(), &style()).into_iter().map(|part| part.block).collect()
    }

    fn style() -> Style {
        Style { body: 10.0, large: Vec::new(), mostly_bold: false }
    }

    #[test]
    fn words_parted_by_a_soft_hyphen_are_one_again() {
        let items = [line("khuyến nông và phát tri\u{ad}", 0.0, 100.0, 10.0), line("ển nông thôn", 0.0, 60.0, 22.0)];
        assert_eq!(blocks(&items), [paragraph("khuyến nông và phát triển nông thôn")]);
    }

    #[test]
    fn text_goes_on_over_the_columns_when_the_sentence_does() {
        let items = [
            line("Bà con cần thăm đồng", 0.0, 100.0, 700.0),
            line("thường xuyên.", 110.0, 160.0, 20.0),
            line("Đoạn khác.", 110.0, 150.0, 60.0),
        ];
        let expected = [paragraph("Bà con cần thăm đồng thường xuyên."), paragraph("Đoạn khác.")];
        assert_eq!(blocks(&items), expected);
    }

    #[test]
    fn rows_of_columns_without_lines_are_a_table_from_three_on() {
        let row = |left: &str, right: &str, y: f64| {
            let piece = |text: &str, from: f64| Piece { text: text.to_owned(), from, to: from + 40.0 };
            let pieces = vec![piece(left, 0.0), piece(right, 120.0)];
            Item::Line(Line { pieces, y, size: 10.0, bold: false, decodings: Decodings::default() })
        };
        let items =
            [row("Gieo mạ", "Tháng một", 10.0), row("Cấy lúa", "Tháng hai", 22.0), row("Thu hoạch", "Tháng năm", 34.0)];
        assert!(matches!(&blocks(&items)[..], [Block::Table { rows, .. }] if rows.len() == 3));
        assert!(blocks(&items[..2]).iter().all(|block| !matches!(block, Block::Table { .. })));
    }
}
