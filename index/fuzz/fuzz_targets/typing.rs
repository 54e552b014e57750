//! No token makes the decoders of keystrokes panic, and what they answer is a composed syllable.
#![no_main]

use hoclieu_index::text::shape::{is_spellable, is_syllable, is_written};
use hoclieu_index::text::typing::{abbreviation, telex, vni};
use libfuzzer_sys::fuzz_target;
use unicode_normalization::UnicodeNormalization;

fuzz_target!(|token: &str| {
    for decoded in [telex(token), vni(token)].into_iter().flatten() {
        assert!(is_spellable(&decoded) && decoded.nfc().eq(decoded.chars()), "{token} {decoded}");
    }
    assert!(abbreviation(token).is_none_or(|word| word != token));
    assert!(!is_written(token) || is_syllable(token), "{token}");
});
