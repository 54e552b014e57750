//! Whether a word is built like a Vietnamese syllable.

use std::collections::HashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

const ONSETS: &str = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x";
const RHYMES: &str = "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uêu uơ uôc uôi uôm \
    uôn uông uôt uy uya uych uyn uynh uyp uyt uyu uyên uyêt ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu \
    y yêm yên yêng yêt yêu ynh yt";

/// Every legal syllable without its tone: as written, and in plain letters.
static LEGAL: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut legal = HashSet::from(["gi".to_owned()]);
    for onset in ONSETS.split(' ').chain([""]) {
        for rhyme in RHYMES.split_whitespace() {
            let syllable = format!("{onset}{rhyme}");
            legal.insert(bare(&syllable));
            legal.insert(syllable);
        }
    }
    legal
});

/// Whether a lower-case NFC word is built like a Vietnamese syllable, with its marks or, in plain letters, without.
pub(super) fn is_vietnamese_syllable(word: &str) -> bool {
    if word.is_ascii() {
        return LEGAL.contains(word);
    }
    let tones = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];
    let toneless: String = word.nfd().filter(|c| !tones.contains(c)).nfc().collect();
    LEGAL.contains(&toneless)
}

fn bare(text: &str) -> String {
    text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).map(|c| if c == 'đ' { 'd' } else { c }).collect()
}
