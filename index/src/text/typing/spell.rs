//! Writes a syllable with its tone in the place where readers expect it.

use super::keys::is_vowel;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// A written tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Acute,
    Grave,
    Hook,
    Tilde,
    Dot,
}

impl Tone {
    fn sign(self) -> char {
        match self {
            Self::Grave => '\u{300}',
            Self::Acute => '\u{301}',
            Self::Tilde => '\u{303}',
            Self::Hook => '\u{309}',
            Self::Dot => '\u{323}',
        }
    }
}

/// Writes a syllable, composed; nothing when its rhyme cannot bear the tone.
pub(super) fn spell(onset: &str, rhyme: &str, tone: Option<Tone>) -> Option<String> {
    let Some(tone) = tone else { return Some(format!("{onset}{rhyme}")) };
    let stopped = rhyme.ends_with(['c', 'p', 't']) || rhyme.ends_with("ch");
    if stopped && !matches!(tone, Tone::Acute | Tone::Dot) {
        return None;
    }
    let bearer = bearer(rhyme);
    let mut signs = onset.to_owned();
    for (at, c) in rhyme.chars().enumerate() {
        signs.push(c);
        if at == bearer {
            signs.push(tone.sign());
        }
    }
    Some(signs.nfc().collect())
}

/// Which letter of a rhyme bears the tone: the last with a mark of its own; else the second of three vowels or of two
/// before a consonant; else the first (hòa, thủy: the older place, which most texts keep).
fn bearer(rhyme: &str) -> usize {
    let vowels: Vec<char> = rhyme.chars().take_while(|c| is_vowel(plain(*c))).collect();
    let closed = rhyme.chars().count() > vowels.len();
    let marked = vowels.iter().rposition(|c| !c.is_ascii());
    marked.unwrap_or(usize::from(vowels.len() > 2 || vowels.len() == 2 && closed))
}

fn plain(c: char) -> char {
    let mut first = None;
    decompose_canonical(c, |part| {
        first.get_or_insert(part);
    });
    first.unwrap_or(c)
}
