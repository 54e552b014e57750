//! Capitals that TCVN3 has no codes for: its typists wrote the small letter, or changed the font for one letter.

/// Restores capitals with marks: the first letter of a sentence, and letters among capitals.
pub(super) fn restore(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begins = true;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| c.is_alphanumeric() != first.is_alphanumeric()).unwrap_or(rest.len());
        let Some((part, tail)) = rest.split_at_checked(length) else { break };
        if first.is_alphanumeric() {
            word(part, begins, &mut out);
            begins = false;
        } else {
            out.push_str(part);
            begins |= ends_sentence(part);
        }
        rest = tail;
    }
    out
}

/// Only letters that have no capital in TCVN3 are in question.
fn has_no_capital(c: char) -> bool {
    !c.is_ascii() && c.is_lowercase() && !matches!(c, 'ă' | 'â' | 'đ' | 'ê' | 'ô' | 'ơ' | 'ư')
}

/// Restores the capitals of a word that stand among others.
pub(super) fn among(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    word(text, false, &mut out);
    out
}

fn word(word: &str, begins: bool, out: &mut String) {
    let shouted = is_shouted(word);
    for (at, c) in word.chars().enumerate() {
        if has_no_capital(c) && (shouted || begins && at == 0) {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
    }
}

/// Whether a word is written in capitals, those apart that have no code: two at least, or one that is not in front.
fn is_shouted(word: &str) -> bool {
    let mut capitals = 0;
    let mut behind = false;
    for (at, c) in word.chars().enumerate() {
        if c.is_uppercase() {
            capitals += 1;
            behind |= at > 0;
        } else if c.is_lowercase() && !has_no_capital(c) {
            return false;
        }
    }
    capitals > 1 || behind
}

/// A full stop, a question or an exclamation mark before a blank, or a line's end.
fn ends_sentence(between: &str) -> bool {
    between.contains('\n')
        || between.ends_with(|c: char| !c.is_alphanumeric())
            && between.split_once(['.', '!', '?', '…']).is_some_and(|(_, rest)| rest.contains(char::is_whitespace))
}
