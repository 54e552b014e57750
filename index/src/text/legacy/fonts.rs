//! Fonts whose letters are in an older encoding, by their names.

use super::{Encoding, letters};
use unicode_normalization::UnicodeNormalization;

const FONTS: &str = include_str!("../../../data/legacy-fonts.txt");

/// What the name of a font says about the text set in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OldFont {
    /// How its letters are encoded.
    pub encoding: Encoding,
    /// Whether it draws capitals whatever is typed.
    pub capitals: bool,
}

/// Reads the name of a font: `.VnTime`, `.VnArialH`, `VNI-Times`; subset prefixes and styles may stand around it.
///
/// ```
/// use hoclieu_index::text::legacy::font;
/// assert!(font(".VnTimeH").is_some_and(|font| font.capitals));
/// assert!(font("ABCDEF+VNI-Times-Bold").is_some());
/// assert!(font("Times New Roman").is_none());
/// ```
pub fn font(name: &str) -> Option<OldFont> {
    let name = match name.split_once('+') {
        Some((subset, rest)) if subset.len() == 6 && subset.bytes().all(|byte| byte.is_ascii_uppercase()) => rest,
        _ => name,
    };
    let lower = name.trim().to_lowercase();
    let rows = FONTS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'));
    let code = rows.into_iter().find(|(_, start)| lower.starts_with(start)).map(|(code, _)| code)?;
    let encoding = Encoding::from_code(code)?;
    let stem = name.trim_start_matches("VNI-").split(['-', ',']).next().unwrap_or(name).trim();
    let stem = ["Bold", "Italic", "Regular"].iter().fold(stem, |stem, style| stem.trim_end_matches(style).trim_end());
    Some(OldFont { encoding, capitals: encoding == Encoding::Tcvn3 && stem.ends_with('H') })
}

impl OldFont {
    /// Decodes text set in this font, as the font shows it.
    ///
    /// ```
    /// use hoclieu_index::text::legacy::font;
    /// assert_eq!(font(".VnTimeH").map(|font| font.decode("kü thuËt")).as_deref(), Some("KỸ THUẬT"));
    /// ```
    pub fn decode(self, text: &str) -> String {
        let text: String = letters(self.encoding, text).nfc().collect();
        if self.capitals { text.to_uppercase() } else { text }
    }
}
