//! Which topics a text is about: those of the materials that are like it, and those that it calls by their names.
//!
//! A small library has few materials of a topic, often none: there the names are all that tells.

use crate::domain::id::TopicId;
use crate::domain::topic::Topic;
use std::collections::BTreeMap;

/// A name counts so much against the votes of all like materials together.
const NAMED: f32 = 0.5;
/// A name that stands so often tells half of what it can tell.
const HALF: f32 = 2.0;
/// A name in the title tells so much more.
const IN_TITLE: f32 = 3.0;
/// Each further syllable of a name makes it so much more telling: "May" stands everywhere, "Nuôi trồng thủy sản" does not.
const PER_SYLLABLE: f32 = 0.5;
/// A topic needs such a share of what the best has.
const SHARE: f32 = 0.4;
/// No more topics than these are proposed.
const MOST: usize = 3;

/// The topics to propose for a text, the likeliest first. `voices` says how much of all like materials are about each.
pub fn topics<'a>(
    voices: BTreeMap<TopicId, f32>,
    all: impl Iterator<Item = &'a Topic>,
    (title, text): (&str, &str),
) -> Vec<TopicId> {
    let (title, text) = (words(title), words(text));
    let mut scores = voices;
    // A first-level topic is chosen through one below it.
    for topic in all.filter(|topic| topic.forward.is_none() && topic.id.parent().is_some()) {
        let names = std::iter::once(&topic.label).chain(&topic.former_labels);
        let named = names.flat_map(|label| parts(label)).map(|name| telling(&name, &title, &text)).fold(0.0, f32::max);
        if named > 0.0 {
            *scores.entry(topic.id.clone()).or_default() += NAMED * named;
        }
    }
    let mut ranked: Vec<_> = scores.into_iter().collect();
    ranked.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let best = ranked.first().map_or(0.0, |(_, score)| *score);
    ranked.retain(|(_, score)| *score > 0.0 && *score >= best * SHARE);
    ranked.into_iter().take(MOST).map(|(topic, _)| topic).collect()
}

/// How much a name tells that stands in a title or a text.
fn telling(name: &str, title: &str, text: &str) -> f32 {
    let count = |text: &str| (0..).zip(text.matches(name)).last().map_or(0_u16, |(at, _)| at + 1);
    let (in_title, in_text) = (count(title) > 0, f32::from(count(text)) + f32::from(count(title)));
    if in_text == 0.0 {
        return 0.0;
    }
    let syllables = name.split_whitespace().skip(1).fold(1.0, |sum, _| sum + PER_SYLLABLE);
    syllables * (in_text / (in_text + HALF)) * if in_title { IN_TITLE } else { 1.0 }
}

/// The names that a label is made of.
fn parts(label: &str) -> impl Iterator<Item = String> {
    label.split([',', ';']).map(words).filter(|name| !name.trim().is_empty())
}

/// The words of a text in lower case, each between single spaces.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words.push_str(&word.to_lowercase());
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(id: &str, label: &str) -> Topic {
        Topic {
            id: TopicId::parse(id).unwrap(),
            label: label.to_owned(),
            description: None,
            order: 1,
            forward: None,
            former_labels: Vec::new(),
        }
    }

    fn proposed(voices: &[(&str, f32)], title: &str, text: &str) -> Vec<String> {
        let all = [topic("agri", "Nông nghiệp"), topic("agri.pig", "Lợn"), topic("sci.energy", "Điện, năng lượng")];
        let voices = voices.iter().map(|(id, weight)| (TopicId::parse(id).unwrap(), *weight)).collect();
        topics(voices, all.iter(), (title, text)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_topic_is_proposed_by_its_name_where_no_material_is_like_the_text() {
        assert_eq!(proposed(&[], "Tiết kiệm điện", "Tắt đèn khi ra khỏi nhà."), ["sci.energy"]);
        assert_eq!(proposed(&[], "Nuôi lợn", "Lợn con cần ấm. Điện sưởi ban đêm."), ["agri.pig"]);
        assert!(proposed(&[], "Nông nghiệp", "lợnx điệnx").is_empty(), "no word, no first-level topic");
    }

    #[test]
    fn what_many_like_materials_are_about_comes_first_and_the_rest_is_left_out() {
        let found = proposed(&[("agri.rice", 0.9), ("agri.veg", 0.1)], "Gieo sạ", "Ruộng lúa.");
        assert_eq!(found, ["agri.rice"]);
    }
}
