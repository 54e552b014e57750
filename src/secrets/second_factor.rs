//! The six digits of a telephone (TOTP, RFC 6238: SHA-1, 30 seconds), as every app for it understands.

use super::{SecretError, chance};
use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

/// Bytes of chance in a secret, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// So many steps before and after the present one are taken too: clocks of telephones are not exact.
const SKEW: u16 = 1;

/// A secret for a telephone, in Base32.
///
/// # Errors
/// When the machine gives no chance.
pub fn fresh_secret() -> Result<String, SecretError> {
    let bytes = chance::<SECRET_BYTES>()?;
    Ok(Secret::new(bytes.to_vec().into_boxed_slice()).to_base32())
}

fn totp(secret: &str, issuer: &str, account: &str) -> Result<Totp, SecretError> {
    let broken = |error: &dyn std::fmt::Display| SecretError::SecondFactor(error.to_string());
    let secret = Secret::try_from_base32(secret).map_err(|error| broken(&error))?;
    // A colon parts the issuer from the account in the address.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_secret(secret)
        .with_skew(SKEW)
        .with_issuer(Some(plain(issuer)))
        .with_account_name(plain(account))
        .build()
        .map_err(|error| broken(&error))
}

/// The address that a telephone's app reads from a QR code.
///
/// # Errors
/// When the secret cannot be understood.
pub fn address(secret: &str, issuer: &str, account: &str) -> Result<String, SecretError> {
    totp(secret, issuer, account)?.to_url().map_err(|error| SecretError::SecondFactor(error.to_string()))
}

/// The time step that a code belongs to; `None` when it is wrong or its step is not after `last`, so that no code is
/// taken twice.
///
/// # Errors
/// When the secret cannot be understood.
pub fn check(secret: &str, typed: &str, last: u64, now: DateTime<Utc>) -> Result<Option<u64>, SecretError> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let time = u64::try_from(now.timestamp()).unwrap_or(0);
    let step = totp(secret, "hoclieu", "-")?.check(&code, time);
    Ok(step.filter(|step| *step > last))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's test vectors, `12345678901234567890`.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_of_the_standard_are_taken_once() {
        // RFC 6238, appendix B, cut to six digits.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let step = check(SECRET, code, 0, at(seconds)).unwrap();
            assert_eq!(step, u64::try_from(seconds / 30).ok(), "{code}");
            assert_eq!(check(SECRET, code, step.unwrap(), at(seconds)).unwrap(), None);
        }
        assert_eq!(check(SECRET, "287 082", 0, at(85)).unwrap(), Some(1), "half a minute late");
        assert_eq!(check(SECRET, "287082", 0, at(125)).unwrap(), None);
        assert_eq!(check(SECRET, "", 0, at(59)).unwrap(), None);
    }

    #[test]
    fn the_address_names_issuer_and_account() {
        let secret = fresh_secret().unwrap();
        let address = address(&secret, "Học liệu", "lan.nnmt").unwrap();
        assert!(address.starts_with("otpauth://totp/"), "{address}");
        assert!(address.contains("lan.nnmt") && address.contains(&format!("secret={secret}")), "{address}");
    }
}
