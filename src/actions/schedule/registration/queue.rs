//! Who waits: places that come free are offered in order, each for a time; what nobody takes goes to the next.

use crate::actions::error::Noun;
use crate::actions::schedule::missing;
use crate::actions::{ActionError, Context};
use crate::domain::class::{Class, ClassState};
use crate::domain::id::{ClassId, JobId, RegistrationId};
use crate::domain::job::{Job, Work};
use crate::domain::registration::{Ending, Registration, RegistrationRules, RegistrationState};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The rules and the present time.
#[derive(Debug, Clone, Copy)]
pub(in crate::actions::schedule) struct Turn {
    pub rules: RegistrationRules,
    pub now: DateTime<Utc>,
}

impl Turn {
    pub(in crate::actions::schedule) fn of(context: &Context) -> Self {
        Self { rules: context.bounds.registrations, now: context.now() }
    }
}

/// Until when a place that comes free now is kept: not beyond the next meeting; none once all meetings are over.
fn kept_until(tx: &dyn ReadTx, class: ClassId, turn: Turn) -> Result<Option<DateTime<Utc>>, ActionError> {
    let meetings = store::meetings::of_class(tx, class)?;
    let mut standing = meetings.iter().filter(|one| one.stands() && !one.slot.is_over(turn.now)).peekable();
    if standing.peek().is_none() {
        return Ok(None);
    }
    let until = turn.now + turn.rules.offer;
    let begins = standing.map(|one| one.slot.begins_at()).filter(|at| *at > turn.now).min();
    Ok(Some(begins.map_or(until, |begins| begins.min(until))))
}

/// Offers every free place of a class to those who wait, in their order.
pub(in crate::actions::schedule) fn offer_free(
    tx: &mut WriteTx<'_>,
    class: &Class,
    turn: Turn,
) -> Result<(), ActionError> {
    let tally = store::registrations::tally(tx, class.id)?;
    let free = class.seats_left(tally.taken()).unwrap_or(tally.waiting).min(tally.waiting);
    if class.state != ClassState::Published || free == 0 {
        return Ok(());
    }
    let Some(until) = kept_until(tx, class.id, turn)? else { return Ok(()) };
    let all = store::registrations::of_class(tx, class.id)?;
    let waiting = all.into_iter().filter(|one| one.state == RegistrationState::Waiting);
    for mut next in waiting.take(usize::try_from(free).unwrap_or(usize::MAX)) {
        next.offer(until, turn.now);
        store::registrations::put(tx, &next)?;
        tx.record_at(&class.organisation, "registration", next.id.to_string(), &["state"]);
        let work = Work::Offer { class: class.id, registration: next.id, until };
        store::jobs::promise(tx, &Job::new(job_of(next.id, until), work, until))?;
    }
    Ok(())
}

/// One offer, one job.
fn job_of(id: RegistrationId, until: DateTime<Utc>) -> JobId {
    let millis = u128::try_from(until.timestamp_millis()).unwrap_or(0);
    JobId(Uuid::from_u128(id.0.as_u128() ^ millis))
}

/// Puts a registration that comes to stand otherwise, and gives the place on that it may have held.
pub(in crate::actions::schedule) fn turn(
    tx: &mut WriteTx<'_>,
    class: &Class,
    mut one: Registration,
    (state, ended): (RegistrationState, Option<Ending>),
    turn: Turn,
) -> Result<Registration, ActionError> {
    one.turn(state, ended, turn.now);
    store::registrations::put(tx, &one)?;
    tx.record_at(&class.organisation, "registration", one.id.to_string(), &["state"]);
    offer_free(tx, class, turn)?;
    Ok(one)
}

/// Takes an offer back whose time is over, and offers the place to the next.
///
/// # Errors
/// When the store fails.
pub async fn lapse(context: &Context, class: ClassId, id: RegistrationId) -> Result<(), ActionError> {
    let now = Turn::of(context);
    let lapse = move |tx: &mut WriteTx<'_>| {
        let Some(one) = store::registrations::get(tx, class, id)?.filter(|one| one.has_lapsed(now.now)) else {
            return Ok(());
        };
        let class = store::classes::get(tx, class)?.ok_or_else(|| missing(Noun::Class, class))?;
        turn(tx, &class, one, (RegistrationState::Cancelled, Some(Ending::Lapsed)), now)?;
        Ok::<_, ActionError>(())
    };
    context.store.write("registration.lapse", context.stamp(), lapse).await?;
    Ok(())
}
