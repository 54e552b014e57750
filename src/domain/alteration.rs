//! What was altered: a field with what it said before and after, for those who ask how something came to be as it is.

use crate::domain::catalogue::Catalogue;
use crate::domain::day::date_vi;
use crate::domain::file::File;
use crate::domain::id::TopicId;
use crate::domain::language::Language;
use crate::domain::material::{Audience, Material};
use serde::{Deserialize, Serialize};

/// So many characters of a value are kept: more than any field of a description may have, less than a page.
const KEPT_CHARS: usize = 4_000;
/// So many fields of one thing are kept.
const KEPT_FIELDS: usize = 40;
/// So many characters of a value are shown, and so many before the place from which on two values differ.
const SHOWN_CHARS: usize = 160;
const LEAD_CHARS: usize = 30;

/// A field that says something else than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alteration {
    /// The field's name; finer than the log's, where that stands for several, such as `description`.
    pub field: String,
    /// Which of several, from 1: the page whose text changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// In words, as people read it; empty where nothing was said, both empty where it is not told what was said.
    pub before: String,
    pub after: String,
}

impl Alteration {
    /// A field with what it said and says; of very long values, what is kept begins where they differ.
    pub fn new(field: &str, before: &str, after: &str) -> Self {
        let (before, after) = shortened((before, after), KEPT_CHARS);
        Self { field: field.to_owned(), number: None, before, after }
    }

    /// A field that changed, without what it said and says.
    pub fn untold(field: &str, number: Option<u32>) -> Self {
        Self { field: field.to_owned(), number, before: String::new(), after: String::new() }
    }

    /// Whether what it said and says is not told.
    pub fn is_untold(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Both values shortened to where they differ.
    pub fn excerpts(&self) -> (String, String) {
        shortened((&self.before, &self.after), SHOWN_CHARS)
    }
}

/// So many characters of two texts at most, from where they differ where one is longer.
fn shortened((before, after): (&str, &str), most: usize) -> (String, String) {
    let is_long = before.chars().nth(most).is_some() || after.chars().nth(most).is_some();
    let common = before.chars().zip(after.chars()).take_while(|(before, after)| before == after).count();
    let from = if is_long { common.saturating_sub(LEAD_CHARS) } else { 0 };
    (excerpt(before, from, most), excerpt(after, from, most))
}

/// So much of a text from a character on, with dots for what is left out.
fn excerpt(text: &str, from: usize, most: usize) -> String {
    let mut rest = text.chars().skip(from);
    let mut shown: String = rest.by_ref().take(most).collect();
    if rest.next().is_some() {
        shown.push('…');
    }
    if from > 0 && !shown.is_empty() { format!("…{shown}") } else { shown }
}

/// What two series of alterations come to: a field that is again as it was is not altered.
pub fn merged(mut earlier: Vec<Alteration>, later: Vec<Alteration>) -> Vec<Alteration> {
    for one in later {
        let is_same = |known: &Alteration| (&known.field, known.number) == (&one.field, one.number);
        match earlier.iter().position(is_same) {
            Some(_) if one.is_untold() => {}
            Some(place) => {
                let before = earlier.remove(place).before;
                if before != one.after {
                    earlier.insert(place, Alteration { before, ..one });
                }
            }
            None => earlier.push(one),
        }
    }
    earlier.truncate(KEPT_FIELDS);
    earlier
}

/// The fields that say something else, of those that are given with what they said and say.
pub fn between<'a>(fields: impl IntoIterator<Item = (&'a str, String, String)>) -> Vec<Alteration> {
    let fields = fields.into_iter().filter(|(_, before, after)| before != after);
    fields.map(|(field, before, after)| Alteration::new(field, &before, &after)).collect()
}

/// Topics in words.
pub fn topics(catalogue: &Catalogue, ids: &[TopicId]) -> String {
    let labels = ids.iter().map(|id| catalogue.topic(id).map_or(id.as_str(), |topic| &topic.label));
    labels.collect::<Vec<_>>().join(", ")
}

/// Audiences in words.
pub fn audiences(audiences: &[Audience]) -> String {
    audiences.iter().map(|one| Audience::label(*one)).collect::<Vec<_>>().join(", ")
}

/// Languages in words.
pub fn languages(languages: &[Language]) -> String {
    languages.iter().map(Language::name_vi).collect::<Vec<_>>().join(", ")
}

/// What is so or not, in words.
pub fn yes(is_so: bool) -> String {
    if is_so { "có" } else { "không" }.to_owned()
}

/// The files of a material by their names, otherwise than before.
pub fn of_files(before: &[File], after: &[File]) -> Vec<Alteration> {
    let names = |files: &[File]| files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join("; ");
    between([("files", names(before), names(after))])
}

/// How a material stands otherwise than before: before the public, and the version that is written beside.
pub fn of_standing(before: &Material, after: &Material) -> Vec<Alteration> {
    let state = |material: &Material| material.state.label().to_owned();
    let newer = |material: &Material| {
        let newer = material.has_newer().then(|| material.working_state().label().to_owned());
        newer.unwrap_or_default()
    };
    let day = |material: &Material| material.publish_on.map(date_vi).unwrap_or_default();
    between([
        ("state", state(before), state(after)),
        ("newer", newer(before), newer(after)),
        ("publish_on", day(before), day(after)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_bit_by_bit_comes_to_one_alteration_and_what_is_taken_back_to_none() {
        let typed = |before: &str, after: &str| vec![Alteration::new("title", before, after)];
        let first = merged(typed("", "Trồng"), typed("Trồng", "Trồng ném"));
        assert_eq!(first, typed("", "Trồng ném"));
        assert_eq!(merged(first.clone(), typed("Trồng ném", "")), []);
        let both = merged(first, vec![Alteration::new("summary", "a", "b")]);
        assert_eq!(both.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["title", "summary"]);
    }

    #[test]
    fn long_texts_are_shown_from_where_they_differ() {
        let same = "đất cát ".repeat(100);
        let (before, after) = Alteration::new("summary", &format!("{same}cũ"), &format!("{same}mới")).excerpts();
        assert!(before.starts_with('…') && before.ends_with("cũ"), "{before}");
        assert!(after.ends_with("mới") && after.chars().count() <= SHOWN_CHARS + 2, "{after}");
        let (before, after) = Alteration::new("summary", "", &same).excerpts();
        assert!(before.is_empty() && after.ends_with('…') && after.starts_with("đất"), "{after}");
        assert_eq!(Alteration::new("title", "a", "b").excerpts(), ("a".to_owned(), "b".to_owned()));
    }

    #[test]
    fn no_row_grows_without_bound() {
        let long = "x".repeat(KEPT_CHARS + 9);
        assert_eq!(Alteration::new("summary", &long, "").before.chars().count(), KEPT_CHARS + 1);
        let untold = vec![Alteration::untold("page", Some(3))];
        let both = merged(untold.clone(), vec![Alteration::untold("page", Some(4))]);
        assert_eq!(merged(both.clone(), untold), both, "what is not told once is not told twice");
        let many = (0..99).map(|number| Alteration::new(&number.to_string(), "", "x")).collect();
        assert_eq!(merged(Vec::new(), many).len(), KEPT_FIELDS);
    }
}
