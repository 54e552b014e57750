//! Which encoding a text is in, by the font it was set in and by how many of its words are syllables once decoded.

use super::{Encoding, OldFont, capitals, font, letters, references, table, viqr};
use crate::text::fold::is_mark;
use crate::text::shape::{is_syllable, is_written};

/// More words make no answer surer.
const MOST_WORDS: usize = 3_000;
/// So many words, in hundredths of those that a decoding changes, must become syllables.
const FEWEST_LEGAL: usize = 80;
/// The same where the text around is known to be in the encoding: names may be many in a heading.
const FEWEST_LEGAL_EXPECTED: usize = 60;
/// So many words, in hundredths of all, must be syllables in the end; names and foreign words are not.
const FEWEST_LEGAL_OF_ALL: usize = 60;
/// So many words must become syllables that were none, when nothing else speaks for the encoding.
const FEWEST_GAINED: usize = 2;
/// The same for encodings that are rarely met.
const FEWEST_GAINED_RARE: usize = 3;
/// What speaks for a rare encoding counts so much.
const RARE: f32 = 0.85;

/// What a text seems to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// The encoding.
    pub encoding: Encoding,
    /// From 0 to 1. By statistics, the chance that one more word of the text would be a syllable once decoded, which
    /// grows with the number of words seen; from 0.9 on nobody need look.
    pub confidence: f32,
}

/// Tells the older encoding that a text is in, or nothing for text that is right, not Vietnamese, or too short to tell.
///
/// The name of the font that the text is set in, when it is known, says the encoding; the text must bear it out.
///
/// ```
/// use hoclieu_index::text::legacy::{Encoding, detect};
/// let guess = detect("Kü thuËt trång lóa n\u{ad}íc trªn ®Êt c¸t", None).ok_or("nothing")?;
/// assert_eq!(guess.encoding, Encoding::Tcvn3);
/// assert_eq!(detect("Kỹ thuật trồng lúa nước", None), None);
/// assert_eq!(detect("Le café fermé à 25 °C, marque ® de l’été", None), None);
/// # Ok::<(), &str>(())
/// ```
pub fn detect(text: &str, font_hint: Option<&str>) -> Option<Guess> {
    if let Some(old) = font_hint.and_then(font) {
        return old.detect(text);
    }
    if text.is_ascii() {
        return [Encoding::Viqr, Encoding::References]
            .into_iter()
            .find_map(|encoding| Count::of(text, encoding).guess());
    }
    if has_marks_apart(text) {
        return Some(Guess { encoding: Encoding::Decomposed, confidence: 1.0 });
    }
    let candidates = Encoding::ALL.into_iter().filter(|encoding| may_be(text, *encoding));
    let guesses = candidates.filter_map(|encoding| {
        let count = Count::of(text, encoding);
        Some((count.guess()?, count.weight()))
    });
    guesses.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(guess, _)| guess)
}

/// Tells whether a text is in one encoding, when the text around it is: fewer words suffice.
///
/// ```
/// use hoclieu_index::text::legacy::{Encoding, detect, detect_as};
/// assert_eq!(detect("C¸t", None), None);
/// assert!(detect_as("C¸t", Encoding::Tcvn3).is_some());
/// assert_eq!(detect_as("Cát", Encoding::Tcvn3), None);
/// ```
pub fn detect_as(text: &str, encoding: Encoding) -> Option<Guess> {
    if !may_be(text, encoding) {
        return None;
    }
    let count = Count::of(text, encoding);
    let shaped = encoding != Encoding::Viqr || count.shaped > 0;
    let fits = count.gained > 0 && count.after >= count.before && count.is_legal(FEWEST_LEGAL_EXPECTED) && shaped;
    fits.then(|| Guess { encoding, confidence: count.confidence() })
}

impl OldFont {
    /// Tells whether a text set in this font is in its encoding: a font says what its letters are, unless they were put
    /// right and the font stayed. Text without old letters needs no decoding and gives nothing.
    pub fn detect(self, text: &str) -> Option<Guess> {
        let encoding = self.encoding;
        if !may_be(text, encoding) || letters(encoding, text) == text {
            return None;
        }
        let count = Count::of(text, encoding);
        let confidence = if count.after * 2 >= count.marked { 0.99 } else { 0.7 };
        (count.before <= count.after).then_some(Guess { encoding, confidence })
    }
}

/// Text with a letter that only Unicode has is Unicode, and text without a sign of the encoding is not in it.
pub(crate) fn may_be(text: &str, encoding: Encoding) -> bool {
    match encoding {
        Encoding::References => text.contains("&#"),
        Encoding::Decomposed => has_marks_apart(text),
        _ if text.is_ascii() => encoding == Encoding::Viqr && text.contains(['^', '(', '+']),
        Encoding::Viqr => text.contains(['^', '(', '+']) && text.chars().all(|c| c.is_ascii() || !c.is_alphabetic()),
        // Converters let the capital stand in the code page that has it anyway.
        Encoding::Windows1258 => text.chars().all(|c| !is_unicode_letter(c) || c == 'Đ'),
        _ => !text.contains(is_unicode_letter),
    }
}

/// Letters of Vietnamese that no western code page has.
fn is_unicode_letter(c: char) -> bool {
    matches!(c, 'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | '\u{1ea0}'..='\u{1ef9}')
        || is_mark(c)
}

/// Whether a Latin letter is followed by one of the marks that Vietnamese has.
fn has_marks_apart(text: &str) -> bool {
    let mark = |c: char| matches!(c, '\u{300}'..='\u{303}' | '\u{306}' | '\u{309}' | '\u{31b}' | '\u{323}');
    text.contains(is_mark)
        && text.chars().zip(text.chars().skip(1)).any(|(letter, next)| letter.is_alphabetic() && mark(next))
}

fn decode_word(encoding: Encoding, word: &str) -> String {
    let decoded = letters(encoding, word);
    if encoding == Encoding::Tcvn3 { capitals::among(&decoded) } else { decoded }
}

/// Whether a word is a syllable with capitals where words have them: everywhere, in front, or nowhere.
fn is_word(word: &str) -> bool {
    let behind = || word.chars().skip(1).filter(|c| c.is_alphabetic());
    let shouted = word.starts_with(char::is_uppercase) && behind().all(char::is_uppercase);
    (shouted || !behind().any(char::is_uppercase)) && is_written(word)
}

/// How the words of a text fare when it is decoded.
#[derive(Debug, Default)]
struct Count {
    encoding: Option<Encoding>,
    /// Words that decoding changes, or whose marks it should have changed.
    marked: usize,
    /// Of these, syllables afterwards.
    after: usize,
    /// Of these, syllables beforehand.
    before: usize,
    /// Of these, syllables afterwards and not beforehand.
    gained: usize,
    /// In VIQR, words with a sign that only VIQR puts there.
    shaped: usize,
    /// Words that decoding leaves as they are.
    plain: usize,
    /// Of these, syllables.
    plain_legal: usize,
}

impl Count {
    fn of(text: &str, encoding: Encoding) -> Self {
        let mut count = Self { encoding: Some(encoding), ..Self::default() };
        match encoding {
            Encoding::Viqr => {
                for pair in viqr::pairs(text).take(MOST_WORDS) {
                    count.shaped += usize::from(pair.shaped);
                    count.word(pair.word, &pair.decoded);
                }
            }
            Encoding::References => {
                let words = text.split(|c: char| c.is_whitespace() || ".,:!?()\"".contains(c));
                words.take(MOST_WORDS).for_each(|word| count.word(word, &references::decode(word)));
            }
            Encoding::Decomposed => {}
            _ => {
                let known = |c: char| table::of(encoding).is_some_and(|table| table.knows(c));
                let words = text.split(|c: char| !c.is_alphabetic() && !known(c));
                words.take(MOST_WORDS).for_each(|word| count.word(word, &decode_word(encoding, word)));
            }
        }
        count
    }

    fn word(&mut self, word: &str, decoded: &str) {
        // Signs alone say nothing: dashes, dots and bullets have codes of letters. Nor does the one unit that decodes.
        if word == "µm" || !word.contains(|c: char| c.is_ascii_alphabetic()) {
            return;
        }
        if word == decoded {
            let legal = is_syllable(word);
            self.plain += 1;
            self.plain_legal += usize::from(legal);
            // Marks that the encoding leaves as they are, on no syllable, are another language's.
            self.marked += usize::from(!legal && !word.is_ascii());
            return;
        }
        let (before, after) = (is_word(word), is_word(decoded));
        self.marked += 1;
        self.before += usize::from(before);
        self.after += usize::from(after);
        self.gained += usize::from(after && !before);
    }

    fn guess(&self) -> Option<Guess> {
        let fewest = if self.encoding.is_some_and(is_rare) { FEWEST_GAINED_RARE } else { FEWEST_GAINED };
        let enough = self.gained >= fewest
            && self.is_legal(FEWEST_LEGAL)
            && self.gained * 3 >= self.marked
            && (self.encoding != Some(Encoding::Viqr) || self.shaped >= FEWEST_GAINED);
        let encoding = self.encoding.filter(|_| enough)?;
        Some(Guess { encoding, confidence: self.confidence() })
    }

    /// Whether so many of the words that change, and enough of all words, are syllables in the end.
    fn is_legal(&self, fewest_of_marked: usize) -> bool {
        self.after * 100 >= self.marked * fewest_of_marked
            && (self.after + self.plain_legal) * 100 >= (self.marked + self.plain) * FEWEST_LEGAL_OF_ALL
    }

    fn confidence(&self) -> f32 {
        succession(self.after, self.marked)
    }

    /// What decides between encodings: one that changes words which were syllables already explains less.
    fn weight(&self) -> f32 {
        let rare = if self.encoding.is_some_and(is_rare) { RARE } else { 1.0 };
        self.confidence() * succession(self.gained, self.marked) * rare
    }
}

/// Encodings that hardly any office used; they share most codes with ISO 8859-1 and so change fewer words.
fn is_rare(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::Viscii | Encoding::Vps)
}

/// The rule of succession: so many of so many were so, so the next one is with this chance.
fn succession(some: usize, all: usize) -> f32 {
    let number = |count: usize| f32::from(u16::try_from(count).unwrap_or(u16::MAX));
    number(some + 1) / number(all + 2)
}
