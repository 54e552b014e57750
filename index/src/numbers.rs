//! Numbers of official documents: 1373/QĐ-TTg, 04/2012/QĐ-TTg, in whatever shape they are typed.
//!
//! A document is found by its own number under several names: the whole (`1373//qd-ttg`), number and year (`4/2012`), kind and
//! number (`qd:1373`), kind, number and year (`qd:4/2012`), and the bare number.

use crate::rank::{NUMBER_BARE, NUMBER_KIND, NUMBER_KIND_YEAR, NUMBER_WHOLE, NUMBER_YEAR, NUMBER_YEAR_TOO_MUCH};
use crate::text::{Syllable, syllables};
use std::sync::LazyLock;

/// A number as it stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Number {
    digits: String,
    year: Option<String>,
    /// What stands behind, folded and joined by `-`.
    symbol: String,
}

/// How far into a text the number of the document itself is looked for, in characters.
const HEAD: usize = 300;
/// A symbol has at most so many parts: TTLT-BTC-BTTTT-BNV.
const MAX_PARTS: usize = 6;

impl Number {
    fn names(&self) -> Vec<String> {
        let digits = &self.digits;
        let mut names = vec![digits.clone()];
        let kind = self.symbol.split('-').next().unwrap_or_default();
        if !kind.is_empty() {
            names.push(format!("{kind}:{digits}"));
            names.push(format!("{digits}/{}/{}", self.year.as_deref().unwrap_or_default(), self.symbol));
        }
        if let Some(year) = &self.year {
            names.push(format!("{digits}/{year}"));
            if !kind.is_empty() {
                names.push(format!("{kind}:{digits}/{year}"));
            }
        }
        names
    }
}

/// The names under which a document with these keys, else this title, else this beginning of its text, is found.
pub(crate) fn names_of(keys: &[String], title: &str, text: &str) -> Vec<String> {
    let head: String = text.chars().take(HEAD).collect();
    let mut texts = keys.iter().map(String::as_str).chain([title, head.as_str()]);
    let first = |text: &str| whole(text, &syllables(text)).into_iter().next();
    let mut names: Vec<String> = if keys.is_empty() {
        texts.find_map(first).map(|number| number.names()).unwrap_or_default()
    } else {
        keys.iter().filter_map(|key| first(key)).flat_map(|number| number.names()).collect()
    };
    names.sort();
    names.dedup();
    names
}

/// The numbers with a symbol that stand in a text, in order.
fn whole(text: &str, words: &[Syllable]) -> Vec<Number> {
    let sign_after = |at: usize| {
        let end = words.get(at)?.place.end;
        let next = words.get(at + 1)?.place.start;
        text.get(end..next)?
            .trim()
            .chars()
            .next()
            .filter(|_| text.get(end..next).is_some_and(|gap| gap.trim().chars().count() == 1))
    };
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if !is_digits(&word.fold) || sign_after(at) != Some('/') {
            continue;
        }
        let mut next = at + 1;
        let year = words.get(next).map(|word| word.fold.to_string()).filter(|word| is_year(word));
        if year.is_some() {
            if sign_after(next) != Some('/') {
                continue;
            }
            next += 1;
        }
        let mut parts: Vec<&str> = Vec::new();
        while let Some(part) = words.get(next).filter(|part| is_symbol(&part.fold)).filter(|_| parts.len() < MAX_PARTS)
        {
            parts.push(&part.fold);
            if !matches!(sign_after(next), Some('-' | '–')) {
                break;
            }
            next += 1;
        }
        if !parts.is_empty() {
            found.push(Number { digits: plain(&word.fold), year, symbol: parts.join("-") });
        }
    }
    found
}

fn is_digits(word: &str) -> bool {
    (1..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && is_digits(word)
}

fn is_symbol(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.len() <= 12
}

/// Without leading zeros: 04 and 4 are one number.
fn plain(digits: &str) -> String {
    let rest = digits.trim_start_matches('0');
    if rest.is_empty() { "0".to_owned() } else { rest.to_owned() }
}

/// Kinds of documents: the folds of their words, and the letters that stand for them.
static KINDS: LazyLock<Vec<(Vec<String>, String)>> = LazyLock::new(|| {
    let folds = |text: &str| syllables(text).iter().map(|word| word.fold.to_string()).collect::<Vec<_>>();
    let lines = include_str!("../data/document_types.tsv").lines().filter(|line| !line.starts_with('#'));
    let mut kinds: Vec<_> = lines
        .filter_map(|line| line.split_once('='))
        .map(|(words, letters)| (folds(words), folds(letters).concat()))
        .collect();
    kinds.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    kinds
});

/// What the document numbers in a query may be called, the most telling first, with how much each says: 1 for a whole
/// number, less for parts of it.
pub(crate) fn wanted(typed: &str) -> Vec<(String, f32)> {
    let words = syllables(typed);
    let folds: Vec<&str> = words.iter().map(|word| &*word.fold).collect();
    let mut found = Vec::new();
    for (at, digits) in folds.iter().enumerate().filter(|(_, word)| is_digits(word)).take(MAX_NUMBERS) {
        let after_digits = at.checked_sub(1).and_then(|before| folds.get(before)).is_some_and(|word| is_digits(word));
        if is_year(digits) && after_digits {
            continue;
        }
        let mut rest = folds.get(at + 1..).unwrap_or_default();
        let year = rest.first().filter(|word| is_year(word)).copied();
        if year.is_some() {
            rest = rest.get(1..).unwrap_or_default();
        }
        let kind = kind_before(folds.get(..at).unwrap_or_default());
        found.extend(names((&plain(digits), year), rest, kind.as_deref(), words.len()));
    }
    found
}

/// So many numbers of one query are thought of as numbers of documents.
const MAX_NUMBERS: usize = 4;

fn names((digits, year): (&str, Option<&str>), rest: &[&str], kind: Option<&str>, words: usize) -> Vec<(String, f32)> {
    let mut names = Vec::new();
    let mut push = |name: String, amount: f32| names.push((name, amount));
    let parts = rest.iter().take_while(|word| is_symbol(word)).take(MAX_PARTS).count();
    for count in (1..=parts).rev() {
        let symbol = rest.get(..count).unwrap_or_default().join("-");
        push(format!("{digits}/{}/{symbol}", year.unwrap_or_default()), NUMBER_WHOLE);
    }
    let typed_kind = rest.first().filter(|word| is_symbol(word)).copied();
    for kind in [kind, typed_kind].into_iter().flatten() {
        match year {
            Some(year) => push(format!("{kind}:{digits}/{year}"), NUMBER_KIND_YEAR),
            None => push(format!("{kind}:{digits}"), NUMBER_KIND),
        }
    }
    match year {
        Some(year) => {
            push(format!("{digits}/{year}"), NUMBER_YEAR);
            // People add the year though the number itself bears none.
            if let Some(kind) = kind {
                push(format!("{kind}:{digits}"), NUMBER_YEAR_TOO_MUCH);
            }
        }
        // A number among many words is a number of something.
        None if words <= 2 => push(digits.to_owned(), NUMBER_BARE),
        None => {}
    }
    names
}

/// The letters of the kind of document that is named just before a number, with or without "số".
fn kind_before(folds: &[&str]) -> Option<String> {
    let folds = folds.strip_suffix(&["so"]).unwrap_or(folds);
    let ends_with = |words: &Vec<String>| {
        folds.len() >= words.len()
            && folds.iter().rev().zip(words.iter().rev()).all(|(one, other)| *one == other.as_str())
    };
    let named = KINDS.iter().find(|(words, _)| ends_with(words)).map(|(_, letters)| letters.clone());
    named.or_else(|| {
        folds.last().filter(|word| KINDS.iter().any(|(_, letters)| letters == *word)).map(|word| (*word).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn first(typed: &str) -> Option<(String, f32)> {
        let title = "Quyết định số 1373/QĐ-TTg phê duyệt Đề án theo Nghị quyết số 57/NQ-CP";
        let names = names_of(&[], title, "");
        wanted(typed).into_iter().find(|(name, _)| names.contains(name))
    }

    #[test]
    fn a_document_is_known_by_its_own_number_in_any_shape() {
        for typed in [
            "1373/QĐ-TTg",
            "qd 1373",
            "1373",
            "quyết định số 1373 2021",
            "QĐ 1373/QĐ-TTg",
            "1373 qđ ttg",
            "quyet dinh 1373",
        ] {
            assert!(first(typed).is_some(), "{typed}");
        }
        for typed in ["57/NQ-CP", "nghị định 1373", "năm 1373 có gì lạ", "1374", "lúa", ""] {
            assert_eq!(first(typed), None, "{typed}");
        }
    }

    #[test]
    fn numbers_with_a_year_meet_with_or_without_leading_zeros() {
        let names = names_of(&["04/2012/TT-BTC".to_owned()], "", "");
        for typed in ["4/2012/tt-btc", "thông tư 04/2012", "thong tu 4 2012 tt btc", "04/2012/TT-BTC"] {
            assert!(wanted(typed).iter().any(|(name, _)| names.contains(name)), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,200}") {
            names_of(&[], &text, &text);
            wanted(&text);
        }

        #[test]
        fn digits_and_signs_in_any_order_are_read(text in "[0-9/ -đa]{0,80}") {
            names_of(&[], &text, &text);
            wanted(&text);
        }
    }
}
