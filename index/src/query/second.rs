//! Another reading of a short query without marks, to be offered beside the first: "lua" is lừa, and lúa.

use super::lattice::Lattice;
use super::spellings::{Spelling, Token};
use super::statistics::Statistics;
use crate::error::Error;
use crate::lexicon::is_wording;
use crate::rank::{NEAR_READING, OTHER_READING_LESS, OTHER_READINGS, SHORT_SYLLABLES};
use crate::schema::View;
use crate::term::{is_pair_of, syllable_prefix, under_prefix};
use std::cmp::Ordering;

/// The keys of the words in the other reading: not much less likely than the first, and borne out by the library itself,
/// a lone word by titles, several by standing side by side; of several such readings the one borne out most.
pub(super) fn reading(
    statistics: &Statistics<'_>,
    tokens: &[Token],
    lattice: &Lattice,
) -> Result<Option<Vec<String>>, Error> {
    if tokens.len() > SHORT_SYLLABLES {
        return Ok(None);
    }
    let mut best: Option<(u64, Vec<String>)> = None;
    let is_open = |token: &Token| !token.marked && !token.literal && !is_wording(statistics.synonyms, &token.key);
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| is_open(token)) {
        let Some(first) = lattice.ways(at).min_by(by_cost) else { continue };
        // What the titles of a library speak of most says little about a lone word.
        let usual = if tokens.len() == 1 { 0 } else { support(statistics, &lattice.path(at, first.0), at)? };
        for other in others(token, lattice, at, first) {
            let path = lattice.path(at, other);
            let support = support(statistics, &path, at)?;
            let is_borne_out = support > 0 && support * OTHER_READING_LESS >= usual;
            if is_borne_out && best.as_ref().is_none_or(|(most, _)| support > *most) {
                best = Some((support, path.iter().map(|spelling| spelling.key.clone()).collect()));
            }
        }
    }
    Ok(best.map(|(_, keys)| keys))
}

fn by_cost((_, _, one): &(usize, &Spelling, f32), (_, _, other): &(usize, &Spelling, f32)) -> Ordering {
    one.total_cmp(other)
}

/// The next likely ways to read a word by the same letters.
fn others(token: &Token, lattice: &Lattice, at: usize, first: (usize, &Spelling, f32)) -> Vec<usize> {
    let (best, _, least) = first;
    let mut near: Vec<_> = lattice
        .ways(at)
        .filter(|(which, other, cost)| {
            other.indexed && other.fold == token.fold && *which != best && cost - least < NEAR_READING
        })
        .collect();
    near.sort_by(by_cost);
    near.into_iter().take(OTHER_READINGS).map(|(which, ..)| which).collect()
}

/// In how many passages the word stands beside its neighbours; of a lone word, under how many titles that bear it.
fn support(statistics: &Statistics<'_>, path: &[&Spelling], at: usize) -> Result<u64, Error> {
    if let [only] = path {
        let term = under_prefix(&syllable_prefix(&only.fold), &only.key);
        return statistics.passages_with(View::TitleSyllables, &term);
    }
    let mut passages = 0;
    for pair in path.windows(2).skip(at.saturating_sub(1)).take(if at == 0 { 1 } else { 2 }) {
        let [one, two] = pair else { continue };
        let forms = statistics.pair(&one.fold, &two.fold)?;
        passages += forms.iter().find(|form| is_pair_of(&form.key, &one.key, &two.key)).map_or(0, |form| form.passages);
    }
    Ok(passages)
}
