//! Topics: two levels with fixed ids and editable labels.

use crate::domain::id::TopicId;
use serde::{Deserialize, Serialize};

/// A topic of either level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    pub id: TopicId,
    pub label: String,
    /// One sentence for readers; present on the first level.
    pub description: Option<String>,
    /// Where it stands among its siblings, from 1.
    pub order: u32,
    /// The topic that took its place, once it was moved or merged: then this row only leads there.
    #[serde(default)]
    pub forward: Option<TopicId>,
    /// Labels that it bore before, and those of topics merged into it: it is still found by them.
    #[serde(default)]
    pub former_labels: Vec<String>,
}

impl TopicId {
    /// The topic above, for a topic of the second level.
    pub fn parent(&self) -> Option<TopicId> {
        let (parent, _own) = self.as_str().split_once('.')?;
        TopicId::parse(parent).ok()
    }

    /// The topic of the first level that it is or belongs to.
    #[must_use]
    pub fn group(&self) -> TopicId {
        self.parent().unwrap_or_else(|| self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_is_the_part_before_the_dot() {
        assert_eq!(TopicId::parse("agri.rice").unwrap().parent(), TopicId::parse("agri").ok());
        assert_eq!(TopicId::parse("agri").unwrap().parent(), None);
    }
}
