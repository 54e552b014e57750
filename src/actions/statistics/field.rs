//! An organisation's field, as its own materials show it: their topics, and the telling words of their titles.
//!
//! Few people narrow a search to a topic before it fails, so words must tell, too: a query is near the field when two
//! of its neighbouring syllables stand so in a title or a topic's name. One syllable alone tells nothing (bệnh, cách).

use crate::actions::usage::QueryUse;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::TopicId;
use crate::domain::material::Version;
use crate::search::{fold, syllables};
use std::collections::BTreeSet;

#[derive(Debug, Default)]
pub(super) struct Field {
    /// First-level topics.
    groups: BTreeSet<TopicId>,
    /// Neighbouring syllables without marks.
    pairs: BTreeSet<(String, String)>,
}

/// The neighbouring syllables of a text, without marks: queries come with and without them.
fn pairs(text: &str) -> Vec<(String, String)> {
    let plain: Vec<String> =
        syllables(text).iter().filter_map(|syllable| text.get(syllable.place.clone())).map(fold).collect();
    plain.windows(2).filter_map(|pair| Some((pair.first()?.clone(), pair.get(1)?.clone()))).collect()
}

impl Field {
    pub(super) fn add(&mut self, catalogue: &Catalogue, version: &Version) {
        self.pairs.extend(pairs(&version.description.title));
        for topic in &version.description.topics {
            self.groups.insert(topic.group());
            if let Some(topic) = catalogue.topic(topic) {
                self.pairs.extend(pairs(&topic.label));
            }
        }
    }

    /// The search was narrowed to a topic of the field.
    pub(super) fn narrowed(&self, query: &QueryUse<'_>) -> bool {
        query.topic.is_some_and(|topic| self.groups.contains(&topic.group()))
    }

    /// The search was narrowed to none, and its words are near the field.
    pub(super) fn like(&self, query: &QueryUse<'_>) -> bool {
        query.topic.is_none() && pairs(query.text).iter().any(|pair| self.pairs.contains(pair))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_syllables_side_by_side_tell_and_one_does_not() {
        let mut field = Field::default();
        field.pairs.extend(pairs("Phòng trừ bệnh đạo ôn trên lúa"));
        field.groups.insert(TopicId::parse("agri").unwrap());
        let like = |text| field.like(&QueryUse { text, topic: None });
        assert!(like("thuốc trị đạo ôn cổ bông") && like("benh dao on") && like("phòng trừ sâu keo"));
        assert!(!like("bệnh tiểu đường") && !like("ôn thi") && !like("lúa"));
        let rice = TopicId::parse("agri.rice").unwrap();
        assert!(field.narrowed(&QueryUse { text: "x", topic: Some(&rice) }));
        assert!(!field.like(&QueryUse { text: "đạo ôn", topic: Some(&rice) }), "counted once");
    }
}
