//! What was typed, taken apart: words, exact phrases in quotes, words to leave out. Any text parses.

use crate::text::syllable::is_word_sign;
use std::ops::Range;

/// A query taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// What is looked for, quotes and exclusions blanked out; bytes keep the places that they had when typed.
    pub(crate) wanted: String,
    /// What stood in quotes, with its place.
    pub(crate) phrases: Vec<(String, Range<usize>)>,
    /// Words and phrases after a minus.
    pub(crate) excluded: Vec<String>,
}

/// Signs that open a quotation, each with the one that closes it.
const QUOTES: [(char, char); 3] = [('"', '"'), ('“', '”'), ('«', '»')];

/// More quotations or exclusions than that are plain words: each costs a look at all passages that bear it.
const MOST_DEMANDS: usize = 32;

/// Takes a query apart.
pub(crate) fn parse(typed: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut rest = typed;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let begins = before.is_whitespace() || "(,;".contains(before);
        let taken = if parsed.phrases.len() + parsed.excluded.len() >= MOST_DEMANDS {
            parsed.wanted.push(c);
            c.len_utf8()
        } else if let Some((inside, length)) = quoted(rest) {
            let open = c.len_utf8();
            blank(open, &mut parsed.wanted);
            let begin = parsed.wanted.len();
            parsed.phrases.push((inside.to_owned(), begin..begin + inside.len()));
            parsed.wanted.push_str(inside);
            blank(length - open - inside.len(), &mut parsed.wanted);
            length
        } else if c == '-' && begins && excludes(after) {
            let length = excluded(after, &mut parsed.excluded);
            blank(1 + length, &mut parsed.wanted);
            1 + length
        } else {
            parsed.wanted.push(c);
            c.len_utf8()
        };
        before = rest.get(..taken).and_then(|part| part.chars().last()).unwrap_or(' ');
        rest = rest.get(taken..).unwrap_or_default();
    }
    parsed
}

/// What stands in the quotes that a text begins with, and the bytes it takes with them.
fn quoted(text: &str) -> Option<(&str, usize)> {
    let open = text.chars().next()?;
    let (_, close) = QUOTES.iter().find(|(sign, _)| *sign == open)?;
    let behind = text.get(open.len_utf8()..)?;
    let inside = behind.get(..behind.find(*close)?)?;
    inside.contains(is_word_sign).then(|| (inside, open.len_utf8() + inside.len() + close.len_utf8()))
}

/// Whether a minus before `text` leaves something out: a word that begins with a letter, or a quotation.
fn excludes(text: &str) -> bool {
    quoted(text).is_some() || text.chars().next().is_some_and(char::is_alphabetic)
}

/// Notes what a minus leaves out; answers how many bytes that takes.
fn excluded(text: &str, all: &mut Vec<String>) -> usize {
    if let Some((inside, length)) = quoted(text) {
        all.push(inside.to_owned());
        return length;
    }
    let word = text.split(char::is_whitespace).next().unwrap_or_default();
    all.push(word.to_owned());
    word.len()
}

fn blank(bytes: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', bytes));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_make_phrases_and_a_minus_leaves_out() {
        let parsed = parse("\"đạo ôn\" lúa -thuốc -“bón đạm”");
        assert_eq!(parsed.phrases, [("đạo ôn".to_owned(), 1..11)]);
        assert_eq!(parsed.excluded, ["thuốc", "bón đạm"]);
        assert_eq!(parsed.wanted.split_whitespace().collect::<Vec<_>>(), ["đạo", "ôn", "lúa"]);
    }

    #[test]
    fn exclusions_may_stand_alone() {
        let parsed = parse(" -lúa -“bón đạm”");
        assert_eq!((parsed.wanted.trim(), parsed.phrases.len()), ("", 0));
        assert_eq!(parsed.excluded, ["lúa", "bón đạm"]);
    }

    #[test]
    fn a_query_of_many_quotations_keeps_the_first() {
        let parsed = parse(&"\"đạo ôn\" -lúa ".repeat(1_000));
        assert_eq!((parsed.phrases.len(), parsed.excluded.len()), (MOST_DEMANDS / 2, MOST_DEMANDS / 2));
        assert_eq!(parsed.wanted.matches("đạo ôn").count(), 1_000);
    }

    #[test]
    fn signs_that_say_nothing_are_plain_text() {
        for typed in ["30-11", "covid -19", "\"chưa đóng", "a - b", "\"\" lúa", "--", "tit:(("] {
            let parsed = parse(typed);
            assert_eq!((parsed.wanted.as_str(), parsed.phrases.len(), parsed.excluded.len()), (typed, 0, 0), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_parses_and_keeps_its_places(typed in ".{0,120}") {
            let parsed = parse(&typed);
            prop_assert_eq!(parsed.wanted.len(), typed.len());
        }

        #[test]
        fn signs_in_any_order_parse(typed in "[-\"“”«» aôđ(),]{0,60}") {
            prop_assert_eq!(parse(&typed).wanted.len(), typed.len());
        }
    }
}
