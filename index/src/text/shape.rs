//! How a Vietnamese syllable is built: an onset, a rhyme, and a tone apart from both.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// "nghiêng" is the longest; a tone may take a sign of its own.
const MAX_BYTES: usize = 24;

static PARTS: LazyLock<Parts> = LazyLock::new(|| Parts::read(include_str!("../../data/syllables.txt")));

/// Whether a word is built like a Vietnamese syllable, with its marks or, in plain letters, without. Case does not matter.
///
/// The tone is apart: where it stands is not looked at, nor whether the rhyme can bear it.
///
/// ```
/// use hoclieu_index::text::shape::is_syllable;
/// assert!(is_syllable("Nghiêng") && is_syllable("duong"));
/// assert!(!is_syllable("school") && !is_syllable("kroong"));
/// ```
pub fn is_syllable(word: &str) -> bool {
    fits(word, true)
}

/// Whether a word can be spelled with the parts of Vietnamese syllables, those rhymes included that no word has ("buăm").
///
/// ```
/// use hoclieu_index::text::shape::{is_spellable, is_syllable};
/// assert!(is_spellable("hừm") && !is_syllable("hừm"));
/// ```
pub fn is_spellable(word: &str) -> bool {
    fits(word, false)
}

/// Whether a word is a syllable with all of its marks: at most one tone, and one that its rhyme can bear.
///
/// Stricter than [`is_syllable`]; what is left of Vietnamese after a wrong decoding seldom passes.
///
/// ```
/// use hoclieu_index::text::shape::is_written;
/// assert!(is_written("Đường") && is_written("ba"));
/// assert!(!is_written("duòng") && !is_written("bàc"));
/// ```
pub fn is_written(word: &str) -> bool {
    if word.is_ascii() {
        return PARTS.writes(&word.to_ascii_lowercase());
    }
    if word.len() > MAX_BYTES {
        return false;
    }
    let (mut letters, mut tones) = (String::with_capacity(word.len()), Vec::new());
    for c in word.chars().flat_map(char::to_lowercase).nfd() {
        if is_tone(c) { tones.push(c) } else { letters.push(c) }
    }
    let letters: String = letters.nfc().collect();
    let stopped = letters.ends_with(['c', 'p', 't']) || letters.ends_with("ch");
    let bears = |tone: &char| !stopped || matches!(tone, '\u{301}' | '\u{323}');
    tones.len() < 2 && tones.iter().all(bears) && PARTS.writes(&letters)
}

fn fits(word: &str, common: bool) -> bool {
    if word.len() > MAX_BYTES {
        return false;
    }
    let toneless: String = if word.is_ascii() {
        word.to_ascii_lowercase()
    } else {
        word.chars().flat_map(char::to_lowercase).nfd().filter(|c| !is_tone(*c)).nfc().collect()
    };
    // "gì" and "gìn" share their i between onset and rhyme, so every onset that fits is tried.
    toneless == "gi" || splits(&toneless).any(|(_, rhyme)| PARTS.knows(rhyme, toneless.is_ascii(), common))
}

/// The sign of a written tone, when the character is one.
pub(crate) fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// A rhyme of the spelling.
#[derive(Debug)]
pub(crate) struct Rhyme {
    /// With its hats, horns and breves.
    pub(crate) marked: &'static str,
    /// Whether words of the language have it.
    pub(crate) common: bool,
}

/// The rhymes that plain letters may stand for, those of real words first.
pub(crate) fn rhymes_of(plain: &str) -> &'static [Rhyme] {
    PARTS.rhymes.get(plain).map_or(&[], Vec::as_slice)
}

/// The ways to part a toneless word into an onset, which may be empty, and the rest.
pub(crate) fn splits(word: &str) -> impl Iterator<Item = (&'static str, &str)> {
    let onsets = PARTS.onsets.iter().copied();
    onsets.filter_map(move |onset| word.strip_prefix(onset).map(|rest| (onset, rest)))
}

/// Every onset, the longest first where one begins another; the last is empty.
#[cfg(test)]
pub(crate) fn onsets() -> &'static [&'static str] {
    &PARTS.onsets
}

/// Every rhyme.
#[cfg(test)]
pub(crate) fn rhymes() -> impl Iterator<Item = &'static Rhyme> {
    PARTS.rhymes.values().flatten()
}

/// The table of parts.
struct Parts {
    onsets: Vec<&'static str>,
    /// Rhymes by their plain letters.
    rhymes: FxHashMap<String, Vec<Rhyme>>,
    /// Rhymes as written, and whether words of the language have them.
    marked: FxHashMap<&'static str, bool>,
}

impl Parts {
    fn read(table: &'static str) -> Self {
        let mut parts = Self { onsets: Vec::new(), rhymes: FxHashMap::default(), marked: FxHashMap::default() };
        for (kind, words) in
            table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(": "))
        {
            for marked in words.split_whitespace() {
                if kind == "onsets" {
                    parts.onsets.push(marked);
                } else {
                    let common = kind == "rhymes";
                    let plain = marked.nfd().filter(char::is_ascii).collect();
                    parts.rhymes.entry(plain).or_default().push(Rhyme { marked, common });
                    parts.marked.insert(marked, common);
                }
            }
        }
        parts.onsets.push("");
        parts
    }

    /// Whether a toneless word is an onset and a common rhyme, as written.
    fn writes(&self, word: &str) -> bool {
        word == "gi" || splits(word).any(|(_, rhyme)| self.marked.get(rhyme) == Some(&true))
    }

    /// Marks may be left out, but of the whole word only.
    fn knows(&self, rhyme: &str, unmarked: bool, common: bool) -> bool {
        let fits = |known: bool| known || !common;
        self.marked.get(rhyme).copied().is_some_and(fits)
            || unmarked && self.rhymes.get(rhyme).is_some_and(|all| all.iter().any(|known| fits(known.common)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn syllables_are_told_from_other_words() {
        for word in [
            "nghiêng",
            "gì",
            "gìn",
            "quyển",
            "yêu",
            "đường",
            "duong",
            "khuya",
            "oan",
            "xoong",
            "uống",
            "Đ\u{1b0}\u{1a1}\u{323}C",
        ] {
            assert!(is_syllable(word), "{word}");
        }
        for word in ["class", "kroong", "ngkéq", "school", "năts", "đl", "w", "strength", "buăm", ""] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn a_word_marked_in_part_is_no_syllable() {
        assert!(is_syllable("duong") && is_syllable("dương"));
        assert!(!is_syllable("dưong") && !is_syllable("đuong"));
        assert!(!is_syllable("đuơng") && is_spellable("đuơng"));
    }

    proptest! {
        #[test]
        fn any_word_is_answered(word in "\\PC{0,40}") {
            prop_assert!(is_spellable(&word) || !is_syllable(&word));
        }
    }
}
