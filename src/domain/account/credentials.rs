//! What proves that a person is the account's owner: a password, and a code of a telephone as second step.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The hash (BLAKE3, hexadecimal) under which a secret of full strength is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash(pub String);

/// The second step of signing in: six digits that a telephone shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactor {
    /// What the telephone was told, in Base32. The codes are made of it, so it cannot be kept as a hash.
    pub secret: String,
    /// Whether the owner has shown that the telephone knows it; before that it is not asked for.
    pub confirmed: bool,
    /// The time step of the last code that was taken: no code is taken twice.
    pub last_step: u64,
    /// One for each code on paper that is still unused.
    pub recovery: Vec<SecretHash>,
}

impl SecondFactor {
    /// Takes a code on paper, which is worth nothing afterwards; answers whether it was one.
    pub fn use_recovery(&mut self, hash: &SecretHash) -> bool {
        let before = self.recovery.len();
        self.recovery.retain(|other| other != hash);
        self.recovery.len() < before
    }
}

/// Keeps the secret out of logs.
impl fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondFactor").field("confirmed", &self.confirmed).finish_non_exhaustive()
    }
}

/// The proofs of one account.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The argon2id hash; absent until the owner has chosen a password.
    pub password: Option<String>,
    pub second_factor: Option<SecondFactor>,
}

impl Credentials {
    /// The second step that must be passed, if any.
    pub fn confirmed_factor(&self) -> Option<&SecondFactor> {
        self.second_factor.as_ref().filter(|factor| factor.confirmed)
    }
}

/// Keeps hashes out of logs.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_on_paper_is_taken_once_and_nothing_secret_is_printed() {
        let hash = |text: &str| SecretHash(text.to_owned());
        let recovery = vec![hash("a1b2"), hash("c3d4")];
        let mut factor = SecondFactor { secret: "JBSWY3DP".to_owned(), confirmed: true, last_step: 0, recovery };
        assert!(factor.use_recovery(&hash("a1b2")));
        assert!(!factor.use_recovery(&hash("a1b2")));
        assert_eq!(factor.recovery, [hash("c3d4")]);
        let printed =
            format!("{factor:?} {:?}", Credentials { password: Some("$argon2id$x".to_owned()), second_factor: None });
        assert!(!printed.contains("JBSWY3DP") && !printed.contains("argon2id"), "{printed}");
    }
}
