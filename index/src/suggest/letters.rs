//! A word as letters, with its marks beside them.

use crate::text::fold::is_mark;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::compose;

/// The combining signs of the five written tones.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// A word under all its spellings: `y` and `i` are one letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Letters {
    /// Lower case without any mark.
    pub(super) plain: Box<str>,
    /// The same letters with hats, horns, breves and bars.
    shaped: Box<str>,
    /// The tone, wherever it is written.
    tone: Option<char>,
}

/// How the marks of a word agree with typed ones; the least is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// As typed.
    Exact,
    /// The word bears marks where none was typed.
    Missing,
    /// A mark was typed that the word does not bear: a slip, taken for one in whole words only.
    Wrong,
}

/// How much of a word was typed; the least is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Length {
    Whole,
    Begun,
}

impl Letters {
    pub(super) fn of(word: &str) -> Self {
        let (mut plain, mut shaped, mut tone) = (String::new(), Vec::<char>::new(), None);
        for c in word.chars().flat_map(char::to_lowercase).nfd() {
            if TONES.contains(&c) {
                tone = Some(c);
            } else if is_mark(c) {
                if let Some(last) = shaped.last_mut() {
                    *last = compose(*last, c).unwrap_or(*last);
                }
            } else if let Some((bare, letter)) = letter(c) {
                plain.push(bare);
                shaped.push(letter);
            }
        }
        Self { plain: plain.into(), shaped: shaped.into_iter().collect::<String>().into(), tone }
    }

    /// How many letters there are.
    pub(super) fn len(&self) -> usize {
        self.plain.chars().count()
    }

    /// Whether any mark was typed.
    pub(super) fn has_marks(&self) -> bool {
        self.tone.is_some() || self.plain != self.shaped
    }

    /// How a word that begins with these letters agrees with their marks; none when it is another word.
    pub(super) fn fit(&self, word: &Self) -> Option<(Fit, Length)> {
        let length = if self.plain.len() == word.plain.len() { Length::Whole } else { Length::Begun };
        let mut fit = match (self.tone, word.tone) {
            (typed, born) if typed == born => Fit::Exact,
            (None, _) => Fit::Missing,
            _ => Fit::Wrong,
        };
        for ((typed, bare), born) in self.shaped.chars().zip(self.plain.chars()).zip(word.shaped.chars()) {
            if typed != born {
                fit = fit.max(if typed == bare { Fit::Missing } else { Fit::Wrong });
            }
        }
        (fit != Fit::Wrong || length == Length::Whole).then_some((fit, length))
    }
}

/// A letter without and with its bar; none for signs that are not seen.
pub(super) fn letter(c: char) -> Option<(char, char)> {
    match c {
        'đ' | 'ð' | 'ɖ' => Some(('d', 'đ')),
        'y' => Some(('i', 'i')),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        other => Some((other, other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(typed: &str, word: &str) -> Option<(Fit, Length)> {
        Letters::of(typed).fit(&Letters::of(word))
    }

    #[test]
    fn marks_are_as_typed_missing_or_wrong() {
        assert_eq!(fit("máy", "Máy"), Some((Fit::Exact, Length::Whole)));
        assert_eq!(fit("may", "máy"), Some((Fit::Missing, Length::Whole)));
        assert_eq!(fit("máy", "may"), Some((Fit::Wrong, Length::Whole)));
        assert_eq!(fit("dao", "đạo"), Some((Fit::Missing, Length::Whole)));
        assert_eq!(fit("đao", "đạo"), Some((Fit::Missing, Length::Whole)));
        assert_eq!(fit("kỷ", "kỹ"), Some((Fit::Wrong, Length::Whole)));
    }

    #[test]
    fn a_word_that_is_merely_begun_may_miss_marks_but_not_contradict_them() {
        assert_eq!(fit("tr", "trồng"), Some((Fit::Missing, Length::Begun)));
        assert_eq!(fit("trô", "trồng"), Some((Fit::Missing, Length::Begun)));
        assert_eq!(fit("trồ", "trồng"), Some((Fit::Exact, Length::Begun)));
        assert_eq!(fit("lừa", "luật"), None);
        assert_eq!(fit("đ", "dạo"), None);
    }

    #[test]
    fn spellings_of_one_word_are_one() {
        for (one, other) in [("kỹ", "kĩ"), ("hoà", "hòa"), ("tha\u{309}o", "thảo"), ("QUY", "quy")] {
            assert_eq!(Letters::of(one), Letters::of(other), "{one}");
        }
        assert!("quyết".starts_with("quy") && Letters::of("quyết").plain.starts_with(&*Letters::of("quy").plain));
    }
}
