//! How syllables and pairs of syllables are written as terms: letters first, marks behind, so that the dictionary of an
//! index lists all marked forms of the same letters side by side.

use crate::text::Syllable;

/// What stands between the letters of a term and its marked form.
pub(crate) const MARKED: char = '|';
/// What stands between the two syllables of a pair.
pub(crate) const PAIRED: char = '_';

/// Writes the term of a syllable: `lua|lua3` for lúa, `lua|` for the bare letters.
pub(crate) fn push_syllable(term: &mut String, syllable: &Syllable) {
    term.push_str(&syllable.fold);
    term.push(MARKED);
    if syllable.key != syllable.fold {
        term.push_str(&syllable.key);
    }
}

/// Writes the term of two neighbouring syllables: `trong_lua|trông2_lua3`.
pub(crate) fn push_pair(term: &mut String, first: &Syllable, second: &Syllable) {
    push_folds(term, &first.fold, &second.fold);
    if first.key != first.fold || second.key != second.fold {
        term.push_str(&first.key);
        term.push(PAIRED);
        term.push_str(&second.key);
    }
}

fn push_folds(term: &mut String, first: &str, second: &str) {
    term.push_str(first);
    term.push(PAIRED);
    term.push_str(second);
    term.push(MARKED);
}

/// The beginning that the terms of all marked forms of a syllable share.
pub(crate) fn syllable_prefix(fold: &str) -> String {
    format!("{fold}{MARKED}")
}

/// The beginning that the terms of all marked forms of a pair share.
pub(crate) fn pair_prefix(first: &str, second: &str) -> String {
    let mut prefix = String::with_capacity(first.len() + second.len() + 2);
    push_folds(&mut prefix, first, second);
    prefix
}

/// The term of one marked form under its prefix; `key` is the syllable's key, or both keys of a pair joined.
pub(crate) fn under_prefix(prefix: &str, key: &str) -> String {
    let fold = prefix.strip_suffix(MARKED).unwrap_or(prefix);
    if fold == key { prefix.to_owned() } else { format!("{prefix}{key}") }
}

/// The key that a term under a prefix stands for.
pub(crate) fn key_of<'a>(prefix: &'a str, term: &'a str) -> &'a str {
    match term.strip_prefix(prefix) {
        Some("") | None => prefix.strip_suffix(MARKED).unwrap_or(prefix),
        Some(key) => key,
    }
}

/// Both keys of a pair as one, the way [`key_of`] answers it.
pub(crate) fn pair_key(first: &str, second: &str) -> String {
    format!("{first}{PAIRED}{second}")
}

/// Whether the key of a pair is that of two syllables.
pub(crate) fn is_pair_of(key: &str, first: &str, second: &str) -> bool {
    let rest = key.strip_prefix(first).and_then(|rest| rest.strip_prefix(PAIRED));
    rest == Some(second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::syllables;

    #[test]
    fn marked_and_bare_forms_share_a_prefix_and_come_back_from_their_terms() {
        let found = syllables("trồng lua VNeID");
        let mut term = String::new();
        push_pair(&mut term, &found[0], &found[1]);
        assert_eq!(term, "trong_lua|trông2_lua");
        let prefix = pair_prefix("trong", "lua");
        assert_eq!(key_of(&prefix, &term), "trông2_lua");
        assert_eq!(under_prefix(&prefix, &pair_key("trông2", "lua")), term);
        let mut bare = String::new();
        push_syllable(&mut bare, &found[2]);
        assert_eq!((bare.as_str(), key_of("vneid|", &bare)), ("vneid|", "vneid"));
        assert_eq!(under_prefix("vneid|", "vneid"), "vneid|");
    }
}
