//! API tokens: an account's powers lent to a program, in part and for a time.

use crate::domain::id::{AccountId, TokenId};
use crate::domain::words::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most days that a token may be worth something.
pub const MAX_DAYS: u32 = 366;
/// How many days it is worth something unless told.
pub const DEFAULT_DAYS: u32 = 90;
/// The longest label, in characters.
pub const MAX_LABEL_CHARS: usize = 60;
/// The most tokens of an account.
pub const MAX_TOKENS: usize = 20;
/// Every token begins like this, so that a lost one is recognised.
pub const PREFIX: &str = "hoclieu_";

words! {
    /// What a token may be used for; never more than its owner may.
    Scope {
        MaterialsRead = "materials:read", "Đọc học liệu chưa công bố";
        MaterialsWrite = "materials:write", "Soạn và gửi học liệu; công bố nếu vai trò của bạn được phép";
        StatisticsRead = "statistics:read", "Đọc số liệu của cơ quan";
    }
}

/// A token that was given out; the secret itself was shown once and is kept as a hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    pub id: TokenId,
    pub account: AccountId,
    /// What the owner calls it.
    pub label: String,
    pub scopes: BTreeSet<Scope>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Exact to the hour.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl ApiToken {
    /// Whether it is worth nothing any more.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        now >= self.expires_at
    }
}

/// Reads scopes parted by spaces or commas; `None` when there is none or one is unknown.
pub fn parse_scopes(text: &str) -> Option<BTreeSet<Scope>> {
    let parts = text.split([',', ' ']).filter(|part| !part.is_empty());
    let scopes: BTreeSet<Scope> = parts.map(Scope::from_code).collect::<Option<_>>()?;
    (!scopes.is_empty()).then_some(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_and_unknown_ones_refused() {
        let both = [Scope::MaterialsRead, Scope::MaterialsWrite].into();
        assert_eq!(parse_scopes("materials:write, materials:read"), Some(both));
        assert_eq!(parse_scopes("materials:write everything"), None);
        assert_eq!(parse_scopes(" "), None);
    }
}
