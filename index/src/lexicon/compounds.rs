//! Words of several syllables of everyday life that newspapers hardly print: their syllables go together all the same.

use super::Form;
use crate::rank::COMPOUND_MET;
use crate::term::pair_key;
use crate::text::syllables;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// By the letters of two syllables: both keys, joined as in a term.
static PAIRS: LazyLock<FxHashMap<String, Vec<String>>> = LazyLock::new(|| {
    let lines = include_str!("../../data/everyday_compounds.txt").lines().filter(|line| !line.starts_with('#'));
    let mut pairs: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for compound in lines.flat_map(|line| line.split(',')) {
        for pair in syllables(compound).windows(2) {
            let [one, two] = pair else { continue };
            let known = pairs.entry(pair_key(&one.fold, &two.fold)).or_default();
            let key = pair_key(&one.key, &two.key);
            if !known.contains(&key) {
                known.push(key);
            }
        }
    }
    pairs
});

/// The pairs of such words by their letters, as often as a word in use is met.
pub(super) fn forms(letters: &str) -> impl Iterator<Item = Form> + use<> {
    PAIRS.get(letters).map_or(&[][..], Vec::as_slice).iter().map(|key| (key.as_str(), COMPOUND_MET))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compound_makes_pairs_of_all_its_neighbours() {
        assert_eq!(forms("tai_xanh").map(|(key, _)| key).collect::<Vec<_>>(), ["tai_xanh"]);
        assert_eq!(forms("xanh_tai").count(), 0);
    }

    #[test]
    fn every_compound_has_two_syllables_at_least_and_stands_once() {
        let lines = include_str!("../../data/everyday_compounds.txt").lines().filter(|line| !line.starts_with('#'));
        let mut all: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        assert!(all.iter().all(|compound| syllables(compound).len() > 1), "{all:?}");
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
