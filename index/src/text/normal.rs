//! One spelling for what readers hold to be one word.

use unicode_normalization::UnicodeNormalization;

/// The combining signs of the five written tones: huyền, sắc, ngã, hỏi, nặng.
const TONES: [(char, char); 5] =
    [('\u{300}', '2'), ('\u{301}', '3'), ('\u{303}', '4'), ('\u{309}', '5'), ('\u{323}', '6')];

/// Consonants after which a closing `y` is also written `i` (kỹ thuật, kĩ thuật).
const Y_ONSETS: [&str; 7] = ["h", "k", "l", "m", "s", "t", "qu"];

/// Writes a word in the one form under which all its spellings meet: lower case, composed, the tone as a digit at the
/// end (so that its place does not matter: hoà, hòa), `y` as `i` where both are written, one kind of đ.
///
/// ```
/// use hoclieu_index::text::normal::key;
/// assert_eq!(key("Hoà"), key("hòa"));
/// assert_eq!(key("kỹ"), key("kĩ"));
/// assert_ne!(key("may"), key("máy"));
/// ```
pub fn key(word: &str) -> String {
    if word.is_ascii() {
        return y_as_i(word.to_ascii_lowercase());
    }
    let (mut letters, mut tone) = (String::with_capacity(word.len()), None);
    for c in word.chars().flat_map(char::to_lowercase).nfd() {
        match TONES.iter().find(|(sign, _)| *sign == c) {
            Some((_, digit)) => tone = Some(*digit),
            None => letters.extend(one_d(c)),
        }
    }
    let mut key = y_as_i(letters.nfc().collect());
    key.extend(tone);
    key
}

/// Letters that look like đ, and signs that are not seen.
fn one_d(c: char) -> Option<char> {
    match c {
        'ð' | 'ɖ' => Some('đ'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => None,
        other => Some(other),
    }
}

fn y_as_i(mut letters: String) -> String {
    if let Some(onset) = letters.strip_suffix('y')
        && Y_ONSETS.contains(&onset)
    {
        letters.pop();
        letters.push('i');
    }
    letters
}

/// The letters of a key with their hats, and the digit of its tone.
pub(crate) fn split_tone(key: &str) -> (&str, Option<char>) {
    let is_tone = |c: &char| ('2'..='6').contains(c);
    let tone = key.chars().last().filter(is_tone).filter(|_| has_marks(key));
    let letters = if tone.is_some() { key.trim_end_matches(|c| is_tone(&c)) } else { key };
    (letters, tone)
}

/// Whether a key bears any Vietnamese mark: a tone, a hat, a horn, a breve or a bar.
pub fn has_marks(key: &str) -> bool {
    !key.is_ascii()
        || key.len() > 1
            && key.ends_with(|c: char| ('2'..='6').contains(&c))
            && !key.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_text_and_old_tone_places_meet_the_modern_form() {
        for (one, other) in [("thuỷ", "thủy"), ("lý", "lí"), ("quý", "quí"), ("Ðông", "đông"), ("to\u{302}m", "tôm")]
        {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
    }

    #[test]
    fn look_alikes_stay_apart() {
        for (one, other) in [("lừa", "lúa"), ("ném", "nem"), ("sữa", "sửa"), ("thuy", "thui"), ("may", "mai")] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }
}
