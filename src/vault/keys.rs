//! Sealing, opening and marking with the keys in force.

use super::VaultError;
use super::ring::{Key, Ring};
use crate::domain::sealed::{Blind, Sealed};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

const NONCE_BYTES: usize = 24;

/// Where a sealed text belongs: it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    pub table: &'a str,
    pub row: &'a str,
    pub field: &'a str,
}

impl Place<'_> {
    fn words(self) -> Vec<u8> {
        format!("{}:{}:{}", self.table, self.row, self.field).into_bytes()
    }
}

/// What is looked for by a blind mark; equal texts of different kinds share none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    Phone,
    Person,
    Code,
    Form,
}

impl Index {
    const fn context(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Person => "person",
            Self::Code => "code",
            Self::Form => "form",
        }
    }
}

/// The keys in force at a moment.
#[derive(Debug)]
pub struct Keys(Ring);

impl Keys {
    pub(super) fn new(ring: Ring) -> Self {
        Self(ring)
    }

    pub(super) fn ring(&self) -> &Ring {
        &self.0
    }

    fn newest(&self) -> Result<&Key, VaultError> {
        self.0.0.first().ok_or(VaultError::Wrong)
    }

    /// Seals a text for a place.
    ///
    /// # Errors
    /// When the machine gives no chance.
    pub fn seal(&self, place: Place<'_>, text: &str) -> Result<Sealed, VaultError> {
        let key = self.newest()?;
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|error| VaultError::Machine(error.to_string()))?;
        let payload = Payload { msg: text.as_bytes(), aad: &place.words() };
        let sealed = cipher(key).encrypt(&XNonce::from(nonce), payload).map_err(|_error| VaultError::Wrong)?;
        let all = [&[key.number], nonce.as_slice(), &sealed].concat();
        Ok(Sealed(STANDARD_NO_PAD.encode(all)))
    }

    /// Opens what was sealed for a place.
    ///
    /// # Errors
    /// `Wrong` when it was sealed with another key or for another place, or was changed.
    pub fn open(&self, place: Place<'_>, sealed: &Sealed) -> Result<String, VaultError> {
        let wrong = || VaultError::Wrong;
        let bytes = STANDARD_NO_PAD.decode(&sealed.0).map_err(|_error| VaultError::Wrong)?;
        let (number, rest) = bytes.split_first().ok_or_else(wrong)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(wrong)?;
        let key = self.0.0.iter().find(|key| key.number == *number).ok_or_else(wrong)?;
        let payload = Payload { msg: sealed, aad: &place.words() };
        let text = cipher(key).decrypt(&XNonce::from(*nonce), payload).map_err(|_error| VaultError::Wrong)?;
        String::from_utf8(text).map_err(|_error| VaultError::Wrong)
    }

    /// How many keys there are: more than one while a rotation is under way.
    pub fn count(&self) -> usize {
        self.0.0.len()
    }

    /// Whether a text is sealed with the key that is in force.
    pub fn is_current(&self, sealed: &Sealed) -> bool {
        let number = STANDARD_NO_PAD.decode(&sealed.0).ok().and_then(|bytes| bytes.first().copied());
        number.is_some() && number == self.0.0.first().map(|key| key.number)
    }

    /// The mark of a text under the key that is in force.
    pub fn blind(&self, index: Index, text: &str) -> Blind {
        self.blinds(index, text).into_iter().next().unwrap_or(Blind(String::new()))
    }

    /// The marks of a text under every key, that of the key in force first: what was written before a rotation is found
    /// during it.
    pub fn blinds(&self, index: Index, text: &str) -> Vec<Blind> {
        let words = format!("{}:{text}", index.context());
        let mark = |key: &Key| Blind(blake3::keyed_hash(&key.index.0, words.as_bytes()).to_hex().to_string());
        self.0.0.iter().map(mark).collect()
    }
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.seal.0.into())
}

#[cfg(test)]
mod tests {
    use super::super::Vault;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_opens_only_at_its_place_and_unchanged(text in ".{0,60}", at in 0_usize..40, flip in 1_u8..=255) {
            let keys = Vault::in_memory().keys_or_make().unwrap();
            let place = Place { table: "learners-1", row: "một", field: "name" };
            let sealed = keys.seal(place, &text).unwrap();
            prop_assert_eq!(keys.open(place, &sealed).unwrap(), text.clone());
            for other in [Place { row: "hai", ..place }, Place { field: "phone", ..place }, Place { table: "x", ..place }] {
                prop_assert!(keys.open(other, &sealed).is_err());
            }
            prop_assert_ne!(keys.seal(place, &text).unwrap(), sealed.clone(), "equal texts look different");
            let mut bytes = STANDARD_NO_PAD.decode(&sealed.0).unwrap();
            let at = at % bytes.len();
            bytes[at] ^= flip;
            prop_assert!(keys.open(place, &Sealed(STANDARD_NO_PAD.encode(bytes))).is_err());
        }
    }

    #[test]
    fn marks_of_one_kind_are_no_marks_of_another_and_tell_no_text() {
        let keys = Vault::in_memory().keys_or_make().unwrap();
        let (phone, code) = (keys.blind(Index::Phone, "0905"), keys.blind(Index::Code, "0905"));
        assert!(phone != code && phone == keys.blind(Index::Phone, "0905"));
        assert_ne!(blake3::hash(b"0905").to_hex().to_string(), phone.0);
        assert!(keys.open(Place { table: "", row: "", field: "" }, &Sealed("@".to_owned())).is_err());
    }
}
