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
    /// A passage matches from this share on.
    pub(crate) least: f32,
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
    /// False for an empty query, which everything matches.
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
        let mut words = read(&parsed.wanted, &quotes, request.exact, &statistics)?;
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
        let (slots, whole) = builder.finish();
        let has_words = !request.query.trim().is_empty();
        Ok(Self { slots, least: whole * share, decoded, words, wordings, phrases, excluded, has_words })
    }

    /// The query as it was read, where that is not what was typed.
    pub(crate) fn read_as(&self, typed: &str) -> Option<String> {
        if self.decoded.is_none() && !self.words.iter().any(|word| word.changed) {
            return None;
        }
        let typed = self.decoded.as_deref().unwrap_or(typed);
        let (mut out, mut at) = (String::new(), 0);
        for word in self.words.iter().filter(|word| word.changed) {
            out.push_str(typed.get(at..word.place.start).unwrap_or_default());
            let way = word.ways.first().map(|way| spell(&way.key, &word.typed));
            out.push_str(way.as_deref().unwrap_or(&word.typed));
            at = word.place.end;
        }
        out.push_str(typed.get(at..).unwrap_or_default());
        Some(out.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
