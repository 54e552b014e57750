//! What is known of the language before a text is read: which syllables and pairs are usual, which words say little,
//! which words mean the same.

mod compounds;
mod genre;
mod synonyms;
mod table;

pub(crate) use genre::genre_words;
pub(crate) use synonyms::{Equivalent, Synonyms, equivalents, is_wording, single_words};

use rustc_hash::FxHashSet;
use std::sync::LazyLock;
use table::Table;

static SYLLABLES: Table = Table(include_str!("../../data/syllable_counts.tsv"));
static PAIRS: Table = Table(include_str!("../../data/pair_counts.tsv"));
/// Syllables that were counted for the tables.
pub(crate) const COUNTED: f32 = 32_000_000.0;

/// A marked form and how often it is met in general text.
pub(crate) type Form = (&'static str, u32);

/// The marked forms of a syllable's letters, most frequent first.
pub(crate) fn syllable_forms(fold: &str) -> impl Iterator<Item = Form> + use<> {
    SYLLABLES.forms(fold)
}

/// The marked forms of a pair, both keys joined as in a term, most frequent first.
pub(crate) fn pair_forms(first: &str, second: &str) -> Vec<Form> {
    let both = crate::term::pair_key(first, second);
    let mut forms: Vec<Form> = PAIRS.forms(&both).collect();
    for (key, count) in compounds::forms(&both) {
        match forms.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = (*known).max(count),
            None => forms.push((key, count)),
        }
    }
    forms
}

static FUNCTION_WORDS: LazyLock<FxHashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("../../data/function_words.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).map(crate::text::normal::key).collect()
});

/// Whether a syllable mostly asks or connects, and says little about the subject.
pub(crate) fn is_function_word(key: &str) -> bool {
    FUNCTION_WORDS.contains(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_forms_are_known_by_their_letters() {
        assert_eq!(syllable_forms("ki").map(|(key, _)| key).next(), Some("ki2"));
        assert_eq!(pair_forms("ki", "thuat").iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["ki4_thuât6"]);
        assert_eq!(pair_forms("ki", "zzz"), []);
        assert!(is_function_word("tôi") && is_function_word("thê3") && !is_function_word("lua3"));
    }
}
