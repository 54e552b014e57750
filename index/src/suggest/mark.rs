//! A suggested text as HTML, with the typed letters marked.

use super::letters::letter;
use crate::text::escape::escape;
use crate::text::fold::is_mark;
use crate::text::syllables;
use std::ops::Range;

/// The letters of a word that were typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Marked {
    /// The word's position in the text.
    pub(super) word: usize,
    /// How many of its first letters.
    pub(super) letters: usize,
}

/// Writes a text with the first letters of some words marked; neighbours are marked as one.
pub(super) fn html(text: &str, mut marked: Vec<Marked>) -> String {
    marked.sort_unstable();
    let words = syllables(text);
    let mut parts: Vec<Range<usize>> = Vec::new();
    for Marked { word, letters } in marked {
        let Some(place) = words.get(word).map(|syllable| syllable.place.clone()) else { continue };
        let end = place.start + typed_bytes(text.get(place.clone()).unwrap_or_default(), letters);
        match parts.last_mut() {
            Some(last) if is_blank(text, last.end..place.start) => last.end = end,
            _ => parts.push(place.start..end),
        }
    }
    let (mut out, mut at) = (String::with_capacity(text.len() + 32), 0);
    for part in parts {
        escape(text.get(at..part.start).unwrap_or_default(), &mut out);
        out.push_str("<mark>");
        escape(text.get(part.clone()).unwrap_or_default(), &mut out);
        out.push_str("</mark>");
        at = part.end;
    }
    escape(text.get(at..).unwrap_or_default(), &mut out);
    out
}

fn is_blank(text: &str, place: Range<usize>) -> bool {
    text.get(place).is_some_and(|between| between.chars().all(char::is_whitespace))
}

/// How many bytes of a word its first letters take, with the marks that belong to them.
fn typed_bytes(word: &str, letters: usize) -> usize {
    let mut seen = 0;
    for (at, c) in word.char_indices() {
        if is_mark(c) || letter(c).is_none() {
            continue;
        }
        if seen == letters {
            return at;
        }
        seen += 1;
    }
    word.len()
}
