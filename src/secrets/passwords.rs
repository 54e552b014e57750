//! Passwords as argon2id hashes: 19 MiB and two rounds each, two at a time.

use super::SecretError;
use crate::domain::account::password::normalised;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// Memory for one hash, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Rounds over that memory.
const ROUNDS: u32 = 2;
/// So many are hashed at the same time, so that a crowd of guesses cannot take all memory and computing time.
const AT_ONCE: usize = 2;

/// Hashes and compares passwords; cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    gate: Arc<Semaphore>,
    /// What a guess is compared with where there is no account.
    nobody: Arc<OnceLock<String>>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { gate: Arc::new(Semaphore::new(AT_ONCE)), nobody: Arc::default() }
    }
}

fn argon2() -> Result<Argon2<'static>, SecretError> {
    let params = Params::new(MEMORY_KIB, ROUNDS, 1, None).map_err(|error| SecretError::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_blocking(password: &str) -> Result<String, SecretError> {
    let hash = argon2()?.hash_password(normalised(password).as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| SecretError::Hash(error.to_string()))
}

impl Passwords {
    /// Hashes a new password; two hashes of one password differ.
    ///
    /// # Errors
    /// When the machine gives no chance or no memory.
    pub async fn hash(&self, password: String) -> Result<String, SecretError> {
        let _permit = self.gate.acquire().await.map_err(|_closed| SecretError::Stopped)?;
        tokio::task::spawn_blocking(move || hash_blocking(&password)).await.map_err(|_ended| SecretError::Stopped)?
    }

    /// Whether a password is the one behind `kept`. Where nothing is kept the same work is done in vain, so that the
    /// time of the answer does not tell.
    ///
    /// # Errors
    /// When the kept hash cannot be understood.
    pub async fn verify(&self, password: String, kept: Option<String>) -> Result<bool, SecretError> {
        let _permit = self.gate.acquire().await.map_err(|_closed| SecretError::Stopped)?;
        let nobody = Arc::clone(&self.nobody);
        let work = move || {
            if let Some(kept) = kept {
                return verify_blocking(&password, &kept);
            }
            if nobody.get().is_none() {
                drop(nobody.set(hash_blocking("nobody has this one")?));
            }
            verify_blocking(&password, nobody.get().map_or("", String::as_str)).map(|_same| false)
        };
        tokio::task::spawn_blocking(work).await.map_err(|_ended| SecretError::Stopped)?
    }

    /// Does beforehand what the first comparison in vain would have to do, so that it is no slower than others.
    ///
    /// # Errors
    /// As [`Passwords::hash`].
    pub async fn prepare(&self) -> Result<(), SecretError> {
        self.verify(String::new(), None).await.map(drop)
    }
}

fn verify_blocking(password: &str, kept: &str) -> Result<bool, SecretError> {
    let kept = PasswordHash::new(kept).map_err(|error| SecretError::Hash(error.to_string()))?;
    match argon2()?.verify_password(normalised(password).as_bytes(), &kept) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(SecretError::Hash(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let passwords = Passwords::default();
        let kept = passwords.hash("con trâu đi trước".to_owned()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        let same = |typed: &str| passwords.verify(typed.to_owned(), Some(kept.clone()));
        assert!(same("con trâu đi trước").await.unwrap());
        assert!(same("con tra\u{302}u đi trước").await.unwrap(), "typed in another Unicode form");
        assert!(!same("con trau di truoc").await.unwrap());
        assert!(!passwords.verify("nobody has this one".to_owned(), None).await.unwrap());
    }
}
