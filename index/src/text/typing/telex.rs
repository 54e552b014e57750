//! Telex: letters that no syllable needs write the marks.

use super::case_like;
use super::keys::{Keys, MOST_KEYS};
use super::spell::Tone;

/// Decodes one word of Telex keystrokes; `None` when it shows none, or writes no syllable.
///
/// `s f r x j` are tones and `z` takes one away, `aa ee oo` hats, `w` horn, breve or, where no letter can bear it, `ư`;
/// `dd` the bar. A third `o` escapes the hat (`xooong`). Keys stand in any order after the letter they mark. Case is
/// kept: `DDAATS`, `DDaats` and `ddaats` become `ĐẤT`, `Đất` and `đất`.
///
/// ```
/// use hoclieu_index::text::typing::telex;
/// for keys in ["dduwowcj", "dduowcj", "dduowjc", "duocdwj"] {
///     assert_eq!(telex(keys).as_deref(), Some("được"));
/// }
/// assert_eq!(telex("duoc"), None, "an ordinary word");
/// assert_eq!(telex("windows"), None, "no syllable");
/// ```
pub fn telex(token: &str) -> Option<String> {
    if token.len() > MOST_KEYS || !token.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let mut keys = Keys::default();
    let mut before = None;
    for key in token.chars().map(|c| c.to_ascii_lowercase()) {
        if !press(&mut keys, key, before) {
            return None;
        }
        before = Some(key);
    }
    let syllable = readings(&keys).find_map(|keys| keys.syllable())?;
    Some(case_like(token, syllable))
}

/// Takes one key; false when no word goes on so.
fn press(keys: &mut Keys, key: char, before: Option<char>) -> bool {
    if let Some(tone) = tone(key).filter(|_| keys.has_vowel()) {
        return keys.ask_tone(tone);
    }
    match key {
        'z' => return keys.drop_tone(),
        'f' | 'j' => return false,
        // Twice in a row is how one writes the letter itself.
        'w' if before == Some('w') => return false,
        'w' => {
            if !keys.has_any(&['a', 'o', 'u']) {
                keys.letters.push('u');
            }
            keys.horns += 1;
            keys.evidence = true;
        }
        'd' if keys.letters.starts_with('d') => return keys.ask_bar(),
        letter => keys.letters.push(letter),
    }
    true
}

fn tone(key: char) -> Option<Tone> {
    Some(match key {
        's' => Tone::Acute,
        'f' => Tone::Grave,
        'r' => Tone::Hook,
        'x' => Tone::Tilde,
        'j' => Tone::Dot,
        _ => return None,
    })
}

/// What doubled letters and `w` may mean, the likeliest first: a second `a`, `e` or `o` is a hat, or a letter of its own
/// (ngoao); a third escapes the hat; `w` is a horn or, over `a`, a breve.
fn readings(keys: &Keys) -> impl Iterator<Item = Keys> {
    let doubled = ['a', 'e', 'o'].into_iter().find(|c| keys.letters.matches(*c).count() > 1);
    let times = doubled.map_or(0, |c| keys.letters.matches(c).count());
    let mut hatted = keys.clone();
    if let Some(c) = doubled
        && let Some(last) = keys.letters.rfind(c)
    {
        hatted.letters.remove(last);
        hatted.hat = Some(c).filter(|_| times == 2);
        hatted.evidence = true;
    }
    let mut readings = vec![hatted];
    if times == 2 {
        readings.push(keys.clone());
    }
    readings.into_iter().flat_map(|reading| {
        let mut breve = reading.clone();
        (breve.breves, breve.horns) = (breve.horns, 0);
        [reading, breve]
    })
}
