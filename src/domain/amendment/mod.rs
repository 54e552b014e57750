//! Amendments of the catalogue: what an administrator enters about organisations, areas and topics.
//!
//! Each is planned as a whole by a pure function, shown, and done in one transaction. The rows as they were are kept
//! with it, so that a mistaken entry can be taken back.

pub mod areas;
pub mod grounds;
pub mod organisations;
pub mod roles;
pub mod topics;

use crate::domain::area::{Area, AreaEvent};
use crate::domain::catalogue::Catalogue;
use crate::domain::day::date_vi;
use crate::domain::id::AmendmentId;
use crate::domain::organisation::{Organisation, OrganisationEvent};
use crate::domain::topic::Topic;
use chrono::{DateTime, Days, NaiveDate, Utc};
use roles::MovedRoles;
use serde::{Deserialize, Serialize};

/// The longest name of an organisation, area or topic, in characters.
pub const MAX_NAME_CHARS: usize = 200;
/// The longest short name or code, in characters.
pub const MAX_SHORT_NAME_CHARS: usize = 40;
/// The longest legal basis, in characters.
pub const MAX_BASIS_CHARS: usize = 300;

/// Says why something cannot be entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Refusal {
    pub field: &'static str,
    /// Stable, for programs.
    pub code: &'static str,
    /// In Vietnamese.
    pub reason: String,
}

impl Refusal {
    fn new(field: &'static str, code: &'static str, reason: impl Into<String>) -> Self {
        Self { field, code, reason: reason.into() }
    }
}

/// Since when something is so, and by which decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The first day on which it is so.
    pub date: NaiveDate,
    pub legal_basis: String,
}

impl Ground {
    /// Reads a day (`2026-07-01` or `01/07/2026`) and a legal basis.
    ///
    /// # Errors
    /// `date-invalid`, `date-ahead` for a day after `today`, `basis-missing`.
    pub fn parse(date: &str, legal_basis: &str, today: NaiveDate) -> Result<Self, Refusal> {
        let text = date.trim();
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%d/%m/%Y"));
        let date =
            day.map_err(|_error| Refusal::new("date", "date-invalid", "Hãy ghi ngày có hiệu lực, ví dụ 01/07/2025."))?;
        if date > today {
            let reason = "Ngày có hiệu lực chưa đến. Hãy nhập từ ngày đó trở đi, để danh sách luôn đúng với hôm nay.";
            return Err(Refusal::new("date", "date-ahead", reason));
        }
        let legal_basis = line(legal_basis, MAX_BASIS_CHARS).ok_or_else(|| {
            let reason =
                format!("Hãy ghi văn bản căn cứ (số, ký hiệu, cơ quan ban hành), không quá {MAX_BASIS_CHARS} ký tự.");
            Refusal::new("legal_basis", "basis-missing", reason)
        })?;
        Ok(Self { date, legal_basis })
    }

    /// The last day on which it was otherwise.
    fn day_before(&self) -> NaiveDate {
        self.date.checked_sub_days(Days::new(1)).unwrap_or(self.date)
    }

    /// Refuses a day that is not after another.
    fn after(&self, begin: Option<NaiveDate>, name: &str) -> Result<(), Refusal> {
        if begin.is_none_or(|begin| begin < self.date) {
            return Ok(());
        }
        let day = date_vi(begin.unwrap_or_default());
        Err(Refusal::new("date", "date-too-early", format!("“{name}” có từ {day}; ngày có hiệu lực phải sau ngày đó.")))
    }
}

/// A row as it was and as it becomes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replaced<T> {
    /// Absent where the row is new.
    pub before: Option<T>,
    pub after: T,
}

/// Everything that an amendment changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    pub organisations: Vec<Replaced<Organisation>>,
    /// Events that are entered.
    pub organisation_events: Vec<OrganisationEvent>,
    pub areas: Vec<Replaced<Area>>,
    pub area_events: Vec<AreaEvent>,
    /// Events whose day or legal basis is put right.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrected_organisation_events: Vec<Replaced<OrganisationEvent>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub corrected_area_events: Vec<Replaced<AreaEvent>>,
    pub topics: Vec<Replaced<Topic>>,
    pub roles: Vec<MovedRoles>,
}

impl Changes {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether every row is still as these changes left it.
    pub fn are_in_force(&self, catalogue: &Catalogue) -> bool {
        self.organisations.iter().all(|row| catalogue.organisation(&row.after.id) == Some(&row.after))
            && self.areas.iter().all(|row| catalogue.area(&row.after.id) == Some(&row.after))
            && self.topics.iter().all(|row| catalogue.topic_row(&row.after.id) == Some(&row.after))
    }

    /// The events of organisations that are entered or put right, as they become.
    pub fn told_events(&self) -> impl Iterator<Item = &OrganisationEvent> {
        self.organisation_events.iter().chain(self.corrected_organisation_events.iter().map(|event| &event.after))
    }

    /// Whether a row of the catalogue is changed; where none is, as when functions move, whether an event is about it.
    pub fn touch(&self, id: &str) -> bool {
        let concerns = |event: &OrganisationEvent| event.from.iter().chain(&event.to).any(|body| body.as_str() == id);
        self.organisations.is_empty() && self.told_events().any(concerns)
            || self.organisations.iter().any(|row| row.after.id.as_str() == id)
            || self.areas.iter().any(|row| row.after.id.as_str() == id)
            || self.topics.iter().any(|row| row.after.id.as_str() == id)
    }
}

/// An amendment that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Amendment {
    pub id: AmendmentId,
    /// The name of the act in the log.
    pub act: String,
    pub at: DateTime<Utc>,
    pub changes: Changes,
    /// It was taken back; it changes nothing any more.
    #[serde(default)]
    pub taken_back: bool,
}

/// A name as it is kept: one line with single spaces, without control characters.
fn line(text: &str, max_chars: usize) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = (1..=max_chars).contains(&line.chars().count()) && !line.chars().any(char::is_control);
    fits.then_some(line)
}

/// The same for something that need not be there.
///
/// # Errors
/// `code` when it is too long.
fn optional(
    text: &str,
    max_chars: usize,
    (field, code): (&'static str, &'static str),
) -> Result<Option<String>, Refusal> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let too_long = || Refusal::new(field, code, format!("Quá dài: không quá {max_chars} ký tự trên một dòng."));
    line(text, max_chars).map(Some).ok_or_else(too_long)
}

/// A name that must be there.
///
/// # Errors
/// `name-invalid`.
fn name(text: &str) -> Result<String, Refusal> {
    line(text, MAX_NAME_CHARS)
        .ok_or_else(|| Refusal::new("name", "name-invalid", format!("Hãy ghi tên, không quá {MAX_NAME_CHARS} ký tự.")))
}

/// Whether two names are written alike, case aside.
fn is_same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_has_a_day_that_has_come_and_a_decision() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let code = |date: &str, basis: &str| Ground::parse(date, basis, today).map_err(|refusal| refusal.code);
        assert_eq!(code("2025-07-01", " NQ  1 ").unwrap().legal_basis, "NQ 1");
        assert_eq!(code("01/07/2025", "NQ 1").unwrap().date, NaiveDate::from_ymd_opt(2025, 7, 1).unwrap());
        assert_eq!(code("", "NQ 1"), Err("date-invalid"));
        assert_eq!(code("31/02/2025", "NQ 1"), Err("date-invalid"));
        assert_eq!(code("2026-11-25", "NQ 1"), Err("date-ahead"));
        assert_eq!(code("2025-07-01", " "), Err("basis-missing"));
        assert_eq!(code("2025-07-01", &"a".repeat(301)), Err("basis-missing"));
    }
}
