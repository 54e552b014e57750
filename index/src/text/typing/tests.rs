//! All syllables of the spelling, written as keystrokes in several orders, come back.

use super::keys::doubles;
use super::spell::{Tone, spell};
use super::{abbreviation, telex, vni};
use crate::text::normal::key;
use crate::text::shape::{is_spellable, onsets, rhymes};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const TONES: [(Option<Tone>, &str, &str); 6] = [
    (None, "", ""),
    (Some(Tone::Acute), "s", "1"),
    (Some(Tone::Grave), "f", "2"),
    (Some(Tone::Hook), "r", "3"),
    (Some(Tone::Tilde), "x", "4"),
    (Some(Tone::Dot), "j", "5"),
];

/// The keys of a letter: its plain letter, and what marks it in Telex and in VNI.
fn keys(letter: char) -> (char, &'static str, &'static str) {
    let plain = if letter == 'đ' { Some('d') } else { letter.nfd().next() };
    let (telex, vni) = match letter {
        'â' => ("a", "6"),
        'ê' => ("e", "6"),
        'ô' => ("o", "6"),
        'ơ' | 'ư' => ("w", "7"),
        'ă' => ("w", "8"),
        'đ' => ("d", "9"),
        _ => ("", ""),
    };
    (plain.unwrap_or(letter), telex, vni)
}

/// One word's keystrokes in several orders: marks at once or at the end, the tone early, late, or before the marks.
fn orders(letters: &str, tone: &str, mark: fn(char) -> &'static str) -> Vec<String> {
    let plain: String = letters.chars().map(|c| keys(c).0).collect();
    let marks: String = letters.chars().map(mark).collect();
    let at_once = |tone_after: usize| {
        let mut word = String::new();
        for (at, c) in letters.chars().enumerate() {
            word.push(keys(c).0);
            word.push_str(mark(c));
            if at == tone_after {
                word.push_str(tone);
            }
        }
        word
    };
    let last = letters.chars().count() - 1;
    let last_vowel = plain.rfind(super::keys::is_vowel).unwrap_or(last);
    let once = if letters.contains("ươ") { marks.replacen(mark('ư'), "", 1) } else { marks.clone() };
    // Two horn keys in a row would escape the second.
    let apart = if letters.contains("ươ") { once.clone() } else { marks };
    vec![at_once(last), at_once(last_vowel), format!("{plain}{apart}{tone}"), format!("{plain}{tone}{once}")]
}

/// Every syllable: its letters without the tone, the tone, and the word.
fn syllables() -> impl Iterator<Item = (String, usize, String)> {
    onsets().iter().flat_map(|onset| {
        rhymes().filter(|rhyme| !doubles(onset, rhyme.marked)).flat_map(move |rhyme| {
            let word = move |tone: usize| {
                let written = spell(onset, rhyme.marked, TONES[tone].0)?;
                Some((format!("{onset}{}", rhyme.marked), tone, written))
            };
            (0..TONES.len()).filter_map(word)
        })
    })
}

#[test]
fn every_syllable_comes_back_from_telex_in_any_order() {
    let mut count = 0;
    for (letters, tone, word) in syllables() {
        let bare = letters.is_ascii() && tone == 0;
        // "oo" escapes the hat; "uơ" before a consonant is no word's and its keys are those of "ươ".
        let letters = letters.replace("oong", "ooong").replace("ooc", "oooc");
        let expected = if has_no_words(&word) { key(&word.replacen('u', "ư", 1)) } else { key(&word) };
        for typed in orders(&letters, TONES[tone].1, |c| keys(c).1) {
            let decoded = telex(&typed);
            if bare && !letters.contains("ooo") {
                assert_eq!(decoded, None, "{typed}");
            } else {
                let decoded = decoded.unwrap_or_else(|| panic!("{typed} for {word}"));
                assert_eq!(key(&decoded), expected, "{typed} for {word}, not {decoded}");
                assert!(is_spellable(&decoded), "{decoded}");
                count += 1;
            }
        }
    }
    assert!(count > 100_000, "{count}");
}

#[test]
fn every_syllable_comes_back_from_vni_in_any_order() {
    for (letters, tone, word) in syllables() {
        let expected = if has_no_words(&word) { key(&word.replacen('u', "ư", 1)) } else { key(&word) };
        for typed in orders(&letters, TONES[tone].2, |c| keys(c).2) {
            let decoded = vni(&typed);
            if letters.is_ascii() && tone == 0 {
                assert_eq!(decoded, None, "{typed}");
            } else {
                let decoded = decoded.unwrap_or_else(|| panic!("{typed} for {word}"));
                assert_eq!(key(&decoded), expected, "{typed} for {word}, not {decoded}");
            }
        }
    }
}

/// Whether `ơ` follows `u` and is itself followed: only rhymes that no word has are so.
fn has_no_words(word: &str) -> bool {
    let plain: String = word.nfd().filter(|c| !crate::text::shape::is_tone(*c)).nfc().collect();
    !plain.starts_with("qu") && plain.split_once("uơ").is_some_and(|(_, rest)| !rest.is_empty())
}

#[test]
fn keystrokes_as_people_type_them() {
    for (typed, word) in [
        ("dduwowcj", "được"),
        ("dduowcj", "được"),
        ("dduwowjc", "được"),
        ("duocwjd", "được"),
        ("nuooi", "nuôi"),
        ("nuoio", "nuôi"),
        ("toom", "tôm"),
        ("nuwowcs", "nước"),
        ("thw", "thư"),
        ("w", "ư"),
        ("giuwx", "giữ"),
        ("giwx", "giữ"),
        ("gif", "gì"),
        ("thuowr", "thuở"),
        ("huow", "huơ"),
        ("quow", "quơ"),
        ("quoocs", "quốc"),
        ("luuw", "lưu"),
        ("rwowuj", "rượu"),
        ("muaw", "mưa"),
        ("quawn", "quăn"),
        ("xooong", "xoong"),
        ("khoong", "không"),
        ("ngoaos", "ngoáo"),
        ("hasf", "hà"),
        ("hasz", "ha"),
        ("hoaf", "hòa"),
        ("thuyr", "thủy"),
        ("toans", "toán"),
        ("DDAATS", "ĐẤT"),
        ("DDaats", "Đất"),
        ("Truwowngf", "Trường"),
        ("Vieetj", "Việt"),
    ] {
        assert_eq!(telex(typed).as_deref(), Some(word), "{typed}");
    }
    for (typed, word) in [
        ("d9u7o7c5", "được"),
        ("d9uo7c5", "được"),
        ("duoc795", "được"),
        ("nuo6i", "nuôi"),
        ("nu7o71c", "nước"),
        ("to6m", "tôm"),
        ("o73", "ở"),
        ("D9A6T1", "ĐẤT"),
        ("Tru7o7ng2", "Trường"),
        ("gi2", "gì"),
        ("ha10", "ha"),
    ] {
        assert_eq!(vni(typed).as_deref(), Some(word), "{typed}");
    }
}

#[test]
fn ordinary_words_and_escapes_are_left_alone() {
    for word in
        ["duoc", "được", "khong", "ngoao", "windows", "class", "hass", "uww", "ddd", "covid", "f", "z", "", "đuwocj"]
    {
        assert_eq!(telex(word), None, "{word}");
    }
    for word in ["duoc", "được", "h5n1", "2024", "1373", "d", "ha11", "covid19", "mp3", "b12", "", "a66"] {
        assert_eq!(vni(word), None, "{word}");
    }
    // No rhyme that ends in a stop bears these tones.
    for word in ["hatf", "sachr", "hocx"] {
        assert_eq!(telex(word), None, "{word}");
    }
}

#[test]
fn abbreviations_have_their_bars_written() {
    for (typed, word) in
        [("BGDDdT", "BGDĐT"), ("qdd", "qđ"), ("DdTDdH", "ĐTĐH"), ("blddtbxh", "blđtbxh"), ("ND9", "NĐ")]
    {
        assert_eq!(abbreviation(typed).as_deref(), Some(word), "{typed}");
    }
    for word in ["QD", "dd", "ddau", "9d9", "19", "qđ"] {
        assert_eq!(abbreviation(word), None, "{word}");
    }
}

proptest! {
    #[test]
    fn any_token_is_answered(token in "\\PC{0,40}", ascii in "[a-zA-Z0-9]{0,20}", likely in "[dtn]?[aeouwsfjxrdz1-9]{1,14}") {
        for token in [&token, &ascii, &likely] {
            for decoded in [telex(token), vni(token)].into_iter().flatten() {
                prop_assert!(is_spellable(&decoded), "{} {}", token, decoded);
                prop_assert!(decoded.nfc().eq(decoded.chars()));
            }
            prop_assert!(abbreviation(token).is_none_or(|word| word.contains(['đ', 'Đ'])));
        }
    }
}
