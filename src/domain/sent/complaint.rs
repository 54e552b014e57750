//! Complaints: anyone says that a published material is wrong, outdated, harmful or not theirs to show, and its
//! organisation answers by a day.
//!
//! A complaint knows nobody: only what was written, and a contact where its writer wishes to be asked. Both are gone
//! once they are no longer needed; what stays is the reason, the days and the outcome.

use crate::domain::account::credentials::SecretHash;
use crate::domain::id::{AccountId, ComplaintId, MaterialId, OrganisationId};
use crate::domain::words::words;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The longest text, in characters.
pub const MAX_TEXT_CHARS: usize = 2_000;
/// The longest contact, in characters.
pub const MAX_CONTACT_CHARS: usize = 120;
/// A material has no more unanswered complaints than this: one more tells nothing new.
pub const MAX_OPEN_OF_MATERIAL: usize = 50;

words! {
    /// What is the matter with a material.
    Reason {
        Wrong = "wrong", "Nội dung sai";
        Outdated = "outdated", "Nội dung đã cũ hoặc hết hiệu lực";
        Harmful = "harmful", "Nguy hiểm: làm theo có thể gây hại";
        PersonalData = "personal_data", "Lộ thông tin cá nhân của người khác";
        Copyright = "copyright", "Vi phạm quyền tác giả";
        Other = "other", "Lý do khác";
    }
}

words! {
    /// What became of the material.
    Outcome {
        Corrected = "corrected", "Đã sửa học liệu";
        Withdrawn = "withdrawn", "Đã rút học liệu";
        Kept = "kept", "Giữ nguyên học liệu";
    }
}

/// How long an organisation has for an answer, and how long words are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComplaintRules {
    /// Days for each reason, in the order of [`Reason::ALL`].
    days: [u16; Reason::ALL.len()],
    /// Days after which the words of an answered complaint are gone, and the contact of any.
    keep_days: u16,
}

impl Default for ComplaintRules {
    fn default() -> Self {
        Self { days: [7, 10, 1, 2, 5, 10], keep_days: 180 }
    }
}

impl ComplaintRules {
    /// The days for a reason.
    pub fn days(&self, reason: Reason) -> u16 {
        let place = Reason::ALL.iter().position(|other| *other == reason);
        place.and_then(|place| self.days.get(place)).copied().unwrap_or(1)
    }

    /// The same rules with other days for a reason.
    #[must_use]
    pub fn with_days(mut self, reason: Reason, days: u16) -> Self {
        let place = Reason::ALL.iter().position(|other| *other == reason);
        if let Some(slot) = place.and_then(|place| self.days.get_mut(place)) {
            *slot = days;
        }
        self
    }

    /// The same rules with other days of keeping words.
    #[must_use]
    pub fn with_keep_days(self, keep_days: u16) -> Self {
        Self { keep_days, ..self }
    }

    /// The last day for an answer to what was sent on a day.
    pub fn due_on(&self, reason: Reason, sent_on: NaiveDate) -> NaiveDate {
        sent_on.checked_add_days(Days::new(u64::from(self.days(reason)))).unwrap_or(sent_on)
    }
}

/// What an organisation answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintAnswer {
    pub at: DateTime<Utc>,
    pub by: AccountId,
    pub outcome: Outcome,
    pub text: String,
    /// The body that answered in the place of the complaint's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<OrganisationId>,
}

/// What someone said of a material.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    pub id: ComplaintId,
    pub material: MaterialId,
    /// The version that the public saw then.
    pub version: u32,
    /// The material's organisation then.
    pub organisation: OrganisationId,
    pub reason: Reason,
    /// The page of the text that is meant.
    #[serde(default)]
    pub page: Option<u32>,
    /// Empty once it is no longer kept.
    pub text: String,
    /// Where its writer wishes to be asked; gone once it is answered.
    #[serde(default)]
    pub contact: Option<String>,
    /// Of the code with which its writer reads the answer.
    pub code: SecretHash,
    pub sent_at: DateTime<Utc>,
    /// The last day for an answer.
    pub due_on: NaiveDate,
    #[serde(default)]
    pub answer: Option<ComplaintAnswer>,
}

impl Complaint {
    pub fn is_open(&self) -> bool {
        self.answer.is_none()
    }

    /// Whether the day for an answer has passed without one.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.is_open() && today > self.due_on
    }

    /// Takes an answer; the contact is needed no more.
    pub fn answer(&mut self, answer: ComplaintAnswer) {
        self.answer = Some(answer);
        self.contact = None;
    }

    /// Removes what is kept no longer; answers whether anything was removed.
    pub fn forget(&mut self, rules: &ComplaintRules, now: DateTime<Utc>) -> bool {
        let kept = chrono::TimeDelta::days(i64::from(rules.keep_days));
        let is_old = |at: DateTime<Utc>| now - at > kept;
        let mut changed = false;
        if is_old(self.sent_at) && self.contact.take().is_some() {
            changed = true;
        }
        if let Some(answer) = &mut self.answer
            && is_old(answer.at)
            && !(self.text.is_empty() && answer.text.is_empty())
        {
            self.text.clear();
            answer.text.clear();
            changed = true;
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn complaint() -> Complaint {
        let day = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        Complaint {
            id: ComplaintId(Uuid::from_u128(1)),
            material: MaterialId(Uuid::from_u128(2)),
            version: 1,
            organisation: OrganisationId::parse("so").unwrap(),
            reason: Reason::Harmful,
            page: None,
            text: "Liều thuốc ghi sai.".to_owned(),
            contact: Some("0905 000 000".to_owned()),
            code: SecretHash(String::new()),
            sent_at: DateTime::UNIX_EPOCH,
            due_on: ComplaintRules::default().due_on(Reason::Harmful, day),
            answer: None,
        }
    }

    #[test]
    fn danger_is_answered_the_next_day_and_each_reason_has_its_own_days() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        assert!(!complaint().is_overdue(day(26)) && complaint().is_overdue(day(27)));
        let rules = ComplaintRules::default().with_days(Reason::Copyright, 3);
        assert_eq!(rules.due_on(Reason::Copyright, day(25)), day(28));
        assert_eq!(rules.days(Reason::Wrong), 7);
    }

    #[test]
    fn a_contact_goes_with_the_answer_and_words_go_after_their_time() {
        let (mut complaint, rules) = (complaint(), ComplaintRules::default());
        let at = |days| DateTime::UNIX_EPOCH + TimeDelta::days(days);
        assert!(!complaint.forget(&rules, at(180)), "not yet");
        let mut unanswered = complaint.clone();
        assert!(unanswered.forget(&rules, at(181)) && unanswered.contact.is_none() && !unanswered.text.is_empty());
        let by = AccountId(Uuid::nil());
        complaint.answer(ComplaintAnswer {
            at: at(1),
            by,
            outcome: Outcome::Corrected,
            text: "Đã sửa.".to_owned(),
            instead: None,
        });
        assert!(complaint.contact.is_none() && !complaint.is_overdue(NaiveDate::MAX));
        assert!(!complaint.forget(&rules, at(181)));
        assert!(complaint.forget(&rules, at(182)) && complaint.text.is_empty());
        assert!(!complaint.forget(&rules, at(999)), "once");
    }
}
