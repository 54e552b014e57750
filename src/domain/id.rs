//! Identifiers, each a type of its own so that one cannot be taken for another.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Says why a text is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a valid {noun}")]
pub struct IdError {
    /// What the text should have named, such as `topic id`.
    pub noun: &'static str,
    /// The offending text, cut to 80 characters.
    pub value: String,
}

impl IdError {
    pub(crate) fn new(noun: &'static str, value: &str) -> Self {
        Self { noun, value: value.chars().take(80).collect() }
    }
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads the hyphenated or the plain form.
            ///
            /// # Errors
            /// When the text is no UUID.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                Uuid::parse_str(text).map(Self).map_err(|_error| IdError::new($noun, text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id! {
    /// Names a material for good; time-ordered (UUID version 7).
    MaterialId, "material id"
}
uuid_id! {
    /// Names one file of one version of a material.
    FileId, "file id"
}
uuid_id! {
    /// Names a background job.
    JobId, "job id"
}
uuid_id! {
    /// Names a batch of documents; opens nothing to whoever did not bring it.
    BatchId, "batch id"
}
uuid_id! {
    /// Names a complaint; is no secret and opens nothing.
    ComplaintId, "complaint id"
}

uuid_id! {
    /// Names an upload; opens nothing to whoever did not begin it.
    UploadId, "upload id"
}
uuid_id! {
    /// Names an account for good; never used again after it was erased.
    AccountId, "account id"
}
uuid_id! {
    /// Names one sign-in on one device; is no secret and opens nothing.
    SessionId, "session id"
}
uuid_id! {
    /// Names an API token; is no secret and opens nothing.
    TokenId, "token id"
}

uuid_id! {
    /// Names an amendment of the catalogue; time-ordered (UUID version 7).
    AmendmentId, "amendment id"
}

uuid_id! {
    /// Names an entry of words that mean the same; time-ordered (UUID version 7).
    SynonymId, "synonym id"
}

uuid_id! {
    /// Names a course; time-ordered (UUID version 7).
    CourseId, "course id"
}
uuid_id! {
    /// Names a class for good; time-ordered (UUID version 7).
    ClassId, "class id"
}
uuid_id! {
    /// Names a meeting of a class for good, however often it is moved: calendars know it by this.
    MeetingId, "meeting id"
}
uuid_id! {
    /// Names a learner of a centre; is no secret and opens nothing.
    LearnerId, "learner id"
}
uuid_id! {
    /// Names a learner's registration for a class; is no secret and opens nothing.
    RegistrationId, "registration id"
}
uuid_id! {
    /// Names a mark of attendance, given where it was made: sent twice, it is one.
    MarkId, "mark id"
}
uuid_id! {
    /// Names a venue.
    VenueId, "venue id"
}
uuid_id! {
    /// Names a time for which a venue is taken by something that is no class.
    VenueBlockId, "venue block id"
}
uuid_id! {
    /// Names a speaker; opens nothing.
    SpeakerId, "speaker id"
}

uuid_id! {
    /// Names a request for a speaker; opens nothing.
    RequestId, "request id"
}

uuid_id! {
    /// Names what was done because of a storm; time-ordered (UUID version 7).
    StormId, "storm id"
}

/// The most characters that a readable identifier may have.
pub const MAX_SLUG_ID_CHARS: usize = 80;

macro_rules! slug_id {
    ($(#[$doc:meta])* $name:ident, $noun:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads an identifier: 1 to 80 of the signs `a-z 0-9 . -`, beginning with a letter or a digit.
            ///
            /// # Errors
            /// When another sign occurs or the length is out of range.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                if is_slug_id(text) { Ok(Self(text.to_owned())) } else { Err(IdError::new($noun, text)) }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slug_id! {
    /// Names an organisation, such as `so-nnmt`.
    OrganisationId, "organisation id"
}
slug_id! {
    /// Names an area, such as `qt.gio-linh`.
    AreaId, "area id"
}
slug_id! {
    /// Names a topic by its path, such as `agri.rice`; a parent's id is the part before the dot.
    TopicId, "topic id"
}

fn is_slug_id(text: &str) -> bool {
    text.len() <= MAX_SLUG_ID_CHARS
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.' || c == '-')
}

/// The hash (BLAKE3, 64 hexadecimal digits) that names a blob by its content.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BlobHash(String);

impl BlobHash {
    /// Reads 64 lower-case hexadecimal digits.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let valid = text.len() == 64 && text.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
        if valid { Ok(Self(text.to_owned())) } else { Err(IdError::new("blob hash", text)) }
    }

    /// The hash as hexadecimal text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BlobHash {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<BlobHash> for String {
    fn from(hash: BlobHash) -> Self {
        hash.0
    }
}

impl fmt::Display for BlobHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_ids_accept_paths_and_refuse_anything_else() {
        assert_eq!(TopicId::parse("agri.rice").unwrap().as_str(), "agri.rice");
        for wrong in ["", ".a", "Agri", "a/b", "a b", "lúa", &"a".repeat(81)] {
            assert!(TopicId::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn blob_hash_is_exactly_64_lower_case_hex_digits() {
        assert!(BlobHash::parse(&"0a".repeat(32)).is_ok());
        assert!(BlobHash::parse(&"0A".repeat(32)).is_err());
        assert!(BlobHash::parse("../../etc/passwd").is_err());
    }
}
