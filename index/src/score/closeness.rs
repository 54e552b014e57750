//! Puts the best documents of a long query in a new order: a passage that bears the words close together answers better
//! than one in which they are scattered.

use super::{Group, Search};
use crate::error::Error;
use crate::query::{Kind, Plan};
use crate::rank::{CLOSE_SYLLABLES, CLOSENESS, REORDERED, SHORT_SYLLABLES};
use crate::text::{Syllable, syllables};
use rustc_hash::FxHashMap;
use tantivy::schema::Value;
use tantivy::{DocAddress, TantivyDocument};

/// What the words and pairs of a query weigh when they stand close together.
struct Words<'a> {
    /// By key: the word's place among the weights, and what this reading of it weighs.
    by_key: FxHashMap<&'a str, (usize, f32)>,
    /// By the places of two neighbouring words.
    pairs: FxHashMap<(usize, usize), (usize, f32)>,
    count: usize,
}

/// Adds what closeness is worth to the best groups, and sorts them anew.
pub(super) fn reorder(search: &Search<'_>, best: &mut [Group]) -> Result<(), Error> {
    if search.plan.words.len() <= SHORT_SYLLABLES {
        return Ok(());
    }
    let words = Words::of(search.plan);
    let (reordered, _) = best.split_at_mut(best.len().min(REORDERED));
    for group in reordered.iter_mut() {
        let Some((doc, _)) = group.passages.first() else { continue };
        let row: TantivyDocument = search.searcher.doc(DocAddress::new(group.segment, *doc))?;
        let text = row.get_first(search.fields.text).and_then(|value| value.as_str()).unwrap_or_default();
        group.raise(CLOSENESS * words.closest(&syllables(text)));
    }
    reordered.sort();
    Ok(())
}

impl<'a> Words<'a> {
    fn of(plan: &'a Plan) -> Self {
        let weights = |kind| {
            plan.slots.iter().filter(move |slot| slot.kind == kind).map(|slot| (slot.label.as_str(), slot.weight))
        };
        let (words, pairs): (FxHashMap<_, _>, FxHashMap<_, _>) =
            (weights(Kind::Word).collect(), weights(Kind::Pair).collect());
        let mut found = Self { by_key: FxHashMap::default(), pairs: FxHashMap::default(), count: 0 };
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        for word in &plan.words {
            let place = *places.entry(word.best_key()).or_insert(found.count);
            found.count = found.count.max(place + 1);
            let weight = words.get(word.best_key()).copied().unwrap_or_default();
            for way in &word.ways {
                found.by_key.entry(&way.key).or_insert((place, weight * way.amount));
            }
        }
        for pair in plan.words.windows(2) {
            let [one, two] = pair else { continue };
            let both = places.get(one.best_key()).zip(places.get(two.best_key()));
            let weight = pairs.get(format!("{} {}", one.best_key(), two.best_key()).as_str());
            if let (Some((one, two)), Some(weight)) = (both, weight) {
                found.pairs.insert((*one, *two), (found.count, weight / crate::rank::PAIR));
                found.count += 1;
            }
        }
        found
    }

    /// The most that any run of syllables bears, each word and pair once.
    fn closest(&self, text: &[Syllable]) -> f32 {
        let places: Vec<Option<&(usize, f32)>> = text.iter().map(|syllable| self.by_key.get(&*syllable.key)).collect();
        let mut hits: Vec<(usize, usize, f32)> = Vec::new();
        for (at, here) in places.iter().enumerate() {
            let Some((word, weight)) = here else { continue };
            hits.push((at, *word, *weight));
            let next = places.get(at + 1).copied().flatten();
            let pair = next.and_then(|(next, _)| self.pairs.get(&(*word, *next)));
            hits.extend(pair.map(|(pair, weight)| (at, *pair, *weight)));
        }
        let mut times = vec![0_u32; self.count];
        let (mut sum, mut most, mut first) = (0.0_f32, 0.0_f32, 0);
        for (at, what, weight) in &hits {
            if let Some(times) = times.get_mut(*what) {
                *times += 1;
                sum += if *times == 1 { *weight } else { 0.0 };
            }
            while let Some((_, gone, weight)) = hits.get(first).filter(|(begin, ..)| begin + CLOSE_SYLLABLES <= *at) {
                if let Some(times) = times.get_mut(*gone) {
                    *times -= 1;
                    sum -= if *times == 0 { *weight } else { 0.0 };
                }
                first += 1;
            }
            most = most.max(sum);
        }
        most
    }
}
