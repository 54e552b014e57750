//! Secrets: made of the machine's chance, kept as hashes, compared without telling how near a guess was.

mod passwords;
pub mod second_factor;

pub use passwords::Passwords;

use crate::domain::account::credentials::SecretHash;
use crate::domain::account::link::{CODE_LENGTH, CODE_SIGNS};
use crate::domain::registration::SLIP_LENGTH;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Bytes of chance in a secret that nobody types.
const SECRET_BYTES: usize = 32;

/// Says why a secret could not be made or compared.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The machine gave no chance.
    #[error("no randomness: {0}")]
    Chance(String),
    /// A password could not be hashed, or a kept hash cannot be understood.
    #[error("password hash: {0}")]
    Hash(String),
    /// A second step's secret cannot be understood.
    #[error("second step: {0}")]
    SecondFactor(String),
    /// The program is ending.
    #[error("stopped")]
    Stopped,
}

/// What a secret opens: hashes of one purpose are worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Session,
    Token,
    Link,
    Recovery,
    Complaint,
    SpeakerCalendar,
}

impl Purpose {
    const fn context(self) -> &'static str {
        match self {
            Self::Session => "hoclieu 2026 session",
            Self::Token => "hoclieu 2026 token",
            Self::Link => "hoclieu 2026 link",
            Self::Recovery => "hoclieu 2026 recovery",
            Self::Complaint => "hoclieu 2026 complaint",
            Self::SpeakerCalendar => "hoclieu 2026 speaker calendar",
        }
    }
}

/// A secret for its owner's eyes, and what is kept of it. Has no `Debug`, so that no log can print it.
pub struct Fresh {
    pub secret: String,
    pub hash: SecretHash,
}

/// The hash under which a secret is kept and found.
///
/// Secrets of 80 bits and more need no slow hash.
pub fn hash_of(purpose: Purpose, secret: &str) -> SecretHash {
    let key = blake3::derive_key(purpose.context(), secret.as_bytes());
    SecretHash(blake3::Hash::from_bytes(key).to_hex().to_string())
}

fn chance<const N: usize>() -> Result<[u8; N], SecretError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| SecretError::Chance(error.to_string()))?;
    Ok(bytes)
}

/// A secret of 256 bits that programs carry, with `prefix` before it.
///
/// # Errors
/// When the machine gives no chance.
pub fn fresh(purpose: Purpose, prefix: &str) -> Result<Fresh, SecretError> {
    let secret = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(chance::<SECRET_BYTES>()?));
    let hash = hash_of(purpose, &secret);
    Ok(Fresh { secret, hash })
}

/// A code of 80 bits that people read from paper and type.
///
/// # Errors
/// When the machine gives no chance.
pub fn fresh_code(purpose: Purpose) -> Result<Fresh, SecretError> {
    let bytes = chance::<CODE_LENGTH>()?;
    let sign = |byte: &u8| CODE_SIGNS.get(usize::from(*byte) % CODE_SIGNS.len()).map(|sign| char::from(*sign));
    let secret: String = bytes.iter().filter_map(sign).collect();
    let hash = hash_of(purpose, &secret);
    Ok(Fresh { secret, hash })
}

/// A short code for a slip of paper: worth something only beside a limit of attempts and a keyed mark in the store.
///
/// # Errors
/// When the machine gives no chance.
pub fn fresh_slip() -> Result<String, SecretError> {
    let bytes = chance::<SLIP_LENGTH>()?;
    let sign = |byte: &u8| CODE_SIGNS.get(usize::from(*byte) % CODE_SIGNS.len()).map(|sign| char::from(*sign));
    Ok(bytes.iter().filter_map(sign).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::link::typed_code;

    #[test]
    fn secrets_differ_and_one_purpose_does_not_open_another() {
        let (one, two) = (fresh(Purpose::Session, "").unwrap(), fresh(Purpose::Session, "").unwrap());
        assert!(one.secret != two.secret && one.secret.len() == 43);
        assert_eq!(hash_of(Purpose::Session, &one.secret), one.hash);
        assert_ne!(hash_of(Purpose::Token, &one.secret), one.hash);
        assert!(!one.hash.0.contains(&one.secret));
    }

    #[test]
    fn codes_can_be_typed_back() {
        let code = fresh_code(Purpose::Link).unwrap();
        assert_eq!(typed_code(&code.secret.to_lowercase()).as_deref(), Some(code.secret.as_str()));
    }
}
