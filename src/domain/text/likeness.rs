//! How alike two texts are: by the pairs of neighbouring words that they share, estimated from a small signature.

use serde::{Deserialize, Serialize};

/// Texts at least this alike are nearly the same: an edited copy, a newer edition.
pub const NEARLY_SAME: f32 = 0.5;

/// How many smallest hashes make a signature; the estimate errs by 0.044 at most, one time in three by more.
const HASHES: usize = 128;
/// So many neighbouring hashes are compared at once when copies are looked for.
const BAND: usize = 4;

/// A text's signature: what is kept of it to find nearly the same texts among many.
///
/// Each hash is the smallest of all pairs of words under one order of them, so that two texts share it with a chance of
/// their likeness (`MinHash`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Signature(Vec<u32>);

impl Signature {
    /// Reads a text; `None` for one without words. Case and punctuation do not count, marks do.
    pub fn of(text: &str) -> Option<Self> {
        let mut smallest = vec![u32::MAX; HASHES];
        let mut any = false;
        for pair in pairs(text) {
            any = true;
            for (order, least) in (0_u64..).zip(&mut smallest) {
                *least = (*least).min(high(mix(pair ^ mix(order))));
            }
        }
        any.then_some(Self(smallest))
    }

    /// The share of pairs of words that two texts have in common, estimated: 0 for none, 1 for the same text.
    pub fn likeness(&self, other: &Self) -> f32 {
        let same = self.0.iter().zip(&other.0).filter(|(one, two)| one == two).count();
        let number = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
        number(same) / number(self.0.len().max(other.0.len()).max(1))
    }

    /// Keys under which copies are found without comparing all texts: texts that are [`NEARLY_SAME`] share a key with a
    /// chance of 87 in 100 at the least likeness and of 99.98 at 0.7; unlike texts (0.1) hardly ever.
    pub fn keys(&self) -> Vec<u64> {
        let bands = self.0.chunks(BAND).zip(0_u64..);
        bands.map(|(band, at)| band.iter().fold(mix(at), |key, hash| mix(key ^ u64::from(*hash)))).collect()
    }
}

/// Hashes of each two neighbouring words; of the only word where there is one.
fn pairs(text: &str) -> impl Iterator<Item = u64> {
    let is_part = |c: char| c.is_alphanumeric() || ('\u{300}'..='\u{36f}').contains(&c);
    let mut words = text.split(move |c| !is_part(c)).filter(|word| !word.is_empty()).map(hash);
    let mut before = words.next();
    let mut only = before;
    std::iter::from_fn(move || {
        if let Some(word) = words.next() {
            only = None;
            return before.replace(word).map(|before| mix(before.rotate_left(1) ^ word));
        }
        only.take()
    })
}

/// FNV-1a over the letters in lower case: the same on every machine and in every release.
fn hash(word: &str) -> u64 {
    let letters = word.chars().flat_map(char::to_lowercase);
    letters.fold(0xcbf2_9ce4_8422_2325, |hash, c| (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3))
}

/// Spreads every bit over all others (the last step of `SplitMix64`).
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

fn high(value: u64) -> u32 {
    u32::try_from(value >> 32).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    fn exact(one: &str, other: &str) -> f32 {
        let (one, other): (HashSet<u64>, HashSet<u64>) = (pairs(one).collect(), pairs(other).collect());
        let number = |count: usize| f32::from(u16::try_from(count).unwrap());
        number(one.intersection(&other).count()) / number(one.union(&other).count())
    }

    #[test]
    fn case_and_punctuation_do_not_count_and_marks_do() {
        let one = Signature::of("Trồng lúa, bón phân.").unwrap();
        assert_eq!(one, Signature::of("TRỒNG LÚA – bón phân").unwrap());
        assert!(one.likeness(&Signature::of("trong lua bon phan").unwrap()) < 0.1);
        assert_eq!(Signature::of(" … –"), None);
        assert!(Signature::of("Lúa").unwrap().likeness(&Signature::of("lúa!").unwrap()) > 0.99);
    }

    #[test]
    fn signatures_stay_the_same_from_release_to_release() {
        let keys = Signature::of("Trồng lúa bị đạo ôn thì ngừng bón đạm").unwrap().keys();
        assert_eq!((keys.len(), keys[0]), (32, 5_270_357_202_761_146_073));
    }

    proptest! {
        #[test]
        fn the_estimate_is_near_the_exact_likeness(
            words in proptest::collection::vec("[a-z]{1,6}", 200..400),
            changed in proptest::collection::vec(0_usize..400, 0..120),
        ) {
            let mut other = words.clone();
            for at in changed {
                let at = at % other.len();
                other[at] = "khác".to_owned();
            }
            let (one, other) = (words.join(" "), other.join(" "));
            let estimate = Signature::of(&one).unwrap().likeness(&Signature::of(&other).unwrap());
            // Five times the standard error.
            prop_assert!((estimate - exact(&one, &other)).abs() < 0.22, "{estimate} {}", exact(&one, &other));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,200}") {
            if let Some(signature) = Signature::of(&text) {
                prop_assert!(signature.likeness(&signature) > 0.99);
            }
        }
    }
}
