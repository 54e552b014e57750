//! Text in encodings older than Unicode: what it is, and what it says.
//!
//! Such text reaches programs as the characters of a western code page: `kh«ng` is `không` in TCVN3, `khoâng` in VNI.
//! [`decode`] takes it so, whatever road the bytes came: a character stands for the byte that windows-1252 or ISO 8859-1
//! gives it. [`detect()`] tells which encoding a text is in, and never answers for text that is right already.

mod capitals;
mod detect;
mod fonts;
mod references;
mod table;
#[cfg(test)]
mod tests;
mod viqr;

pub(crate) use detect::may_be;
pub use detect::{Guess, detect, detect_as};
pub use fonts::{OldFont, font};
#[cfg(test)]
pub(crate) use tests::encode;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// An encoding of Vietnamese letters other than composed Unicode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// TCVN 5712-3 ("ABC"), of the fonts named `.Vn…`.
    Tcvn3,
    /// VNI for Windows, of the fonts named `VNI-…`: a letter, and its marks as a second sign.
    Vni,
    /// VIQR: marks written with signs of ASCII, `Vie^.t Nam`.
    Viqr,
    /// VISCII (RFC 1456).
    Viscii,
    /// VPS, of the fonts named `VPS …`.
    Vps,
    /// Windows code page 1258: some letters composed, tones apart.
    #[serde(rename = "windows-1258")]
    Windows1258,
    /// Numeric character references left over from a web page: `Vi&#7879;t`.
    References,
    /// Unicode with the marks apart from their letters.
    Decomposed,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 8] = [
        Self::Tcvn3,
        Self::Vni,
        Self::Viqr,
        Self::Viscii,
        Self::Vps,
        Self::Windows1258,
        Self::References,
        Self::Decomposed,
    ];

    /// Its name for programs, as it is serialised.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Tcvn3 => "tcvn3",
            Self::Vni => "vni",
            Self::Viqr => "viqr",
            Self::Viscii => "viscii",
            Self::Vps => "vps",
            Self::Windows1258 => "windows-1258",
            Self::References => "references",
            Self::Decomposed => "decomposed",
        }
    }

    /// Finds the encoding with a name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.code() == code)
    }
}

/// Turns text of an older encoding into composed Unicode; signs that the encoding does not know stay.
///
/// TCVN3 has no codes for most capitals with marks: those that a sentence begins with, or that stand among capitals, are
/// restored. Text of a font that draws capitals goes through [`OldFont::decode`] instead.
///
/// ```
/// use hoclieu_index::text::legacy::{Encoding, decode};
/// assert_eq!(decode(Encoding::Tcvn3, "Trång lóa bÞ ®¹o «n"), "Trồng lúa bị đạo ôn");
/// assert_eq!(decode(Encoding::Vni, "Troàng luùa bò ñaïo oân"), "Trồng lúa bị đạo ôn");
/// assert_eq!(decode(Encoding::Viqr, "Tro^`ng lu'a bi. dda.o o^n"), "Trồng lúa bị đạo ôn");
/// ```
pub fn decode(encoding: Encoding, text: &str) -> String {
    let text = match encoding {
        Encoding::Viqr => viqr::decode(text),
        Encoding::References => references::decode(text),
        Encoding::Decomposed => text.to_owned(),
        Encoding::Tcvn3 => capitals::restore(&letters(encoding, text)),
        _ => letters(encoding, text),
    };
    text.nfc().collect()
}

/// Decodes letter by letter, without regard to the words around.
fn letters(encoding: Encoding, text: &str) -> String {
    table::of(encoding).map_or_else(|| text.to_owned(), |table| table.decode(text))
}
