//! What people type about what is taught and when, turned into what the domain knows.

use crate::actions::ActionError;
use crate::actions::cards::public_rows;
use crate::actions::import::{MAX_TITLE_CHARS, clean_line, parse_date};
use crate::domain::catalogue::Catalogue;
use crate::domain::course::{ClassType, Teaching};
use crate::domain::id::{MaterialId, SpeakerId, TopicId, VenueId};
use crate::domain::language::Language;
use crate::domain::material::Audience;
use crate::domain::meeting::{Ending, Pattern, Recipe};
use crate::store::{self, ReadTx};
use chrono::{NaiveDate, NaiveTime};
use std::collections::BTreeSet;
use std::fmt::Display;

/// The longest summary, in characters.
const MAX_SUMMARY_CHARS: usize = 4_000;
/// The most entries of a list.
const MAX_ENTRIES: usize = 40;

/// What is taught, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedTeaching {
    pub title: String,
    pub summary: String,
    pub class_type: String,
    pub topics: Vec<String>,
    pub audiences: Vec<String>,
    pub languages: Vec<String>,
    pub materials: Vec<String>,
}

fn texts<T: Display>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

impl TypedTeaching {
    /// The form as it looks when someone begins to write on.
    pub fn of(teaching: &Teaching) -> Self {
        Self {
            title: teaching.title.clone(),
            summary: teaching.summary.clone(),
            class_type: teaching.class_type.code().to_owned(),
            topics: texts(&teaching.topics),
            audiences: teaching.audiences.iter().map(|audience| audience.code().to_owned()).collect(),
            languages: texts(&teaching.languages),
            materials: texts(&teaching.materials),
        }
    }

    /// Reads it. Materials that are not public stay only if they were there before.
    pub(super) fn read(
        &self,
        tx: &dyn ReadTx,
        catalogue: &Catalogue,
        before: Option<&Teaching>,
    ) -> Result<Teaching, ActionError> {
        let title = clean_line(&self.title);
        if title.is_empty() || title.chars().count() > MAX_TITLE_CHARS {
            return Err(ActionError::invalid("title", "class-title", "Hãy ghi tên, không quá dài."));
        }
        let class_type = ClassType::from_code(&self.class_type)
            .ok_or_else(|| ActionError::invalid("class_type", "class-type", "Hãy chọn loại lớp."))?;
        let topic =
            |text: &String| TopicId::parse(text).ok().and_then(|id| catalogue.topic(&id).map(|one| one.id.clone()));
        let topics: Vec<TopicId> = self.topics.iter().take(MAX_ENTRIES).filter_map(topic).collect();
        if topics.is_empty() {
            return Err(ActionError::invalid("topics", "class-topic", "Hãy chọn ít nhất một chủ đề."));
        }
        let kept = |id: MaterialId| before.is_some_and(|before| before.materials.contains(&id));
        let mut materials = Vec::new();
        for id in self.materials.iter().take(MAX_ENTRIES).filter_map(|text| MaterialId::parse(text.trim()).ok()) {
            if !materials.contains(&id) && (kept(id) || public_rows(tx, id)?.is_some()) {
                materials.push(id);
            }
        }
        let languages: Vec<Language> = self.languages.iter().filter_map(|text| Language::parse(text).ok()).collect();
        Ok(Teaching {
            title,
            summary: self.summary.replace("\r\n", "\n").trim().chars().take(MAX_SUMMARY_CHARS).collect(),
            class_type,
            topics,
            audiences: self.audiences.iter().filter_map(|code| Audience::from_code(code)).collect(),
            languages: if languages.is_empty() { vec![Language::vietnamese()] } else { languages },
            materials,
        })
    }
}

/// How meetings are planned, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedPlan {
    /// The code of a [`Pattern`].
    pub pattern: String,
    pub first: String,
    pub from: String,
    pub to: String,
    /// From `1`, Monday, to `7`.
    pub weekdays: Vec<String>,
    pub every: String,
    /// How many meetings; else `until`.
    pub times: String,
    pub until: String,
    /// Days, parted by white space, `,` or `;`.
    pub except: String,
    pub venue: String,
    pub speakers: Vec<String>,
}

/// Where and by whom, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) venue: Option<VenueId>,
    pub(super) speakers: Vec<SpeakerId>,
}

impl TypedPlan {
    /// The form as it looks when someone begins to plan on.
    pub fn of(recipe: &Recipe, venue: Option<VenueId>, speakers: &[SpeakerId]) -> Self {
        let (times, until) = match recipe.ending {
            Ending::Times(times) => (times.to_string(), String::new()),
            Ending::Until(day) => (String::new(), day.to_string()),
        };
        let except: Vec<String> = recipe.except.iter().map(|day| day.format("%d/%m/%Y").to_string()).collect();
        Self {
            pattern: recipe.pattern.code().to_owned(),
            first: recipe.first.to_string(),
            from: recipe.from.format("%H:%M").to_string(),
            to: recipe.to.format("%H:%M").to_string(),
            weekdays: recipe.weekdays.iter().map(ToString::to_string).collect(),
            every: recipe.every.to_string(),
            times,
            until,
            except: except.join(", "),
            venue: venue.map(|id| id.to_string()).unwrap_or_default(),
            speakers: texts(speakers),
        }
    }

    /// Reads the recipe.
    pub(super) fn recipe(&self) -> Result<Recipe, ActionError> {
        let pattern = Pattern::from_code(&self.pattern).ok_or_else(|| {
            ActionError::invalid("pattern", "plan-pattern", "Hãy chọn lớp học một buổi hay nhiều buổi.")
        })?;
        let mut except = BTreeSet::new();
        for text in self.except.split([',', ';', ' ', '\n', '\r', '\t']).filter(|text| !text.is_empty()) {
            except.insert(day(text, "except")?);
        }
        let ending = match (pattern, number(&self.times)?, self.until.trim()) {
            (Pattern::Once, ..) => Ending::Times(1),
            (_, Some(times), _) => Ending::Times(times),
            (_, None, "") => {
                let reason = "Hãy ghi số buổi, hoặc ngày cuối cùng.";
                return Err(ActionError::invalid("until", "plan-ending", reason));
            }
            (_, None, until) => Ending::Until(day(until, "until")?),
        };
        Ok(Recipe {
            first: day(&self.first, "first")?,
            from: time(&self.from, "from")?,
            to: time(&self.to, "to")?,
            pattern,
            weekdays: self.weekdays.iter().filter_map(|text| text.parse().ok()).collect(),
            every: number(&self.every)?.unwrap_or(1),
            ending,
            except,
        })
    }

    /// Reads where and by whom.
    pub(super) fn setting(&self, tx: &dyn ReadTx) -> Result<Setting, ActionError> {
        Ok(Setting { venue: venue(tx, &self.venue)?, speakers: speakers(tx, &self.speakers)? })
    }
}

fn number(text: &str) -> Result<Option<u32>, ActionError> {
    super::number(text, 200, "times")
}

/// Reads a venue that is in use; none where none was chosen.
pub(super) fn venue(tx: &dyn ReadTx, text: &str) -> Result<Option<VenueId>, ActionError> {
    if text.is_empty() {
        return Ok(None);
    }
    let invalid = || ActionError::invalid("venue", "venue-unknown", "Hãy chọn một địa điểm trong danh sách.");
    let id = VenueId::parse(text).map_err(|_error| invalid())?;
    store::venues::get(tx, id)?.map(|venue| Some(venue.id)).ok_or_else(invalid)
}

fn speakers(tx: &dyn ReadTx, all: &[String]) -> Result<Vec<SpeakerId>, ActionError> {
    let mut found = Vec::new();
    for id in all.iter().take(MAX_ENTRIES).filter_map(|text| SpeakerId::parse(text).ok()) {
        if !found.contains(&id) && store::speakers::get(tx, id)?.is_some() {
            found.push(id);
        }
    }
    Ok(found)
}

/// Reads a day as people write it.
pub(super) fn day(text: &str, field: &'static str) -> Result<NaiveDate, ActionError> {
    let known = parse_date(text.trim()).filter(|day| (1900..=2200).contains(&chrono::Datelike::year(day)));
    known.ok_or_else(|| {
        let reason = format!("“{}” không phải là ngày. Hãy ghi như 24/12/2026.", clean_line(text));
        ActionError::Invalid { field, code: "day-invalid", reason }
    })
}

/// Reads a time as people write it: `19:00`, `19h`, `19h30`, `19 giờ 30`.
pub(super) fn time(text: &str, field: &'static str) -> Result<NaiveTime, ActionError> {
    let plain = text.trim().to_lowercase().replace("giờ", ":").replace('h', ":").replace([' ', '.'], "");
    let (hour, minute) = plain.split_once(':').unwrap_or((plain.as_str(), ""));
    let minute = if minute.is_empty() { Some(0) } else { minute.split(':').next().and_then(|text| text.parse().ok()) };
    let known = hour.parse().ok().zip(minute).and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
    known.ok_or_else(|| {
        let reason = format!("“{}” không phải là giờ. Hãy ghi như 19:00.", clean_line(text));
        ActionError::Invalid { field, code: "time-invalid", reason }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        let known = [
            ("19:00", at(19, 0)),
            ("7h30", at(7, 30)),
            ("19 giờ", at(19, 0)),
            ("8 giờ 15", at(8, 15)),
            ("19", at(19, 0)),
        ];
        for (text, wanted) in known {
            assert_eq!(time(text, "from").ok(), wanted, "{text}");
        }
        for wrong in ["", "25:00", "7h70", "tối", "-1"] {
            assert!(time(wrong, "from").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_plan_is_shown_again_as_it_was_typed() {
        let typed = TypedPlan {
            pattern: "weekly".to_owned(),
            first: "2026-12-01".to_owned(),
            from: "19:00".to_owned(),
            to: "21:00".to_owned(),
            weekdays: vec!["2".to_owned(), "4".to_owned()],
            every: "1".to_owned(),
            times: "10".to_owned(),
            except: "24/12/2026, 31/12/2026".to_owned(),
            ..TypedPlan::default()
        };
        assert_eq!(TypedPlan::of(&typed.recipe().unwrap(), None, &[]), typed);
        assert!(TypedPlan { times: String::new(), ..typed.clone() }.recipe().is_err(), "where does it end?");
        assert!(TypedPlan { except: "mai".to_owned(), ..typed }.recipe().is_err());
    }
}
