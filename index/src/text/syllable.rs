//! Syllables: the words that Vietnamese writing separates by spaces, with their places in the text.

use super::fold::{fold, is_mark};
use super::normal::{key, split_tone};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

/// A syllable of a text (or a number, or a foreign word), with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syllable {
    /// Where it stands, in bytes; both ends are character boundaries.
    pub place: Range<usize>,
    /// Its one form under all spellings, marks kept.
    pub key: Rc<str>,
    /// Its letters without marks.
    pub fold: Rc<str>,
}

/// A syllable longer than this many bytes is cut: nothing in Vietnamese is.
const MAX_BYTES: usize = 64;
/// How many distinct words are remembered while a text is read.
const REMEMBERED: usize = 20_000;

/// Reads the syllables of a text.
///
/// ```
/// let found = hoclieu_index::text::syllables("Lúa, đạo ôn");
/// assert_eq!(found.iter().map(|s| &*s.fold).collect::<Vec<_>>(), ["lua", "dao", "on"]);
/// ```
pub fn syllables(text: &str) -> Vec<Syllable> {
    LEXER.with_borrow_mut(|lexer| lexer.read(text))
}

/// Where the syllables of a text stand, in bytes; for those that only a few are asked about.
pub(crate) fn places(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::with_capacity(text.len() / 6);
    each_place(text, |place| found.push(place));
    found
}

/// The key and the letters of one syllable as it is written.
pub(crate) fn forms(written: &str) -> (Rc<str>, Rc<str>) {
    LEXER.with_borrow_mut(|lexer| lexer.forms(written))
}

fn each_place(text: &str, mut act: impl FnMut(Range<usize>)) {
    let mut start = None;
    for (at, c) in text.char_indices() {
        let inside = is_word_sign(c) || start.is_some() && (is_mark(c) || c == '\u{ad}');
        match (inside, start) {
            (true, None) => start = Some(at),
            (true, Some(from)) if at - from >= MAX_BYTES && !is_mark(c) => {
                act(from..at);
                start = Some(at);
            }
            (false, Some(from)) => {
                act(from..at);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        act(from..text.len());
    }
}

thread_local! {
    /// Each thread remembers the words it has met: a language has few syllables.
    static LEXER: RefCell<Lexer> = RefCell::default();
}

/// Whether a character is a letter or a digit; those of Vietnamese are told without a table.
pub fn is_word_sign(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{c0}'..='\u{24f}' => !matches!(c, '×' | '÷'),
        '\u{1e00}'..='\u{1eff}' => true,
        other => other.is_alphanumeric(),
    }
}

/// Reads syllables and remembers the forms of words it has met.
#[derive(Default)]
struct Lexer {
    known: FxHashMap<String, (Rc<str>, Rc<str>)>,
}

impl Lexer {
    fn read(&mut self, text: &str) -> Vec<Syllable> {
        let mut found = Vec::with_capacity(text.len() / 6);
        each_place(text, |place| {
            let (key, fold) = self.forms(text.get(place.clone()).unwrap_or_default());
            found.push(Syllable { place, key, fold });
        });
        found
    }

    fn forms(&mut self, word: &str) -> (Rc<str>, Rc<str>) {
        if let Some((key, fold)) = self.known.get(word) {
            return (Rc::clone(key), Rc::clone(fold));
        }
        let one = key(word);
        // The key's tone digit goes; `y` stays `i` so that both views agree on what one word is.
        let (letters, _) = split_tone(&one);
        let forms: (Rc<str>, Rc<str>) = (Rc::from(one.as_str()), Rc::from(fold(letters).as_str()));
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(word.to_owned(), forms.clone());
        forms
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_foreign_words_are_kept_whole() {
        let found = syllables("Quyết định 1373/QĐ-TTg, VNeID");
        let keys: Vec<_> = found.iter().map(|s| &*s.fold).collect();
        assert_eq!(keys, ["quyet", "dinh", "1373", "qd", "ttg", "vneid"]);
    }

    #[test]
    fn folded_forms_agree_for_marked_and_unmarked_spellings() {
        for (marked, unmarked) in [("kỹ", "ky"), ("thuỷ", "thuy"), ("lý", "ly"), ("quý", "quy"), ("đường", "duong")]
        {
            assert_eq!(syllables(marked)[0].fold, syllables(unmarked)[0].fold, "{marked}");
        }
    }

    #[test]
    fn word_signs_are_letters_and_digits() {
        for c in (0..=0x1_ffff).filter_map(char::from_u32) {
            assert_eq!(is_word_sign(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn places_are_character_boundaries_in_order(text in ".{0,200}") {
            let mut end = 0;
            for syllable in syllables(&text) {
                prop_assert!(syllable.place.start >= end && text.get(syllable.place.clone()).is_some());
                end = syllable.place.end;
            }
        }
    }
}
