//! Requests for speakers: asked by centres, answered by agencies, followed by both and, unanswered, by the province.

mod answer;
mod ask;
mod candidates;
pub mod letters;
mod lists;

pub use answer::{TypedAnswer, act, lapse_blocking};
pub use ask::{Choice, Source, TypedRequest, TypedSlot, choices, propose, send, usual_reply_by};
pub use candidates::{Booking, Candidate, candidates};
pub use lists::{Counts, Found, PAGE, Pile, counts, list, may_watch};

use super::desk::Desk;
use super::{MeetingCard, may_schedule, missing};
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{ClassId, OrganisationId, RequestId};
use crate::domain::meeting::Slot;
use crate::domain::permission::{Object, Verb, may};
use crate::domain::request::{Answer, RequestAct, SpeakerRequest};
use crate::store::{self, ReadTx};

/// A date of a request as it stands today.
#[derive(Debug, Clone, PartialEq)]
pub struct WishCard {
    /// When it was asked for.
    pub asked: Slot,
    /// The meeting as it is now; none for a date that is no meeting, or is one no more.
    pub meeting: Option<MeetingCard>,
    /// It was a meeting once.
    pub gone: bool,
}

impl WishCard {
    /// When it is to be, as far as is known.
    pub fn slot(&self) -> Slot {
        self.meeting.as_ref().map_or(self.asked, |meeting| meeting.slot)
    }
}

/// Something that was done, and who did it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub answer: Answer,
    /// Empty for what came with the calendar.
    pub who: String,
    pub speaker: Option<String>,
}

/// A request as both sides see it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestCard {
    pub request: SpeakerRequest,
    pub centre: Named<OrganisationId>,
    pub asked: Named<OrganisationId>,
    /// Who asked.
    pub who: String,
    pub wanted: Option<String>,
    pub named: Option<String>,
    /// The class, with whether everyone may see it.
    pub class: Option<(Named<ClassId>, bool)>,
    pub area: Option<String>,
    pub wishes: Vec<WishCard>,
    pub history: Vec<Told>,
    pub may_answer: bool,
    /// May ask again and take the request back.
    pub may_ask: bool,
}

/// Who may say yes or no to a request.
fn may_answer(catalogue: &Catalogue, actor: &Actor, request: &SpeakerRequest) -> bool {
    let by_telephone = request.personal && may_schedule(catalogue, actor, &request.organisation);
    by_telephone || may_schedule(catalogue, actor, &request.asked)
}

/// Whether an actor looks after what nobody answers: an administrator, or staff of the body that guides the centres.
fn watches(context: &Context, actor: &Actor) -> bool {
    let guide = context.guide.as_ref().is_some_and(|guide| may_schedule(&context.catalogue(), actor, guide));
    guide || may(actor, Verb::ManageCatalogue, &Object::province())
}

/// A request that the actor may see; any other is not there.
fn seen(
    tx: &dyn ReadTx,
    (context, catalogue): (&Context, &Catalogue),
    actor: &Actor,
    id: RequestId,
) -> Result<SpeakerRequest, ActionError> {
    let request = store::requests::get(tx, id)?.ok_or_else(|| missing(Noun::Request, id))?;
    let theirs = may_answer(catalogue, actor, &request) || may_schedule(catalogue, actor, &request.organisation);
    if theirs || watches(context, actor) { Ok(request) } else { Err(missing(Noun::Request, id)) }
}

/// Shows a request to those who ask, who are asked, and who look after what nobody answers.
///
/// # Errors
/// `NotFound` when there is none that the actor may see.
pub async fn show(context: &Context, actor: &Actor, id: RequestId) -> Result<RequestCard, ActionError> {
    let (catalogue, today, by, watching) = (context.catalogue(), context.today(), actor.clone(), context.clone());
    let read = move |tx: &dyn ReadTx| {
        let request = seen(tx, (&watching, &catalogue), &by, id)?;
        card(&mut Desk::new(tx, &catalogue, today), &by, request)
    };
    context.store.read("request.show", read).await
}

/// The requests of a class, the latest first, for whoever sees the class as its staff.
///
/// # Errors
/// `NotFound` when there is no class that the actor may see.
pub async fn of_class(context: &Context, actor: &Actor, id: ClassId) -> Result<Vec<RequestCard>, ActionError> {
    let (catalogue, today, by) = (context.catalogue(), context.today(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let class = store::classes::get(tx, id)?.filter(|class| super::may_see(&catalogue, &by, class));
        class.ok_or_else(|| missing(Noun::Class, id))?;
        let mut desk = Desk::new(tx, &catalogue, today);
        let all = store::requests::of_class(tx, id)?;
        all.into_iter().rev().map(|request| card(&mut desk, &by, request)).collect()
    };
    context.store.read("request.of_class", read).await
}

fn card(desk: &mut Desk<'_>, actor: &Actor, request: SpeakerRequest) -> Result<RequestCard, ActionError> {
    let (tx, catalogue, today) = (desk.tx, desk.catalogue, desk.today);
    let class = match request.class {
        Some(id) => desk.class(id)?.cloned(),
        None => None,
    };
    let mut wishes = Vec::new();
    for wish in &request.wishes {
        let row = match (&class, wish.meeting) {
            (Some(class), Some(meeting)) => store::meetings::get(tx, class.id, meeting)?,
            _ => None,
        };
        let meeting = match (&class, row) {
            (Some(class), Some(row)) => Some(desk.card(class, &row)?),
            _ => None,
        };
        wishes.push(WishCard { asked: wish.slot, gone: wish.meeting.is_some() && meeting.is_none(), meeting });
    }
    let mut line = |speaker| match speaker {
        Some(speaker) => desk.speaker_line(speaker),
        None => Ok(None),
    };
    let (wanted, named) = (line(request.wanted)?, line(request.named)?);
    let mut history = Vec::new();
    for answer in &request.answers {
        history.push(Told { who: who(tx, answer)?, speaker: line(answer.speaker)?, answer: answer.clone() });
    }
    let asker = request.asked_by.map(|id| store::accounts::get(tx, id)).transpose()?.flatten();
    Ok(RequestCard {
        centre: named_organisation(catalogue, &request.organisation, today),
        asked: named_organisation(catalogue, &request.asked, today),
        who: asker.map(|account| account.name).unwrap_or_default(),
        wanted,
        named,
        class: class.map(|class| (Named { id: class.id, name: class.teaching.title.clone() }, class.is_public())),
        area: request.area.as_ref().and_then(|id| catalogue.area(id)).map(|area| area.full_name.clone()),
        wishes,
        history,
        may_answer: may_answer(catalogue, actor, &request),
        may_ask: may_schedule(catalogue, actor, &request.organisation),
        request,
    })
}

fn who(tx: &dyn ReadTx, answer: &Answer) -> Result<String, ActionError> {
    let account = answer.by.map(|id| store::accounts::get(tx, id)).transpose()?.flatten();
    Ok(account.map(|account| account.name).unwrap_or_default())
}

/// The acts that the actor of a card may do now.
pub fn acts(card: &RequestCard) -> Vec<RequestAct> {
    let possible = |act: &RequestAct| match act {
        RequestAct::Name => card.may_answer && (card.request.is_open() || card.request.is_granted()),
        RequestAct::Decline => card.may_answer && card.request.after(*act, None).is_some(),
        RequestAct::Withdraw | RequestAct::Renew => card.may_ask && card.request.after(*act, None).is_some(),
        RequestAct::Lapse => false,
    };
    RequestAct::ALL.iter().copied().filter(possible).collect()
}
