//! The words of a query or a name, ready to be compared as people spell them.

use crate::search::{has_marks, syllables};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// A word under all its spellings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands in its text, in bytes.
    pub(super) place: Range<usize>,
    /// Its form with marks; hỏi and ngã, which the province does not tell apart, are one.
    marked: String,
    /// Its form without marks.
    pub(super) plain: String,
    /// Whether it bears marks.
    pub(super) has_marks: bool,
}

/// The signs of hỏi and ngã.
const HOI: char = '\u{309}';
const NGA: char = '\u{303}';

/// The words of a text. "và" and "&" join the parts of an organisation's name in one spelling and not in another: they
/// count for nothing here.
pub(super) fn words(text: &str) -> Vec<Word> {
    let word = |syllable: crate::search::Syllable| {
        let written = text.get(syllable.place.clone()).unwrap_or_default();
        let one_tone: String = written.nfd().map(|c| if c == HOI { NGA } else { c }).collect();
        Word {
            marked: syllables(&one_tone).iter().map(|part| part.key.to_string()).collect(),
            plain: syllable.fold.to_string(),
            has_marks: has_marks(&syllable.key),
            place: syllable.place,
        }
    };
    let joins = |word: &Word| {
        let written: String = text.get(word.place.clone()).unwrap_or_default().to_lowercase().nfc().collect();
        written == "và" || written == "va"
    };
    syllables(text).into_iter().map(word).filter(|word| !joins(word)).collect()
}

impl Word {
    /// Whether this typed word may stand for a word of a name: marks that were typed must agree.
    pub(super) fn may_be(&self, name: &Self) -> bool {
        self.plain == name.plain && (!self.has_marks || self.marked == name.marked)
    }

    /// The form with marks.
    pub(super) fn marked_form(&self) -> &str {
        &self.marked
    }

    /// Whether marks of the name's word were left out.
    pub(super) fn lacks_marks_of(&self, name: &Self) -> bool {
        name.has_marks && !self.has_marks
    }
}

/// The form of some words without marks, in one text.
pub(super) fn plain(words: &[Word]) -> String {
    words.iter().map(|word| word.plain.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a text bears words one after the other, with their marks.
pub(super) fn bears(text: &str, name: &[Word]) -> bool {
    let all = words(text);
    let is_name = |window: &[Word]| {
        window.iter().zip(name).all(|(word, name)| word.plain == name.plain && word.marked == name.marked)
    };
    !name.is_empty() && all.windows(name.len()).any(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_marks_must_agree_and_missing_ones_may() {
        let may_be = |typed: &str, name: &str| words(typed)[0].may_be(&words(name)[0]);
        assert!(may_be("cua", "Cửa") && may_be("cửa", "Cửa") && may_be("cữa", "Cửa"));
        assert!(!may_be("của", "Cửa") && !may_be("cứa", "Cửa"));
    }

    #[test]
    fn joining_words_count_for_nothing() {
        assert_eq!(plain(&words("Nông nghiệp và Phát triển")), "nong nghiep phat trien");
        assert_eq!(plain(&words("Nông nghiệp & Phát triển")), "nong nghiep phat trien");
        assert_eq!(plain(&words("con vá")), "con va");
    }

    #[test]
    fn a_title_bears_a_name_with_its_marks_only() {
        assert!(bears("Nước mắm Cửa Tùng", &words("cửa tùng")));
        assert!(!bears("Nghĩa vụ của từng hộ", &words("cửa tùng")));
    }
}
