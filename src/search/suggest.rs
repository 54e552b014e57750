//! Suggestions while typing, as the index crate makes them.

use hoclieu_index::text::typing::{telex, vni};

pub use hoclieu_index::suggest::{Entry, Suggester, Suggestion};

/// What raw Telex or VNI keystrokes write, word by word; none when no word is made of such.
pub fn read_keystrokes(typed: &str) -> Option<String> {
    let written = |word: &str| telex(word).or_else(|| vni(word));
    let words: Vec<Option<String>> = typed.split_whitespace().map(written).collect();
    words.iter().any(Option::is_some).then(|| {
        let read = typed.split_whitespace().zip(words).map(|(word, read)| read.unwrap_or_else(|| word.to_owned()));
        read.collect::<Vec<_>>().join(" ")
    })
}
