//! What a file's own text suggests for fields that its author has left empty: guesses, kept apart from what was typed.

mod text;
mod topics;

use crate::domain::id::TopicId;
use crate::domain::language::Language;
use crate::domain::material::{Audience, Description};
use crate::domain::page::Page;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use topics::topics;

/// What is proposed for a version's description; nothing of it counts until a person takes it over.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proposal {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The most used first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// The most likely first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub audiences: Vec<Audience>,
    /// An official document's number and symbol, such as `1373/QĐ-TTg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
}

impl Proposal {
    /// What a text says of itself; its languages and topics are for others to tell.
    pub fn of_text(own_title: Option<&str>, pages: &[Page]) -> Self {
        let title = text::title(own_title, pages);
        Self {
            audiences: text::audiences(title.as_deref().unwrap_or_default(), pages),
            summary: text::summary(title.as_deref().unwrap_or_default(), pages),
            document_number: text::document_number(pages),
            issued_on: text::issued_on(pages),
            title,
            ..Self::default()
        }
    }

    /// Only what concerns fields that say nothing yet: what was typed is never put in question.
    #[must_use]
    pub fn for_empty_fields(&self, typed: &Description) -> Self {
        let known = typed.languages.iter().any(|language| *language != Language::undetermined());
        Self {
            title: self.title.clone().filter(|_| typed.title.is_empty()),
            summary: self.summary.clone().filter(|_| typed.summary.is_empty()),
            languages: if known { Vec::new() } else { self.languages.clone() },
            topics: if typed.topics.is_empty() { self.topics.clone() } else { Vec::new() },
            audiences: if typed.audiences.is_empty() { self.audiences.clone() } else { Vec::new() },
            document_number: self.document_number.clone().filter(|_| typed.document_number.is_none()),
            issued_on: self.issued_on.filter(|_| typed.issued_on.is_none()),
        }
    }

    /// What is proposed now, and where that is nothing, what was proposed before.
    #[must_use]
    pub fn or(self, before: Self) -> Self {
        Self {
            title: self.title.or(before.title),
            summary: self.summary.or(before.summary),
            languages: if self.languages.is_empty() { before.languages } else { self.languages },
            topics: if self.topics.is_empty() { before.topics } else { self.topics },
            audiences: if self.audiences.is_empty() { before.audiences } else { self.audiences },
            document_number: self.document_number.or(before.document_number),
            issued_on: self.issued_on.or(before.issued_on),
        }
    }

    /// Whether nothing is proposed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::material::{Kind, Licence};

    #[test]
    fn what_was_typed_is_never_put_in_question() {
        let proposal = Proposal {
            title: Some("Trồng ném".to_owned()),
            summary: Some("Ném trên đất cát.".to_owned()),
            languages: vec![Language::parse("vi").unwrap()],
            ..Proposal::default()
        };
        let typed: Description = serde_json::from_value(serde_json::json!({
            "title": "Của tôi", "languages": ["und"], "kind": Kind::Text, "licence": Licence::Unknown
        }))
        .unwrap();
        let open = proposal.for_empty_fields(&typed);
        assert_eq!((open.title, open.summary.as_deref()), (None, Some("Ném trên đất cát.")));
        assert_eq!(open.languages.len(), 1, "an undetermined language is none");
    }
}
