//! Another reading of a short query without marks, to be offered beside the first: "lua" is lừa, and lúa.

use super::read::Model;
use super::spellings::{Spelling, Token};
use crate::error::Error;
use crate::lexicon::is_wording;
use crate::rank::{NEAR_READING, SHORT_SYLLABLES};
use crate::schema::View;
use crate::term::{pair_key, syllable_prefix, under_prefix};

/// So many other ways to read a word are looked at, the likeliest first.
const TRIED: usize = 4;

/// The library may bear the other reading out by so many times less than the first.
const LESS: u64 = 2;

/// The keys of the words in the other reading: not much less likely than the first, and borne out by the library itself,
/// a lone word by titles, several by standing side by side; of several such readings the one borne out most.
pub(super) fn reading(
    model: &Model<'_>,
    tokens: &[Token],
    lattice: &[Vec<Spelling>],
    ways: &[Vec<(Spelling, f32)>],
) -> Result<Option<Vec<String>>, Error> {
    if tokens.len() > SHORT_SYLLABLES {
        return Ok(None);
    }
    let first: Vec<&Spelling> = ways.iter().filter_map(|ways| Some(&cheapest(ways)?.0)).collect();
    let mut best: Option<(u64, Vec<String>)> = None;
    let is_open = |token: &Token| !token.marked && !token.literal && !is_wording(model.statistics.synonyms, &token.key);
    for (at, (token, ways)) in tokens.iter().zip(ways).enumerate().filter(|(_, (token, _))| is_open(token)) {
        // What the titles of a library speak of most says little about a lone word.
        let usual = if tokens.len() == 1 { 0 } else { support(model, &first, at)? };
        for other in others(token, ways) {
            let mut lattice = lattice.to_vec();
            if let Some(spellings) = lattice.get_mut(at) {
                *spellings = vec![other.clone()];
            }
            let path = model.best(&lattice)?;
            let path: Vec<&Spelling> = path.iter().filter_map(|ways| Some(&cheapest(ways)?.0)).collect();
            let support = support(model, &path, at)?;
            let keys: Vec<String> = path.iter().map(|spelling| spelling.key.clone()).collect();
            let is_borne_out = support > 0 && support * LESS >= usual;
            if is_borne_out && best.as_ref().is_none_or(|(most, _)| support > *most) {
                best = Some((support, keys));
            }
        }
    }
    Ok(best.map(|(_, keys)| keys))
}

/// The next likely ways to read a word by the same letters.
fn others<'a>(token: &Token, ways: &'a [(Spelling, f32)]) -> Vec<&'a Spelling> {
    let Some((best, least)) = cheapest(ways) else { return Vec::new() };
    let is_near = |(other, cost): &&(Spelling, f32)| {
        other.indexed && other.fold == token.fold && other.key != best.key && cost - least < NEAR_READING
    };
    let mut near: Vec<&(Spelling, f32)> = ways.iter().filter(is_near).collect();
    near.sort_by(|a, b| a.1.total_cmp(&b.1));
    near.into_iter().take(TRIED).map(|(spelling, _)| spelling).collect()
}

/// In how many passages the word stands beside its neighbours; of a lone word, under how many titles that bear it.
fn support(model: &Model<'_>, path: &[&Spelling], at: usize) -> Result<u64, Error> {
    if let [only] = path {
        let term = under_prefix(&syllable_prefix(&only.fold), &only.key);
        return model.statistics.passages_with(View::TitleSyllables, &term);
    }
    let mut passages = 0;
    for pair in path.windows(2).skip(at.saturating_sub(1)).take(if at == 0 { 1 } else { 2 }) {
        let [one, two] = pair else { continue };
        let both = pair_key(&one.key, &two.key);
        let forms = model.statistics.pair(&one.fold, &two.fold)?;
        passages += forms.iter().find(|form| form.key == both).map_or(0, |form| form.passages);
    }
    Ok(passages)
}

fn cheapest(ways: &[(Spelling, f32)]) -> Option<&(Spelling, f32)> {
    ways.iter().min_by(|a, b| a.1.total_cmp(&b.1))
}
