//! Tables of letters by their old codes.

use super::Encoding;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::LazyLock;

const LETTERS: &str = include_str!("../../../data/legacy-letters.txt");
const CODE_PAGES: &str = include_str!("../../../data/legacy-code-pages.txt");

/// Where windows-1252 and ISO 8859-1 have the blank that does not break, VISCII has Õ: blanks are commoner by far.
const NO_BREAK: u8 = 0xa0;
/// Small and capital letters differ by this bit, in ISO 8859-1 as in ASCII.
const CASE: u8 = 0x20;

static BYTES: LazyLock<FxHashMap<char, u8>> = LazyLock::new(|| {
    let special = column(CODE_PAGES, "windows-1252")
        .filter_map(|(byte, point)| Some((code_point(point)?, u8::from_str_radix(byte, 16).ok()?)));
    special.collect()
});

static TABLES: LazyLock<[Table; 5]> =
    LazyLock::new(|| [letters("tcvn3"), letters("vni"), letters("viscii"), letters("vps"), code_page("windows-1258")]);

/// The letters of one encoding.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// By one byte.
    single: FxHashMap<u8, char>,
    /// By a letter and the byte of its marks.
    pairs: FxHashMap<(u8, u8), char>,
    /// The second bytes of pairs.
    marks: FxHashSet<u8>,
}

/// The table of an encoding that has one.
pub(super) fn of(encoding: Encoding) -> Option<&'static Table> {
    let [tcvn3, vni, viscii, vps, windows_1258] = &*TABLES;
    match encoding {
        Encoding::Tcvn3 => Some(tcvn3),
        Encoding::Vni => Some(vni),
        Encoding::Viscii => Some(viscii),
        Encoding::Vps => Some(vps),
        Encoding::Windows1258 => Some(windows_1258),
        Encoding::Viqr | Encoding::References | Encoding::Decomposed => None,
    }
}

impl Table {
    /// Decodes a text; signs that the table does not know stay.
    pub(super) fn decode(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + text.len() / 2);
        let mut signs = text.chars().peekable();
        while let Some(sign) = signs.next() {
            let Some(byte) = byte_of(sign) else {
                out.push(sign);
                continue;
            };
            let pair = signs.peek().copied().and_then(byte_of).and_then(|marks| self.pair(byte, marks));
            if let Some(letter) = pair {
                signs.next();
                out.push(letter);
            } else {
                out.push(self.single.get(&byte).copied().unwrap_or(sign));
            }
        }
        out
    }

    /// Typists put the marks of a capital in either case.
    fn pair(&self, letter: u8, marks: u8) -> Option<char> {
        if marks.is_ascii() {
            return None;
        }
        self.pairs.get(&(letter, marks)).or_else(|| self.pairs.get(&(letter, marks ^ CASE))).copied()
    }

    /// Whether a sign beyond ASCII is a letter, or the marks of one, in this encoding.
    pub(super) fn knows(&self, sign: char) -> bool {
        !sign.is_ascii()
            && byte_of(sign).is_some_and(|byte| self.single.contains_key(&byte) || self.marks.contains(&byte))
    }

    fn insert(&mut self, codes: &str, letter: char) {
        match *codes.as_bytes().chunks(2).filter_map(hexadecimal).collect::<Vec<_>>() {
            [NO_BREAK] => {}
            [byte] => {
                self.single.insert(byte, letter);
            }
            [base, marks] => {
                self.pairs.insert((base, marks), letter);
                self.marks.insert(marks);
            }
            _ => {}
        }
    }
}

fn letters(encoding: &str) -> Table {
    let mut table = Table::default();
    for (letter, codes) in column(LETTERS, encoding) {
        letter.chars().for_each(|letter| table.insert(codes, letter));
    }
    table
}

fn code_page(name: &str) -> Table {
    let mut table = Table::default();
    for (byte, point) in column(CODE_PAGES, name) {
        if let Some(letter) = code_point(point) {
            table.insert(byte, letter);
        }
    }
    table
}

/// The first column of a table beside one of the others; rows without a value are passed over.
fn column<'a>(table: &'a str, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let mut rows = table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t'));
    let at = rows.next().and_then(|mut heads| heads.position(|head| head == name)).unwrap_or(usize::MAX);
    rows.filter_map(move |mut cells| {
        let first = cells.next()?;
        let value = cells.nth(at.checked_sub(1)?)?;
        (value != "-").then_some((first, value))
    })
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())
}

fn code_point(digits: &str) -> Option<char> {
    u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
}

/// The byte that a western code page gives a character.
fn byte_of(sign: char) -> Option<u8> {
    u8::try_from(u32::from(sign)).ok().or_else(|| BYTES.get(&sign).copied())
}

#[cfg(test)]
impl Table {
    /// Writes a text as [`decode`](Table::decode) reads it; letters without a code become small.
    pub(super) fn encode(&self, text: &str) -> String {
        let sign =
            |byte: u8| BYTES.iter().find(|(_, known)| **known == byte).map_or(char::from(byte), |(sign, _)| *sign);
        let code = |letter: char| {
            let single =
                self.single.iter().find(|(_, known)| **known == letter).map(|(byte, _)| sign(*byte).to_string());
            let pair = || {
                self.pairs
                    .iter()
                    .find(|(_, known)| **known == letter)
                    .map(|((base, marks), _)| [sign(*base), sign(*marks)])
            };
            single.or_else(|| pair().map(String::from_iter))
        };
        let written = |letter: char| code(letter).or_else(|| code(letter.to_lowercase().next()?));
        text.chars().map(|letter| written(letter).unwrap_or_else(|| letter.to_string())).collect()
    }
}
