//! Which passwords are taken: long enough, and not among those that are guessed first.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// The fewest characters of a password.
pub const MIN_CHARS: usize = 10;
/// The most characters of a password; what is longer costs time to hash and adds nothing.
pub const MAX_CHARS: usize = 200;
/// A password has at least so many different characters.
const MIN_DISTINCT: usize = 5;
/// Parts of names shorter than this are not looked for in a password.
const MIN_PART_CHARS: usize = 4;

/// Passwords that are guessed first, one a line.
static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| lines(include_str!("common-passwords.txt")));
/// Words that make a weak password with nothing but digits and signs around them.
static STEMS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| lines(include_str!("password-stems.txt")));

fn lines(text: &'static str) -> BTreeSet<&'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).collect()
}

/// Says why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    #[error("shorter than {MIN_CHARS} characters")]
    TooShort,
    #[error("longer than {MAX_CHARS} characters")]
    TooLong,
    /// It is one of those that are guessed first, or differs from one by digits and signs only.
    #[error("among the passwords that are guessed first")]
    Common,
    /// It repeats few characters or runs along the alphabet or the digits.
    #[error("a simple sequence")]
    Simple,
    /// It contains the login name, the person's name or the like.
    #[error("contains a name that others know")]
    Personal,
}

/// A password as it is hashed and compared: typed in any Unicode form, the same text is the same password.
pub fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// Checks a new password; `known` is what others know of its owner, such as login name and name.
///
/// # Errors
/// The first rule that it breaks.
pub fn check(password: &str, known: &[&str]) -> Result<(), WeakPassword> {
    let password = normalised(password);
    let length = password.chars().count();
    if length < MIN_CHARS {
        return Err(WeakPassword::TooShort);
    }
    if length > MAX_CHARS {
        return Err(WeakPassword::TooLong);
    }
    let folded = folded(&password);
    if COMMON.contains(folded.as_str()) || STEMS.contains(stem(&folded).as_str()) {
        return Err(WeakPassword::Common);
    }
    if is_simple(&folded) {
        return Err(WeakPassword::Simple);
    }
    if is_personal(&folded, known) { Err(WeakPassword::Personal) } else { Ok(()) }
}

/// Small letters without marks.
fn folded(text: &str) -> String {
    let small = text.to_lowercase();
    let letters = small.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c));
    letters.map(|c| if c == 'đ' { 'd' } else { c }).collect()
}

/// What is left of a password without digits and signs, with the letters that digits often stand for put back inside.
fn stem(folded: &str) -> String {
    let trimmed = folded.trim_matches(|c: char| !c.is_alphabetic());
    let letter = |c: char| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    trimmed.chars().map(letter).filter(|c| c.is_alphabetic()).collect()
}

/// Few different characters, or hardly anything but steps of one along the alphabet.
fn is_simple(folded: &str) -> bool {
    let distinct: BTreeSet<char> = folded.chars().collect();
    let characters: Vec<u32> = folded.chars().map(u32::from).collect();
    let steps = characters.windows(2).filter(|pair| matches!(pair, [a, b] if a.abs_diff(*b) <= 1)).count();
    distinct.len() < MIN_DISTINCT || steps * 4 >= characters.len().saturating_sub(1) * 3
}

/// Whether a known name, or most of a password, is the same words.
fn is_personal(folded: &str, known: &[&str]) -> bool {
    let letters: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    known.iter().any(|name| {
        let whole: String = self::folded(name).chars().filter(|c| c.is_alphanumeric()).collect();
        whole.chars().count() >= MIN_PART_CHARS && letters.contains(&whole)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_random_texts_are_taken() {
        for good in [
            "con trâu đi trước cái cày theo sau",
            "vR8#kq2LmZ0p",
            "bốn con gà trống ở chợ phiên",
            "nem tré bò tái 1987",
        ] {
            assert_eq!(check(good, &["lan.nnmt", "Nguyễn Thị Lan"]), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_is_guessed_first_is_refused_in_every_disguise() {
        use WeakPassword::{Common, Personal, Simple, TooLong, TooShort};
        let cases = [
            ("ngan", TooShort),
            ("123456789", TooShort),
            ("1234567890", Common),
            ("qwertyuiop", Common),
            ("Matkhau@2026", Common),
            ("mật khẩu 123456", Common),
            ("P@ssw0rd2026!", Common),
            ("QuangTri@2026", Common),
            ("hoclieu123456", Common),
            ("aaaaaaaaaaaa", Simple),
            ("abababababab", Simple),
            ("abcdefghijkl", Simple),
            ("lan.nnmt-nam-nay", Personal),
            ("Nguyễn Thị Lan 88", Personal),
        ];
        for (password, why) in cases {
            assert_eq!(check(password, &["lan.nnmt", "Nguyễn Thị Lan"]), Err(why), "{password}");
        }
        assert_eq!(check(&"a1b2c3d4".repeat(26), &[]), Err(TooLong));
    }

    #[test]
    fn composed_and_decomposed_typing_is_one_password() {
        assert_eq!(normalised("mật khẩu"), normalised("m\u{61}\u{323}\u{302}t kh\u{61}\u{302}\u{309}u"));
    }

    #[test]
    fn the_lists_are_sorted_folded_and_long_enough_to_matter() {
        assert!(COMMON.len() > 1_500 && STEMS.len() > 100, "{} {}", COMMON.len(), STEMS.len());
        assert!(COMMON.iter().all(|line| line.chars().count() >= MIN_CHARS && folded(line) == **line));
        assert!(STEMS.iter().all(|line| stem(line) == **line));
    }
}
