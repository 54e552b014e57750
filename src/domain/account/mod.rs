//! Accounts: people who work for organisations, with the roles that they hold there.
//!
//! Readers need none. An account's secrets lie apart from it ([`credentials`]), so that a list of accounts cannot
//! carry one away.

pub mod credentials;
pub mod link;
pub mod login;
pub mod password;
pub mod session;
pub mod token;

use crate::domain::account::login::{Email, LoginName};
use crate::domain::id::{AccountId, OrganisationId};
use crate::domain::permission::Role;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The longest name of a person, in characters.
pub const MAX_NAME_CHARS: usize = 100;
/// The longest telephone number, in characters.
pub const MAX_PHONE_CHARS: usize = 20;

/// A role held at an organisation; that of an administrator is valid in the whole province.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grant {
    pub organisation: OrganisationId,
    pub role: Role,
}

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    Active,
    /// Cannot sign in; its sessions and tokens are worth nothing.
    Disabled,
    /// Disabled for good: the personal data is gone, the id stays in the audit trail.
    Erased,
}

/// A person as another's identity provider names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalIdentity {
    pub issuer: String,
    pub subject: String,
}

/// A person who works for organisations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub id: AccountId,
    /// Absent once the account is erased, as are name and contact.
    pub login: Option<LoginName>,
    pub name: String,
    pub email: Option<Email>,
    pub phone: Option<String>,
    /// Someone other than the owner entered the e-mail address; only then does it tell whose account this is.
    #[serde(default)]
    pub email_vouched: bool,
    /// Whom another's identity provider knows the person as, once they have come from there.
    #[serde(default)]
    pub external: Option<ExternalIdentity>,
    /// At most one for each organisation.
    pub grants: Vec<Grant>,
    pub state: AccountState,
    pub created_at: DateTime<Utc>,
}

impl Account {
    /// Whether it can be signed in to.
    pub fn is_active(&self) -> bool {
        self.state == AccountState::Active
    }

    /// Whether it holds the administrator's role.
    pub fn is_administrator(&self) -> bool {
        self.grants.iter().any(|grant| grant.role == Role::Admin)
    }

    /// Gives a role at an organisation in the place of the one held there.
    pub fn give(&mut self, grant: Grant) {
        self.take(&grant.organisation);
        self.grants.push(grant);
        self.grants.sort();
    }

    /// Takes the role at an organisation away; answers whether there was one.
    pub fn take(&mut self, organisation: &OrganisationId) -> bool {
        let before = self.grants.len();
        self.grants.retain(|grant| grant.organisation != *organisation);
        self.grants.len() < before
    }

    /// Removes all that tells who the person was.
    pub fn erase(&mut self) {
        self.login = None;
        self.name.clear();
        self.email = None;
        self.phone = None;
        self.email_vouched = false;
        self.external = None;
        self.grants.clear();
        self.state = AccountState::Erased;
    }
}

/// A person's name as it is kept: single spaces, 1 to 100 characters without control characters.
pub fn person_name(text: &str) -> Option<String> {
    plain_line(text, MAX_NAME_CHARS)
}

/// A telephone number as it is kept: at least 8 digits among at most 20 characters.
pub fn phone_number(text: &str) -> Option<String> {
    let kept = plain_line(text, MAX_PHONE_CHARS)?;
    let digits = kept.chars().filter(char::is_ascii_digit).count();
    let plain = kept.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | ' ' | '.' | '-' | '(' | ')'));
    (plain && digits >= 8).then_some(kept)
}

fn plain_line(text: &str, max_chars: usize) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let length = line.chars().count();
    let plain = !line.chars().any(char::is_control);
    (plain && (1..=max_chars).contains(&length)).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_holds_one_role_for_each_organisation() {
        let mut account = Account {
            id: AccountId(uuid::Uuid::nil()),
            login: LoginName::parse("lan").ok(),
            name: "Lan".to_owned(),
            email: None,
            phone: None,
            email_vouched: false,
            external: None,
            grants: Vec::new(),
            state: AccountState::Active,
            created_at: DateTime::UNIX_EPOCH,
        };
        let organisation = OrganisationId::parse("so-yt").unwrap();
        account.give(Grant { organisation: organisation.clone(), role: Role::Author });
        account.give(Grant { organisation: organisation.clone(), role: Role::Admin });
        assert!(account.grants.len() == 1 && account.is_administrator());
        assert!(account.take(&organisation) && !account.take(&organisation));
        account.erase();
        assert!(!account.is_active() && account.login.is_none() && account.name.is_empty());
    }

    #[test]
    fn names_and_numbers_are_single_clean_lines() {
        assert_eq!(person_name("  Nguyễn   Thị Lan ").as_deref(), Some("Nguyễn Thị Lan"));
        assert_eq!(person_name(" "), None);
        assert_eq!(person_name(&"a".repeat(101)), None);
        assert_eq!(person_name("Lan\u{7}"), None);
        assert_eq!(phone_number("0912 345 678").as_deref(), Some("0912 345 678"));
        assert_eq!(phone_number("12345"), None);
        assert_eq!(phone_number("gọi 0912345678"), None);
    }
}
