//! Whether what a material says still holds: legal validity, a successor, a day by which to look at it again.

use crate::domain::id::MaterialId;
use crate::domain::material::Description;
use chrono::NaiveDate;

/// How a material stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// Nothing speaks against it.
    InForce,
    /// It takes effect on a later day.
    NotYet(NaiveDate),
    /// Its last day of validity has passed.
    Expired(NaiveDate),
}

/// What readers should know of a public version before they rely on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub validity: Validity,
    /// The day by which its organisation wanted to look at it again, where that has passed.
    pub stale_since: Option<NaiveDate>,
    /// The public materials that have come in its place.
    pub replaced_by: Vec<MaterialId>,
}

impl Default for Standing {
    fn default() -> Self {
        Self { validity: Validity::InForce, stale_since: None, replaced_by: Vec::new() }
    }
}

impl Standing {
    /// How a description stands on a day, with what has come in its place.
    pub fn of(description: &Description, today: NaiveDate, replaced_by: Vec<MaterialId>) -> Self {
        Self { validity: validity(description, today), stale_since: stale_since(description, today), replaced_by }
    }

    /// Whether it has had its day: readers are better served by something else.
    pub fn is_past(&self) -> bool {
        matches!(self.validity, Validity::Expired(_)) || !self.replaced_by.is_empty()
    }

    /// The code for programs: `in_force`, `not_yet`, `expired` or `replaced`.
    pub fn code(&self) -> &'static str {
        match self.validity {
            _ if !self.replaced_by.is_empty() => "replaced",
            Validity::InForce => "in_force",
            Validity::NotYet(_) => "not_yet",
            Validity::Expired(_) => "expired",
        }
    }
}

/// How a description stands on a day, its successors aside.
pub fn validity(description: &Description, today: NaiveDate) -> Validity {
    match (description.valid_from, description.valid_to) {
        (_, Some(to)) if to < today => Validity::Expired(to),
        (Some(from), _) if from > today => Validity::NotYet(from),
        _ => Validity::InForce,
    }
}

/// The day by which it had to be looked at again, where that day has passed.
pub fn stale_since(description: &Description, today: NaiveDate) -> Option<NaiveDate> {
    description.review_by.filter(|day| *day < today)
}

/// The days on which a description comes to stand otherwise than before.
pub fn turning_days(description: &Description) -> Vec<NaiveDate> {
    let after = |day: Option<NaiveDate>| day.and_then(|day| day.succ_opt());
    let days = [description.valid_from, after(description.valid_to), after(description.review_by)];
    days.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::material::{Kind, Licence};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn law() -> Description {
        let bare = serde_json::json!({"title": "Luật", "kind": Kind::Law, "licence": Licence::PublicDomain});
        let mut law: Description = serde_json::from_value(bare).unwrap();
        law.valid_from = Some(day("2025-01-01"));
        law.valid_to = Some(day("2026-06-30"));
        law.review_by = Some(day("2026-03-31"));
        law
    }

    #[test]
    fn it_holds_from_its_first_day_to_the_end_of_its_last() {
        assert_eq!(validity(&law(), day("2024-12-31")), Validity::NotYet(day("2025-01-01")));
        assert_eq!(validity(&law(), day("2025-01-01")), Validity::InForce);
        assert_eq!(validity(&law(), day("2026-06-30")), Validity::InForce);
        assert_eq!(validity(&law(), day("2026-07-01")), Validity::Expired(day("2026-06-30")));
    }

    #[test]
    fn on_each_turning_day_it_stands_otherwise_than_the_day_before() {
        for turn in turning_days(&law()) {
            let stands = |day| (validity(&law(), day), stale_since(&law(), day));
            assert_ne!(stands(turn), stands(turn.pred_opt().unwrap()), "{turn}");
        }
        assert_eq!(turning_days(&law()).len(), 3);
    }
}
