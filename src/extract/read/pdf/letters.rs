//! Which letters a font's codes stand for, where the interpreter does not know.
//!
//! It gives a font's whole table (`ToUnicode`) up for one entry without letters, and PDF writers make such entries for the
//! parts of a joined sign. Without this, all of the font's text would be lost: Lao among Vietnamese, for one.

use hayro::hayro_syntax::object::{Dict, Name, Stream};
use hayro::hayro_syntax::page::Page;
use std::collections::HashMap;

/// The most entries of one table; codes have two bytes.
const MAX_ENTRIES: usize = 65_536;

/// The tables of a page's fonts, by the name under which the interpreter knows a font.
#[derive(Debug, Default)]
pub(super) struct Letters {
    by_font: HashMap<String, HashMap<u32, String>>,
}

impl Letters {
    /// Reads the tables of a page's own fonts.
    pub(super) fn of(page: &Page<'_>) -> Self {
        let fonts = &page.resources().fonts;
        let mut by_font: HashMap<String, HashMap<u32, String>> = HashMap::new();
        for key in fonts.keys() {
            let Some(font) = fonts.get::<Dict<'_>>(key) else { continue };
            let name = font.get::<Name<'_>>("BaseFont").map(|name| base_name(name.as_str()).to_owned());
            let table = font.get::<Stream<'_>>("ToUnicode").and_then(|stream| stream.decoded().ok());
            if let (Some(name), Some(table)) = (name, table) {
                by_font.entry(name).or_default().extend(entries(&table));
            }
        }
        Self { by_font }
    }

    /// The letters of a code.
    pub(super) fn get(&self, font: &str, code: u32) -> Option<&str> {
        self.by_font.get(base_name(font))?.get(&code).map(String::as_str)
    }
}

/// A font's name without the six letters that mark a part of a font.
fn base_name(name: &str) -> &str {
    match name.split_once('+') {
        Some((mark, rest)) if mark.len() == 6 && mark.chars().all(|c| c.is_ascii_uppercase()) => rest,
        _ => name,
    }
}

/// A piece of a table.
enum Token<'a> {
    Hex(Vec<u8>),
    Word(&'a [u8]),
    Open,
    Close,
}

fn tokens(table: &[u8]) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut rest = table;
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            // `<<` opens a dictionary of the table's own description.
            b'<' if after.first() == Some(&b'<') => after.get(1..).unwrap_or_default(),
            b'<' => {
                let end = after.iter().position(|byte| *byte == b'>').unwrap_or(after.len());
                found.push(Token::Hex(hex(after.get(..end).unwrap_or_default())));
                after.get(end + 1..).unwrap_or_default()
            }
            b'[' => {
                found.push(Token::Open);
                after
            }
            b']' => {
                found.push(Token::Close);
                after
            }
            byte if byte.is_ascii_alphanumeric() => {
                let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
                let (word, after) = rest.split_at(end);
                found.push(Token::Word(word));
                after
            }
            _ => after,
        };
    }
    found
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let values: Vec<u32> = digits.iter().filter_map(|digit| char::from(*digit).to_digit(16)).collect();
    let byte = |pair: &[u32]| u8::try_from(pair.first()? * 16 + pair.get(1).unwrap_or(&0)).ok();
    values.chunks(2).filter_map(byte).collect()
}

/// The entries of a table; those without letters are left out.
fn entries(table: &[u8]) -> HashMap<u32, String> {
    let mut found = HashMap::new();
    let (mut ranges, mut waiting) = (false, Vec::new());
    let mut tokens = tokens(table).into_iter();
    while let Some(token) = tokens.next() {
        match token {
            Token::Word(word) => {
                ranges = word == b"beginbfrange";
                waiting.clear();
            }
            Token::Hex(bytes) => waiting.push(bytes),
            Token::Open => {
                let listed = tokens.by_ref().take_while(|token| !matches!(token, Token::Close));
                let first = waiting.first().map_or(0, |first| code(first));
                for (at, token) in (0..).zip(listed) {
                    if let Token::Hex(bytes) = token {
                        add(&mut found, first.saturating_add(at), &bytes, 0);
                    }
                }
                waiting.clear();
            }
            Token::Close => {}
        }
        match (ranges, waiting.as_slice()) {
            (false, [one, letters]) => add(&mut found, code(one), letters, 0),
            (true, [first, last, letters]) => {
                let (first, last) = (code(first), code(last).min(code(first).saturating_add(0xFFFF)));
                for at in first..=last {
                    add(&mut found, at, letters, at - first);
                }
            }
            _ => continue,
        }
        waiting.clear();
    }
    found
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}

/// Adds an entry whose last sign is `further` beyond the given one.
fn add(found: &mut HashMap<u32, String>, code: u32, utf16: &[u8], further: u32) {
    let mut units: Vec<u16> =
        utf16.chunks(2).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte))).collect();
    if let Some(last) = units.last_mut() {
        *last = last.wrapping_add(u16::try_from(further).unwrap_or(0));
    }
    let letters = String::from_utf16_lossy(&units);
    if !letters.is_empty() && found.len() < MAX_ENTRIES {
        found.insert(code, letters);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_without_letters_leaves_the_others() {
        let table = b"<< /Registry (Adobe) >> def 1 begincodespacerange <0000> <ffff> endcodespacerange\n\
            4 beginbfchar <001b> <0eaa> <0061> <> <0049> <0ecd0ec8> <0002> <d83ddc1d> endbfchar\n\
            2 beginbfrange <0030> <0032> <0041> <0040> <0041> [<0061> <00620063>] endbfrange";
        let found = entries(table);
        let letters = |code: u32| found.get(&code).map(String::as_str);
        assert_eq!(letters(0x1b), Some("ສ"));
        assert_eq!(letters(0x61), None);
        assert_eq!(letters(0x49), Some("\u{ecd}\u{ec8}"));
        assert_eq!(letters(2), Some("🐝"));
        assert_eq!([letters(0x30), letters(0x32), letters(0x33)], [Some("A"), Some("C"), None]);
        assert_eq!([letters(0x40), letters(0x41)], [Some("a"), Some("bc")]);
    }

    #[test]
    fn a_table_that_makes_no_sense_is_no_table() {
        for table in [&b"beginbfrange <0000> <ffffffff> <"[..], b"<", b"[[[", b"beginbfchar <zz> <>"] {
            assert!(entries(table).len() <= MAX_ENTRIES);
        }
    }
}
