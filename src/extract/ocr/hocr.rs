//! What the recognising program found, out of its hOCR: words with places, lines with baselines, ruled lines.

use crate::extract::error::ExtractError;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::str::FromStr;

/// A page with more words than this is no page of paper.
const MOST_WORDS: usize = 20_000;

/// A rectangle in pixels; down is more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) right: i32,
    pub(super) bottom: i32,
}

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) place: Place,
    /// How sure the program is of it, from 0 to 1.
    pub(super) sureness: f64,
    /// The line that it stands in.
    pub(super) line: Line,
}

/// What the words of a line share.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Line {
    /// Counts the lines of a page.
    pub(super) number: usize,
    /// Where it lies, in the middle of the line.
    pub(super) baseline: f64,
    /// The height of its small letters, where it has enough of them to tell.
    pub(super) x_height: Option<f64>,
}

/// Everything found on a page, in reading order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    pub(super) words: Vec<Word>,
    /// Long thin marks: lines of tables, strokes between columns.
    pub(super) rules: Vec<Place>,
}

impl Place {
    pub(super) fn width(self) -> f64 {
        f64::from(self.right) - f64::from(self.left)
    }

    pub(super) fn height(self) -> f64 {
        f64::from(self.bottom) - f64::from(self.top)
    }

    /// Whether the middle of another rectangle lies inside.
    pub(super) fn holds(self, other: Self) -> bool {
        let (x, y) = (i32::midpoint(other.left, other.right), i32::midpoint(other.top, other.bottom));
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    pub(super) fn moved(self, right: i32, down: i32) -> Self {
        Self {
            left: self.left.saturating_add(right),
            top: self.top.saturating_add(down),
            right: self.right.saturating_add(right),
            bottom: self.bottom.saturating_add(down),
        }
    }
}

/// Reads hOCR.
pub(super) fn read(text: &[u8]) -> Result<Found, ExtractError> {
    let failed = |error: &dyn std::fmt::Display| ExtractError::OcrFailed(format!("hocr: {error}"));
    let text = std::str::from_utf8(text).map_err(|error| failed(&error))?;
    let mut reader = Reader::from_str(text);
    let mut page = Page::default();
    loop {
        match reader.read_event().map_err(|error| failed(&error))? {
            Event::Start(element) | Event::Empty(element) => page.begin(&Marked::of(&element)),
            Event::Text(part) => page.text(&part.decode().map_err(|error| failed(&error))?),
            Event::GeneralRef(reference) => {
                page.text(&format!("&{};", reference.decode().map_err(|error| failed(&error))?));
            }
            Event::End(element) if element.name().as_ref() == b"span" => page.end_word(),
            Event::Eof => return Ok(page.found),
            _ => {}
        }
        if page.found.words.len() > MOST_WORDS {
            return Err(failed(&"more words than a page holds"));
        }
    }
}

/// The class and the properties of an element.
struct Marked {
    class: String,
    title: String,
}

impl Marked {
    fn of(element: &BytesStart<'_>) -> Self {
        let attribute = |name: &str| {
            let found = element.try_get_attribute(name).ok().flatten();
            found.and_then(|found| found.unescape_value().ok()).map(Cow::into_owned).unwrap_or_default()
        };
        Self { class: attribute("class"), title: attribute("title") }
    }

    /// The values of a property, as of `bbox 10 20 30 40`.
    fn values<T: FromStr>(&self, name: &str) -> Vec<T> {
        let mut properties = self.title.split(';').map(str::trim);
        let found = properties.find_map(|property| property.strip_prefix(name)?.strip_prefix(' '));
        found.unwrap_or_default().split(' ').map_while(|value| value.parse().ok()).collect()
    }

    fn number(&self, name: &str) -> f64 {
        self.values(name).first().copied().filter(|number: &f64| number.is_finite()).unwrap_or(0.0)
    }

    fn place(&self) -> Option<Place> {
        match self.values("bbox")[..] {
            [left, top, right, bottom] => Some(Place { left, top, right, bottom }),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Page {
    found: Found,
    line: Line,
    /// The height of small letters in the paragraph so far.
    x_height: Option<f64>,
    word: Option<Word>,
}

impl Page {
    fn begin(&mut self, element: &Marked) {
        let Some(place) = element.place() else { return };
        match element.class.as_str() {
            "ocr_par" => self.x_height = None,
            "ocr_line" | "ocr_header" | "ocr_caption" | "ocr_textfloat" => {
                self.x_height = x_height(element, place).or(self.x_height);
                let baseline = baseline(element, place);
                self.line = Line { number: self.line.number + 1, baseline, x_height: self.x_height };
            }
            "ocr_separator" => self.found.rules.push(place),
            "ocrx_word" => {
                let sureness = element.number("x_wconf").clamp(0.0, 100.0) / 100.0;
                self.word = Some(Word { text: String::new(), place, sureness, line: self.line });
            }
            _ => {}
        }
    }

    fn text(&mut self, part: &str) {
        if let Some(word) = &mut self.word {
            word.text.push_str(&quick_xml::escape::unescape(part).unwrap_or_default());
        }
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take().filter(|word| !word.text.trim().is_empty()) {
            self.found.words.push(word);
        }
    }
}

/// The baseline in the middle of a line.
fn baseline(element: &Marked, place: Place) -> f64 {
    let (slope, offset) = match element.values("baseline")[..] {
        [slope, offset] if f64::is_finite(slope + offset) => (slope, offset),
        _ => (0.0, 0.0),
    };
    f64::from(place.bottom) + offset + slope * place.width() / 2.0
}

/// The height of a line's small letters. Measured sizes are whole; one that is not was guessed, often far too large.
fn x_height(element: &Marked, place: Place) -> Option<f64> {
    let size = element.number("x_size");
    let small = size - element.number("x_ascenders") - element.number("x_descenders");
    let possible = 0.3 * place.height()..=0.9 * place.height();
    (size.fract() == 0.0 && possible.contains(&small)).then_some(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<?xml version="1.0"?><html><body><div class='ocr_page' title='bbox 0 0 900 900'>
        <div class='ocr_carea' title="bbox 10 20 310 60"><p class='ocr_par' title="bbox 10 20 310 60">
        <span class='ocr_line' title="bbox 10 20 310 60; baseline 0.01 -8; x_size 38; x_descenders 8; x_ascenders 10">
        <span class='ocrx_word' title='bbox 10 20 100 60; x_wconf 96'>Đạo</span>
        <span class='ocrx_word' title='bbox 110 20 200 60; x_wconf 12'><strong>&lt;ôn&gt;</strong></span>
        <span class='ocrx_word' title='bbox 210 20 300 60; x_wconf 90'> </span></span></p></div>
        <div class='ocr_separator' title="bbox 5 100 890 103"></div></div></body></html>"#;

    #[test]
    fn words_lines_and_rules_are_read_with_their_places() {
        let found = read(PAGE.as_bytes()).unwrap();
        let texts: Vec<&str> = found.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(texts, ["Đạo", "<ôn>"]);
        let first = &found.words[0];
        assert_eq!(first.place, Place { left: 10, top: 20, right: 100, bottom: 60 });
        assert!((first.sureness - 0.96).abs() < 1e-9 && (first.line.baseline - 53.5).abs() < 1e-9, "{first:?}");
        assert_eq!(first.line.x_height, Some(20.0));
        assert_eq!(found.rules, [Place { left: 5, top: 100, right: 890, bottom: 103 }]);
    }

    #[test]
    fn an_answer_that_is_no_hocr_has_one_message() {
        for wrong in [&b"<p class='a"[..], b"\xff\xfe", b"<a></b>"] {
            assert_eq!(read(wrong).unwrap_err().code(), "ocr-failed");
        }
        assert_eq!(read(b"").unwrap(), Found::default());
    }
}
