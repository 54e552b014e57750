//! VNI: digits write the marks.

use super::case_like;
use super::keys::{Keys, MOST_KEYS};
use super::spell::Tone;

/// Decodes one word of VNI keystrokes; `None` when it shows none, or writes no syllable.
///
/// `1` to `5` are the tones sắc, huyền, hỏi, ngã, nặng and `0` takes one away; `6` is a hat, `7` a horn, `8` a breve, `9`
/// the bar of đ. Digits stand anywhere after the letter they mark. Case is kept.
///
/// ```
/// use hoclieu_index::text::typing::vni;
/// for keys in ["d9u7o7c5", "d9uo7c5", "d9uo7c5", "duoc975"] {
///     assert_eq!(vni(keys).as_deref(), Some("được"));
/// }
/// assert_eq!(vni("duoc"), None, "an ordinary word");
/// assert_eq!(vni("h5n1"), None, "no syllable");
/// ```
pub fn vni(token: &str) -> Option<String> {
    if token.len() > MOST_KEYS || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let mut keys = Keys::default();
    let mut before = None;
    for key in token.chars().map(|c| c.to_ascii_lowercase()) {
        // Twice in a row is how one writes the digit itself.
        let escape = key.is_ascii_digit() && before == Some(key);
        if escape || !press(&mut keys, key) {
            return None;
        }
        before = Some(key);
    }
    let syllable = keys.syllable()?;
    Some(case_like(token, syllable))
}

/// Takes one key; false when no word goes on so.
fn press(keys: &mut Keys, key: char) -> bool {
    match key {
        '0' => keys.drop_tone(),
        '1' => keys.ask_tone(Tone::Acute),
        '2' => keys.ask_tone(Tone::Grave),
        '3' => keys.ask_tone(Tone::Hook),
        '4' => keys.ask_tone(Tone::Tilde),
        '5' => keys.ask_tone(Tone::Dot),
        '6' => ask_hat(keys),
        '7' => mark(keys, &['o', 'u'], |keys| keys.horns += 1),
        '8' => mark(keys, &['a'], |keys| keys.breves += 1),
        '9' => keys.ask_bar(),
        letter => {
            keys.letters.push(letter);
            true
        }
    }
}

/// A hat goes on the last letter that can bear one.
fn ask_hat(keys: &mut Keys) -> bool {
    let bearer = keys.letters.chars().rev().find(|c| matches!(c, 'a' | 'e' | 'o'));
    let again = keys.hat.is_some();
    keys.hat = bearer;
    keys.evidence = true;
    !again && bearer.is_some()
}

fn mark(keys: &mut Keys, bearers: &[char], ask: fn(&mut Keys)) -> bool {
    ask(keys);
    keys.evidence = true;
    keys.has_any(bearers)
}
