//! What the keystrokes of one word say, whichever method they belong to.

use super::spell::{Tone, spell};
use crate::text::shape::{Rhyme, rhymes_of, splits};

/// No word takes more keys: `nghieenngs` with a slip or two.
pub(super) const MOST_KEYS: usize = 16;

/// The letters of a word and the marks that its other keys ask for.
#[derive(Debug, Default, Clone)]
pub(super) struct Keys {
    /// Plain lower-case letters.
    pub(super) letters: String,
    /// A bar through the `d`.
    pub(super) bar: bool,
    /// The letter that a hat was asked for.
    pub(super) hat: Option<char>,
    /// How often a horn was asked for.
    pub(super) horns: usize,
    /// How often a breve was asked for.
    pub(super) breves: usize,
    pub(super) tone: Option<Tone>,
    /// A key was seen that writes no letter of its own.
    pub(super) evidence: bool,
}

impl Keys {
    /// Whether a vowel stands among the letters.
    pub(super) fn has_vowel(&self) -> bool {
        self.letters.contains(is_vowel)
    }

    /// Whether one of these letters stands among the letters.
    pub(super) fn has_any(&self, letters: &[char]) -> bool {
        self.letters.contains(letters)
    }

    /// Asks for a bar: there must be a `d` in front, without one.
    pub(super) fn ask_bar(&mut self) -> bool {
        let may = self.letters.starts_with('d') && !self.bar;
        self.bar = true;
        self.evidence = true;
        may
    }

    /// Asks for a tone; the last one asked for holds, and the same again takes it away as an escape would.
    pub(super) fn ask_tone(&mut self, tone: Tone) -> bool {
        let again = self.tone == Some(tone);
        self.tone = Some(tone);
        self.evidence = true;
        !again && self.has_vowel()
    }

    /// Takes the tone away.
    pub(super) fn drop_tone(&mut self) -> bool {
        self.tone.take().is_some()
    }

    /// The syllable that the keys write; rhymes of real words go before the others.
    pub(super) fn syllable(&self) -> Option<String> {
        if !self.evidence {
            return None;
        }
        self.find(true).or_else(|| self.find(false))
    }

    fn find(&self, common: bool) -> Option<String> {
        splits(&self.letters).find_map(|(onset, rest)| {
            // In "gì" one letter ends the onset and is the rhyme.
            let (onset, rest) = if (onset, rest) == ("gi", "") { ("g", "i") } else { (onset, rest) };
            let fits = |rhyme: &&Rhyme| rhyme.common == common && !doubles(onset, rhyme.marked) && self.writes(rhyme);
            let rhyme = rhymes_of(rest).iter().find(fits)?;
            let onset = if self.bar { onset.replacen('d', "đ", 1) } else { onset.to_owned() };
            spell(&onset, rhyme.marked, self.tone)
        })
    }

    /// Whether the marks of a rhyme are those asked for; one key may put both horns of `ươ`.
    fn writes(&self, rhyme: &Rhyme) -> bool {
        let count = |signs: &[char]| rhyme.marked.chars().filter(|c| signs.contains(c)).count();
        let hat = match self.hat {
            Some('a') => count(&['â']) == 1,
            Some('e') => count(&['ê']) == 1,
            Some('o') => count(&['ô']) == 1,
            _ => count(&['â', 'ê', 'ô']) == 0,
        };
        let horns = count(&['ơ', 'ư']);
        hat && count(&['ă']) == self.breves && (horns == self.horns || horns == 2 && self.horns == 1)
    }
}

/// No word doubles the vowel in which its onset ends.
pub(super) fn doubles(onset: &str, rhyme: &str) -> bool {
    onset == "gi" && rhyme.starts_with('i') || onset == "qu" && rhyme.starts_with('u')
}

pub(super) fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
}
