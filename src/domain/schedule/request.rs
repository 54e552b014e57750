//! Speaker requests: a centre asks an agency, or a person of the roster, for someone who teaches at some dates.
//!
//! ```text
//! asked ──> accepted | substituted | declined | withdrawn      the agency names a person, or says no
//!   └─────> lapsed   the day for the answer passes: it comes back to the centre and goes up to the province;
//!                    a late answer is still an answer, and the centre may ask again
//! ```

use super::meeting::Slot;
use crate::domain::id::{AccountId, AreaId, ClassId, MeetingId, OrganisationId, RequestId, SpeakerId};
use crate::domain::words::words;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// Where a request stands.
    RequestState {
        Asked = "asked", "Chờ trả lời";
        Lapsed = "lapsed", "Quá hạn, chưa trả lời";
        Accepted = "accepted", "Đã nhận lời";
        Substituted = "substituted", "Đã cử người thay";
        Declined = "declined", "Không cử được";
        Withdrawn = "withdrawn", "Đã rút lời mời";
    }
}
words! {
    /// What is done with a request after it was sent.
    RequestAct {
        Name = "name", "Cử báo cáo viên";
        Decline = "decline", "Không cử được";
        Withdraw = "withdraw", "Rút lời mời";
        Renew = "renew", "Hỏi lại";
        Lapse = "lapse", "Hết hạn trả lời";
    }
}

/// The most dates of one request.
pub const MAX_WISHES: usize = 40;

/// A date for which someone is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// None for a date that is no meeting yet.
    #[serde(default)]
    pub meeting: Option<MeetingId>,
    /// When it was to be when it was asked for.
    pub slot: Slot,
}

/// Something that was done with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub act: RequestAct,
    pub at: DateTime<Utc>,
    /// None for what came with the calendar.
    #[serde(default)]
    pub by: Option<AccountId>,
    /// Who was named.
    #[serde(default)]
    pub speaker: Option<SpeakerId>,
    /// Said with it; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// A request for a speaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeakerRequest {
    pub id: RequestId,
    /// Who asks.
    pub organisation: OrganisationId,
    /// Who answers: an agency, or whoever keeps the entry of a person without one.
    pub asked: OrganisationId,
    /// The person who is wished for, where it is one.
    #[serde(default)]
    pub wanted: Option<SpeakerId>,
    /// The wanted person speaks for no agency: whoever asks may note the answer as well.
    #[serde(default)]
    pub personal: bool,
    pub subject: String,
    #[serde(default)]
    pub class: Option<ClassId>,
    pub wishes: Vec<Wish>,
    /// Where it is to be, as far as no meeting says so.
    #[serde(default)]
    pub area: Option<AreaId>,
    #[serde(default)]
    pub place: String,
    /// What else the one asked should know.
    #[serde(default)]
    pub message: String,
    /// Whom to ring up.
    #[serde(default)]
    pub contact: String,
    /// The last day for an answer.
    pub reply_by: NaiveDate,
    pub state: RequestState,
    /// Who comes, once that is said.
    #[serde(default)]
    pub named: Option<SpeakerId>,
    pub asked_at: DateTime<Utc>,
    #[serde(default)]
    pub asked_by: Option<AccountId>,
    /// What was done since, the oldest first.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

impl SpeakerRequest {
    /// Whether an answer is still waited for, late or not.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, RequestState::Asked | RequestState::Lapsed)
    }

    /// Whether somebody comes.
    pub const fn is_granted(&self) -> bool {
        matches!(self.state, RequestState::Accepted | RequestState::Substituted)
    }

    /// Where an act leads from the present state; none where it is impossible.
    pub fn after(&self, act: RequestAct, speaker: Option<SpeakerId>) -> Option<RequestState> {
        use RequestState::{Accepted, Asked, Declined, Lapsed, Substituted, Withdrawn};
        match (act, self.state) {
            (RequestAct::Name, Asked | Lapsed) => {
                let speaker = speaker?;
                Some(if self.wanted.is_none_or(|wanted| wanted == speaker) { Accepted } else { Substituted })
            }
            // Somebody fell ill: another comes.
            (RequestAct::Name, Accepted | Substituted) => {
                speaker.filter(|speaker| self.named != Some(*speaker)).map(|_| Substituted)
            }
            (RequestAct::Decline, Asked | Lapsed | Accepted | Substituted) => Some(Declined),
            (RequestAct::Withdraw, Asked | Lapsed | Accepted | Substituted | Declined) => Some(Withdrawn),
            (RequestAct::Renew, Lapsed | Declined) => Some(Asked),
            (RequestAct::Lapse, Asked) => Some(Lapsed),
            _ => None,
        }
    }

    /// Does an act; nothing changes where it is impossible.
    pub fn answer(&mut self, answer: Answer) -> bool {
        let Some(state) = self.after(answer.act, answer.speaker) else { return false };
        self.state = state;
        self.named = answer.speaker.filter(|_| self.is_granted());
        self.answers.push(answer);
        true
    }

    /// Whether its day for an answer has passed without one.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.state == RequestState::Asked && self.reply_by < today
    }

    /// The last day for which someone is wanted.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.wishes.iter().map(|wish| wish.slot.day).max()
    }
}

#[cfg(test)]
mod tests {
    use super::super::meeting::sample as meeting;
    use super::*;
    use uuid::Uuid;

    fn person(number: u128) -> SpeakerId {
        SpeakerId(Uuid::from_u128(number))
    }

    fn asked() -> SpeakerRequest {
        SpeakerRequest {
            id: RequestId(Uuid::from_u128(1)),
            organisation: OrganisationId::parse("tthtcd.khe-sanh").unwrap(),
            asked: OrganisationId::parse("cc-ttbvtv").unwrap(),
            wanted: None,
            personal: false,
            subject: "Tái canh cà phê".to_owned(),
            class: None,
            wishes: vec![Wish { meeting: None, slot: meeting("2026-12-01").slot }],
            area: None,
            place: String::new(),
            message: String::new(),
            contact: String::new(),
            reply_by: "2026-11-28".parse().unwrap(),
            state: RequestState::Asked,
            named: None,
            asked_at: DateTime::<Utc>::UNIX_EPOCH,
            asked_by: None,
            answers: Vec::new(),
        }
    }

    fn act(request: &mut SpeakerRequest, act: RequestAct, speaker: Option<SpeakerId>) -> bool {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        request.answer(Answer { act, at, by: None, speaker, reason: String::new() })
    }

    #[test]
    fn every_act_from_every_state() {
        let mut lines = Vec::new();
        for state in RequestState::ALL {
            for act in RequestAct::ALL {
                if let Some(after) = (SpeakerRequest { state: *state, ..asked() }).after(*act, Some(person(1))) {
                    lines.push(format!("{} {} {}", state.code(), act.code(), after.code()));
                }
            }
        }
        let wanted = [
            "asked name accepted",
            "asked decline declined",
            "asked withdraw withdrawn",
            "asked lapse lapsed",
            "lapsed name accepted",
            "lapsed decline declined",
            "lapsed withdraw withdrawn",
            "lapsed renew asked",
            "accepted name substituted",
            "accepted decline declined",
            "accepted withdraw withdrawn",
            "substituted name substituted",
            "substituted decline declined",
            "substituted withdraw withdrawn",
            "declined withdraw withdrawn",
            "declined renew asked",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn whoever_comes_in_place_of_the_one_wished_for_is_a_substitute_and_who_declines_comes_no_more() {
        let mut request = SpeakerRequest { wanted: Some(person(1)), ..asked() };
        assert!(!act(&mut request, RequestAct::Name, None), "who?");
        assert!(act(&mut request, RequestAct::Name, Some(person(2))));
        assert_eq!((request.state, request.named), (RequestState::Substituted, Some(person(2))));
        assert!(!act(&mut request, RequestAct::Name, Some(person(2))), "that one comes already");
        assert!(act(&mut request, RequestAct::Decline, None));
        assert_eq!((request.state, request.named, request.answers.len()), (RequestState::Declined, None, 2));
    }

    #[test]
    fn an_answer_is_overdue_on_the_day_after_its_last() {
        let day = |text: &str| text.parse().unwrap();
        assert!(!asked().is_overdue(day("2026-11-28")) && asked().is_overdue(day("2026-11-29")));
        let answered = SpeakerRequest { state: RequestState::Accepted, ..asked() };
        assert!(!answered.is_overdue(day("2026-12-29")));
    }
}
