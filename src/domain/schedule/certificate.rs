//! Certificates: that someone came to a class, with a number of the centre's and a code that tells whether it is real.

use crate::domain::id::{AccountId, ClassId, LearnerId, OrganisationId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A certificate of one learner for one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub class: ClassId,
    pub learner: LearnerId,
    /// Who gave it.
    pub organisation: OrganisationId,
    /// From 1, for each centre and year.
    pub number: u32,
    pub year: i32,
    /// How many meetings the learner came to, of how many that were held.
    pub attended: u32,
    pub held: u32,
    pub issued_at: DateTime<Utc>,
    #[serde(default)]
    pub issued_by: Option<AccountId>,
    /// The code that stands on the paper. It opens nothing but what is told of this paper.
    pub code: String,
    /// Why it is worth nothing any more.
    #[serde(default)]
    pub withdrawn: Option<String>,
}

impl Certificate {
    /// As it stands on the paper: `0012/2026/GCN`.
    pub fn label(&self) -> String {
        format!("{:04}/{}/GCN", self.number, self.year)
    }
}

/// A name of which only the given name is written out: whoever holds the paper can compare it, nobody else learns it.
pub fn masked(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let Some((given, others)) = words.split_last() else { return String::new() };
    let initial = |word: &&str| word.chars().next().map(|letter| format!("{letter}. ")).unwrap_or_default();
    others.iter().map(initial).collect::<String>() + given
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_name_is_compared_with_the_paper_and_tells_little_else() {
        assert_eq!(masked("Hồ  Thị Ăm"), "H. T. Ăm");
        assert_eq!(masked("Ăm"), "Ăm");
        assert_eq!(masked(" "), "");
    }
}
