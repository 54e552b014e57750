//! Lines out of glyphs.
//!
//! Content order is kept, for only the writing program knows its columns. A line is a run of glyphs in that order with
//! one baseline; inside it glyphs are sorted by place, because some programs write the letters a font lacks (ể, ư, ọ)
//! after the rest of their line.

use super::glyphs::Glyph;
use super::tables::Found;
use crate::domain::text::decoding::Decodings;
use crate::extract::clean;
use crate::extract::legacy::FontText;
use hayro::kurbo::Rect;

/// A line of text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Pieces that stand further apart than words do.
    pub(super) pieces: Vec<Piece>,
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    /// What its text was put right from.
    pub(super) decodings: Decodings,
}

/// A piece of a line.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// The text of a table's cell.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) bold: bool,
    pub(super) decodings: Decodings,
}

/// What stands on a page in reading order.
#[derive(Debug)]
pub(super) enum Item {
    Line(Line),
    /// The table of that number.
    Table(usize),
}

impl Line {
    pub(super) fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// The list marker that the line begins with, when it stands apart from the text.
    pub(super) fn marker(&self) -> Option<&str> {
        self.pieces.first().map(|piece| piece.text.as_str()).filter(|text| is_marker(text))
    }

    pub(super) fn from(&self) -> f64 {
        self.pieces.first().map_or(0.0, |piece| piece.from)
    }

    pub(super) fn to(&self) -> f64 {
        self.pieces.last().map_or(0.0, |piece| piece.to)
    }
}

/// Lines and tables in content order; each table stands where its first glyph stood.
pub(super) fn flow(glyphs: Vec<Glyph>, tables: &[Found]) -> Vec<Item> {
    let mut items = Vec::new();
    let mut waiting = tables.iter().enumerate().peekable();
    let mut run: Vec<Glyph> = Vec::new();
    for (index, glyph) in glyphs.into_iter().enumerate() {
        while let Some((number, _)) = waiting.next_if(|(_, table)| table.before <= index) {
            items.extend(line(&mut run).map(Item::Line));
            items.push(Item::Table(number));
        }
        if !belongs(&run, &glyph) {
            items.extend(line(&mut run).map(Item::Line));
        }
        run.push(glyph);
    }
    items.extend(line(&mut run).map(Item::Line));
    items.extend(waiting.map(|(number, _)| Item::Table(number)));
    attach_markers(items)
}

/// Puts list markers that stand alone before the line they belong to: browsers write all of a page's markers at its end.
fn attach_markers(items: Vec<Item>) -> Vec<Item> {
    let (markers, mut items): (Vec<Item>, Vec<Item>) = items
        .into_iter()
        .partition(|item| matches!(item, Item::Line(line) if line.marker().is_some() && line.pieces.len() == 1));
    for marker in markers {
        let Item::Line(marker) = marker else { continue };
        let gap = |line: &Line| line.from() - marker.to();
        let fits = |line: &Line| {
            (line.y - marker.y).abs() <= 0.35 * line.size
                && gap(line) > -1.0
                && gap(line) < 4.0 * line.size
                && line.marker().is_none()
        };
        let nearest = items
            .iter_mut()
            .filter_map(|item| if let Item::Line(line) = item { Some(line) } else { None })
            .filter(|line| fits(line))
            .min_by(|a, b| gap(a).total_cmp(&gap(b)));
        match nearest {
            Some(line) => line.pieces.splice(0..0, marker.pieces).for_each(drop),
            None => items.push(Item::Line(marker)),
        }
    }
    items
}

/// The lines of glyphs that stand alone, such as those of a table's cell.
pub(super) fn text_of(glyphs: Vec<Glyph>) -> Cell {
    let mut texts = Vec::new();
    let mut cell = Cell { text: String::new(), bold: true, decodings: Decodings::default() };
    for item in flow(glyphs, &[]) {
        if let Item::Line(line) = item {
            cell.bold &= line.bold;
            cell.decodings.add_all(&line.decodings);
            texts.push(line.text());
        }
    }
    cell.text = texts.join(" ");
    cell
}

/// Puts a bullet before each line that has a drawn dot beside it, at the height of its small letters.
pub(super) fn with_dots(mut items: Vec<Item>, dots: &[Rect]) -> Vec<Item> {
    // A drawing may hold thousands of dots; lists do not.
    for dot in dots.iter().take(500) {
        let middle = dot.center();
        let beside = |line: &Line| {
            let (gap, rise) = (line.from() - dot.x1, line.y - middle.y);
            gap > 0.1 * line.size
                && gap < 1.5 * line.size
                && rise > 0.1 * line.size
                && rise < 0.6 * line.size
                && dot.width() < 0.6 * line.size
        };
        for item in &mut items {
            if let Item::Line(line) = item
                && line.marker().is_none()
                && beside(line)
            {
                line.pieces.insert(0, Piece { text: "•".to_owned(), from: dot.x0, to: dot.x1 });
                break;
            }
        }
    }
    items
}

/// A bullet, "3.", "12)" or "a)".
fn is_marker(text: &str) -> bool {
    let text = clean::line(text);
    let mut signs = text.chars();
    let bullet =
        signs.next().is_some_and(|c| clean::is_bullet(c) || matches!(c, '-' | '–' | '+')) && signs.next().is_none();
    let core = text.trim_end_matches(['.', ')']);
    let counted = !core.is_empty() && core.len() <= 3 && core.chars().all(|c| c.is_ascii_digit());
    let lettered = core.chars().count() == 1 && core.chars().all(char::is_lowercase);
    bullet || (core.len() + 1 == text.len() && (counted || lettered))
}

fn belongs(run: &[Glyph], glyph: &Glyph) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return true };
    let size = first.size.max(glyph.size);
    let drop = (glyph.y - first.y).abs();
    // Small raised or lowered signs belong to the line they touch: m², H₂O, notes.
    let touches = (glyph.x - (last.x + last.width)).abs() <= 0.6 * size;
    let raised = drop <= 0.6 * size && touches && (glyph.size < 0.85 * first.size || last.size < 0.85 * glyph.size);
    drop <= 0.25 * size || raised
}

fn line(run: &mut Vec<Glyph>) -> Option<Line> {
    let mut glyphs = with_marks(distinct(std::mem::take(run)));
    glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
    let letters = || glyphs.iter().filter(|glyph| !glyph.text.trim().is_empty());
    let size = letters().map(|glyph| glyph.size).fold(0.0, f64::max);
    let y = letters().find(|glyph| glyph.size >= 0.85 * size).map_or(0.0, |glyph| glyph.y);
    let bold = letters().filter(|glyph| glyph.bold).count() * 10 >= letters().count() * 9;
    let mut decodings = Decodings::default();
    let pieces: Vec<Piece> = pieces(&glyphs, size).into_iter().map(|piece| piece.finish(&mut decodings)).collect();
    (!pieces.is_empty()).then_some(Line { pieces, y, size, bold, decodings })
}

/// A piece of a line while its glyphs are put together.
struct OpenPiece {
    text: FontText,
    from: f64,
    to: f64,
}

impl OpenPiece {
    fn finish(self, decodings: &mut Decodings) -> Piece {
        let (text, found) = self.text.finish();
        decodings.add_all(&found);
        Piece { text: text.trim().to_owned(), from: self.from, to: self.to }
    }
}

/// Puts the glyphs of a line together; what stands further apart than words do begins another piece.
fn pieces(glyphs: &[Glyph], size: f64) -> Vec<OpenPiece> {
    let mut pieces: Vec<OpenPiece> = Vec::new();
    for glyph in glyphs {
        let blank = glyph.text.trim().is_empty();
        let end = glyph.x + glyph.width;
        match pieces.last_mut() {
            Some(piece) if glyph.x - piece.to <= 1.3 * size => {
                if !blank && glyph.x - piece.to > 0.15 * glyph.size && !piece.text.ends_with(' ') {
                    piece.text.push_sign(' ');
                }
                piece.text.push(&glyph.text, glyph.old, false);
                // Blanks do not stretch a piece, so that a row of blanks still parts columns.
                if !blank {
                    piece.to = piece.to.max(end);
                }
            }
            _ if blank => {}
            _ => {
                let mut text = FontText::default();
                text.push(&glyph.text, glyph.old, false);
                pieces.push(OpenPiece { text, from: glyph.x, to: end });
            }
        }
    }
    pieces
}

/// Joins signs that stand above or below a letter with the letter drawn before them: their own place says little.
fn with_marks(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut joined: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let letter = joined.last_mut().filter(|letter| {
            is_mark(&glyph.text) && !letter.text.trim().is_empty() && (letter.x - glyph.x).abs() <= 1.5 * glyph.size
        });
        match letter {
            Some(letter) => letter.text.push_str(&glyph.text),
            None => joined.push(glyph),
        }
    }
    joined
}

/// Combining marks of Latin letters, and the vowels and tones that Lao and Thai stack.
fn is_mark(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| {
            matches!(c, '\u{300}'..='\u{36f}' | '\u{eb1}' | '\u{eb4}'..='\u{ebc}' | '\u{ec8}'..='\u{ece}'
                | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}')
        })
}

/// Drops glyphs drawn twice at one place, as outlines and false bold are.
fn distinct(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut kept: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let near = 0.12 * glyph.size;
        // A twin follows its glyph soon; looking further back would only cost time.
        let twin = kept.iter_mut().rev().take(300).find(|other| {
            other.text == glyph.text && (other.x - glyph.x).abs() <= near && (other.y - glyph.y).abs() <= near
        });
        match twin {
            Some(twin) => twin.bold |= glyph.x > twin.x,
            None => kept.push(glyph),
        }
    }
    kept
}
