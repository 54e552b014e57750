//! Words as they are kept: without what ruled lines, dust and drawings are read as, and with bullets for what is one.

use super::hocr::Word;
use crate::extract::clean;

/// A short word that is less sure than this is dust …
const DUST: f64 = 0.3;
/// … and so is a sign of no word that is less sure than this.
const DUSTY_SIGN: f64 = 0.6;
/// Longer words than this are no dust.
const SHORT_CHARS: usize = 3;

/// Drops what is no word; bullets at the beginnings of lines become bullets.
pub(super) fn cleaned(words: Vec<Word>) -> Vec<Word> {
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    let mut words = words.into_iter().peekable();
    let mut line = None;
    while let Some(mut word) = words.next() {
        let number = word.line.number;
        let begins = line.replace(number) != Some(number);
        let goes_on = words.peek().is_some_and(|next| next.line.number == number);
        if begins && goes_on && is_like_bullet(&word) {
            "•".clone_into(&mut word.text);
            kept.push(word);
        } else if !is_dust(&word) {
            word.text = without_specks(&word.text);
            kept.push(word);
        }
    }
    kept
}

/// A word without what the line of a table or a speck before it was read as.
fn without_specks(text: &str) -> String {
    let rest = text.trim().trim_start_matches(['|', '¦', '`', '\'', '‘', '’']);
    let is_quote = rest.contains(['\'', '’']);
    if rest.starts_with(char::is_alphanumeric) && !is_quote { rest.to_owned() } else { text.to_owned() }
}

/// Whether a sign alone before a line is what a round bullet of print was read as.
fn is_like_bullet(word: &Word) -> bool {
    let mut signs = word.text.trim().chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else { return false };
    let usual = matches!(sign, '»' | '«' | '¢' | '®' | '©' | '°' | '·' | '*' | '›' | '‹' | '●' | '■' | '▪' | '◆');
    let unsure = word.sureness < DUSTY_SIGN && !sign.is_alphanumeric() && !is_stroke(sign) && sign != '-';
    clean::is_bullet(sign) || usual || unsure
}

fn is_dust(word: &Word) -> bool {
    let text = word.text.trim();
    let is_sign = !text.contains(char::is_alphanumeric);
    let is_short = text.chars().count() <= SHORT_CHARS;
    text.chars().all(is_stroke) || (is_sign && word.sureness < DUSTY_SIGN) || (is_short && word.sureness < DUST)
}

/// Signs that ruled lines and specks are read as.
fn is_stroke(sign: char) -> bool {
    matches!(sign, '|' | '¦' | '‖' | '_' | '[' | ']' | '`' | 'ˆ' | '´')
}

#[cfg(test)]
mod tests {
    use super::super::hocr::{Line, Place};
    use super::*;

    #[test]
    fn dust_goes_and_bullets_come_back() {
        let word = |text: &str, sureness, number| {
            let line = Line { number, ..Line::default() };
            Word { text: text.to_owned(), place: Place::default(), sureness, line }
        };
        let words = vec![
            word("»", 0.4, 1),
            word("Chặt", 0.9, 1),
            word("»", 0.9, 1),
            word("+", 0.5, 4),
            word("Dùng", 0.9, 4),
            word("*", 0.9, 5),
            word("|", 0.9, 2),
            word("ˆỊ", 0.2, 2),
            word("5", 0.8, 3),
            word("—", 0.3, 3),
            word("nghiêng", 0.1, 3),
            word("|Lỗi", 0.9, 6),
            word("'Sửa", 0.9, 6),
            word("'x'", 0.9, 6),
        ];
        let kept: Vec<String> = cleaned(words).into_iter().map(|word| word.text).collect();
        assert_eq!(kept, ["•", "Chặt", "»", "•", "Dùng", "*", "5", "nghiêng", "Lỗi", "Sửa", "'x'"]);
    }
}
