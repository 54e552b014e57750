//! What the store keeps of persons: sealed texts, and blind marks by which equal ones are found.

use serde::{Deserialize, Serialize};

/// A text that only the vault's keys open, in Base64: the key's number, a nonce and the sealed text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(pub String);

/// A mark (hexadecimal) that equal texts share and that tells nothing of the text to whoever lacks the keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Blind(pub String);
