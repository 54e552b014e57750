//! The words of all texts, in order, with the texts that bear them.

use super::letters::{Fit, Length, Letters};
use super::set::Set;
use super::{TEXT_WORDS, TypedWord};
use crate::text::syllables;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// Beginnings of up to so many letters may be kept ready …
const READY_LETTERS: usize = 3;
/// … when they lead to more than so many words of texts, which would take long to gather.
const READY_FROM: usize = 8_192;

/// Every distinct word, and which texts bear it.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    /// In the order of their letters.
    words: Vec<Letters>,
    /// Where the places of each word's texts begin in `places`; one more at the end.
    place_starts: Vec<usize>,
    /// The places of texts by word, ascending.
    places: Vec<u32>,
    /// Where each text's words begin in `text_words`; one more at the end.
    text_starts: Vec<usize>,
    /// The words of each text, in their order.
    text_words: Vec<u32>,
    /// The texts that bear a word with a common beginning.
    ready: FxHashMap<Box<str>, Set>,
}

/// The words that a typed word may stand for.
pub(super) struct Reach<'a> {
    typed: &'a TypedWord,
    words: Range<usize>,
    /// How each of the words fits, if it does.
    fits: Vec<Option<(Fit, Length)>>,
}

impl Reach<'_> {
    /// How a word fits; none when it does not begin with the typed letters.
    pub(super) fn fit(&self, word: u32) -> Option<(Fit, Length)> {
        let at = (word as usize).checked_sub(self.words.start)?;
        self.fits.get(at).copied().flatten()
    }

    /// How many letters were typed.
    pub(super) fn letters(&self) -> usize {
        self.typed.letters.len()
    }

    /// Whether the typed word may still grow.
    pub(super) fn unfinished(&self) -> bool {
        self.typed.unfinished
    }

    /// Whether some of the words bear other marks than were typed.
    pub(super) fn has_wrong(&self) -> bool {
        self.fits.iter().flatten().any(|(fit, _)| *fit == Fit::Wrong)
    }
}

impl Vocabulary {
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        let mut ids: FxHashMap<Letters, u32> = FxHashMap::default();
        let (mut text_starts, mut text_words) = (vec![0], Vec::new());
        for text in texts {
            for syllable in syllables(text).into_iter().take(TEXT_WORDS) {
                let word = text.get(syllable.place).unwrap_or_default();
                let fresh = u32::try_from(ids.len()).unwrap_or(u32::MAX);
                let id = *known.entry(word).or_insert_with(|| *ids.entry(Letters::of(word)).or_insert(fresh));
                text_words.push(id);
            }
            text_starts.push(text_words.len());
        }
        let mut vocabulary = Self { text_starts, text_words, ..Self::default() };
        vocabulary.sort_words(ids);
        vocabulary.gather_places();
        vocabulary.make_ready();
        vocabulary
    }

    /// Numbers the words in the order of their letters.
    fn sort_words(&mut self, ids: FxHashMap<Letters, u32>) {
        let mut words: Vec<(Letters, u32)> = ids.into_iter().collect();
        words.sort_unstable();
        let mut renamed = vec![0; words.len()];
        for ((_, old), new) in words.iter().zip(0..) {
            if let Some(name) = renamed.get_mut(*old as usize) {
                *name = new;
            }
        }
        for word in &mut self.text_words {
            *word = renamed.get(*word as usize).copied().unwrap_or_default();
        }
        self.words = words.into_iter().map(|(letters, _)| letters).collect();
    }

    fn gather_places(&mut self) {
        let mut by_word: Vec<Vec<u32>> = vec![Vec::new(); self.words.len()];
        for (text, place) in (0..self.text_starts.len().saturating_sub(1)).zip(0_u32..) {
            for word in self.words_of(text) {
                if let Some(places) = by_word.get_mut(*word as usize)
                    && places.last() != Some(&place)
                {
                    places.push(place);
                }
            }
        }
        self.place_starts.push(0);
        for places in by_word {
            self.places.extend(places);
            self.place_starts.push(self.places.len());
        }
    }

    /// Gathers the texts of beginnings that lead to very many.
    fn make_ready(&mut self) {
        for letters in 1..=READY_LETTERS {
            let mut at = 0;
            while let Some(word) = self.words.get(at) {
                let beginning: Box<str> = word.plain.chars().take(letters).collect::<String>().into();
                let words = self.beginning_with(&beginning);
                at = words.end.max(at + 1);
                if self.load(&words) > READY_FROM && !self.ready.contains_key(&beginning) {
                    let set = self.gather(words);
                    self.ready.insert(beginning, set);
                }
            }
        }
    }

    fn beginning_with(&self, letters: &str) -> Range<usize> {
        let start = self.words.partition_point(|word| *word.plain < *letters);
        let rest = self.words.get(start..).unwrap_or_default();
        start..start + rest.partition_point(|word| word.plain.starts_with(letters))
    }

    fn load(&self, words: &Range<usize>) -> usize {
        let at = |word: usize| self.place_starts.get(word).copied().unwrap_or_default();
        at(words.end).saturating_sub(at(words.start))
    }

    fn gather(&self, words: impl Iterator<Item = usize>) -> Set {
        let mut set = Set::of_size(self.text_starts.len().saturating_sub(1));
        for word in words {
            for place in between(&self.places, &self.place_starts, word) {
                set.add(*place);
            }
        }
        set
    }

    /// The words of a text.
    pub(super) fn words_of(&self, text: usize) -> &[u32] {
        between(&self.text_words, &self.text_starts, text)
    }

    /// The words that begin with typed letters.
    pub(super) fn reach<'a>(&self, typed: &'a TypedWord) -> Reach<'a> {
        let words = self.beginning_with(&typed.letters.plain);
        let fits = self.words.get(words.clone()).unwrap_or_default().iter().map(|word| typed.letters.fit(word));
        Reach { typed, fits: fits.collect(), words }
    }

    /// The texts that bear a word within reach; `wrong` takes words with other marks in.
    pub(super) fn bearing(&self, reach: &Reach<'_>, wrong: bool) -> Set {
        let typed = &reach.typed.letters;
        if !typed.has_marks()
            && let Some(set) = self.ready.get(&typed.plain)
        {
            return set.clone();
        }
        let is_fit = |fit: &Option<(Fit, Length)>| fit.is_some_and(|(fit, _)| wrong || fit != Fit::Wrong);
        let fitting = reach.words.clone().zip(&reach.fits).filter(|(_, fit)| is_fit(fit));
        self.gather(fitting.map(|(word, _)| word))
    }
}

/// The part of a list that belongs to one of its owners.
fn between<'a, T>(list: &'a [T], starts: &[usize], owner: usize) -> &'a [T] {
    let part = starts.get(owner).zip(starts.get(owner + 1));
    part.and_then(|(start, end)| list.get(*start..*end)).unwrap_or_default()
}
