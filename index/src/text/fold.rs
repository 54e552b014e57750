//! Letters without marks, for queries typed without them.

use unicode_normalization::UnicodeNormalization;

/// Writes a text in lower-case letters without any mark, `đ` as `d`; other signs stay.
///
/// ```
/// assert_eq!(hoclieu_index::text::fold::fold("Sở Nông nghiệp, Đông Hà"), "so nong nghiep, dong ha");
/// ```
pub fn fold(text: &str) -> String {
    let letters = text.chars().flat_map(char::to_lowercase).nfd().filter(|c| !is_mark(*c));
    letters.map(|c| if matches!(c, 'đ' | 'ð' | 'ɖ') { 'd' } else { c }).collect()
}

/// Whether a character is a combining mark that belongs to the letter before it.
pub(crate) fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}
