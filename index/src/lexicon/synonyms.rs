//! Other words for the same thing.

use crate::text::syllables;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// A run of a query's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) length: usize,
}

/// Another wording for a run of words, by the keys of its syllables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Equivalent {
    pub(crate) span: Span,
    pub(crate) keys: Vec<String>,
}

/// A table of wordings; each line of its text is `one = other = …` (each finds all) or `typed > meant` (the first finds
/// the second too). Lines that begin with `#` say where the lines below them come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Synonyms {
    /// By the first key of a wording: its keys, and those of what else it may be called.
    by_first: FxHashMap<String, Vec<(Keys, Keys)>>,
}

type Keys = Vec<String>;

static SHIPPED: LazyLock<Synonyms> = LazyLock::new(|| Synonyms::parse(include_str!("../../data/synonyms.tsv")));

impl Synonyms {
    pub(crate) fn parse(text: &str) -> Self {
        let mut table = Self::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (typed, meant): (Vec<&str>, Vec<&str>) = match line.split_once('>') {
                Some((typed, meant)) => (typed.split('=').collect(), meant.split('=').collect()),
                None => (line.split('=').collect(), line.split('=').collect()),
            };
            for one in &typed {
                for other in meant.iter().filter(|other| *other != one) {
                    table.add(keys(one), keys(other));
                }
            }
        }
        table
    }

    fn add(&mut self, one: Vec<String>, other: Vec<String>) {
        if let Some(first) = one.first().cloned()
            && !other.is_empty()
        {
            self.by_first.entry(first).or_default().push((one, other));
        }
    }

    /// The other wordings of runs of `words`, given by the keys that each word may be read as.
    fn of<'a>(&self, words: &'a [Vec<&'a str>]) -> Vec<Equivalent> {
        let mut found = Vec::new();
        for (start, first) in words.iter().enumerate() {
            let entries = first.iter().filter_map(|key| self.by_first.get(*key)).flatten();
            for (one, other) in entries {
                let here = words.iter().skip(start).take(one.len());
                let fits =
                    here.len() == one.len() && one.iter().zip(here).all(|(key, word)| word.contains(&key.as_str()));
                let found_one = Equivalent { span: Span { start, length: one.len() }, keys: other.clone() };
                if fits && !found.contains(&found_one) {
                    found.push(found_one);
                }
            }
        }
        found
    }
}

/// The other wordings of runs of words, from the table that comes with the crate and one of the library's own.
pub(crate) fn equivalents(own: &Synonyms, words: &[Vec<&str>]) -> Vec<Equivalent> {
    let mut found = SHIPPED.of(words);
    for more in own.of(words) {
        if !found.contains(&more) {
            found.push(more);
        }
    }
    found
}

/// Whether a syllable by itself is a wording of the table that comes with the crate, or belongs to one of the library's
/// own: then it is meant as typed, however rare it is in print.
pub(crate) fn is_wording(own: &Synonyms, key: &str) -> bool {
    let alone = SHIPPED.by_first.get(key).is_some_and(|entries| entries.iter().any(|(one, _)| one.len() == 1));
    alone || own.by_first.values().flatten().any(|(one, _)| one.iter().any(|word| word == key))
}

/// What else a syllable may be called in one syllable, by the table that comes with the crate.
pub(crate) fn single_words(key: &str) -> Vec<&'static str> {
    let entries = SHIPPED.by_first.get(key).into_iter().flatten();
    let single = entries.filter_map(|(one, other)| match (one.as_slice(), other.as_slice()) {
        ([_], [only]) => Some(only.as_str()),
        _ => None,
    });
    single.collect()
}

fn keys(text: &str) -> Vec<String> {
    syllables(text).iter().map(|syllable| syllable.key.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wordings_go_both_ways_or_one_way_as_the_line_says() {
        let table = Synonyms::parse("# own\nbhyt = bảo hiểm y tế\nmô > đâu\n");
        let health = ["bao5", "hiêm5", "y", "tê3"].map(|key| vec![key]);
        assert_eq!(table.of(&health), [Equivalent { span: Span { start: 0, length: 4 }, keys: vec!["bhyt".into()] }]);
        assert_eq!(table.of(&[vec!["xin"], vec!["bhyt"]])[0].keys.len(), 4);
        assert_eq!(table.of(&[vec!["mô"]]).len(), 1);
        assert_eq!(table.of(&[vec!["đâu"]]).len(), 0);
    }

    #[test]
    fn every_line_of_the_shipped_table_says_two_things() {
        for line in include_str!("../../data/synonyms.tsv")
            .lines()
            .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        {
            let table = Synonyms::parse(line);
            assert!(!table.by_first.is_empty(), "{line}");
        }
    }
}
