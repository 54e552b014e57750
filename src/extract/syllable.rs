//! Whether a word is built like a Vietnamese syllable: onset and rhyme, the tone apart.

use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Onsets, the longest first where one begins another.
const ONSETS: [&str; 27] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m",
    "n", "p", "r", "s", "t", "v", "x",
];

const RHYMES: &str = "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uêu uơ uôc uôi uôm \
    uôn uông uôt uy uya uych uyn uynh uyp uyt uyu uyên uyêt ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu \
    y yêm yên yêng yêt yêu ynh yt";

/// Rhymes as written, and in plain letters for text typed without marks.
static SHAPES: LazyLock<(HashSet<&str>, HashSet<String>)> = LazyLock::new(|| {
    let marked: HashSet<&str> = RHYMES.split_whitespace().collect();
    let plain = marked.iter().map(|rhyme| rhyme.nfd().filter(char::is_ascii).collect()).collect();
    (marked, plain)
});

/// Whether a lower-case word is built like a Vietnamese syllable, with its marks or, in plain letters, without.
pub(super) fn is_vietnamese_syllable(word: &str) -> bool {
    // "nghiêng" is the longest; a tone may take a sign of its own.
    if word.len() > 24 {
        return false;
    }
    let toneless: String = word.nfd().filter(|c| !is_tone(*c)).nfc().collect();
    let (marked, plain) = &*SHAPES;
    let known = |rhyme: &str| marked.contains(rhyme) || (toneless.is_ascii() && plain.contains(rhyme));
    // "gì" and "gìn" share their i between onset and rhyme, so every onset that fits is tried.
    known(&toneless) || toneless == "gi" || ONSETS.iter().any(|onset| toneless.strip_prefix(onset).is_some_and(known))
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_told_from_other_words() {
        for word in ["nghiêng", "gì", "gìn", "quyển", "yêu", "đường", "duong", "khuya", "oan", "xoong", "uống"]
        {
            assert!(is_vietnamese_syllable(word), "{word}");
        }
        for word in ["class", "kroong", "ngkéq", "school", "năts", "đl", "w", "strength"] {
            assert!(!is_vietnamese_syllable(word), "{word}");
        }
    }
}
