//! Abbreviations typed with the keys for đ: they are no syllables, but document numbers are full of them.

use super::keys::{MOST_KEYS, is_vowel};

/// Decodes the bars of an abbreviation, in Telex or VNI; `None` for a word that has a vowel or no such key.
///
/// ```
/// use hoclieu_index::text::typing::abbreviation;
/// assert_eq!(abbreviation("QDd").as_deref(), Some("QĐ"));
/// assert_eq!(abbreviation("hd9nd").as_deref(), Some("hđnd"));
/// assert_eq!(abbreviation("add"), None);
/// ```
pub fn abbreviation(token: &str) -> Option<String> {
    if token.len() > MOST_KEYS || !token.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'9') {
        return None;
    }
    if token.len() < 3 || token.chars().any(|c| is_vowel(c.to_ascii_lowercase())) {
        return None;
    }
    let mut word = String::new();
    let mut run: Vec<char> = Vec::new();
    for key in token.chars() {
        match key {
            'd' | 'D' => run.push(key),
            '9' => {
                let last = run.pop()?;
                word.extend(run.drain(..));
                word.push(barred(last));
            }
            other => {
                end_run(&mut run, &mut word);
                word.push(other);
            }
        }
    }
    end_run(&mut run, &mut word);
    (word != token).then_some(word)
}

/// Pairs are barred; of an odd run the first is a letter of its own: BGD + Dd + T.
fn end_run(run: &mut Vec<char>, word: &mut String) {
    word.extend(run.drain(..run.len() % 2));
    word.extend(run.chunks(2).filter_map(<[char]>::first).copied().map(barred));
    run.clear();
}

fn barred(d: char) -> char {
    if d == 'D' { 'Đ' } else { 'đ' }
}
