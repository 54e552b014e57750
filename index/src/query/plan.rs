//! What is added up for a query: slots, each a word or a pair of words with all terms that stand for it.

use super::builder::Builder;
use super::read::{Word, read};
use super::statistics::Statistics;
use super::{Request, View as Index, as_f32, encoding, parse};
use crate::error::Error;
use crate::lexicon::{Equivalent, equivalents};
use crate::rank::{Curve, MATCH_SHARE, MATCH_WORDS, NUMBER_CURVE, PAIR_CURVE, SYLLABLE_CURVE, TITLE_CURVE};
use crate::schema::View;
use crate::text::spell::spell;
use crate::text::syllables;
use std::ops::Range;

/// A term that stands for a slot, and how much of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alternative {
    pub(crate) view: View,
    pub(crate) text: String,
    /// How much a meeting counts in the score, above 0 and at most 1.
    pub(crate) amount: f32,
    /// How much of the slot is there where the term is, above 0 and at most 1.
    pub(crate) presence: f32,
}

/// What a slot stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Pair,
    TitleWord,
    TitlePair,
    Number,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] = [Self::Word, Self::Pair, Self::TitleWord, Self::TitlePair, Self::Number];

    /// The view of its own terms; other wordings may stand in another.
    pub(crate) const fn view(self) -> View {
        match self {
            Self::Word => View::Syllables,
            Self::Pair => View::Pairs,
            Self::TitleWord => View::TitleSyllables,
            Self::TitlePair => View::TitlePairs,
            Self::Number => View::Numbers,
        }
    }

    pub(crate) const fn curve(self) -> Curve {
        match self {
            Self::Word => SYLLABLE_CURVE,
            Self::Pair => PAIR_CURVE,
            Self::TitleWord | Self::TitlePair => TITLE_CURVE,
            Self::Number => NUMBER_CURVE,
        }
    }
}

/// A word or a pair of words of the query.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    pub(crate) kind: Kind,
    pub(crate) alternatives: Vec<Alternative>,
    /// What its BM25 score is multiplied with; its rarity is in it.
    pub(crate) weight: f32,
    /// Its part of the query's whole weight; 0 for what only orders matches.
    pub(crate) share: f32,
    /// What was typed for it.
    pub(crate) label: String,
}

/// Syllables in a row: a passage must bear a term for each place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Phrase {
    pub(crate) view: View,
    pub(crate) places: Vec<Vec<String>>,
    /// The keys of its syllables, or their letters when it was typed without marks.
    pub(crate) syllables: Vec<String>,
    pub(crate) marked: bool,
}

/// A query as the scoring needs it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) slots: Vec<Slot>,
    /// A passage matches from this share on …
    pub(crate) least: f32,
    /// … when it bears this slot, too: its place among the slots.
    pub(crate) required: Option<usize>,
    /// What the query says, where it was in an old encoding.
    pub(crate) decoded: Option<String>,
    /// The query's words as they were read, with their places in it or in what it says.
    pub(crate) words: Vec<Word>,
    /// Other wordings that are looked for too.
    pub(crate) wordings: Vec<Equivalent>,
    /// A passage must bear each.
    pub(crate) phrases: Vec<Phrase>,
    /// No passage of a document may bear one.
    pub(crate) excluded: Vec<Phrase>,
    /// False for a query that asks for nothing: everything matches but what it leaves out.
    pub(crate) has_words: bool,
}

/// A phrase within a longer question is a wish and no demand: so many words outside of it make the question long.
const MANY_WORDS: usize = 8;

impl Plan {
    /// Reads a query as the request wants it; `demand` says whether what stands in quotes must be there.
    pub(crate) fn of(request: &Request, demand: bool, index: Index<'_>) -> Result<Self, Error> {
        let decoded = if request.exact { None } else { encoding::decoded(&request.query) };
        let parsed = parse::parse(decoded.as_deref().unwrap_or(&request.query));
        let statistics = Statistics::new(index);
        let (phrases, quotes): (Vec<String>, Vec<_>) = parsed.phrases.into_iter().unzip();
        let quotes = if demand { quotes } else { Vec::new() };
        // Places of names are places in what was typed.
        let names = if decoded.is_none() { request.names.as_slice() } else { &[] };
        let literal: Vec<Range<usize>> = quotes.into_iter().chain(names.iter().cloned()).collect();
        let mut words = read(&parsed.wanted, &literal, request.exact, &statistics)?;
        let mut builder = Builder::new(&statistics);
        builder.keep_rarest(&mut words)?;
        let strong: Vec<Vec<&str>> = words.iter().map(Word::strong_keys).collect();
        let wordings = if request.exact { Vec::new() } else { equivalents(index.synonyms, &strong) };
        builder.words(&words, &wordings)?;
        builder.numbers(&parsed.wanted)?;
        let quoted: usize = phrases.iter().map(|text| syllables(text).len()).sum();
        let demand = demand && words.len() <= quoted + MANY_WORDS;
        let phrases = builder.phrases(if demand { &phrases } else { &[] })?;
        let excluded = builder.phrases(&parsed.excluded)?;
        let share = MATCH_SHARE.min(MATCH_WORDS / as_f32(words.len().max(1) as u64));
        let (slots, whole, required) = builder.finish(words.len());
        // Of words without marks none is surely the one that was meant. A name narrows where it should; what is sought
        // there need not bear it.
        let is_sure = names.is_empty() && words.iter().any(|word| word.marked);
        let required = required.filter(|_| is_sure);
        let only_excludes = words.is_empty() && !excluded.is_empty();
        let has_words = !request.query.trim().is_empty() && !only_excludes;
        Ok(Self { slots, least: whole * share, required, decoded, words, wordings, phrases, excluded, has_words })
    }

    /// The other wordings as people write them, each with the words of the query that it stands for.
    pub(crate) fn other_wordings(&self) -> Vec<(String, String)> {
        let other = |wording: &Equivalent| {
            let words = self.words.iter().skip(wording.span.start).take(wording.span.length);
            let typed: Vec<&str> = words.map(|word| word.typed.as_str()).collect();
            let keys: Vec<String> = wording.keys.iter().map(|key| spell(key, "")).collect();
            (typed.join(" "), keys.join(" "))
        };
        self.wordings.iter().map(other).collect()
    }

    /// The query as it was read, where that is not what was typed.
    pub(crate) fn read_as(&self, typed: &str) -> Option<String> {
        if self.decoded.is_none() && !self.words.iter().any(|word| word.changed) {
            return None;
        }
        let text = self.decoded.as_deref().unwrap_or(typed);
        let respelled =
            self.respelled(text, |word| word.ways.first().filter(|_| word.changed).map(|way| way.key.as_str()));
        respelled.or_else(|| self.decoded.clone())
    }

    /// The query as it may have been meant as well.
    pub(crate) fn second_reading(&self, typed: &str) -> Option<String> {
        self.respelled(self.decoded.as_deref().unwrap_or(typed), |word| {
            word.second.as_deref().filter(|key| syllables(&word.typed).iter().all(|one| *one.key != **key))
        })
    }

    /// The query with some of its words written by other keys; none without any.
    fn respelled<'a>(&'a self, typed: &str, key_of: impl Fn(&'a Word) -> Option<&'a str>) -> Option<String> {
        let (mut out, mut at) = (String::new(), 0);
        for (word, key) in self.words.iter().filter_map(|word| Some((word, key_of(word)?))) {
            out.push_str(typed.get(at..word.place.start).unwrap_or_default());
            out.push_str(&spell(key, &word.typed));
            at = word.place.end;
        }
        out.push_str(typed.get(at..).unwrap_or_default());
        (at > 0).then(|| out.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
