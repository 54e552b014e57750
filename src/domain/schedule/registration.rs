//! Registrations: who has a place in a class, who waits for one.

use crate::domain::account::link::typed_signs;
use crate::domain::class::{Class, CountMode, RegistrationMode};
use crate::domain::id::{ClassId, LearnerId, RegistrationId};
use crate::domain::sealed::{Blind, Sealed};
use crate::domain::words::words;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// How far a registration has come.
    RegistrationState {
        Requested = "requested", "Chờ duyệt";
        Waiting = "waiting", "Chờ chỗ";
        Offered = "offered", "Được mời vào chỗ trống";
        Confirmed = "confirmed", "Có chỗ";
        Cancelled = "cancelled", "Đã thôi";
    }
}
words! {
    /// Why a registration is over.
    Ending {
        Learner = "learner", "Người học tự hủy";
        Staff = "staff", "Cán bộ hủy";
        Declined = "declined", "Không được duyệt";
        Lapsed = "lapsed", "Không nhận chỗ đúng hạn";
        Merged = "merged", "Trùng với đăng ký khác";
    }
}
words! {
    /// Who wrote a registration.
    WrittenBy {
        Learner = "self", "Tự đăng ký";
        Staff = "staff", "Cán bộ ghi";
    }
}
words! {
    /// What staff do with a registration.
    RegistrationAct {
        Approve = "approve", "Duyệt";
        Decline = "decline", "Không duyệt";
        Confirm = "confirm", "Nhận vào lớp";
        MoveUp = "move_up", "Đưa lên đầu danh sách chờ";
        Told = "told", "Đã báo";
        Cancel = "cancel", "Hủy đăng ký";
    }
}

/// How many signs the code on a slip has: 50 bits of chance, short enough for a telephone's keys.
pub const SLIP_LENGTH: usize = 10;

/// A slip's code as it was typed, in the form in which it is marked; none when it cannot be one.
pub fn typed_slip(text: &str) -> Option<String> {
    typed_signs(text, SLIP_LENGTH)
}

/// A slip's code as it is printed: `ABCDE-FGHJK`.
pub fn printed_slip(code: &str) -> String {
    let signs: Vec<char> = code.chars().collect();
    signs.chunks(SLIP_LENGTH / 2).map(|half| half.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

impl RegistrationState {
    /// Whether a place is held.
    pub const fn holds_seat(self) -> bool {
        matches!(self, Self::Confirmed | Self::Offered)
    }

    /// Whether the person may still come.
    pub const fn is_alive(self) -> bool {
        !matches!(self, Self::Cancelled)
    }
}

/// One person's registration for one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    pub id: RegistrationId,
    pub class: ClassId,
    pub learner: LearnerId,
    pub state: RegistrationState,
    /// Why it is over; none as long as it is not.
    #[serde(default)]
    pub ended: Option<Ending>,
    pub by: WrittenBy,
    /// Who came without having registered before.
    #[serde(default)]
    pub walk_in: bool,
    /// The place in the order of those who wait, the lowest first.
    pub order: i64,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    /// Until when an offered place is kept.
    #[serde(default)]
    pub offered_until: Option<DateTime<Utc>>,
    /// Something has changed for the person that nobody has told them yet.
    #[serde(default)]
    pub news: bool,
    /// The code on the slip, for staff who print it again.
    pub code: Sealed,
    /// By this mark the code leads here.
    pub code_mark: Blind,
    /// By this mark the same form sent twice is one registration.
    #[serde(default)]
    pub form_mark: Option<Blind>,
}

impl Registration {
    /// Comes to stand otherwise; an end takes the offer away.
    pub fn turn(&mut self, state: RegistrationState, ended: Option<Ending>, now: DateTime<Utc>) {
        (self.state, self.ended, self.offered_until, self.changed_at) = (state, ended, None, now);
        self.news = !matches!(ended, Some(Ending::Learner | Ending::Merged));
    }

    /// Has a place kept until an instant.
    pub fn offer(&mut self, until: DateTime<Utc>, now: DateTime<Utc>) {
        self.turn(RegistrationState::Offered, None, now);
        self.offered_until = Some(until);
    }

    /// Whether an offered place is kept no longer.
    pub fn has_lapsed(&self, now: DateTime<Utc>) -> bool {
        self.state == RegistrationState::Offered && self.offered_until.is_some_and(|until| until <= now)
    }

    /// Whether an act is possible now.
    pub fn allows(&self, act: RegistrationAct) -> bool {
        use RegistrationState::{Confirmed, Offered, Requested, Waiting};
        match act {
            RegistrationAct::Approve | RegistrationAct::Decline => self.state == Requested,
            RegistrationAct::Confirm => matches!(self.state, Waiting | Offered) || self.ended == Some(Ending::Lapsed),
            RegistrationAct::MoveUp => self.state == Waiting,
            RegistrationAct::Told => self.news,
            RegistrationAct::Cancel => matches!(self.state, Requested | Waiting | Offered | Confirmed),
        }
    }
}

/// How many registrations of a class stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The place of the next one in the order.
    pub next: i64,
    pub requested: u32,
    pub waiting: u32,
    pub offered: u32,
    pub confirmed: u32,
}

impl Tally {
    /// How many places are held.
    pub const fn taken(&self) -> u32 {
        self.confirmed + self.offered
    }

    /// How many people are in or wish to be.
    pub const fn alive(&self) -> u32 {
        self.requested + self.waiting + self.taken()
    }

    fn slot(&mut self, state: RegistrationState) -> Option<&mut u32> {
        match state {
            RegistrationState::Requested => Some(&mut self.requested),
            RegistrationState::Waiting => Some(&mut self.waiting),
            RegistrationState::Offered => Some(&mut self.offered),
            RegistrationState::Confirmed => Some(&mut self.confirmed),
            RegistrationState::Cancelled => None,
        }
    }

    /// Counts a registration that stood one way, or was not there, in its new state.
    pub fn count(&mut self, before: Option<RegistrationState>, after: Option<RegistrationState>) {
        if let Some(slot) = before.and_then(|state| self.slot(state)) {
            *slot = slot.saturating_sub(1);
        }
        if let Some(slot) = after.and_then(|state| self.slot(state)) {
            *slot += 1;
        }
    }
}

/// How registrations are dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegistrationRules {
    /// How long an offered place is kept.
    pub offer: TimeDelta,
    /// The most people on a waiting list; 0 where there is none.
    pub waiting: u32,
    /// Days after the last meeting of all their classes after which it is forgotten who someone is.
    pub keep_days: u16,
}

impl Default for RegistrationRules {
    fn default() -> Self {
        Self { offer: TimeDelta::hours(24), waiting: 50, keep_days: 730 }
    }
}

/// How someone who comes now would stand; none where there is no room, not even for waiting.
pub fn standing(class: &Class, tally: &Tally, rules: &RegistrationRules, by: WrittenBy) -> Option<RegistrationState> {
    if by == WrittenBy::Learner && class.registration == RegistrationMode::Approve {
        return Some(RegistrationState::Requested);
    }
    // Who comes later never passes those who wait.
    let is_free = class.seats_left(tally.taken()).is_none_or(|left| left > 0) && tally.waiting == 0;
    if is_free {
        Some(RegistrationState::Confirmed)
    } else {
        (tally.waiting < rules.waiting).then_some(RegistrationState::Waiting)
    }
}

/// Whether people may register for a class by themselves, as far as the class says.
pub fn takes_learners(class: &Class) -> bool {
    class.is_public()
        && class.is_open()
        && matches!(class.registration, RegistrationMode::Open | RegistrationMode::Approve)
}

/// Whether staff may write names down for a class; also where people just come, who are then marked as present.
pub fn takes_names(class: &Class) -> bool {
    class.count == CountMode::Names && class.is_open()
}

#[cfg(test)]
pub(in crate::domain) fn sample() -> Registration {
    use uuid::Uuid;
    Registration {
        id: RegistrationId(Uuid::from_u128(1)),
        class: ClassId(Uuid::from_u128(1)),
        learner: LearnerId(Uuid::from_u128(1)),
        state: RegistrationState::Waiting,
        ended: None,
        by: WrittenBy::Learner,
        walk_in: false,
        order: 1,
        created_at: DateTime::UNIX_EPOCH,
        changed_at: DateTime::UNIX_EPOCH,
        offered_until: None,
        news: false,
        code: Sealed(String::new()),
        code_mark: Blind(String::new()),
        form_mark: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RegistrationState::{Confirmed, Offered, Requested, Waiting};

    fn class(capacity: Option<u32>, registration: RegistrationMode) -> Class {
        Class { capacity, registration, ..crate::domain::class::sample() }
    }

    #[test]
    fn who_comes_has_a_place_waits_or_is_refused() {
        let rules = RegistrationRules { waiting: 2, ..RegistrationRules::default() };
        let stands = |class: &Class, (confirmed, offered, waiting): (u32, u32, u32)| {
            let tally = Tally { waiting, offered, confirmed, ..Tally::default() };
            standing(class, &tally, &rules, WrittenBy::Learner)
        };
        let open = class(Some(3), RegistrationMode::Open);
        assert_eq!(stands(&open, (2, 0, 0)), Some(Confirmed));
        assert_eq!(stands(&open, (2, 1, 0)), Some(Waiting), "an offered place is held");
        assert_eq!(stands(&open, (2, 0, 1)), Some(Waiting), "nobody passes who waits");
        assert_eq!(stands(&open, (3, 0, 2)), None);
        assert_eq!(stands(&class(None, RegistrationMode::Open), (999, 0, 0)), Some(Confirmed));
        let approve = class(Some(3), RegistrationMode::Approve);
        assert_eq!(stands(&approve, (3, 0, 2)), Some(Requested));
        assert_eq!(standing(&approve, &Tally::default(), &rules, WrittenBy::Staff), Some(Confirmed));
    }

    #[test]
    fn counts_follow_every_turn() {
        let mut tally = Tally::default();
        for (before, after) in [(None, Some(Waiting)), (Some(Waiting), Some(Offered)), (Some(Offered), Some(Confirmed))]
        {
            tally.count(before, after);
            assert_eq!(tally.alive(), 1, "{tally:?}");
        }
        assert_eq!(tally.taken(), 1);
        tally.count(Some(Confirmed), Some(RegistrationState::Cancelled));
        assert_eq!(tally, Tally::default());
    }

    #[test]
    fn an_offer_lapses_at_its_instant_and_whoever_does_not_know_is_told() {
        let at = |hours| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let mut one = sample();
        assert!(!one.news);
        one.offer(at(24), at(1));
        assert!(one.news && !one.has_lapsed(at(23)) && one.has_lapsed(at(24)));
        one.turn(RegistrationState::Cancelled, Some(Ending::Lapsed), at(24));
        assert!(one.news && !one.has_lapsed(at(99)));
        assert!(one.allows(RegistrationAct::Confirm) && !one.allows(RegistrationAct::Cancel));
        one.turn(RegistrationState::Cancelled, Some(Ending::Learner), at(25));
        assert!(!one.news, "who went away by themselves knows");
    }
}
