//! No text makes detection or decoding panic; decoded text is composed, and a letter of Unicode is never taken for an old one.
#![no_main]

use hoclieu_index::text::legacy::{Encoding, decode, detect, detect_as, font};
use libfuzzer_sys::fuzz_target;
use unicode_normalization::UnicodeNormalization;

fuzz_target!(|input: (&str, &str)| {
    let (text, name) = input;
    let guess = detect(text, None);
    if text.contains(['ơ', 'ư', 'đ']) {
        let leaves_letters = [Encoding::Decomposed, Encoding::References];
        assert!(guess.is_none_or(|guess| leaves_letters.contains(&guess.encoding)), "{text} {guess:?}");
    }
    assert!(detect(text, Some(name)).is_none_or(|guess| (0.0..=1.0).contains(&guess.confidence)));
    for encoding in Encoding::ALL {
        let decoded = decode(encoding, text);
        assert!(decoded.nfc().eq(decoded.chars()), "{encoding:?} {text}");
        let _confidence = detect_as(text, encoding).map(|guess| guess.confidence);
    }
    if let Some(font) = font(name) {
        let decoded = font.decode(text);
        // VISCII has letters among the control characters.
        let plain = text.is_ascii() && !text.contains(char::is_control);
        assert!(!plain || decoded.eq_ignore_ascii_case(text), "{text} {decoded}");
    }
});
