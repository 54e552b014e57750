//! Sentences in every encoding come back; text that is right stays.

use super::{Encoding, decode, detect, detect_as, font, table};
use crate::text::shape::{onsets, rhymes};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const SENTENCES: [&str; 6] = [
    "Trước khi gieo, bà con ngâm hạt giống trong nước ấm ba sôi hai lạnh chừng một ngày đêm rồi vớt ra ủ.",
    "Đất cát ven biển giữ nước kém, nên phải bón nhiều phân chuồng hoai mục và phủ rơm rạ lên mặt luống.",
    "Khi thấy lá lúa có vết bệnh hình mắt én, hãy ngừng bón đạm, giữ mực nước trong ruộng và thăm đồng hằng ngày.",
    "Ông Quý hỏi: \"Nuôi tôm trên cát thì lấy nước ở đâu?\" Kỹ sư Thuỷ đáp: \"Phải khoan giếng, lọc rồi mới dùng!\"",
    "Hội phụ nữ xã Vĩnh Ô mở lớp xoá mù chữ buổi tối, có cô giáo người Vân Kiều dạy bằng hai thứ tiếng.",
    "Đừng tự ý phun thuốc khi chưa rõ sâu bệnh gì; hãy gọi cán bộ khuyến nông của xã để được hướng dẫn kỹ thuật.",
];

/// Text that looks strange and is right.
const RIGHT: [&str; 16] = [
    "Trồng lúa bị đạo ôn phải làm sao?",
    "Ông có bà có, cháu không có gì",
    "Tôi là Hà, nhà tôi có hai con bò và ba con gà.",
    "Le café fermé à côté de la forêt a été rénové en février ; le maître d’hôtel espère être prêt à Noël.",
    "Où est passé l’été ? La crème brûlée, c’est l’idée du garçon, déjà très âgé.",
    "El señor Muñoz habló con la niña en la montaña; mañana será otro día.",
    "Für größere Mengen müssen wir natürlich früher bestellen, schöne Grüße aus Köln.",
    "A situação não é boa: são três irmãos, e cada um põe a mão no coração.",
    "25 °C ± 2 °C, 5 m², 10 µm, ½ thìa, § 12, © 2024, ® và ™",
    "Windows® 11 Pro, Intel® Core™ i7, nhiệt kế 37°C, diện tích 120m²",
    "«Bonjour», dit-il — «à bientôt»",
    "1964–65, 1965–66 • 1969–70 × 3 = …/…/…",
    "The results (see f(x) + g(x)) aren't final. Don't ask me. We're done? No.",
    "e.g. a.m., i.e. (a+b)^2 = a^2 + 2ab + b^2; o(n) vs O(n^2)",
    "See https://vidu.vn/a.b(c)?d=e+f and mail me at ho.ten@vidu.vn. Go? No!",
    "tru72 khi nuo6i to6m tre6n ca1t, nuooi toom treen casst",
];

/// A text as the encoding writes it.
pub(crate) fn encode(encoding: Encoding, text: &str) -> String {
    match encoding {
        Encoding::Viqr => viqr(text),
        Encoding::References => {
            let sign = |c: char| if c.is_ascii() { c.to_string() } else { format!("&#{};", u32::from(c)) };
            text.chars().map(sign).collect()
        }
        Encoding::Decomposed => text.nfd().collect(),
        Encoding::Windows1258 => table::of(encoding).unwrap().encode(&tones_apart(text)),
        _ => table::of(encoding).unwrap().encode(text),
    }
}

/// Letters composed with hat, breve or horn, and the tone after them.
fn tones_apart(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        let (tones, letter): (Vec<char>, Vec<char>) =
            std::iter::once(c).nfd().partition(|c| crate::text::shape::is_tone(*c));
        out.extend(letter.into_iter().nfc());
        out.extend(tones);
    }
    out
}

fn viqr(text: &str) -> String {
    let sign = |c: char| match c {
        '\u{302}' => "^".to_owned(),
        '\u{306}' => "(".to_owned(),
        '\u{31b}' => "+".to_owned(),
        '\u{300}' => "`".to_owned(),
        '\u{301}' => "'".to_owned(),
        '\u{303}' => "~".to_owned(),
        '\u{309}' => "?".to_owned(),
        '\u{323}' => ".".to_owned(),
        'đ' => "dd".to_owned(),
        'Đ' => "DD".to_owned(),
        other => other.to_string(),
    };
    let ordered = tones_apart(text);
    ordered
        .chars()
        .flat_map(|c| if matches!(c, 'đ' | 'Đ') { vec![c] } else { std::iter::once(c).nfd().collect() })
        .map(sign)
        .collect()
}

#[test]
fn sentences_come_back_from_every_encoding() {
    for encoding in Encoding::ALL {
        for sentence in SENTENCES {
            let old = encode(encoding, sentence);
            assert_ne!(old, sentence, "{encoding:?}");
            assert_eq!(decode(encoding, &old), sentence, "{encoding:?}: {old}");
            let guess = detect(&old, None).unwrap_or_else(|| panic!("{encoding:?} not seen: {old}"));
            assert_eq!(guess.encoding, encoding, "{old}");
        }
    }
}

#[test]
fn a_page_leaves_no_doubt() {
    for encoding in Encoding::ALL {
        let page = encode(encoding, &SENTENCES.join("\n"));
        let guess = detect(&page, None).unwrap();
        assert!(guess.encoding == encoding && guess.confidence > 0.95, "{guess:?}");
    }
}

#[test]
fn text_that_is_right_stays() {
    for text in RIGHT.into_iter().chain(SENTENCES) {
        assert_eq!(detect(text, None), None, "{text}");
        for encoding in Encoding::ALL {
            assert_eq!(detect_as(text, encoding), None, "{encoding:?}: {text}");
        }
    }
    // A text set in an old font that somebody has put right already.
    for sentence in SENTENCES {
        assert_eq!(detect(sentence, Some(".VnTime")), None);
        assert_eq!(detect(sentence, Some("VNI-Times")), None);
    }
}

#[test]
fn every_syllable_comes_back_from_every_table() {
    for encoding in [Encoding::Tcvn3, Encoding::Vni, Encoding::Viscii, Encoding::Vps, Encoding::Windows1258] {
        for onset in onsets() {
            for rhyme in rhymes() {
                for tone in ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"] {
                    let vowel = rhyme.marked.char_indices().nth(1).map_or(rhyme.marked.len(), |(at, _)| at);
                    let (front, back) = rhyme.marked.split_at(vowel);
                    let word: String = format!("m {onset}{front}{tone}{back} m").nfc().collect();
                    assert_eq!(decode(encoding, &encode(encoding, &word)), word, "{encoding:?}");
                }
            }
        }
    }
}

#[test]
fn fonts_tell_the_encoding_of_a_single_word() {
    let guess = detect("\u{ad}¬m", Some(".VnTime")).unwrap();
    assert!(guess.encoding == Encoding::Tcvn3 && guess.confidence > 0.9);
    assert_eq!(detect("luùa", Some("VNI-Helve")).unwrap().encoding, Encoding::Vni);
    assert_eq!(detect("lua", Some(".VnTime")), None, "nothing to decode");
    assert_eq!(font(".VnTimeH").unwrap().decode("phßng trõ s©u bÖnh"), "PHÒNG TRỪ SÂU BỆNH");
    assert!(!font(".VnTime").unwrap().capitals && !font(".VnArial-Bold").unwrap().capitals);
    assert!(font(".VnArialH-Bold").unwrap().capitals && font(".VnTimeH Bold").unwrap().capitals);
    assert_eq!(font("Vni"), None);
    assert_eq!(font("Verdana"), None);
}

#[test]
fn capitals_that_tcvn3_lacks_are_restored() {
    for (old, right) in [
        ("¸o ®Ñp.", "Áo đẹp."),
        ("Ngµy mai. ë ®©y? ñ ®Êt!", "Ngày mai. Ở đây? Ủ đất!"),
        ("phßng TRõ S¢U BÖNH", "phòng TRỪ SÂU BỆNH"),
        ("M· sè 1.500 µ", "Mã số 1.500 à"),
    ] {
        assert_eq!(decode(Encoding::Tcvn3, old), right);
    }
}

#[test]
fn signs_of_viqr_that_mark_nothing_are_punctuation() {
    for (old, right) in [
        ("Ba'n ga`... Mua ca'? Ddi xa.", "Bán gà... Mua cá? Đi xa."),
        ("Ho.c sinh la`m vo+? (ba`i ta^.p) ra('n", "Học sinh làm vở (bài tập) rắn"),
        ("xem vidu.vn, ngu+o+`i Kro^ng", "xem vidu.vn, người Krông"),
        ("'Ba' la` ai?", "'Ba' là ai?"),
        ("Gia\\. ba'n", "Gia. bán"),
        ("ga.o va` gia.", "gạo và gia."),
    ] {
        assert_eq!(decode(Encoding::Viqr, old), right, "{old}");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}", old in "[a-zA-Z .?'^(+~\u{a0}-\u{ff}\u{2018}-\u{2022}]{0,200}") {
        for text in [&text, &old] {
            let guess = detect(text, None);
            prop_assert!(guess.is_none_or(|guess| (0.0..=1.0).contains(&guess.confidence)));
            for encoding in Encoding::ALL {
                let decoded = decode(encoding, text);
                prop_assert!(decoded.nfc().eq(decoded.chars()));
            }
        }
    }

    #[test]
    fn what_was_decoded_is_not_decoded_again(order in proptest::collection::vec(0..SENTENCES.len(), 1..4), which in 0..Encoding::ALL.len()) {
        let text = order.iter().map(|at| SENTENCES[*at]).collect::<Vec<_>>().join("\n");
        let encoding = Encoding::ALL[which];
        let once = decode(encoding, &encode(encoding, &text));
        prop_assert_eq!(detect(&once, None), None);
        prop_assert_eq!(once, text);
    }
}
