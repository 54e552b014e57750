//! VIQR: signs of ASCII after a letter mark it.

use crate::text::shape::is_written;
use rustc_hash::FxHashSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// A line of so many words is a sentence with its full stop; a shorter one is a heading, which has none.
const SENTENCE_WORDS: usize = 8;

static COMMONER: LazyLock<FxHashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/viqr-last-sign.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// Decodes word by word: a sign that would make no syllable is punctuation.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut words_of_line = 0;
    for run in runs(text) {
        if run.is_word {
            words_of_line += 1;
            run.decode(words_of_line, &mut out);
        } else {
            words_of_line = if run.part.contains('\n') { 0 } else { words_of_line };
            out.push_str(run.part);
        }
    }
    out
}

/// A word as it stands and as it is decoded, without the punctuation around.
pub(super) struct Pair<'a> {
    pub(super) word: &'a str,
    pub(super) decoded: String,
    /// Whether a hat, a breve or a horn is among its marks: signs that follow letters in no other writing.
    pub(super) shaped: bool,
}

/// The words that hold letters.
pub(super) fn pairs(text: &str) -> impl Iterator<Item = Pair<'_>> {
    let words = runs(text).filter(|run| run.is_word && run.part.contains(|c: char| c.is_ascii_alphabetic()));
    words.map(|run| {
        let mut out = String::new();
        run.decode(SENTENCE_WORDS, &mut out);
        let ends = |c: char| is_part(c) && !c.is_ascii_alphabetic();
        let word = if out == run.part { run.part.trim_matches(ends) } else { run.part };
        let signs = || run.part.chars().zip(run.part.chars().skip(1));
        let shaped = signs().any(|(letter, sign)| sign != '*' && shape(letter, sign).is_some());
        Pair { word, decoded: out.trim_matches(ends).to_owned(), shaped }
    })
}

/// A run of letters and signs that may mark them, or of anything else.
struct Run<'a> {
    part: &'a str,
    is_word: bool,
    /// What stands after it.
    tail: &'a str,
}

fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = text;
    let mut after_digit = false;
    std::iter::from_fn(move || {
        let inside = is_part(rest.chars().next()?);
        let length = rest.find(|c: char| is_part(c) != inside).unwrap_or(rest.len());
        let (part, tail) = rest.split_at_checked(length)?;
        rest = tail;
        // Letters grown together with a number are a code, or keystrokes.
        let is_word = inside && !after_digit && !tail.starts_with(|c: char| c.is_ascii_digit());
        after_digit = part.ends_with(|c: char| c.is_ascii_digit());
        Some(Run { part, is_word, tail })
    })
}

/// Letters, and the signs that mark them or escape a mark.
pub(super) fn is_part(c: char) -> bool {
    c.is_ascii_alphabetic() || is_tone(c) || matches!(c, '^' | '(' | '+' | '*' | '\\')
}

fn is_tone(c: char) -> bool {
    matches!(c, '\'' | '`' | '?' | '~' | '.')
}

/// Whether a sign marks letters and is hardly ever punctuation inside a word.
pub(super) fn is_strong(c: char) -> bool {
    matches!(c, '^' | '(' | '+' | '`' | '~')
}

impl Run<'_> {
    /// Decodes a word that stands so many words into its line.
    fn decode(&self, words_of_line: usize, out: &mut String) {
        let signs: Vec<char> = self.part.chars().collect();
        let lead = signs.iter().take_while(|c| !c.is_ascii_alphabetic()).count();
        let (before, signs) = signs.split_at(lead);
        out.extend(before);
        let all = Reading::of(signs, signs.len());
        // The last signs of a sentence are its own when the word can do without.
        let open = Reading::of(signs, signs.len() - closing(signs, self.tail, before.contains(&'\'')));
        let best = [&open, &all].into_iter().find(|reading| reading.is_syllable());
        let line_ends = || self.tail.trim_start_matches(['"', '”', ')', ' ']).chars().next().is_none_or(is_line_break);
        let is_sentence = words_of_line >= SENTENCE_WORDS && line_ends();
        match best {
            Some(_) if !is_sentence && all.is_commoner() => out.push_str(&all.whole()),
            Some(reading) => out.push_str(&reading.whole()),
            None => out.push_str(&Reading::strong(signs)),
        }
    }
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

/// How many signs at the end of a run may be the punctuation of the sentence.
fn closing(signs: &[char], tail: &str, quoted: bool) -> usize {
    let dots = signs.iter().rev().take_while(|c| **c == '.').count();
    match signs.last() {
        // Three dots are an ellipsis, whatever the word.
        Some('.') if dots == 3 => 3,
        Some('.' | '?') if ends(tail) => 1,
        Some('\'') if quoted => 1,
        _ => 0,
    }
}

/// Whether a sentence may end before this: nothing follows, or a capital after a blank, or a sign that closes.
fn ends(tail: &str) -> bool {
    let after = tail.trim_start_matches([' ', '"', '\'', ')', '\t', '”', '-']);
    after.is_empty() || after.starts_with(|c: char| c.is_uppercase() || is_line_break(c))
}

/// The letters of a run, and the signs after them that mark nothing.
struct Reading {
    letters: String,
    rest: String,
}

impl Reading {
    /// Reads the first signs as letters with marks, up to the first sign that can mark nothing.
    fn of(signs: &[char], most: usize) -> Self {
        let mut letters = String::new();
        let mut at = 0;
        while let Some(letter) = signs.get(at).filter(|c| at < most && c.is_ascii_alphabetic()) {
            let (marked, used) = letter_at(*letter, signs.get(at + 1..most).unwrap_or_default());
            letters.push_str(&marked);
            at += used;
        }
        let rest = signs.get(at..).unwrap_or_default().iter().filter(|c| **c != '\\').collect();
        Self { letters, rest }
    }

    fn is_syllable(&self) -> bool {
        !self.rest.contains(|c: char| c.is_ascii_alphabetic()) && is_written(&self.letters)
    }

    /// Whether the word is told from the one without its last sign by being the commoner of the two.
    fn is_commoner(&self) -> bool {
        let word: String = self.letters.nfc().collect::<String>().to_lowercase();
        self.rest.is_empty() && COMMONER.contains(word.as_str())
    }

    fn whole(&self) -> String {
        format!("{}{}", self.letters, self.rest)
    }

    /// Where no syllable comes out, only signs that are no punctuation mark letters: `Kro^ng`, but `vidu.vn`.
    fn strong(signs: &[char]) -> String {
        let mut out = String::new();
        let mut at = 0;
        while let Some(letter) = signs.get(at) {
            let next = signs.get(at + 1..).unwrap_or_default();
            let (marked, used) = if next.first().is_some_and(|c| is_strong(*c)) {
                letter_at(*letter, next)
            } else {
                (letter.to_string(), 1)
            };
            out.push_str(&marked);
            at += used;
        }
        out
    }
}

/// A letter with the marks that follow it, decomposed, and how many signs that took.
fn letter_at(letter: char, next: &[char]) -> (String, usize) {
    let mut marked = letter.to_string();
    if letter.eq_ignore_ascii_case(&'d') && next.first().is_some_and(|c| c.eq_ignore_ascii_case(&'d')) {
        return (if letter == 'd' { "đ" } else { "Đ" }.to_owned(), 2);
    }
    let mut used = 1;
    let mut next = next.iter().copied().peekable();
    if let Some(mark) = next.next_if(|c| shape(letter, *c).is_some()) {
        marked.extend(shape(letter, mark));
        used += 1;
    }
    let vowel = matches!(letter.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    if let Some(tone) = next.next_if(|c| vowel && is_tone(*c)) {
        marked.extend(tone_sign(tone));
        used += 1;
    }
    (marked, used)
}

/// The combining hat, breve or horn that a sign puts on a letter.
fn shape(letter: char, sign: char) -> Option<char> {
    match (letter.to_ascii_lowercase(), sign) {
        ('a' | 'e' | 'o', '^') => Some('\u{302}'),
        ('a', '(') => Some('\u{306}'),
        ('o' | 'u', '+' | '*') => Some('\u{31b}'),
        _ => None,
    }
}

fn tone_sign(sign: char) -> Option<char> {
    match sign {
        '`' => Some('\u{300}'),
        '\'' => Some('\u{301}'),
        '~' => Some('\u{303}'),
        '?' => Some('\u{309}'),
        '.' => Some('\u{323}'),
        _ => None,
    }
}
