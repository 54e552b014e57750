//! Text in an encoding older than Unicode that was put right, so that a person can confirm it.

use serde::{Deserialize, Serialize};

/// An encoding that text was put right from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Encoding {
    /// TCVN 5712-3, of the fonts named `.Vn…`.
    #[serde(rename = "tcvn3")]
    Tcvn3,
    /// VNI for Windows, of the fonts named `VNI-…`.
    #[serde(rename = "vni")]
    Vni,
    /// Marks written with signs of ASCII.
    #[serde(rename = "viqr")]
    Viqr,
    #[serde(rename = "viscii")]
    Viscii,
    #[serde(rename = "vps")]
    Vps,
    /// Code page 1258 of Windows.
    #[serde(rename = "windows-1258")]
    Windows1258,
    /// Numeric character references left over from a web page.
    #[serde(rename = "references")]
    References,
}

impl Encoding {
    /// The encoding's name for readers.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Tcvn3 => "TCVN3 (ABC)",
            Self::Vni => "VNI",
            Self::Viqr => "VIQR",
            Self::Viscii => "VISCII",
            Self::Vps => "VPS",
            Self::Windows1258 => "Windows-1258",
            Self::References => "mã ký tự &#…;",
        }
    }
}

/// How a text was put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decoding {
    pub encoding: Encoding,
    /// Whether the fonts say so, or enough of the text; otherwise a person should look.
    pub sure: bool,
}

/// How the parts of a text were put right: each encoding once, sure when it is so for all parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decodings(Vec<Decoding>);

impl Decodings {
    /// Takes in how one more part was put right.
    pub fn add(&mut self, decoding: Decoding) {
        match self.0.iter_mut().find(|known| known.encoding == decoding.encoding) {
            Some(known) => known.sure &= decoding.sure,
            None => self.0.push(decoding),
        }
    }

    /// Takes in how other parts were put right.
    pub fn add_all(&mut self, others: &Self) {
        self.extend(others.iter());
    }

    /// Each encoding in the order in which it was met.
    pub fn iter(&self) -> impl Iterator<Item = Decoding> {
        self.0.iter().copied()
    }

    /// Whether nothing had to be put right.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a person should look.
    pub fn is_unsure(&self) -> bool {
        self.0.iter().any(|decoding| !decoding.sure)
    }
}

impl Extend<Decoding> for Decodings {
    fn extend<I: IntoIterator<Item = Decoding>>(&mut self, others: I) {
        others.into_iter().for_each(|decoding| self.add(decoding));
    }
}

impl FromIterator<Decoding> for Decodings {
    fn from_iter<I: IntoIterator<Item = Decoding>>(decodings: I) -> Self {
        let mut all = Self::default();
        all.extend(decodings);
        all
    }
}

impl From<Decoding> for Decodings {
    fn from(decoding: Decoding) -> Self {
        Self(vec![decoding])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_doubtful_part_makes_its_encoding_doubtful_and_no_other() {
        let sure = |encoding, sure| Decoding { encoding, sure };
        let mut decodings = Decodings::from(sure(Encoding::Tcvn3, true));
        assert!(!decodings.is_unsure());
        decodings.add(sure(Encoding::Vni, false));
        decodings.add(sure(Encoding::Tcvn3, true));
        assert_eq!(decodings.iter().collect::<Vec<_>>(), [sure(Encoding::Tcvn3, true), sure(Encoding::Vni, false)]);
        assert!(decodings.is_unsure());
    }

    #[test]
    fn stored_as_a_plain_list() {
        let decodings = Decodings::from(Decoding { encoding: Encoding::Windows1258, sure: true });
        assert_eq!(serde_json::to_string(&decodings).unwrap(), r#"[{"encoding":"windows-1258","sure":true}]"#);
    }
}
