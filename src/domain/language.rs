//! Language tags (BCP 47), as far as the library needs them.

use crate::domain::id::IdError;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A language tag such as `vi`, `lo`, `bru` or `und` for undetermined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

impl Language {
    /// Reads a tag: a primary subtag of 2 or 3 letters and up to three further subtags of 2 to 8 letters or digits.
    ///
    /// # Errors
    /// When the text has another shape.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let tag = text.trim().to_ascii_lowercase();
        let mut parts = tag.split('-');
        let primary = parts.next().unwrap_or_default();
        let primary_ok = (2..=3).contains(&primary.len()) && primary.chars().all(|c| c.is_ascii_lowercase());
        let rest: Vec<&str> = parts.collect();
        let rest_ok = rest.len() <= 3
            && rest.iter().all(|part| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
        if primary_ok && rest_ok { Ok(Self(tag)) } else { Err(IdError::new("language tag", text)) }
    }

    /// Vietnamese.
    pub fn vietnamese() -> Self {
        Self("vi".to_owned())
    }

    /// Undetermined: nobody has said, and no rule is sure.
    pub fn undetermined() -> Self {
        Self("und".to_owned())
    }

    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language's name for readers of Vietnamese; the tag itself where no name is known.
    pub fn name_vi(&self) -> &str {
        match self.0.as_str() {
            "vi" => "Tiếng Việt",
            "en" => "Tiếng Anh",
            "lo" => "Tiếng Lào",
            "bru" => "Tiếng Bru – Vân Kiều",
            "pac" => "Tiếng Pa Kô",
            "tth" | "tto" => "Tiếng Tà Ôi",
            "scb" => "Tiếng Chứt",
            "nuo" => "Tiếng Nguồn",
            "zh" => "Tiếng Trung",
            "th" => "Tiếng Thái Lan",
            "fr" => "Tiếng Pháp",
            "und" => "Chưa xác định",
            other => other,
        }
    }
}

impl TryFrom<String> for Language {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.0
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_normalised_and_checked() {
        assert_eq!(Language::parse(" VI ").unwrap().as_str(), "vi");
        assert_eq!(Language::parse("zh-Hant").unwrap().as_str(), "zh-hant");
        for wrong in ["", "v", "viet", "vi_VN", "vi-"] {
            assert!(Language::parse(wrong).is_err(), "{wrong}");
        }
    }
}
