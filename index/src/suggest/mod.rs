//! Suggestions while someone types: whole texts of which every typed word begins a word.

mod letters;
mod mark;
mod set;
mod vocabulary;

use crate::text::syllables;
use letters::{Fit, Length, Letters};
use mark::Marked;
use set::Set;
use std::cmp::Reverse;
use vocabulary::{Reach, Vocabulary};

/// So many words of what is typed are looked at; what follows is passed over.
const TYPED_WORDS: usize = 16;
/// So many words of a text can be found.
const TEXT_WORDS: usize = 32;
/// So many texts that bear the typed words are compared at most, the weightiest first: beyond, weight decides alone.
const COMPARED: usize = 1_500;

/// A text that may be suggested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<K> {
    /// What is shown; words after the 32nd are not searched.
    pub text: String,
    /// What the text stands for, given back with it.
    pub kind: K,
    /// Among texts that fit alike, the weightier comes first.
    pub weight: u32,
}

/// A suggested text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion<'a, K> {
    /// The entry's text.
    pub text: &'a str,
    /// The entry's kind.
    pub kind: &'a K,
    /// The text as escaped HTML with `<mark>` around the letters that were typed.
    pub html: String,
}

/// Texts held in memory, ready to be suggested; made once and never changed.
///
/// Each typed word must begin a word of the text, in any order, and no word of the text stands for two. Marks may be
/// left out. Texts come in this order: those whose marks are as typed before those where marks are missing, and those
/// before texts with other marks; finished words before words merely begun; texts that begin with what was typed, then
/// those that hold it in one piece, then the rest; and the weightier first.
///
/// ```
/// use hoclieu_index::suggest::{Entry, Suggester};
/// let entry = |text: &str, weight| Entry { text: text.to_owned(), kind: (), weight };
/// let suggester = Suggester::new(vec![
///     entry("Sửa chữa máy gặt", 9),
///     entry("Nghề may dân dụng", 1),
///     entry("Phòng trừ bệnh đạo ôn", 5),
/// ]);
/// let texts = |typed: &str| suggester.suggest(typed, 5).iter().map(|found| found.text).collect::<Vec<_>>();
/// assert_eq!(texts("may"), ["Nghề may dân dụng", "Sửa chữa máy gặt"]);
/// assert_eq!(suggester.suggest("dao o", 5)[0].html, "Phòng trừ bệnh <mark>đạo ô</mark>n");
/// ```
#[derive(Debug, Clone)]
pub struct Suggester<K> {
    /// The weightiest first.
    entries: Vec<Entry<K>>,
    vocabulary: Vocabulary,
}

/// A word of what was typed.
struct TypedWord {
    letters: Letters,
    /// The last word, when nothing follows it yet.
    unfinished: bool,
}

/// How well a text fits; the least is best.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Words that bear other marks than were typed.
    wrong: usize,
    /// Finished words that only begin a word of the text.
    begun: usize,
    /// Words whose marks were not typed, or are still to come.
    missing: usize,
    /// 0 when the text begins with what was typed, 1 when it holds it in one piece, 2 else.
    order: u8,
    /// The last word is not yet whole.
    growing: bool,
    /// The entry's place among all.
    place: usize,
}

impl<K> Default for Suggester<K> {
    /// No texts at all.
    fn default() -> Self {
        Self { entries: Vec::new(), vocabulary: Vocabulary::default() }
    }
}

impl<K> Suggester<K> {
    /// Makes the texts ready.
    pub fn new(mut entries: Vec<Entry<K>>) -> Self {
        entries.sort_by_key(|entry| Reverse(entry.weight));
        let vocabulary = Vocabulary::of(entries.iter().map(|entry| entry.text.as_str()));
        Self { entries, vocabulary }
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Suggests at most `limit` texts for what was typed, best first; none while nothing is typed.
    pub fn suggest(&self, typed: &str, limit: usize) -> Vec<Suggestion<'_, K>> {
        self.suggest_among(typed, limit, |_| true)
    }

    /// Suggests texts of wanted kinds alone.
    pub fn suggest_among(&self, typed: &str, limit: usize, wanted: impl Fn(&K) -> bool) -> Vec<Suggestion<'_, K>> {
        let typed = read(typed);
        if typed.is_empty() || limit == 0 {
            return Vec::new();
        }
        let reaches: Vec<Reach<'_>> = typed.iter().map(|word| self.vocabulary.reach(word)).collect();
        let right = self.bearing(&reaches, false);
        let mut best = self.compare(&right, &reaches, &wanted);
        if best.len() < limit && reaches.iter().any(Reach::has_wrong) {
            let mut other = self.bearing(&reaches, true);
            other.without(&right);
            best.extend(self.compare(&other, &reaches, &wanted));
        }
        best.sort_unstable();
        best.truncate(limit);
        best.iter().filter_map(|rank| self.suggestion(rank.place, &reaches)).collect()
    }

    /// The texts that bear each typed word; `wrong` takes words with other marks in.
    fn bearing(&self, reaches: &[Reach<'_>], wrong: bool) -> Set {
        let mut sets = reaches.iter().map(|reach| self.vocabulary.bearing(reach, wrong));
        let mut all = sets.next().unwrap_or_else(|| Set::of_size(0));
        for set in sets {
            all.keep(&set);
        }
        all
    }

    /// Ranks the weightiest texts of a set.
    fn compare(&self, set: &Set, reaches: &[Reach<'_>], wanted: &impl Fn(&K) -> bool) -> Vec<Rank> {
        let is_wanted = |place: &usize| self.entries.get(*place).is_some_and(|entry| wanted(&entry.kind));
        let compared = set.iter().filter(is_wanted).take(COMPARED);
        compared.filter_map(|place| self.rank(place, reaches)).collect()
    }

    /// Ranks a text; none when some typed word has no word of its own.
    fn rank(&self, place: usize, reaches: &[Reach<'_>]) -> Option<Rank> {
        let words = self.vocabulary.words_of(place);
        match best_row(words, reaches) {
            Some((_, rank)) => Some(Rank { place, ..rank }),
            None => Some(Rank { place, ..judge(words, &scatter(words, reaches)?, reaches)? }),
        }
    }

    fn suggestion(&self, place: usize, reaches: &[Reach<'_>]) -> Option<Suggestion<'_, K>> {
        let entry = self.entries.get(place)?;
        let words = self.vocabulary.words_of(place);
        let positions = match best_row(words, reaches) {
            Some((start, _)) => (start..start + reaches.len()).collect(),
            None => scatter(words, reaches)?,
        };
        let marked = positions.into_iter().zip(reaches);
        let marked = marked.map(|(word, reach)| Marked { word, letters: reach.letters() }).collect();
        Some(Suggestion { text: &entry.text, kind: &entry.kind, html: mark::html(&entry.text, marked) })
    }
}

fn read(text: &str) -> Vec<TypedWord> {
    let found = syllables(text);
    let last = found.len().saturating_sub(1);
    let is_open = |at, end| at == last && end == text.len();
    let words = found.into_iter().enumerate().take(TYPED_WORDS);
    words
        .map(|(at, syllable)| TypedWord {
            unfinished: is_open(at, syllable.place.end),
            letters: Letters::of(text.get(syllable.place).unwrap_or_default()),
        })
        .collect()
}

/// Where the text holds what was typed in one piece, and how well that fits; the best of such places.
fn best_row(words: &[u32], reaches: &[Reach<'_>]) -> Option<(usize, Rank)> {
    let last = words.len().checked_sub(reaches.len())?;
    let rows = (0..=last).filter_map(|start| {
        let mut rank = Rank { order: u8::from(start > 0), ..Rank::default() };
        let row = words.get(start..)?.iter().zip(reaches);
        row.map(|(word, reach)| rank.add(*word, reach)).collect::<Option<()>>()?;
        Some((start, rank))
    });
    rows.min_by_key(|(_, rank)| *rank)
}

/// Gives each typed word a word of the text of its own, the best that is free; where none is left, words given before are
/// exchanged for others that fit.
fn scatter(words: &[u32], reaches: &[Reach<'_>]) -> Option<Vec<usize>> {
    let mut owners: Vec<Option<usize>> = vec![None; words.len()];
    let choices = choices(words, reaches);
    for typed in 0..reaches.len() {
        let mut tried = vec![false; words.len()];
        if !place(typed, &choices, &mut owners, &mut tried) {
            return None;
        }
    }
    let mut positions = vec![0; reaches.len()];
    for (at, owner) in owners.iter().enumerate() {
        if let Some(position) = owner.and_then(|typed| positions.get_mut(typed)) {
            *position = at;
        }
    }
    Some(positions)
}

/// For each typed word the words of the text that fit, best first.
fn choices(words: &[u32], reaches: &[Reach<'_>]) -> Vec<Vec<usize>> {
    let of = |reach: &Reach<'_>| {
        let mut fitting: Vec<_> =
            words.iter().enumerate().filter_map(|(at, word)| Some((reach.fit(*word)?, at))).collect();
        fitting.sort_unstable();
        fitting.into_iter().map(|(_, at)| at).collect()
    };
    reaches.iter().map(of).collect()
}

/// Finds a place for a typed word, moving others where need be (an augmenting path of a bipartite matching).
fn place(typed: usize, choices: &[Vec<usize>], owners: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    let own = choices.get(typed).map_or(&[][..], Vec::as_slice);
    let is_free = |at: &&usize, owners: &[Option<usize>]| owners.get(**at).is_some_and(Option::is_none);
    if let Some(at) = own.iter().find(|at| is_free(at, owners)) {
        if let Some(owner) = owners.get_mut(*at) {
            *owner = Some(typed);
        }
        return true;
    }
    for at in own {
        if tried.get_mut(*at).is_none_or(|tried| std::mem::replace(tried, true)) {
            continue;
        }
        let Some(before) = owners.get(*at).copied().flatten() else { continue };
        if place(before, choices, owners, tried) {
            if let Some(owner) = owners.get_mut(*at) {
                *owner = Some(typed);
            }
            return true;
        }
    }
    false
}

fn judge(words: &[u32], positions: &[usize], reaches: &[Reach<'_>]) -> Option<Rank> {
    let mut rank = Rank { order: 2, ..Rank::default() };
    for (at, reach) in positions.iter().zip(reaches) {
        rank.add(*words.get(*at)?, reach)?;
    }
    Some(rank)
}

impl Rank {
    /// Takes in how a word of the text stands for a typed one; none when it does not.
    fn add(&mut self, word: u32, reach: &Reach<'_>) -> Option<()> {
        let (fit, length) = reach.fit(word)?;
        let begun = length == Length::Begun;
        self.wrong += usize::from(fit == Fit::Wrong);
        self.begun += usize::from(begun && !reach.unfinished());
        self.missing += usize::from(fit == Fit::Missing || begun && reach.unfinished());
        self.growing |= begun && reach.unfinished();
        Some(())
    }
}

#[cfg(test)]
mod tests;
