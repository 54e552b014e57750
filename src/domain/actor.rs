//! Who acts: every action that changes or shows what is not public is told.

use crate::domain::account::Grant;
use crate::domain::account::token::Scope;
use crate::domain::id::{AccountId, TokenId};
use std::collections::BTreeSet;
use std::fmt;

/// Who acts, with what may be needed to judge whether it is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Anyone, without an account.
    Visitor,
    /// The program itself, and whoever may run commands on the machine.
    System,
    /// A person who has signed in.
    Account(Holder),
    /// A program with a token of a person.
    Token { holder: Holder, token: TokenId, scopes: BTreeSet<Scope> },
}

/// An account with the roles that are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub account: AccountId,
    pub grants: Vec<Grant>,
}

impl Actor {
    /// The account behind the act, if any.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Visitor | Self::System => None,
            Self::Account(holder) | Self::Token { holder, .. } => Some(holder.account),
        }
    }

    /// Who acts, as the log names them.
    pub fn name(&self) -> ActorName {
        match self {
            Self::Visitor => ActorName::Visitor,
            Self::System => ActorName::System,
            Self::Account(holder) => ActorName::Account { account: holder.account, token: None },
            Self::Token { holder, token, .. } => ActorName::Account { account: holder.account, token: Some(*token) },
        }
    }
}

/// An actor as the log names them: identifiers, never names of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorName {
    Visitor,
    System,
    Account { account: AccountId, token: Option<TokenId> },
}

impl ActorName {
    /// Reads what [`fmt::Display`] wrote; what is not understood was the program itself.
    pub fn parse(text: &str) -> Self {
        let account = |text: &str| AccountId::parse(text).ok();
        let Some(rest) = text.strip_prefix("account:") else {
            return if text == "visitor" { Self::Visitor } else { Self::System };
        };
        let (id, token) = rest.split_once("/token:").map_or((rest, None), |(id, token)| (id, Some(token)));
        let token = token.and_then(|token| TokenId::parse(token).ok());
        account(id).map_or(Self::System, |account| Self::Account { account, token })
    }
}

impl fmt::Display for ActorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visitor => f.write_str("visitor"),
            Self::System => f.write_str("system"),
            Self::Account { account, token: None } => write!(f, "account:{account}"),
            Self::Account { account, token: Some(token) } => write!(f, "account:{account}/token:{token}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn names_in_the_log_are_read_back() {
        let account = AccountId(Uuid::from_u128(1));
        let all = [
            ActorName::Visitor,
            ActorName::System,
            ActorName::Account { account, token: None },
            ActorName::Account { account, token: Some(TokenId(Uuid::from_u128(2))) },
        ];
        for name in all {
            assert_eq!(ActorName::parse(&name.to_string()), name);
        }
    }
}
