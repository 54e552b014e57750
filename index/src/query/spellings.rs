//! The ways in which one typed word may have been meant, each with what it costs to believe so.

use super::statistics::{Form, Statistics};
use crate::error::Error;
use crate::lexicon;
use crate::rank::{
    ABSENT, FEW_MARKED, KEYSTROKES, KEYSTROKES_OF, MARK_CHANGED, MARKS_ADDED, MARKS_ADDED_TO_MARKED, MARKS_ALONE,
    MOST_MARKED, SLIP, SWAPPED_TONE, TYPED_KEYS, USUAL,
};
use crate::text::normal::{has_marks, split_tone};
use crate::text::{syllables, typing};
use std::ops::Range;

/// A typed word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) place: Range<usize>,
    pub(crate) typed: String,
    pub(crate) key: String,
    pub(crate) fold: String,
    pub(crate) marked: bool,
    /// It was typed as raw keystrokes and stands here decoded.
    pub(crate) decoded: bool,
    /// It stood in quotes or is a name, and is taken as typed.
    pub(crate) literal: bool,
}

/// A way to read a word.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spelling {
    pub(crate) key: String,
    pub(crate) fold: String,
    /// What the way of typing costs, in nats.
    pub(crate) cost: f32,
    /// How often it is met.
    pub(crate) count: f32,
    /// Some passage of the index bears it.
    pub(crate) indexed: bool,
    /// Its letters without marks are those that were typed.
    pub(crate) same_letters: bool,
    /// It is what was typed, and a word of the tables of other wordings.
    pub(crate) wording: bool,
}

/// The words of a text; those in `literal` parts are to be taken as typed.
pub(crate) fn tokens(text: &str, literal: &[Range<usize>]) -> Vec<Token> {
    let token = |syllable: crate::text::Syllable| Token {
        typed: text.get(syllable.place.clone()).unwrap_or_default().to_owned(),
        literal: literal.iter().any(|part| part.contains(&syllable.place.start)),
        place: syllable.place,
        marked: has_marks(&syllable.key),
        decoded: false,
        key: syllable.key.to_string(),
        fold: syllable.fold.to_string(),
    };
    syllables(text).into_iter().map(token).collect()
}

/// Decodes the words of a query that was typed while the input method was off: when several of ten words are raw
/// keystrokes of the same method, all are taken for such.
pub(crate) fn undo_keystrokes(tokens: &mut [Token], statistics: &Statistics<'_>) -> Result<(), Error> {
    let mut best: Vec<(usize, Token)> = Vec::new();
    for method in [typing::telex, typing::vni] {
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| !token.literal && !token.marked) {
            if let Some(word) = method(&token.typed)
                && let Some(decoded) = decoded(token, &word, statistics)?
            {
                found.push((at, decoded));
            }
        }
        if found.len() > best.len() {
            best = found;
        }
    }
    if best.len() * KEYSTROKES_OF >= tokens.len() * KEYSTROKES {
        for (at, decoded) in best {
            if let Some(token) = tokens.get_mut(at) {
                *token = decoded;
            }
        }
    }
    Ok(())
}

/// A word decoded, when that is more usual than what stands there.
fn decoded(token: &Token, word: &str, statistics: &Statistics<'_>) -> Result<Option<Token>, Error> {
    let met = |key: &str, fold: &str| -> Result<f32, Error> {
        Ok(statistics.syllable(fold)?.iter().find(|form| form.key == key).map_or(0.0, |form| statistics.met(form)))
    };
    let Some(meant) = syllables(word).into_iter().next() else { return Ok(None) };
    let (key, fold) = (meant.key.to_string(), meant.fold.to_string());
    if met(&key, &fold)? < met(&token.key, &token.fold)? {
        return Ok(None);
    }
    Ok(Some(Token { marked: has_marks(&key), key, fold, decoded: true, ..token.clone() }))
}

/// The ways to read a word between its neighbours.
pub(crate) fn of(
    token: &Token,
    around: [Option<&Token>; 2],
    marked_share: f32,
    exact: bool,
    statistics: &Statistics<'_>,
) -> Result<Vec<Spelling>, Error> {
    let mut ways = Ways { token, statistics, found: Vec::new() };
    ways.push(&token.key, &token.fold, 0.0)?;
    if exact || token.literal {
        if marked_share == 0.0 {
            ways.marks(|_| 0.0)?;
        }
        return Ok(ways.found);
    }
    let known = Known::of(token, marked_share, statistics);
    if known == Known::AsTyped {
        return Ok(ways.found);
    }
    if let Some(word) = typing::telex(&token.typed).or_else(|| typing::vni(&token.typed)) {
        for meant in syllables(&word) {
            ways.push(&meant.key, &meant.fold, TYPED_KEYS)?;
        }
    }
    let digits = token.key.contains(|c: char| c.is_ascii_digit()) && !token.marked;
    if digits {
        return Ok(ways.found);
    }
    // A word by itself has nothing that would tell its marks: it may well have none.
    let alone = if !token.marked && around == [None, None] { MARKS_ALONE } else { 0.0 };
    let least = if known == Known::Likely { SLIP } else { 0.0 };
    ways.marks(|form| (alone + mark_cost(token, &form.key, marked_share)).max(least))?;
    ways.prefer_indexed();
    if known == Known::No && ways.is_suspicious(around)? && statistics.may_mend() {
        ways.slips()?;
    }
    Ok(ways.found)
}

/// Whether a typed word is one of the tables of other wordings, such as a word of a dialect: rare in print, and meant all
/// the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    No,
    /// It may lack its marks: the whole query does.
    Perhaps,
    /// Others in the query have their marks, or no marks could make a word of it.
    Likely,
    /// It bears marks of its own.
    AsTyped,
}

impl Known {
    fn of(token: &Token, marked_share: f32, statistics: &Statistics<'_>) -> Self {
        let is_abbreviation = || !token.fold.contains(|c: char| "aeiouy".contains(c));
        if !lexicon::is_wording(statistics.synonyms, &token.key) {
            Self::No
        } else if token.marked {
            Self::AsTyped
        } else if marked_share >= FEW_MARKED || is_abbreviation() {
            Self::Likely
        } else {
            Self::Perhaps
        }
    }
}

/// What it costs to believe that a word with these marks was meant.
fn mark_cost(token: &Token, meant: &str, marked_share: f32) -> f32 {
    if !token.marked {
        return added_cost(marked_share);
    }
    let (letters, tone) = split_tone(&token.key);
    let (meant_letters, meant_tone) = split_tone(meant);
    let tones = match (tone, meant_tone) {
        (one, other) if one == other => 0.0,
        (Some('4'), Some('5')) | (Some('5'), Some('4')) => SWAPPED_TONE,
        _ => MARK_CHANGED,
    };
    let letters = letters.chars().zip(meant_letters.chars()).filter(|(one, other)| one != other).count();
    tones + MARK_CHANGED * super::as_weight(u32::try_from(letters).unwrap_or(u32::MAX))
}

/// What it costs to believe that marks are missing: nothing where no word has any, much where most have.
fn added_cost(marked_share: f32) -> f32 {
    if marked_share == 0.0 {
        return 0.0;
    }
    let between = ((marked_share - FEW_MARKED) / (MOST_MARKED - FEW_MARKED)).clamp(0.0, 1.0);
    MARKS_ADDED + (MARKS_ADDED_TO_MARKED - MARKS_ADDED) * between
}

struct Ways<'a> {
    token: &'a Token,
    statistics: &'a Statistics<'a>,
    found: Vec<Spelling>,
}

impl Ways<'_> {
    fn push(&mut self, key: &str, fold: &str, cost: f32) -> Result<(), Error> {
        if self.found.iter().any(|known| known.key == key && known.fold == fold) {
            return Ok(());
        }
        let forms = self.statistics.syllable(fold)?;
        let form = forms.iter().find(|form| form.key == key);
        let mut count = form.map_or(0.0, |form| self.statistics.met(form));
        let indexed = form.is_some_and(|form| form.passages > 0);
        let wording = cost == 0.0 && key == self.token.key && lexicon::is_wording(self.statistics.synonyms, key);
        if wording {
            // Words of a dialect are rare in print and meant all the same.
            count = count.max(USUAL);
        }
        let (key, same_letters) = (key.to_owned(), fold == self.token.fold);
        self.found.push(Spelling { key, fold: fold.to_owned(), cost, count, indexed, same_letters, wording });
        Ok(())
    }

    /// The forms of the same letters.
    fn marks(&mut self, cost: impl Fn(&Form) -> f32) -> Result<(), Error> {
        let fold = &self.token.fold;
        for form in self.statistics.syllable(fold)?.iter() {
            self.push(&form.key, fold, cost(form))?;
        }
        Ok(())
    }

    /// Of the ways to mark a bare word, those are likelier that answer something; a word of the tables answers by its other
    /// wordings.
    fn prefer_indexed(&mut self) {
        let answers = |way: &Spelling| way.same_letters && way.indexed;
        if !self.token.marked && self.found.iter().any(answers) {
            for way in self.found.iter_mut().filter(|way| !way.indexed && !way.wording) {
                way.cost += ABSENT;
            }
        }
    }

    /// Whether a slip of the finger is worth thinking of: the word is rare, and does not stand between these neighbours.
    fn is_suspicious(&self, around: [Option<&Token>; 2]) -> Result<bool, Error> {
        let token = self.token;
        if token.typed.chars().count() < 2 {
            return Ok(false);
        }
        let forms = self.statistics.syllable(&token.fold)?;
        let fits = |form: &&Form| !token.marked || form.key == token.key;
        let met: f32 = forms.iter().filter(fits).map(|form| self.statistics.met(form)).sum();
        if met >= USUAL {
            return Ok(false);
        }
        let [before, after] = around;
        let mut together = 0.0;
        for (first, second) in [(before, Some(token)), (Some(token), after)] {
            let (Some(first), Some(second)) = (first, second) else { continue };
            let forms = self.statistics.pair(&first.fold, &second.fold)?;
            let both = crate::term::pair_key(&first.key, &second.key);
            let fits = |form: &&Form| !(first.marked || second.marked) || form.key == both;
            together += forms.iter().filter(fits).map(|form| self.statistics.met(form)).sum::<f32>();
        }
        Ok(together == 0.0)
    }

    /// Words that one slip turns into what was typed.
    fn slips(&mut self) -> Result<(), Error> {
        let letters: Vec<char> = self.token.fold.chars().collect();
        for fold in edits(&letters) {
            let forms = self.statistics.syllable(&fold)?;
            for form in forms.iter() {
                let cost =
                    SLIP + if self.token.marked { MARK_CHANGED * marks_apart(&self.token.key, &form.key) } else { 0.0 };
                self.push(&form.key, &fold, cost)?;
            }
        }
        Ok(())
    }
}

/// How many marks of one word the other does not bear, wherever they stand.
fn marks_apart(one: &str, other: &str) -> f32 {
    let marks = |of: &str| of.chars().filter(|c| !c.is_ascii_alphabetic()).collect::<Vec<_>>();
    let (mut left, mut apart) = (marks(other), 0.0);
    for mark in marks(one) {
        if let Some(at) = left.iter().position(|known| *known == mark) {
            left.swap_remove(at);
        } else {
            apart += 1.0;
        }
    }
    apart + super::as_weight(u32::try_from(left.len()).unwrap_or(u32::MAX))
}

/// Letters one slip away: two swapped, one too few, one too many, one wrong.
fn edits(letters: &[char]) -> Vec<String> {
    const KEYS: &str = "abcdeghiklmnopqrstuvxy";
    /// Longer words are no syllables of Vietnamese.
    const MAX_LETTERS: usize = 10;
    if letters.len() > MAX_LETTERS {
        return Vec::new();
    }
    let joined =
        |head: &[char], middle: &[char], tail: &[char]| head.iter().chain(middle).chain(tail).collect::<String>();
    let mut found = Vec::new();
    for at in 0..=letters.len() {
        let (head, tail) = letters.split_at(at);
        for key in KEYS.chars() {
            found.push(joined(head, &[key], tail));
            if let [_, rest @ ..] = tail {
                found.push(joined(head, &[key], rest));
            }
        }
        if let [_, rest @ ..] = tail {
            found.push(joined(head, &[], rest));
        }
        if let [one, two, rest @ ..] = tail {
            found.push(joined(head, &[*two, *one], rest));
        }
    }
    found.sort();
    found.dedup();
    found
}
