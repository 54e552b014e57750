//! Undoes the old encoding of a query that was copied out of an old document: `trång lóa` is `trồng lúa` in TCVN3.
//!
//! A query is short, so more is asked of each word than [`detect`](crate::text::legacy::detect()) asks of a text: every word
//! that decoding changes must become a usual syllable, and one at least must hold a sign that no Vietnamese word has.

use crate::lexicon;
use crate::text::legacy::{Encoding, decode, detect_as, may_be};
use crate::text::shape::{is_spellable, is_written};
use crate::text::{Syllable, syllables};

/// Encodings that a query is looked at for; marks apart from their letters need no decoding to be found.
const LOOKED_FOR: [Encoding; 7] = [
    Encoding::Tcvn3,
    Encoding::Vni,
    Encoding::Viqr,
    Encoding::Viscii,
    Encoding::Vps,
    Encoding::Windows1258,
    Encoding::References,
];
/// A syllable met less often in general text is no proof of anything.
const MET_OFTEN: u32 = 30;
/// The first so many bytes of a query tell its encoding.
const SEEN_BYTES: usize = 2_000;
/// In nats: an encoding that hardly any office used.
const RARE: f32 = 4.0;
/// So much strangeness is no slip of the finger.
const FEWEST_STRANGE: usize = 2;

/// What a query says that is in an older encoding; nothing for one that is right.
pub(crate) fn decoded(typed: &str) -> Option<String> {
    if typed.is_ascii() && !typed.contains(['^', '(', '+', '&']) {
        return None;
    }
    let end = typed.floor_char_boundary(SEEN_BYTES);
    let seen = typed.get(..end)?;
    let fits = |encoding: &Encoding| Some((*encoding, evidence(seen, *encoding)?));
    let best = LOOKED_FOR.iter().filter_map(fits).max_by(|(_, one), (_, other)| one.total_cmp(other));
    best.map(|(encoding, _)| decode(encoding, typed))
}

/// What speaks for an encoding: how usual the words are that it makes; nothing where one is no usual syllable.
fn evidence(typed: &str, encoding: Encoding) -> Option<f32> {
    let may_be =
        if encoding == Encoding::Viqr { detect_as(typed, encoding).is_some() } else { may_be(typed, encoding) };
    if !may_be {
        return None;
    }
    let decoded = decode(encoding, typed);
    let (mut usual, mut strange) = (0.0, 0);
    for (before, after) in typed.split_whitespace().zip(decoded.split_whitespace()) {
        // Numbers of documents bear letters that make no word, and signs alone say nothing.
        let has_letters = before.contains(|c: char| c.is_ascii_alphabetic()) || encoding == Encoding::References;
        if before != after && has_letters && !after.contains(|c: char| c.is_ascii_digit()) {
            strange += strangeness(before, encoding);
            usual += usualness(after)?;
        }
    }
    let rare = if matches!(encoding, Encoding::Viscii | Encoding::Vps) { RARE } else { 0.0 };
    (strange >= FEWEST_STRANGE).then_some(usual - rare)
}

/// How usual the syllables of a word are; nothing where one is no syllable or is hardly met.
fn usualness(word: &str) -> Option<f32> {
    let count = |syllable: &Syllable| {
        let written = word.get(syllable.place.clone()).filter(|part| is_written(part))?;
        let (_, count) = lexicon::syllable_forms(&syllable.fold).find(|(key, _)| **key == *syllable.key)?;
        (count >= MET_OFTEN && !written.is_empty()).then(|| super::as_weight(count).ln())
    };
    syllables(word).iter().map(count).sum()
}

/// How sure it is that a word stands in no text that is right: quite, with a sign that is no letter of Vietnamese or
/// letters and marks that make no syllable; half, where signs of ASCII stand for marks.
fn strangeness(word: &str, encoding: Encoding) -> usize {
    let is_right = |c: char| c.is_ascii() || c.to_lowercase().all(|c| VIETNAMESE.contains(c));
    let letters = word.trim_matches(|c: char| !c.is_alphabetic());
    match encoding {
        Encoding::References => FEWEST_STRANGE,
        Encoding::Viqr => 1,
        _ if !word.chars().all(is_right) || !letters.is_ascii() && !is_spellable(letters) => FEWEST_STRANGE,
        _ => 0,
    }
}

/// The letters with marks that Vietnamese shares with western code pages; a text with any other is told by them.
const VIETNAMESE: &str = "àáâãèéêìíòóôõùúý";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::legacy::encode;
    use crate::text::shape::{onsets, rhymes};
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    /// What people look for, with the words of few marks among them.
    const QUERIES: [&str; 10] = [
        "trồng lúa bị đạo ôn",
        "nuôi tôm trên cát",
        "bệnh đạo ôn",
        "phòng trừ sâu bệnh hại lúa",
        "thủ tục đăng ký khai sinh",
        "Quyết định số 1373/QĐ-TTg",
        "Sở Nông nghiệp và Phát triển nông thôn",
        "hỗ trợ vốn cho hộ nghèo",
        "kỹ thuật nuôi bò lai",
        "xóa mù chữ cho phụ nữ",
    ];

    #[test]
    fn queries_come_back_from_all_eight_encodings() {
        for encoding in Encoding::ALL.into_iter().filter(|one| *one != Encoding::Decomposed) {
            for query in QUERIES {
                let old = encode(encoding, query);
                let read = decoded(&old).unwrap_or_else(|| old.clone());
                // VIQR writes this letter as two, and nobody can tell them in a number.
                let read = read.replace("QDD", "QĐ");
                assert_eq!(read.to_lowercase(), query.to_lowercase(), "{encoding:?}: {old}");
            }
        }
        for query in QUERIES {
            let apart: String = query.nfd().collect();
            assert_eq!(decoded(&apart), None);
            let keys = |text: &str| syllables(text).iter().map(|one| one.key.to_string()).collect::<Vec<_>>();
            assert_eq!(keys(&apart), keys(query), "marks apart are read where they stand");
        }
    }

    #[test]
    fn one_word_is_enough_when_it_holds_a_sign_that_no_word_has() {
        assert_eq!(decoded("®¹o «n").as_deref(), Some("đạo ôn"));
        assert_eq!(decoded("trång").as_deref(), Some("trồng"));
        assert_eq!(decoded("l&#250;a").as_deref(), Some("lúa"));
        assert_eq!(decoded("quyÕt ®Þnh 1373/Q§-TTg").as_deref(), Some("quyết định 1373/QĐ-TTg"));
    }

    #[test]
    fn what_is_right_stays() {
        for typed in [
            "có bà có bò",
            "nhà tôi có hai con bò",
            "«đạo ôn» -thuốc",
            "«có» bà",
            "lúaa bò",
            "café fermé à Noël",
            "crème brûlée",
            "El señor Muñoz",
            "größere Mengen",
            "São Paulo",
            "Windows® 11",
            "m² đất",
            "25 °C ± 2 °C",
            "5 µm",
            "C++ và a+b",
            "nhóm máu O+",
            "f(x) = o(n)",
            "don't can't",
            "AT&T, R&D",
            "1373/QĐ-TTg",
            "nuo6i to6m",
            "nuooi toom",
            "\u{ad}",
            "",
        ] {
            assert_eq!(decoded(typed), None, "{typed}");
        }
    }

    /// Any onset and rhyme with any tone.
    fn syllable() -> impl Strategy<Value = String> {
        let all: Vec<&str> = rhymes().map(|rhyme| rhyme.marked).collect();
        let tones = ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"];
        (
            proptest::sample::select(onsets().to_vec()),
            proptest::sample::select(all),
            proptest::sample::select(tones.to_vec()),
        )
            .prop_map(|(onset, rhyme, tone)| {
                let vowel = rhyme.char_indices().nth(1).map_or(rhyme.len(), |(at, _)| at);
                let (front, back) = rhyme.split_at(vowel);
                format!("{onset}{front}{tone}{back}").nfc().collect()
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn vietnamese_with_marks_or_without_never_changes(words in proptest::collection::vec(syllable(), 1..8)) {
            let marked = words.join(" ");
            prop_assert_eq!(decoded(&marked), None);
            prop_assert_eq!(decoded(&crate::text::fold::fold(&marked)), None);
            prop_assert_eq!(decoded(&marked.to_uppercase()), None);
        }

        #[test]
        fn numbers_and_codes_never_change(code in "[0-9A-Za-z]{1,8}[-/._ ]?[0-9A-Z]{0,6}(/[A-ZĐ]{1,5}-[A-ZĐ]{1,6})?") {
            prop_assert_eq!(decoded(&code), None);
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,200}", old in "[a-zA-Z .?'^(+~&#;0-9\u{a0}-\u{ff}]{0,200}") {
            for text in [text, old] {
                let once = decoded(&text);
                prop_assert!(once.is_none_or(|once| decoded(&once).is_none_or(|twice| twice != text)));
            }
        }
    }
}
