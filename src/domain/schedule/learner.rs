//! Learners: people as a centre knows them. Name, telephone number and guardian are sealed; nothing is asked that no
//! purpose needs: no number of an identity card, no day of birth, no ethnicity, no picture.

use crate::domain::id::{AccountId, AreaId, LearnerId, OrganisationId};
use crate::domain::sealed::{Blind, Sealed};
use crate::domain::words::words;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// Counted in reports; nobody has to say it.
    Sex {
        Female = "female", "Nữ";
        Male = "male", "Nam";
    }
}
words! {
    /// How someone agreed that what they say is kept.
    ConsentHow {
        Form = "form", "Tự đánh dấu trên trang đăng ký";
        Paper = "paper", "Ký trên phiếu giấy";
        Spoken = "spoken", "Nói đồng ý với cán bộ";
    }
}

/// The longest name, in characters.
pub const MAX_NAME_CHARS: usize = 80;
/// The longest village, in characters.
pub const MAX_VILLAGE_CHARS: usize = 80;
/// Who is younger is registered by someone who stands for them.
pub const GROWN_UP: i32 = 16;
/// Nobody who learns was born before.
pub const FIRST_BIRTH_YEAR: u16 = 1900;

/// A person as staff of the class see them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub birth_year: u16,
    pub sex: Option<Sex>,
    /// The village or quarter, as it was said.
    pub village: String,
    /// The commune, where it is known.
    pub area: Option<AreaId>,
    /// Digits alone.
    pub phone: Option<String>,
    /// Who stands for a child.
    pub guardian: Option<String>,
}

/// Keeps people out of logs.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}

impl Person {
    /// Whether someone must stand for them.
    pub fn is_child(&self, today: NaiveDate) -> bool {
        is_child(self.birth_year, today)
    }
}

/// Whether someone of a year of birth may still be a child on a day: of the year alone it cannot be known better.
pub fn is_child(birth_year: u16, today: NaiveDate) -> bool {
    today.year() - i32::from(birth_year) < GROWN_UP
}

/// What someone agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The version of the text.
    pub version: String,
    pub how: ConsentHow,
    pub at: DateTime<Utc>,
    /// Who took it; none where they marked it themselves.
    #[serde(default)]
    pub taken_by: Option<AccountId>,
}

/// The marks by which the same person is found within a centre.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// Of name and year of birth, however the name is marked.
    #[serde(default)]
    pub person: Option<Blind>,
    #[serde(default)]
    pub phone: Option<Blind>,
}

impl Marks {
    /// Every mark.
    pub fn all(&self) -> impl Iterator<Item = &Blind> {
        self.person.iter().chain(&self.phone)
    }
}

/// A learner of one centre, as the store keeps them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learner {
    pub id: LearnerId,
    /// The centre that answers for what it keeps of them.
    pub organisation: OrganisationId,
    /// None once they were erased.
    pub name: Option<Sealed>,
    pub birth_year: u16,
    #[serde(default)]
    pub sex: Option<Sex>,
    /// Empty once they were erased.
    #[serde(default)]
    pub village: String,
    #[serde(default)]
    pub area: Option<AreaId>,
    #[serde(default)]
    pub phone: Option<Sealed>,
    #[serde(default)]
    pub guardian: Option<Sealed>,
    #[serde(default)]
    pub consent: Option<Consent>,
    #[serde(default)]
    pub marks: Marks,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    /// When it was forgotten who they are.
    #[serde(default)]
    pub erased_at: Option<DateTime<Utc>>,
    /// The learner who they turned out to be.
    #[serde(default)]
    pub merged_into: Option<LearnerId>,
    /// Invented, to show how it looks.
    #[serde(default)]
    pub sample: bool,
}

impl Learner {
    /// Forgets who they are; year of birth and sex stay, so that counts are the same afterwards.
    pub fn erase(&mut self, now: DateTime<Utc>) {
        (self.name, self.phone, self.guardian, self.area) = (None, None, None, None);
        self.village.clear();
        self.marks = Marks::default();
        (self.erased_at, self.changed_at) = (Some(now), now);
    }

    pub fn is_erased(&self) -> bool {
        self.erased_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn who_may_still_be_fifteen_is_a_child() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        assert!(is_child(2011, today) && !is_child(2010, today) && !is_child(1950, today));
    }

    #[test]
    fn erasing_leaves_what_is_counted_and_nothing_that_names() {
        let sealed = || Some(Sealed("c2VhbGVk".to_owned()));
        let mut learner = Learner {
            id: LearnerId(Uuid::from_u128(1)),
            organisation: OrganisationId::parse("tthtcd.cam-lo").unwrap(),
            name: sealed(),
            birth_year: 1980,
            sex: Some(Sex::Female),
            village: "Thôn Mới".to_owned(),
            area: Some(AreaId::parse("qt.lia").unwrap()),
            phone: sealed(),
            guardian: sealed(),
            consent: None,
            marks: Marks { person: Some(Blind("a".to_owned())), phone: Some(Blind("b".to_owned())) },
            created_at: DateTime::UNIX_EPOCH,
            changed_at: DateTime::UNIX_EPOCH,
            erased_at: None,
            merged_into: None,
            sample: false,
        };
        learner.erase(DateTime::UNIX_EPOCH);
        let kept = serde_json::to_string(&learner).unwrap();
        for gone in ["c2VhbGVk", "Thôn", "qt.lia", "\"a\"", "\"b\""] {
            assert!(!kept.contains(gone), "{kept}");
        }
        assert!(learner.is_erased() && learner.birth_year == 1980 && learner.sex == Some(Sex::Female));
        assert!(!format!("{:?}", Person { name: "Lan".to_owned(), ..Person::default() }).contains("Lan"));
    }
}
