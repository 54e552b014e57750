//! Rich Text Format: tokens, then the few words that carry structure.

mod fonts;
mod tokens;

use crate::domain::page::Block;
use crate::domain::text::decoding::Decodings;
use crate::extract::clean;
use crate::extract::content::{Content, Part, heading, paragraph};
use crate::extract::error::ExtractError;
use crate::extract::legacy::FontText;
use crate::extract::read::looks;
use encoding_rs::{Encoding, WINDOWS_1252};
use fonts::Font;
use std::collections::HashMap;
use tokens::{Token, Tokens};

/// Groups deeper than this are no document's.
const MAX_DEPTH: usize = 200;

/// Where the text of a group goes.
#[derive(Clone, Copy, PartialEq)]
enum Target {
    Body,
    Fonts,
    Styles,
    Title,
    Nowhere,
}

/// What holds within a group.
#[derive(Clone)]
struct State {
    target: Target,
    /// Within the properties of the document.
    info: bool,
    /// Fallback signs to pass over after a `\u`.
    skip: usize,
    /// The font by its number; the document's own where none was chosen.
    font: Option<i32>,
    bold: bool,
}

/// A paragraph as it grows.
#[derive(Default)]
struct Open {
    text: FontText,
    outline: Option<u8>,
    style: i32,
    /// Signs that are bold, and all signs.
    bold: (usize, usize),
}

struct Reader {
    states: Vec<State>,
    state: State,
    pending: Vec<u8>,
    to_skip: usize,
    default_encoding: &'static Encoding,
    default_font: i32,
    fonts: HashMap<i32, Font>,
    /// The font, or the style, whose entry in its table is being read.
    entry: i32,
    styles: HashMap<i32, u8>,
    title: String,
    open: Open,
    cells: Vec<String>,
    rows: Vec<Vec<String>>,
    /// What the text of these rows was put right from.
    decodings: Decodings,
    /// Blocks, and for paragraphs whether all of it is bold.
    parts: Vec<(Part, bool)>,
}

/// Reads RTF.
pub(super) fn read(bytes: &[u8]) -> Result<Content, ExtractError> {
    let mut reader = Reader::new();
    for token in Tokens::new(bytes) {
        reader.token(token)?;
    }
    reader.end_paragraph();
    reader.end_table();
    let title = Some(std::mem::take(&mut reader.title)).filter(|title| !title.trim().is_empty());
    Ok(Content::flow(title, reader.finish()))
}

impl Reader {
    fn new() -> Self {
        Self {
            states: Vec::new(),
            state: State { target: Target::Body, info: false, skip: 1, font: None, bold: false },
            pending: Vec::new(),
            to_skip: 0,
            default_encoding: WINDOWS_1252,
            default_font: 0,
            fonts: HashMap::new(),
            entry: 0,
            styles: HashMap::new(),
            title: String::new(),
            open: Open::default(),
            cells: Vec::new(),
            rows: Vec::new(),
            decodings: Decodings::default(),
            parts: Vec::new(),
        }
    }

    fn token(&mut self, token: Token<'_>) -> Result<(), ExtractError> {
        if !matches!(token, Token::Byte(_)) {
            self.flush();
        }
        match token {
            Token::Open if self.states.len() >= MAX_DEPTH => {
                return Err(ExtractError::FileDamaged("rtf groups are nested too deeply".to_owned()));
            }
            Token::Open => self.states.push(self.state.clone()),
            Token::Close => {
                self.to_skip = 0;
                if let Some(state) = self.states.pop() {
                    self.state = state;
                }
            }
            Token::Byte(_) if self.to_skip > 0 => self.to_skip -= 1,
            Token::Byte(byte) => self.pending.push(byte),
            Token::Ignorable => self.state.target = Target::Nowhere,
            Token::Word(word, number) => self.word(word, number),
        }
        Ok(())
    }

    /// Bytes of a code page become text.
    fn flush(&mut self) {
        if !self.pending.is_empty() {
            let (text, _) = self.encoding().decode_without_bom_handling(&self.pending);
            let text = text.into_owned();
            self.pending.clear();
            self.push(&text);
        }
    }

    fn push(&mut self, text: &str) {
        match self.state.target {
            Target::Body => {
                let signs = text.chars().filter(|c| !c.is_whitespace()).count();
                self.open.bold.0 += if self.state.bold { signs } else { 0 };
                self.open.bold.1 += signs;
                let old = self.font().and_then(Font::old);
                self.open.text.push(text, old, false);
            }
            Target::Title => self.title.push_str(text),
            // Some programs write no outline level, so the names of styles count too.
            Target::Styles => self.styles.extend(level_of_style(text).map(|level| (self.entry, level))),
            Target::Fonts => self.fonts.entry(self.entry).or_default().name.push_str(text),
            Target::Nowhere => {}
        }
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if let Some(sign) = tokens::sign(word) {
            self.push(sign);
            return;
        }
        match word {
            "par" | "sect" | "page" if self.state.target == Target::Body => self.end_paragraph(),
            "cell" | "nestcell" => self.end_cell(),
            "row" | "nestrow" => self.end_row(),
            "pard" => (self.open.outline, self.open.style) = (None, 0),
            "plain" => (self.state.bold, self.state.font) = (false, None),
            "deff" => self.default_font = number.unwrap_or(0),
            "b" => self.state.bold = number != Some(0),
            "u" => self.unicode(number),
            "uc" => self.state.skip = number.and_then(|count| usize::try_from(count).ok()).unwrap_or(1),
            "ansicpg" => self.default_encoding = fonts::code_page(number),
            "s" | "f" | "fcharset" | "outlinelevel" => self.table_word(word, number.unwrap_or(0)),
            "fonttbl" => self.state.target = Target::Fonts,
            "stylesheet" => self.state.target = Target::Styles,
            "info" => (self.state.target, self.state.info) = (Target::Nowhere, true),
            "title" if self.state.info => {
                // It may come twice, in the code page and then in Unicode.
                self.title.clear();
                self.state.target = Target::Title;
            }
            _ if tokens::is_hidden(word) => self.state.target = Target::Nowhere,
            _ => {}
        }
    }

    /// Words that mean one thing in a table of fonts or styles and another in text.
    fn table_word(&mut self, word: &str, number: i32) {
        let level = u8::try_from(number).ok().filter(|level| *level < 6);
        match (self.state.target, word) {
            (Target::Fonts, "f") | (Target::Styles, "s") => self.entry = number,
            (Target::Fonts, "fcharset") => self.fonts.entry(self.entry).or_default().encoding = fonts::charset(number),
            (Target::Styles, "outlinelevel") => self.styles.extend(level.map(|level| (self.entry, level))),
            (Target::Body, "f") => self.state.font = Some(number),
            (Target::Body, "s") => self.open.style = number,
            (Target::Body, "outlinelevel") => self.open.outline = level,
            _ => {}
        }
    }

    /// The font that the text at hand is set in.
    fn font(&self) -> Option<&Font> {
        self.fonts.get(&self.state.font.unwrap_or(self.default_font))
    }

    fn encoding(&self) -> &'static Encoding {
        match self.font() {
            // The letters of an old font have their places in the western code page, whatever is said of it.
            Some(font) if font.old().is_some() => WINDOWS_1252,
            Some(font) => font.encoding.unwrap_or(self.default_encoding),
            None => self.default_encoding,
        }
    }

    fn unicode(&mut self, number: Option<i32>) {
        let code = number.map(|code| if code < 0 { code + 65_536 } else { code });
        if let Some(sign) = code.and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32) {
            self.push(sign.encode_utf8(&mut [0; 4]));
        }
        self.to_skip = self.state.skip;
    }

    fn end_paragraph(&mut self) {
        if !self.cells.is_empty() {
            // A paragraph inside a row belongs to its next cell.
            self.open.text.push_sign('\n');
            return;
        }
        let open = std::mem::take(&mut self.open);
        (self.open.outline, self.open.style) = (open.outline, open.style);
        let (text, decodings) = open.text.finish();
        let line = clean::line(&text);
        if line.is_empty() {
            return;
        }
        self.end_table();
        let level = open.outline.or_else(|| self.styles.get(&open.style).copied());
        let block = match level {
            Some(level) => heading(level + 1, text),
            None => looks::list_item(&line).unwrap_or_else(|| paragraph(text)),
        };
        self.parts.push((Part { block, decodings }, open.bold.0 == open.bold.1));
    }

    fn end_cell(&mut self) {
        let (text, decodings) = std::mem::take(&mut self.open.text).finish();
        self.cells.push(text);
        self.decodings.add_all(&decodings);
        self.open.bold = (0, 0);
    }

    fn end_row(&mut self) {
        let cells = std::mem::take(&mut self.cells);
        self.open.text = FontText::default();
        self.rows.push(cells);
    }

    fn end_table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        if !rows.is_empty() {
            let decodings = std::mem::take(&mut self.decodings);
            self.parts.push((Part { block: Block::Table { header: false, rows }, decodings }, false));
        }
    }

    /// Where nobody used heading styles, a short line all in bold is a heading.
    fn finish(self) -> Vec<Part> {
        let has_headings = self.parts.iter().any(|(part, _)| matches!(part.block, Block::Heading { .. }));
        let as_heading = |block: Block| match block {
            Block::Paragraph { text } if looks::may_be_heading(&clean::line(&text)) => {
                heading(looks::heading_level(&clean::line(&text)).unwrap_or(3), text)
            }
            other => other,
        };
        let looked_at = |(part, bold): (Part, bool)| match part {
            Part { block, decodings } if bold && !has_headings => Part { block: as_heading(block), decodings },
            other => other,
        };
        self.parts.into_iter().map(looked_at).collect()
    }
}

/// The outline level that a style's name tells.
fn level_of_style(name: &str) -> Option<u8> {
    let name = name.trim().trim_end_matches(';').to_lowercase();
    if name == "title" {
        return Some(0);
    }
    let number: u8 = name.strip_prefix("heading ")?.parse().ok()?;
    number.checked_sub(1).filter(|level| *level < 6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::content::Body;

    fn blocks(source: &[u8]) -> Vec<Block> {
        let Body::Flow(parts) = read(source).unwrap().body else { panic!("flow") };
        clean::parts(parts).into_iter().map(|part| part.block).collect()
    }

    #[test]
    fn unicode_escapes_headings_and_tables_are_read() {
        let found = blocks(
            br"{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Times;}}\pard\outlinelevel0 L\'fa\u7847?a\par\pard Th\'e2n \u7843?\par\trowd A\cell B\cell\row}",
        );
        assert_eq!(found[0], heading(1, "Lúầa"));
        assert_eq!(found[1], paragraph("Thân ả"));
        assert_eq!(found[2], Block::Table { header: false, rows: vec![vec!["A".into(), "B".into()]] });
    }

    #[test]
    fn styles_and_the_code_page_of_a_font_are_heeded() {
        let found = blocks(
            br"{\rtf1\ansi{\fonttbl{\f1\fcharset163 Times;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}\pard\s1 Muc\par\pard\f1 tr\'f4\'ccng\par}",
        );
        assert_eq!(found[0], heading(1, "Muc"));
        assert_eq!(found[1], paragraph("trồng"));
    }

    #[test]
    fn a_short_bold_line_is_a_heading_where_there_are_no_styles() {
        let found = blocks(br"{\rtf1 {\b Lam dat}\par Cay sau, phoi ai.\par}");
        assert_eq!(found[0], heading(3, "Lam dat"));
    }
}
