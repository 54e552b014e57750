//! From the one form underneath back to Vietnamese writing.

use super::fold::fold;
use super::normal::{key, split_tone};
use unicode_normalization::UnicodeNormalization;

const TONES: [(char, char); 5] =
    [('2', '\u{300}'), ('3', '\u{301}'), ('4', '\u{303}'), ('5', '\u{309}'), ('6', '\u{323}')];

/// Writes a key as people do, with `y` where `typed` has it: the key `ki4` is kỹ for who typed "ky".
///
/// ```
/// use hoclieu_index::text::spell::spell;
/// assert_eq!(spell("trông2", "trong"), "trồng");
/// assert_eq!(spell("ki4", "ky"), "kỹ");
/// assert_eq!(spell("hoa2", "hoa"), "hòa");
/// ```
pub fn spell(of: &str, typed: &str) -> String {
    let (letters, tone) = split_tone(of);
    let tone = tone.and_then(|digit| TONES.iter().find(|(one, _)| *one == digit));
    let mut letters: Vec<char> = letters.chars().collect();
    if letters.last() == Some(&'i')
        && fold(typed).ends_with('y')
        && key(&fold(typed)) == key(&fold(&letters.iter().collect::<String>()))
    {
        letters.pop();
        letters.push('y');
    }
    let Some((_, sign)) = tone else { return letters.into_iter().collect() };
    let Some(bearer) = bearer(&letters) else { return of.to_owned() };
    let mut word = String::new();
    for (at, letter) in letters.iter().enumerate() {
        word.push(*letter);
        if at == bearer {
            word.push(*sign);
        }
    }
    word.nfc().collect()
}

/// The letter that bears the tone: the last with a hat, horn or breve; else the second of two vowels before a
/// consonant and the first of two at the end.
fn bearer(letters: &[char]) -> Option<usize> {
    let is_vowel = |c: &char| "aăâeêioôơuưy".contains(*c);
    let mut vowels: Vec<usize> = (0..letters.len()).filter(|at| letters.get(*at).is_some_and(is_vowel)).collect();
    let onset_vowel = match letters {
        ['q', 'u', ..] => vowels.len() > 1,
        ['g', 'i', next, ..] => is_vowel(next),
        _ => false,
    };
    if onset_vowel {
        vowels.remove(0);
    }
    let hatted = vowels.iter().rev().find(|at| letters.get(**at).is_some_and(|c| "ăâêôơư".contains(*c)));
    if let Some(at) = hatted {
        return Some(*at);
    }
    let ends_in_vowel = letters.last().is_some_and(is_vowel);
    match vowels.as_slice() {
        [] => None,
        [only] => Some(*only),
        [first, _] if ends_in_vowel => Some(*first),
        [_, second, ..] => Some(*second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_written_so_that_it_reads_as_the_same_key() {
        let words = "lúa đạo ôn trồng giải quyết hoà thuỷ quý khuỷu nghiêng mía của người đường gì giữa oán yêu tuyển xoong ngoài khuya";
        for word in words.split(' ') {
            let written = spell(&key(word), &fold(word));
            assert_eq!(key(&written), key(word), "{word} {written}");
        }
        for (word, wanted) in
            [("giải", "giải"), ("người", "người"), ("thuỷ", "thủy"), ("kĩ", "kĩ"), ("gì", "gì"), ("quả", "quả")]
        {
            assert_eq!(spell(&key(word), &fold(word)), wanted);
        }
    }

    #[test]
    fn words_without_vowels_or_marks_stay() {
        assert_eq!(spell("vneid", "VNeID"), "vneid");
        assert_eq!(spell("1373", "1373"), "1373");
    }
}
