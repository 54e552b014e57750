//! What users wrote, in letters that the fonts have: a letter that no font has would be left out without a word.

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// Stands for what cannot be printed.
const REPLACEMENT: char = '□';

/// The longest word that is never broken, in letters: a longer one would hang over the edge of the paper.
const MAX_WORD: usize = 24;
/// Where a word may be broken.
const BREAK: char = '\u{200B}';
/// Texts under this name are addresses: never changed.
const ADDRESS: &str = "address";

/// Makes every text of some data printable: composed, without controls, each letter known, no word wider than a page.
pub(super) fn printable(data: Value, knows: &impl Fn(char) -> bool) -> Value {
    match data {
        Value::String(text) => Value::String(breakable(&line(&text, knows))),
        Value::Array(all) => Value::Array(all.into_iter().map(|one| printable(one, knows)).collect()),
        Value::Object(all) => {
            let field = |(name, one): (String, Value)| {
                if name == ADDRESS { (name, one) } else { (name, printable(one, knows)) }
            };
            all.into_iter().map(field).collect()
        }
        other => other,
    }
}

fn breakable(text: &str) -> String {
    let (mut broken, mut letters) = (String::new(), 0);
    for letter in text.chars() {
        letters = if letter.is_whitespace() { 0 } else { letters + 1 };
        if letters > MAX_WORD {
            broken.push(BREAK);
            letters = 1;
        }
        broken.push(letter);
    }
    broken
}

fn line(text: &str, knows: &impl Fn(char) -> bool) -> String {
    let mut printed = String::new();
    for letter in text.nfc() {
        if letter.is_whitespace() || letter.is_control() {
            printed.push(if letter == '\n' { '\n' } else { ' ' });
        } else if knows(letter) {
            printed.push(letter);
        } else if !joins(letter) && !printed.ends_with(REPLACEMENT) {
            printed.push(REPLACEMENT);
        }
    }
    printed
}

/// Whether a sign only changes or joins those beside it, and is nothing alone.
fn joins(letter: char) -> bool {
    matches!(u32::from(letter), 0x200B..=0x200F | 0x2060..=0x2064 | 0xFE00..=0xFE0F | 0xFEFF | 0x1F3FB..=0x1F3FF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_are_composed_and_what_no_font_has_is_shown_as_missing() {
        let knows = |letter: char| !"🐝👩🌾".contains(letter) && !joins(letter);
        let typed = json!({"title": "Nuo\u{302}i ong 🐝\t\u{7}mật", "rows": [["👩\u{200D}🌾", 3, null]]});
        let printed = json!({"title": "Nuôi ong □  mật", "rows": [["□", 3, null]]});
        assert_eq!(printable(typed, &knows), printed);
        let word = "ằ".repeat(MAX_WORD);
        assert_eq!(printable(json!(format!("a {word}ằ")), &knows), json!(format!("a {word}{BREAK}ằ")));
        let address = json!({"address": "x".repeat(90)});
        assert_eq!(printable(address.clone(), &knows), address);
    }
}
