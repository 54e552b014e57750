//! The keys and the form of their file.

use super::VaultError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The form that is written.
const VERSION: u32 = 1;
/// Stands in the file, for whoever finds it.
const ABOUT: &str =
    "Khóa của hoclieu: mất tệp này là mất tên và số điện thoại của học viên. Giữ riêng, không để cùng dữ liệu.";

/// Bytes that are not shown and leave the memory with their owner.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) [u8; 32]);

impl Bytes {
    fn fresh() -> Result<Self, VaultError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| VaultError::Machine(error.to_string()))?;
        Ok(Self(bytes))
    }
}

impl Drop for Bytes {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// One key: what seals, and what makes blind marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) number: u8,
    pub(super) seal: Bytes,
    pub(super) index: Bytes,
}

impl Key {
    fn fresh(number: u8) -> Result<Self, VaultError> {
        Ok(Self { number, seal: Bytes::fresh()?, index: Bytes::fresh()? })
    }
}

/// Keys, the one in force first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ring(pub(super) Vec<Key>);

#[derive(Serialize, Deserialize)]
struct Text {
    v: u32,
    #[serde(default)]
    about: String,
    keys: Vec<KeyText>,
}

#[derive(Serialize, Deserialize)]
struct KeyText {
    number: u8,
    seal: String,
    index: String,
}

impl Ring {
    pub(super) fn fresh() -> Result<Self, VaultError> {
        Ok(Self(vec![Key::fresh(1)?]))
    }

    /// The same with a fresh key in force.
    pub(super) fn with_fresh_key(&self) -> Result<Self, VaultError> {
        let taken = |number: &u8| self.0.iter().any(|key| key.number == *number);
        let newest = self.0.first().map_or(0, |key| key.number);
        let after = (newest.saturating_add(1)..=u8::MAX).chain(1..=u8::MAX);
        let number = after.into_iter().find(|number| !taken(number));
        let number = number.ok_or_else(|| VaultError::Machine("no number is free for another key".to_owned()))?;
        let mut all = vec![Key::fresh(number)?];
        all.extend(self.0.iter().cloned());
        Ok(Self(all))
    }

    pub(super) fn with_newest_only(&self) -> Self {
        Self(self.0.iter().take(1).cloned().collect())
    }

    /// The same with another's keys behind those that are here.
    pub(super) fn joined(&self, other: &Self) -> Result<Self, String> {
        let mut all = self.0.clone();
        for key in &other.0 {
            match self.0.iter().find(|own| own.number == key.number) {
                Some(own) if own == key => {}
                Some(_) => return Err(format!("another key has the number {}", key.number)),
                None => all.push(key.clone()),
            }
        }
        Ok(Self(all))
    }

    pub(super) fn text(&self) -> Result<String, VaultError> {
        let text = |key: &Key| KeyText {
            number: key.number,
            seal: STANDARD.encode(key.seal.0),
            index: STANDARD.encode(key.index.0),
        };
        let text = Text { v: VERSION, about: ABOUT.to_owned(), keys: self.0.iter().map(text).collect() };
        serde_json::to_string_pretty(&text).map_err(|error| VaultError::Machine(error.to_string()))
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let text: Text = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if text.v != VERSION || text.keys.is_empty() {
            return Err("no file of keys of this form".to_owned());
        }
        let bytes = |text: &str| {
            let read = STANDARD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            read.map(Bytes).ok_or_else(|| "a key is not 32 bytes in Base64".to_owned())
        };
        let key = |key: &KeyText| Ok(Key { number: key.number, seal: bytes(&key.seal)?, index: bytes(&key.index)? });
        text.keys.iter().map(key).collect::<Result<_, String>>().map(Self)
    }
}
