//! Marks as they come in, one by one or hundreds that a phone has kept: all in one transaction, each judged alone.

use super::{class_of_names, meeting_to_mark, roll, settle};
use crate::actions::schedule::people;
use crate::actions::schedule::registration::typed::TypedPerson;
use crate::actions::schedule::registration::{Counter, Entrant, take_in};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::attendance::{Attendance, Mark, MarkSource, Presence, made_at};
use crate::domain::class::Class;
use crate::domain::consent;
use crate::domain::id::{ClassId, LearnerId, MarkId, MeetingId, RegistrationId};
use crate::domain::learner::{Consent, ConsentHow, Learner, Person};
use crate::domain::registration::WrittenBy;
use crate::store::{self, WriteTx};
use crate::vault::Keys;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The most marks and people that come at once.
pub const MAX_AT_ONCE: usize = 3_000;

/// A mark as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedMark {
    pub id: MarkId,
    pub meeting: MeetingId,
    pub learner: LearnerId,
    /// None takes back what was marked before.
    pub presence: Option<Presence>,
    /// When, by the clock of where it was made; none for now.
    pub at: Option<DateTime<Utc>>,
}

/// Someone who came without having registered; the one id names registration and, where they are new, learner.
#[derive(Clone, PartialEq, Eq)]
pub struct WalkIn {
    pub id: Uuid,
    pub person: Person,
}

/// What comes at once.
#[derive(Clone, PartialEq, Eq)]
pub struct Load {
    pub source: MarkSource,
    /// What the sender's clock said when it was sent; none where ours has told the time.
    pub sent_at: Option<DateTime<Utc>>,
    pub walk_ins: Vec<WalkIn>,
    pub marks: Vec<TypedMark>,
}

/// What became of each.
#[derive(Debug, Default)]
pub struct Receipt {
    /// Who came in, with who they are from now on.
    pub learners: Vec<(Uuid, LearnerId)>,
    /// Kept, now or before.
    pub taken: Vec<MarkId>,
    pub refused: Vec<(Uuid, ActionError)>,
}

/// What a transaction goes by.
struct Desk {
    counter: Counter,
    by: Actor,
    today: NaiveDate,
    now: DateTime<Utc>,
}

/// Takes marks in. What was taken in before is taken once; the latest mark of someone at a meeting counts, and all are
/// kept.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` when nothing can be taken at all; what is wrong with one stands in the receipt.
pub async fn take(context: &Context, actor: &Actor, id: ClassId, load: Load) -> Result<Receipt, ActionError> {
    if load.marks.len() + load.walk_ins.len() > MAX_AT_ONCE {
        let many = "Gửi nhiều nhất 3.000 lượt điểm danh một lần.";
        return Err(ActionError::invalid("marks", "marks-too-many", many));
    }
    let (catalogue, today, now) = (context.catalogue(), context.today(), context.now());
    let counter = Counter::open(context).await?;
    let desk = Desk { counter, by: actor.clone(), today, now };
    let write = move |tx: &mut WriteTx<'_>| {
        let class = class_of_names(tx, &catalogue, &desk.by, id)?;
        desk.take(tx, &class, &load)
    };
    Ok(context.store.write("attendance.mark", context.stamp_by(actor), write).await?.value)
}

/// Keeps what staff typed: for each learner at each meeting a mark, or none to take one back.
///
/// # Errors
/// As [`take`], and what is wrong with the first mark that is refused.
pub async fn type_in(
    context: &Context,
    actor: &Actor,
    class: ClassId,
    (source, typed): (MarkSource, Vec<(MeetingId, LearnerId, Option<Presence>)>),
) -> Result<(), ActionError> {
    let mark = |(meeting, learner, presence)| {
        let id = MarkId(context.clock.fresh_id());
        TypedMark { id, meeting, learner, presence, at: None }
    };
    let marks = typed.into_iter().map(mark).collect();
    whole(take(context, actor, class, Load { source, sent_at: None, walk_ins: Vec::new(), marks }).await?)
}

/// Takes in someone who came to a meeting without having registered, as present.
///
/// # Errors
/// As [`type_in`], and `Invalid` for what was typed.
pub async fn welcome(
    context: &Context,
    actor: &Actor,
    (class, meeting): (ClassId, MeetingId),
    typed: TypedPerson,
) -> Result<(), ActionError> {
    let person = typed.read(context.today())?;
    let [id, mark] = [context.clock.fresh_id(), context.clock.fresh_id()];
    let presence = Some(Presence::Present);
    let mark = TypedMark { id: MarkId(mark), meeting, learner: LearnerId(id), presence, at: None };
    let walk_ins = vec![WalkIn { id, person }];
    whole(
        take(context, actor, class, Load { source: MarkSource::Grid, sent_at: None, walk_ins, marks: vec![mark] })
            .await?,
    )
}

fn whole(receipt: Receipt) -> Result<(), ActionError> {
    receipt.refused.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
}

impl Desk {
    fn take(&self, tx: &mut WriteTx<'_>, class: &Class, load: &Load) -> Result<Receipt, ActionError> {
        let mut receipt = Receipt::default();
        for one in &load.walk_ins {
            match self.welcome(tx, class, one) {
                Ok(learner) => receipt.learners.push((one.id, learner)),
                Err(error) => receipt.refused.push((one.id, callers(error)?)),
            }
        }
        let enrolled: BTreeSet<LearnerId> =
            store::registrations::of_class(tx, class.id)?.into_iter().map(|one| one.learner).collect();
        let mut touched = BTreeSet::new();
        for one in &load.marks {
            let came = receipt.learners.iter().find(|(id, _)| *id == one.learner.0).map(|(_, learner)| *learner);
            let learner = came.unwrap_or(one.learner);
            match self.mark(tx, (class, &enrolled), &TypedMark { learner, ..one.clone() }, load) {
                Ok(is_new) => {
                    receipt.taken.push(one.id);
                    touched.extend(is_new.then_some(one.meeting));
                }
                Err(error) => receipt.refused.push((one.id.0, callers(error)?)),
            }
        }
        for meeting in touched {
            settle(tx, class, meeting, self.now)?;
        }
        Ok(receipt)
    }

    /// Who someone is that came by: who was taken in before under this id, who is known by the same name and year, or
    /// someone new.
    fn welcome(&self, tx: &mut WriteTx<'_>, class: &Class, one: &WalkIn) -> Result<LearnerId, ActionError> {
        if let Some(before) = store::registrations::get(tx, class.id, RegistrationId(one.id))? {
            return roll::heir(tx, before.learner);
        }
        let keys = self.counter.keys()?;
        let alike = people::alike(tx, &keys, &class.organisation, &one.person)?;
        let known = alike.iter().find(|learner| is_same(&keys, learner, &one.person));
        if let Some(known) = known {
            let own = store::registrations::of_learner(tx, known.id)?;
            if own.iter().any(|registration| registration.class == class.id && registration.state.is_alive()) {
                return Ok(known.id);
            }
        }
        let consent = Consent {
            version: consent::current().to_owned(),
            how: ConsentHow::Spoken,
            at: self.now,
            taken_by: self.by.account(),
        };
        let entrant = Entrant {
            ids: (one.id, one.id),
            person: one.person.clone(),
            consent: Some(consent),
            by: WrittenBy::Staff,
            walk_in: true,
            known: known.map(|learner| learner.id),
            // Whoever stands there is not sent away.
            over: true,
            form: None,
        };
        Ok(take_in(tx, &self.counter, class, entrant)?.0.learner)
    }

    /// Adds a mark; whether it is new.
    fn mark(
        &self,
        tx: &mut WriteTx<'_>,
        (class, enrolled): (&Class, &BTreeSet<LearnerId>),
        one: &TypedMark,
        load: &Load,
    ) -> Result<bool, ActionError> {
        meeting_to_mark(tx, class.id, one.meeting, self.today)?;
        // A phone may know someone still under the id that it gave them.
        let by_registration = store::registrations::get(tx, class.id, RegistrationId(one.learner.0))?;
        let learner = roll::heir(tx, by_registration.map_or(one.learner, |own| own.learner))?;
        if !enrolled.contains(&learner) && !enrolled.contains(&one.learner) {
            let stranger = "Người này không có trong danh sách của lớp. Hãy thêm người đến thêm.";
            return Err(ActionError::invalid("learner", "learner-not-enrolled", stranger));
        }
        let at = match (one.at, load.sent_at) {
            (Some(at), Some(sent)) => made_at(at, sent, self.now),
            (Some(at), None) => at.min(self.now),
            (None, _) => self.now,
        };
        let mut attendance = store::attendance::get(tx, class.id, one.meeting, learner)?
            .unwrap_or_else(|| Attendance::new(class.id, one.meeting, learner));
        let mark = Mark { id: one.id, presence: one.presence, at, by: self.by.account(), source: load.source };
        let is_new = attendance.add(mark);
        if is_new {
            store::attendance::put(tx, &attendance)?;
        }
        Ok(is_new)
    }
}

fn is_same(keys: &Keys, learner: &Learner, person: &Person) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    let same = |known: Person| {
        words(&known.name) == words(&person.name)
            && known.birth_year == person.birth_year
            && words(&known.village) == words(&person.village)
    };
    learner.merged_into.is_none() && people::open(keys, learner).is_ok_and(|known| known.is_some_and(same))
}

/// What is wrong with one of many; what has broken is wrong with all.
fn callers(error: ActionError) -> Result<ActionError, ActionError> {
    match error {
        ActionError::Invalid { .. } | ActionError::NotFound { .. } => Ok(error),
        other => Err(other),
    }
}
