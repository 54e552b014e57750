//! What a person signs in with: a login name, or the e-mail address of the account.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The fewest and the most characters of a login name.
pub const LOGIN_CHARS: std::ops::RangeInclusive<usize> = 3..=40;
/// The longest e-mail address, in characters.
pub const MAX_EMAIL_CHARS: usize = 120;

/// Says that a text is no login name or e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {0}")]
pub struct LoginError(&'static str);

macro_rules! login_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text as it is kept, in small letters.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = LoginError;
            fn try_from(text: String) -> Result<Self, LoginError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

login_text! {
    /// Names an account to its owner: 3 to 40 of `a-z 0-9 . - _`, beginning with a letter or a digit.
    LoginName
}
login_text! {
    /// An e-mail address, which always has an `@` and so is never a login name.
    Email
}

impl LoginName {
    /// Reads a login name; capital letters are taken as small ones.
    ///
    /// # Errors
    /// When another sign occurs or the length is out of range.
    pub fn parse(text: &str) -> Result<Self, LoginError> {
        let name = text.trim().to_lowercase();
        let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_'));
        let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
        if plain && begins && LOGIN_CHARS.contains(&name.len()) {
            Ok(Self(name))
        } else {
            Err(LoginError("login name"))
        }
    }
}

impl Email {
    /// Reads an address of the form `name@host.domain`; capital letters are taken as small ones.
    ///
    /// # Errors
    /// When it has spaces, no `@` or no domain, or is longer than 120 characters.
    pub fn parse(text: &str) -> Result<Self, LoginError> {
        let address = text.trim().to_lowercase();
        let well_formed = address.split_once('@').is_some_and(|(name, host)| {
            let labels: Vec<&str> = host.split('.').collect();
            let plain =
                |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
            !name.is_empty() && name.chars().all(allowed) && labels.len() >= 2 && labels.iter().all(plain)
        });
        if well_formed && address.chars().count() <= MAX_EMAIL_CHARS {
            Ok(Self(address))
        } else {
            Err(LoginError("e-mail address"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn login_names_are_plain_and_their_case_does_not_matter() {
        assert_eq!(LoginName::parse(" Lan.NNMT ").unwrap().as_str(), "lan.nnmt");
        for wrong in ["", "ab", ".lan", "lan tran", "lân", "a@b.vn", &"a".repeat(41)] {
            assert!(LoginName::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn addresses_have_a_name_and_a_domain() {
        assert_eq!(Email::parse("Lan@QuangTri.gov.vn").unwrap().as_str(), "lan@quangtri.gov.vn");
        for wrong in ["lan", "@a.vn", "lan@", "lan@vn", "a b@c.vn", "a@b..vn", "a@b.vn\r\nBcc: x", "a@b@c.vn"] {
            assert!(Email::parse(wrong).is_err(), "{wrong}");
        }
    }
}
