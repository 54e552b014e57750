//! Rich Text Format: a tokenizer of groups, control words and text, and the few words that carry structure.

use crate::domain::page::Block;
use crate::extract::content::{Content, heading, paragraph};
use crate::extract::error::ExtractError;
use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1258};

/// Groups deeper than this are no document's.
const MAX_DEPTH: usize = 200;

/// Groups whose text is not the document's.
const HIDDEN: [&str; 14] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "header",
    "footer",
    "headerl",
    "headerr",
    "footerl",
    "footerr",
    "generator",
    "listtable",
    "listoverridetable",
];

/// What holds within a group.
#[derive(Clone)]
struct State {
    hidden: bool,
    /// Fallback signs to pass over after a `\u`.
    skip: usize,
    encoding: &'static Encoding,
}

/// A document being read.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    states: Vec<State>,
    state: State,
    pending: Vec<u8>,
    to_skip: usize,
    text: String,
    outline: Option<u8>,
    cells: Vec<String>,
    rows: Vec<Vec<String>>,
    blocks: Vec<Block>,
}

/// Reads RTF.
pub(super) fn read(bytes: &[u8]) -> Result<Content, ExtractError> {
    let state = State { hidden: false, skip: 1, encoding: WINDOWS_1252 };
    let mut reader = Reader {
        bytes,
        at: 0,
        states: Vec::new(),
        state,
        pending: Vec::new(),
        to_skip: 0,
        text: String::new(),
        outline: None,
        cells: Vec::new(),
        rows: Vec::new(),
        blocks: Vec::new(),
    };
    reader.run()?;
    reader.end_paragraph();
    reader.end_table();
    Ok(Content::flow(None, reader.blocks))
}

impl Reader<'_> {
    fn run(&mut self) -> Result<(), ExtractError> {
        while let Some(byte) = self.next() {
            match byte {
                b'{' => self.open()?,
                b'}' => self.close(),
                b'\\' => self.control(),
                b'\r' | b'\n' | 0 => {}
                other => self.byte(other),
            }
        }
        self.flush();
        Ok(())
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn open(&mut self) -> Result<(), ExtractError> {
        self.flush();
        if self.states.len() >= MAX_DEPTH {
            return Err(ExtractError::FileDamaged("groups are nested too deeply".to_owned()));
        }
        self.states.push(self.state.clone());
        Ok(())
    }

    fn close(&mut self) {
        self.flush();
        if let Some(state) = self.states.pop() {
            self.state = state;
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if !self.state.hidden {
            self.pending.push(byte);
        }
    }

    /// Bytes of the code page become text.
    fn flush(&mut self) {
        if !self.pending.is_empty() {
            let (text, _) = self.state.encoding.decode_without_bom_handling(&self.pending);
            self.text.push_str(&text);
            self.pending.clear();
        }
    }

    fn push(&mut self, sign: char) {
        self.flush();
        if !self.state.hidden {
            self.text.push(sign);
        }
    }

    fn control(&mut self) {
        match self.peek() {
            Some(b'\'') => {
                self.at += 1;
                let digits = self.bytes.get(self.at..self.at + 2).and_then(|pair| std::str::from_utf8(pair).ok());
                if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
                    self.byte(byte);
                }
                self.at += 2;
            }
            Some(b'*') => {
                self.at += 1;
                self.state.hidden = true;
            }
            Some(sign @ (b'\\' | b'{' | b'}')) => {
                self.at += 1;
                self.byte(sign);
            }
            Some(b'~') => {
                self.at += 1;
                self.push('\u{a0}');
            }
            Some(letter) if letter.is_ascii_alphabetic() => {
                let (word, number) = self.word();
                self.act(&word, number);
            }
            _ => self.at += 1,
        }
    }

    /// A control word and its number; one space after it belongs to it.
    fn word(&mut self) -> (String, Option<i32>) {
        let mut word = String::new();
        while let Some(letter) = self.peek().filter(|byte| byte.is_ascii_alphabetic() && word.len() < 32) {
            word.push(char::from(letter));
            self.at += 1;
        }
        let mut digits = String::new();
        while let Some(digit) = self.peek().filter(|b| b.is_ascii_digit() || *b == b'-' && digits.is_empty()) {
            digits.push(char::from(digit));
            self.at += 1;
        }
        if self.peek() == Some(b' ') {
            self.at += 1;
        }
        (word, digits.parse().ok())
    }

    fn act(&mut self, word: &str, number: Option<i32>) {
        match word {
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" => self.push('\n'),
            "tab" => self.push('\t'),
            "emdash" => self.push('—'),
            "endash" => self.push('–'),
            "lquote" => self.push('‘'),
            "rquote" => self.push('’'),
            "ldblquote" => self.push('“'),
            "rdblquote" => self.push('”'),
            "bullet" => self.push('•'),
            "u" => self.unicode(number),
            "uc" => self.state.skip = usize::try_from(number.unwrap_or(1)).unwrap_or(1),
            "ansicpg" => self.state.encoding = if number == Some(1258) { WINDOWS_1258 } else { WINDOWS_1252 },
            "pard" => self.outline = None,
            "outlinelevel" => self.outline = number.and_then(|level| u8::try_from(level).ok()),
            "cell" => self.end_cell(),
            "row" => self.end_row(),
            "bin" => self.at += usize::try_from(number.unwrap_or(0)).unwrap_or(0),
            hidden if HIDDEN.contains(&hidden) => self.state.hidden = true,
            _ => {}
        }
    }

    fn unicode(&mut self, number: Option<i32>) {
        self.flush();
        let code = number.map(|code| if code < 0 { code + 65_536 } else { code });
        if let Some(sign) = code.and_then(|code| u32::try_from(code).ok()).and_then(char::from_u32) {
            self.push(sign);
        }
        self.to_skip = self.state.skip;
    }

    fn end_paragraph(&mut self) {
        self.flush();
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        if !self.cells.is_empty() {
            // A paragraph inside a row belongs to its next cell.
            self.text = format!("{}\n", text.trim());
            return;
        }
        self.end_table();
        self.blocks.push(match self.outline {
            Some(level) if level < 6 => heading(level + 1, text.trim()),
            _ => paragraph(text.trim()),
        });
    }

    fn end_cell(&mut self) {
        self.flush();
        self.cells.push(std::mem::take(&mut self.text).trim().to_owned());
    }

    fn end_row(&mut self) {
        self.flush();
        let cells = std::mem::take(&mut self.cells);
        if cells.iter().any(|cell| !cell.is_empty()) {
            self.rows.push(cells);
        }
    }

    fn end_table(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        if !rows.is_empty() {
            self.blocks.push(Block::Table { header: rows.len() > 1, rows });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::content::Body;

    #[test]
    fn unicode_escapes_headings_and_tables_are_read() {
        let source = br"{\rtf1\ansi\ansicpg1258\uc1{\fonttbl{\f0 Times;}}\pard\outlinelevel0 L\'fa\u250?a\par\pard Th\'e2n \u7843?\par\trowd A\cell B\cell\row}";
        let Body::Flow(blocks) = read(source).unwrap().body else { panic!("flow") };
        assert_eq!(blocks[0], heading(1, "Lúúa"));
        assert_eq!(blocks[1], paragraph("Thân ả"));
        assert_eq!(blocks[2], Block::Table { header: false, rows: vec![vec!["A".into(), "B".into()]] });
    }
}
