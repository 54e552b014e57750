//! Reads typed words as the Vietnamese that was meant: marks put back, tones mended, slips and raw keystrokes undone.
//!
//! Each word may be read in several ways, each with a cost (`spellings`). A language model of pairs of syllables, counted
//! in the index itself and in general text, says which ways go together; the cheapest way through all words is the
//! reading (Viterbi). How much worse the other ways are says how much they still count.

use super::lattice::Lattice;
use super::second;
use super::spellings::{self, Spelling, Token};
use super::statistics::Statistics;
use crate::error::Error;
use crate::rank::{
    FEW_MARKED, LEAST_AMOUNT, LIKELY, MOST_MARKED, READING_FARTHEST, READING_FLOOR, READING_TEMPERATURE,
    SHORT_SYLLABLES,
};
use std::ops::Range;

/// A word of the query as it is searched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// Its place among the words that were typed, from 0.
    pub(crate) at: usize,
    /// Where it was typed, in bytes.
    pub(crate) place: Range<usize>,
    /// As typed.
    pub(crate) typed: String,
    /// It was typed with marks.
    pub(crate) marked: bool,
    /// The ways to read it, best first; the best has the amount 1.
    pub(crate) ways: Vec<Way>,
    /// Its best way is not what was typed.
    pub(crate) changed: bool,
    /// Its key in the second reading of the query, where there is one nearly as likely as the first.
    pub(crate) second: Option<String>,
}

/// One way to read a word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Way {
    pub(crate) key: String,
    pub(crate) fold: String,
    /// How much it counts, above 0 and at most 1.
    pub(crate) amount: f32,
    /// How much of the word is there where it stands so: all of it when the letters are those that were typed without marks.
    pub(crate) presence: f32,
}

impl Word {
    /// The way in which it was most likely meant.
    pub(crate) fn best_key(&self) -> &str {
        self.ways.first().map_or("", |way| &way.key)
    }

    /// The ways in which it may well have been meant.
    pub(crate) fn strong_keys(&self) -> Vec<&str> {
        self.ways.iter().filter(|way| way.amount >= LIKELY).map(|way| way.key.as_str()).collect()
    }
}

/// The most ways in which a word is searched.
const MAX_WAYS: usize = 12;

/// Reads the words of a query; those in `literal` parts, and with `exact` all, are taken as typed.
pub(crate) fn read(
    text: &str,
    literal: &[Range<usize>],
    exact: bool,
    statistics: &Statistics<'_>,
) -> Result<Vec<Word>, Error> {
    let mut tokens = spellings::tokens(text, literal);
    if !exact {
        spellings::undo_keystrokes(&mut tokens, statistics)?;
    }
    let marked = tokens.iter().filter(|token| token.marked).count();
    let marked_share = share(marked, tokens.len());
    let mut lattice = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let around = [at.checked_sub(1), at.checked_add(1)].map(|at| at.and_then(|at| tokens.get(at)));
        lattice.push(spellings::of(token, around, marked_share, exact, statistics)?);
    }
    let lattice = Lattice::new(lattice, statistics)?;
    let is_open = !exact && marked_share < FEW_MARKED;
    let second = if is_open { second::reading(statistics, &tokens, &lattice)? } else { None };
    let ways = lattice.into_ways();
    let bare = match marked_share {
        0.0 if exact => Bare::AnyMarks,
        0.0 => Bare::AllMissing,
        share if share < MOST_MARKED || tokens.len() > SHORT_SYLLABLES => Bare::PerhapsMarked,
        _ => Bare::Unmarked,
    };
    let mut words: Vec<Word> =
        tokens.into_iter().zip(ways).enumerate().map(|(at, (token, ways))| word(at, token, ways, bare)).collect();
    for (word, key) in words.iter_mut().zip(second.into_iter().flatten()) {
        word.second = Some(key);
    }
    Ok(words)
}

fn share(part: usize, whole: usize) -> f32 {
    super::as_f32(part as u64) / super::as_f32(whole.max(1) as u64)
}

/// What is thought of words without marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bare {
    /// Letters alone were meant: the query has no marks and is to be taken as typed.
    AnyMarks,
    /// No word has marks: what is much less likely than the best was not meant, and costs most of the time.
    AllMissing,
    /// Every form of the letters is a match, the likelier ones count more; such words are few and cost little.
    PerhapsMarked,
    /// Most others in a short query bear marks: the word is what it was read as.
    Unmarked,
}

fn word(at: usize, token: Token, mut ways: Vec<(Spelling, f32)>, bare: Bare) -> Word {
    let flat = bare == Bare::AnyMarks;
    let farthest = if bare == Bare::AllMissing { READING_FARTHEST } else { f32::INFINITY };
    ways.sort_by(|a, b| a.1.total_cmp(&b.1));
    let best = ways.first().map_or(0.0, |(_, cost)| *cost);
    let way = |(spelling, cost): &(Spelling, f32)| {
        let rest = if flat { 1.0 } else { (-(cost - best) / READING_TEMPERATURE).exp() };
        let letters_alone = spelling.same_letters && !token.marked && bare != Bare::Unmarked;
        let amount = if letters_alone { rest.max(READING_FLOOR) } else { rest };
        let presence = if letters_alone { 1.0 } else { amount };
        Way { key: spelling.key.clone(), fold: spelling.fold.clone(), amount, presence }
    };
    // What no passage bears is of use only as the reading itself, and what was hardly meant only costs.
    let is_near = |cost: f32| cost - best <= farthest;
    let useful =
        ways.iter().enumerate().filter(|(at, (spelling, cost))| *at == 0 || spelling.indexed && is_near(*cost));
    let ways: Vec<Way> =
        useful.map(|(_, one)| way(one)).filter(|way| way.amount >= LEAST_AMOUNT).take(MAX_WAYS).collect();
    let changed = !flat && (token.decoded || ways.first().is_some_and(|way| way.key != token.key));
    Word { at, place: token.place, typed: token.typed, marked: token.marked, ways, changed, second: None }
}
