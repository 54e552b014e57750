//! Lists of requests: what came in, what was sent, what nobody in the province answered; and how many wait.

use super::{RequestCard, card, watches};
use crate::actions::schedule::desk::Desk;
use crate::actions::schedule::{centres, may_schedule, may_schedule_any};
use crate::actions::{ActionError, Context};
use crate::domain::actor::{Actor, Holder};
use crate::domain::id::OrganisationId;
use crate::domain::permission::Role;
use crate::domain::request::{RequestState, SpeakerRequest};
use crate::store::requests::Side;
use crate::store::{self, ReadTx};
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// How many requests a part of the list has.
pub const PAGE: usize = 50;

/// Which requests are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pile {
    /// Put to bodies of the actor.
    #[default]
    Received,
    /// Sent by bodies of the actor.
    Sent,
    /// Unanswered, in the whole province.
    Unanswered,
}

/// A part of the list, and how many there are.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub total: usize,
    pub items: Vec<RequestCard>,
    pub next: Option<usize>,
}

/// How many requests wait for the actor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// For an answer.
    pub to_answer: usize,
    /// Came back without a speaker, and their dates are still to come.
    pub came_back: usize,
    /// Unanswered in the province; none where that is not the actor's to look after.
    pub unanswered: Option<usize>,
}

/// Lists requests, those that wait first; with a state, those in it.
///
/// # Errors
/// `Forbidden` to whoever plans no classes, and for the province's list to all who do not look after it.
pub async fn list(
    context: &Context,
    actor: &Actor,
    (pile, state, offset): (Pile, Option<RequestState>, usize),
) -> Result<Found, ActionError> {
    let allowed = if pile == Pile::Unanswered { watches(context, actor) } else { may_schedule_any(context, actor) };
    if !allowed {
        return Err(ActionError::Forbidden);
    }
    let own: Vec<OrganisationId> = centres(context, actor).into_iter().map(|one| one.id).collect();
    let (catalogue, today, by) = (context.catalogue(), context.today(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let mut found = match pile {
            Pile::Received => of_bodies(tx, &own, Side::IsAsked)?,
            Pile::Sent => of_bodies(tx, &own, Side::Asks)?,
            Pile::Unanswered => unanswered(tx, today)?,
        };
        found.retain(|request| state.is_none_or(|state| request.state == state));
        found.sort_by_key(|request| {
            let waits = request.is_open();
            (!waits, waits.then_some(request.reply_by), Reverse(request.asked_at), request.id)
        });
        let total = found.len();
        let mut desk = Desk::new(tx, &catalogue, today);
        let shown = found.into_iter().skip(offset).take(PAGE);
        let items: Vec<RequestCard> = shown.map(|one| card(&mut desk, &by, one)).collect::<Result<_, _>>()?;
        let end = offset + items.len();
        Ok::<_, ActionError>(Found { total, next: (end < total).then_some(end), items })
    };
    context.store.read("request.list", read).await
}

fn of_bodies(tx: &dyn ReadTx, own: &[OrganisationId], side: Side) -> Result<Vec<SpeakerRequest>, ActionError> {
    let mut found = BTreeMap::new();
    for organisation in own {
        let all = store::requests::of_organisation(tx, organisation, side)?;
        found.extend(all.into_iter().map(|request| (request.id, request)));
    }
    Ok(found.into_values().collect())
}

/// What lapsed and whose dates are still to come.
fn unanswered(tx: &dyn ReadTx, today: NaiveDate) -> Result<Vec<SpeakerRequest>, ActionError> {
    let mut found = store::requests::in_state(tx, RequestState::Lapsed)?;
    found.retain(|request| is_ahead(request, today));
    Ok(found)
}

fn is_ahead(request: &SpeakerRequest, today: NaiveDate) -> bool {
    request.last_day().is_some_and(|last| last >= today)
}

/// Whether the actor looks after what nobody in the province answers.
pub fn may_watch(context: &Context, actor: &Actor) -> bool {
    watches(context, actor)
}

/// Counts what waits for the actor; an administrator of the province is not troubled with what waits for single bodies.
///
/// # Errors
/// When the store fails.
pub async fn counts(context: &Context, actor: &Actor) -> Result<Counts, ActionError> {
    let Actor::Account(holder) = actor else { return Ok(Counts::default()) };
    let grants = holder.grants.iter().filter(|grant| grant.role != Role::Admin).cloned().collect();
    let near = Actor::Account(Holder { account: holder.account, grants });
    let (catalogue, today, watching) = (context.catalogue(), context.today(), watches(context, actor));
    let bodies: Vec<OrganisationId> = if may_schedule_any(context, &near) {
        super::super::in_being(&catalogue).filter(|id| may_schedule(&catalogue, &near, id)).cloned().collect()
    } else {
        Vec::new()
    };
    let count = move |tx: &dyn ReadTx| {
        let received = of_bodies(tx, &bodies, Side::IsAsked)?;
        let sent = of_bodies(tx, &bodies, Side::Asks)?;
        let back = |one: &&SpeakerRequest| {
            matches!(one.state, RequestState::Lapsed | RequestState::Declined) && is_ahead(one, today)
        };
        Ok::<_, ActionError>(Counts {
            to_answer: received.iter().filter(|one| one.is_open() && is_ahead(one, today)).count(),
            came_back: sent.iter().filter(back).count(),
            unanswered: if watching { Some(unanswered(tx, today)?.len()) } else { None },
        })
    };
    context.store.read("request.count", count).await
}
