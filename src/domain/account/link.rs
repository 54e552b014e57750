//! Codes that open one thing once: a first password, a forgotten one, the first administrator's account.

use crate::domain::id::AccountId;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How long a code for a password may lie on paper.
pub const PASSWORD_LINK: TimeDelta = TimeDelta::days(7);
/// How long the code for the first administrator is worth something.
pub const FIRST_ADMINISTRATOR_LINK: TimeDelta = TimeDelta::days(1);

/// The signs of a code: digits and letters that nobody takes for one another on paper.
pub const CODE_SIGNS: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many signs a code has: 80 bits of chance.
pub const CODE_LENGTH: usize = 16;
/// Signs are written in groups of so many.
const GROUP: usize = 4;

/// What a code opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Opens {
    /// Choosing a new password for an account.
    Password { account: AccountId },
    /// Making the first administrator's account.
    FirstAdministrator,
}

/// A code that was given out and not used yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneTimeLink {
    #[serde(flatten)]
    pub opens: Opens,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

impl OneTimeLink {
    /// A code given out now.
    pub fn new(opens: Opens, now: DateTime<Utc>) -> Self {
        let life = match opens {
            Opens::Password { .. } => PASSWORD_LINK,
            Opens::FirstAdministrator => FIRST_ADMINISTRATOR_LINK,
        };
        Self { opens, created_at: now, expires_at: now + life }
    }
}

/// A code as it was typed, in the form in which it is hashed: small letters, spaces and hyphens do not matter, and
/// signs that look alike are one. `None` when it cannot be a code.
pub fn typed_code(text: &str) -> Option<String> {
    typed_signs(text, CODE_LENGTH)
}

/// The same for a code of so many signs.
pub(in crate::domain) fn typed_signs(text: &str, length: usize) -> Option<String> {
    let sign = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let code: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '.')).map(sign).collect();
    let known = code.bytes().all(|byte| CODE_SIGNS.contains(&byte));
    (known && code.len() == length).then_some(code)
}

/// A code as it is printed: `ABCD-EFGH-JKMN-PQRS`.
pub fn printed_code(code: &str) -> String {
    let signs: Vec<char> = code.chars().collect();
    signs.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_paper_and_a_careless_hand() {
        let code = "0123ABCDEFGHJKMN";
        assert_eq!(printed_code(code), "0123-ABCD-EFGH-JKMN");
        for typed in ["0123-ABCD-EFGH-JKMN", "o123 abcd efgh jkmn", "OI23abcdefghjkmn"] {
            assert_eq!(typed_code(typed).as_deref(), Some(code), "{typed}");
        }
        for wrong in ["", "0123", "0123-ABCD-EFGH-JKMU", "0123-ABCD-EFGH-JKMNN", "đ123ABCDEFGHJKMN"] {
            assert_eq!(typed_code(wrong), None, "{wrong}");
        }
    }
}
