//! From typed words to weighted terms of the four views.

use crate::error::Error;
use crate::rank::{BIGRAM, FOLDED_FALLBACK, FOLDED_SHARE, MAX_SYLLABLES};
use crate::row::bigram;
use crate::schema::{Fields, View};
use crate::text::normal::has_marks;
use crate::text::syllables;
use std::collections::HashMap;
use std::rc::Rc;
use tantivy::Searcher;

/// A term of one view with its weights.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Term {
    pub(crate) view: View,
    pub(crate) text: String,
    /// What its BM25 score is multiplied with; its rarity is in it.
    pub(crate) weight: f32,
    /// Its part of the query's whole weight.
    pub(crate) share: f32,
}

/// A query as the scoring needs it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) terms: Vec<Term>,
    /// The weight that a passage bearing everything reaches.
    pub(crate) whole: f32,
    /// The query's syllables with their rarity, for highlighting.
    pub(crate) words: Vec<Word>,
}

/// A syllable of the query.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) key: Rc<str>,
    pub(crate) fold: Rc<str>,
    /// Typed with marks: then only the same marks are highlighted, where the passage has them.
    pub(crate) marked: bool,
    pub(crate) rarity: f32,
}

impl Plan {
    /// Reads a query; one without marks runs on the folded views, one with marks prefers the marked ones.
    pub(crate) fn of(query: &str, searcher: &Searcher, fields: &Fields) -> Result<Self, Error> {
        let typed = syllables(query);
        let marks = typed.iter().any(|syllable| has_marks(&syllable.key));
        let rarity = Rarity { searcher, fields };
        let mut words = Vec::new();
        for (at, syllable) in typed.iter().enumerate() {
            let view = if marks && has_marks(&syllable.key) { View::Syllables } else { View::FoldedSyllables };
            let text = if view == View::Syllables { &syllable.key } else { &syllable.fold };
            let word = Word {
                key: Rc::clone(&syllable.key),
                fold: Rc::clone(&syllable.fold),
                marked: view == View::Syllables,
                rarity: rarity.of(view, text)?,
            };
            words.push((at, word));
        }
        keep_rarest(&mut words);
        let mut plan = Builder { terms: HashMap::new(), whole: 0.0 };
        for (at, word) in &words {
            plan.syllable(word, &rarity)?;
            let next = words.iter().find(|(other, _)| *other == at + 1);
            if let Some((_, next)) = next {
                plan.bigram(word, next, &rarity)?;
            }
        }
        let terms = plan.terms.into_values().collect();
        Ok(Self { terms, whole: plan.whole, words: words.into_iter().map(|(_, word)| word).collect() })
    }
}

fn keep_rarest(words: &mut Vec<(usize, Word)>) {
    if words.len() > MAX_SYLLABLES {
        words.sort_by(|(_, a), (_, b)| b.rarity.total_cmp(&a.rarity));
        words.truncate(MAX_SYLLABLES);
        words.sort_by_key(|(at, _)| *at);
    }
}

struct Builder {
    terms: HashMap<(u8, String), Term>,
    whole: f32,
}

impl Builder {
    fn syllable(&mut self, word: &Word, rarity: &Rarity<'_>) -> Result<(), Error> {
        let known = self.terms.len();
        if word.marked {
            let own = 1.0 - FOLDED_SHARE;
            self.add(View::Syllables, &word.key, word.rarity, word.rarity * own);
            let folded = rarity.of(View::FoldedSyllables, &word.fold)?;
            self.add(View::FoldedSyllables, &word.fold, folded * FOLDED_FALLBACK, word.rarity * FOLDED_SHARE);
        } else {
            self.add(View::FoldedSyllables, &word.fold, word.rarity, word.rarity);
        }
        // A repeated syllable weighs once.
        if self.terms.len() > known {
            self.whole += word.rarity;
        }
        Ok(())
    }

    fn bigram(&mut self, first: &Word, second: &Word, rarity: &Rarity<'_>) -> Result<(), Error> {
        let folded = bigram(&first.fold, &second.fold);
        let folded_rarity = rarity.of(View::FoldedBigrams, &folded)? * BIGRAM;
        if first.marked && second.marked {
            let marked = bigram(&first.key, &second.key);
            let weight = rarity.of(View::Bigrams, &marked)? * BIGRAM;
            self.add(View::Bigrams, &marked, weight, 0.0);
            self.add(View::FoldedBigrams, &folded, folded_rarity * FOLDED_FALLBACK, 0.0);
        } else {
            self.add(View::FoldedBigrams, &folded, folded_rarity, 0.0);
        }
        Ok(())
    }

    fn add(&mut self, view: View, text: &str, weight: f32, share: f32) {
        let position = View::ALL.iter().zip(0_u8..).find(|(other, _)| **other == view).map_or(0, |(_, at)| at);
        let term = Term { view, text: text.to_owned(), weight, share };
        self.terms.entry((position, text.to_owned())).or_insert(term);
    }
}

/// How telling a term is: BM25's inverse document frequency over all segments.
pub(crate) struct Rarity<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
}

impl Rarity<'_> {
    pub(crate) fn of(&self, view: View, text: &str) -> Result<f32, Error> {
        let term = tantivy::Term::from_field_text(self.fields.view(view), text);
        let bearing = as_f32(self.searcher.doc_freq(&term)?);
        let all = as_f32(self.searcher.num_docs()).max(bearing);
        Ok((1.0 + (all - bearing + 0.5) / (bearing + 0.5)).ln())
    }
}

/// A count as a weight: beyond 16 million the last digits do not matter.
#[expect(clippy::cast_precision_loss, reason = "weights need seven digits at most")]
pub(crate) fn as_f32(count: u64) -> f32 {
    count as f32
}

/// A frequency or length as a weight.
#[expect(clippy::cast_precision_loss, reason = "weights need seven digits at most")]
pub(crate) fn as_weight(count: u32) -> f32 {
    count as f32
}
