//! What waits for whom, and the list of all that an organisation has, in any state.

use super::name_of_version;
use crate::actions::import::OWN_ORGANISATION;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AccountId, MaterialId, OrganisationId};
use crate::domain::material::{Material, State, Version};
use crate::domain::permission::{Object, Verb, may};
use crate::domain::review::Act;
use crate::domain::validity::{Validity, stale_since, validity};
use crate::search::fold;
use crate::store::{self, ReadTx};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::cmp::Reverse;

/// How many materials a part of the list has.
pub const PAGE: usize = 50;
/// How many of each kind the first page of staff shows.
pub const WAITING: usize = 8;
/// So long an author is told that a material was withdrawn.
const TOLD: TimeDelta = TimeDelta::days(30);
/// More materials than this are not looked through for one list.
const MOST: usize = 20_000;

/// A material in a list of staff.
#[derive(Debug, Clone)]
pub struct Line {
    pub id: MaterialId,
    /// Of the latest version; its file's name while nobody has written one.
    pub title: String,
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub state: State,
    /// Where a newer version beside the public one stands.
    pub newer: Option<State>,
    pub publish_on: Option<NaiveDate>,
    pub changed_at: DateTime<Utc>,
    pub made_by: Option<AccountId>,
    /// Who has commented on it last, where nothing was done since.
    pub commented_by: Option<AccountId>,
    /// There are comments on what is public that nobody has taken note of.
    pub unnoted: bool,
    /// A reviewer sent it back, and nothing was done since.
    pub returned: bool,
    /// What it says may no longer hold: since when.
    pub stale: Option<Stale>,
}

/// Why a public material is to be looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Its validity ended with this day.
    Expired(NaiveDate),
    /// It was to be looked at again by this day.
    ReviewBy(NaiveDate),
}

/// Some of a kind, and how many there are.
#[derive(Debug, Clone, Default)]
pub struct Pile {
    pub total: usize,
    pub lines: Vec<Line>,
}

/// What waits for an actor.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// The actor's drafts that were sent back.
    pub returned: Pile,
    /// The actor's materials that someone else took from the public of late.
    pub withdrawn: Pile,
    /// Someone else has said something about it last.
    pub commented: Pile,
    /// Someone has said something about it since it was published, and nobody has taken note.
    pub unnoted: Pile,
    /// The actor's other drafts, and those that nobody has begun by hand.
    pub drafts: Pile,
    /// Drafts of others at the actor's organisations.
    pub others: Pile,
    /// Waits for a decision that the actor may take.
    pub to_review: Pile,
    /// Sent by the actor's organisations and not decided yet.
    pub sent: Pile,
    pub scheduled: Pile,
    /// Public, and no longer valid or to be looked at again.
    pub stale: Pile,
    /// Whether the actor writes or decides anywhere.
    pub works: bool,
}

/// The organisations at which an actor may do something.
fn places(context: &Context, actor: &Actor, verb: Verb) -> Vec<OrganisationId> {
    let catalogue = context.catalogue();
    let own = OrganisationId::parse(OWN_ORGANISATION).ok();
    let own = own.filter(|own| catalogue.organisation(own).is_none());
    let known = catalogue.organisations().map(|organisation| organisation.id.clone());
    known.chain(own).filter(|id| may(actor, verb, &Object::of(&catalogue, id))).collect()
}

/// The organisations whose materials an actor may look through, by name.
pub fn organisations(context: &Context, actor: &Actor) -> Vec<(OrganisationId, String)> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let places = places(context, actor, Verb::ReadUnpublished).into_iter();
    let mut named: Vec<_> = places.map(|id| (id.clone(), name(&catalogue, &id, today))).collect();
    named.sort_by_cached_key(|(_, name)| fold(name));
    named
}

fn name(catalogue: &Catalogue, id: &OrganisationId, day: NaiveDate) -> String {
    let found = catalogue.organisation(id).map(|organisation| organisation.name_on(day).to_owned());
    found.unwrap_or_else(|| if id.as_str() == OWN_ORGANISATION { "Thư viện" } else { id.as_str() }.to_owned())
}

/// What a list is made with.
struct Desk<'a> {
    tx: &'a dyn ReadTx,
    catalogue: &'a Catalogue,
    today: NaiveDate,
}

impl Desk<'_> {
    fn version(&self, material: &Material) -> Result<Option<Version>, ActionError> {
        Ok(store::versions::get(self.tx, material.id, material.latest_version)?)
    }

    fn line(&self, material: &Material) -> Result<Line, ActionError> {
        let version = self.version(material)?;
        let stale = self.stale(material)?;
        let said = if material.is_at_work() { store::remarks::last(self.tx, material.id)? } else { None };
        let is_draft = material.working_state() == State::Draft;
        let last = if is_draft { store::remarks::last_act(self.tx, material.id)? } else { None };
        Ok(Line {
            id: material.id,
            title: version.as_ref().map(|v| name_of_version(self.tx, v)).transpose()?.unwrap_or_default(),
            organisation: material.organisation.clone(),
            organisation_name: name(self.catalogue, &material.organisation, self.today),
            state: material.state,
            newer: material.has_newer().then(|| material.working_state()),
            publish_on: material.publish_on,
            changed_at: material.last_work(),
            made_by: version.and_then(|version| version.made_by),
            commented_by: said.filter(|said| said.act.is_none()).and_then(|said| said.by),
            unnoted: store::remarks::is_unnoted(self.tx, &material.organisation, material.id)?,
            returned: last == Some(Act::Return),
            stale,
        })
    }

    fn stale(&self, material: &Material) -> Result<Option<Stale>, ActionError> {
        let Some(number) = material.public_version() else { return Ok(None) };
        let Some(public) = store::versions::get(self.tx, material.id, number)? else { return Ok(None) };
        let expired = match validity(&public.description, self.today) {
            Validity::Expired(day) => Some(Stale::Expired(day)),
            Validity::InForce | Validity::NotYet(_) => None,
        };
        Ok(expired.or_else(|| stale_since(&public.description, self.today).map(Stale::ReviewBy)))
    }

    /// The materials of some organisations in a state, the latest change first.
    fn lines(&self, places: &[OrganisationId], state: State) -> Result<Vec<Line>, ActionError> {
        let mut lines = Vec::new();
        for place in places {
            for material in store::materials::in_state(self.tx, place, state)? {
                lines.push(self.line(&material)?);
            }
        }
        lines.sort_by_key(|line| Reverse(line.changed_at));
        Ok(lines)
    }

    /// What someone else has commented on last: the actor's own work, and what the actor decides about.
    fn commented(
        &self,
        places: &[OrganisationId],
        decided: &[OrganisationId],
        own: Option<AccountId>,
    ) -> Result<Vec<Line>, ActionError> {
        let mut lines = Vec::new();
        for state in [State::Draft, State::InReview, State::Scheduled] {
            lines.extend(self.lines(places, state)?);
        }
        lines.retain(|line| {
            let is_concerned = line.made_by.is_none() || line.made_by == own || decided.contains(&line.organisation);
            is_concerned && line.commented_by.is_some_and(|by| Some(by) != own)
        });
        Ok(lines)
    }

    /// The published materials of some organisations with comments of others that nobody has taken note of.
    fn unnoted(&self, places: &[OrganisationId], own: Option<AccountId>) -> Result<Vec<Line>, ActionError> {
        let mut lines = Vec::new();
        for place in places {
            for id in store::remarks::unnoted(self.tx, place)? {
                let said = store::remarks::list(self.tx, id)?;
                if !said.iter().any(|said| said.waits_for_notice() && said.by != own) {
                    continue;
                }
                lines.extend(store::materials::get(self.tx, id)?.map(|material| self.line(&material)).transpose()?);
            }
        }
        lines.sort_by_key(|line| Reverse(line.changed_at));
        Ok(lines)
    }

    /// What an author wrote, or nobody by hand, and someone else has withdrawn since a moment.
    fn withdrawn(
        &self,
        places: &[OrganisationId],
        own: Option<AccountId>,
        since: DateTime<Utc>,
    ) -> Result<Vec<Line>, ActionError> {
        let mut lines = self.lines(places, State::Withdrawn)?;
        lines.retain(|line| line.newer.is_none() && line.changed_at >= since);
        lines.retain(|line| line.made_by.is_none() || line.made_by == own);
        let mut told = Vec::new();
        for line in lines {
            let said = store::remarks::list(self.tx, line.id)?;
            let last = said.iter().rev().find(|said| said.act.is_some());
            if last.is_some_and(|last| last.act == Some(Act::Withdraw) && last.by != own) {
                told.push(line);
            }
        }
        Ok(told)
    }

    /// The public materials of some organisations that are to be looked at again.
    fn turned(&self, places: &[OrganisationId]) -> Result<Vec<Line>, ActionError> {
        let mut ids = store::turns::between(self.tx, None, self.today)?;
        ids.sort_unstable();
        ids.dedup();
        let mut lines = Vec::new();
        for id in ids {
            let Some(material) = store::materials::get(self.tx, id)? else { continue };
            if places.contains(&material.organisation) && self.stale(&material)?.is_some() {
                lines.push(self.line(&material)?);
            }
        }
        Ok(lines)
    }
}

fn pile(mut lines: Vec<Line>) -> Pile {
    let total = lines.len();
    lines.truncate(WAITING);
    Pile { total, lines }
}

/// Says what waits for an actor.
///
/// # Errors
/// When the store fails.
pub async fn waiting(context: &Context, actor: &Actor) -> Result<Waiting, ActionError> {
    let (catalogue, today, own) = (context.catalogue(), context.today(), actor.account());
    let since = context.now() - TOLD;
    let [written, decided] = [Verb::Write, Verb::Review].map(|verb| places(context, actor, verb));
    let read = move |tx: &dyn ReadTx| {
        let desk = Desk { tx, catalogue: &catalogue, today };
        let drafts = desk.lines(&written, State::Draft)?.into_iter();
        // What was sent back is its author's to mend, not theirs who sent it back.
        let is_theirs = |line: &Line| line.made_by == own || !decided.contains(&line.organisation);
        let (returned, drafts): (Vec<_>, Vec<_>) = drafts
            .partition(|line| line.returned && (line.made_by.is_none() || line.made_by == own) && is_theirs(line));
        let (drafts, others): (Vec<_>, Vec<_>) =
            drafts.into_iter().partition(|line| line.made_by.is_none() || line.made_by == own);
        let elsewhere: Vec<_> = written.iter().filter(|place| !decided.contains(place)).cloned().collect();
        let mut both = written.clone();
        both.extend(decided.iter().filter(|place| !written.contains(place)).cloned());
        Ok::<_, ActionError>(Waiting {
            returned: pile(returned),
            withdrawn: pile(desk.withdrawn(&written, own, since)?),
            commented: pile(desk.commented(&both, &decided, own)?),
            unnoted: pile(desk.unnoted(&both, own)?),
            drafts: pile(drafts),
            others: pile(others),
            to_review: pile(desk.lines(&decided, State::InReview)?),
            sent: pile(desk.lines(&elsewhere, State::InReview)?),
            scheduled: pile(desk.lines(&both, State::Scheduled)?),
            stale: pile(desk.turned(&both)?),
            works: !both.is_empty(),
        })
    };
    context.store.read("material.waiting", read).await
}

/// Which materials are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Part of the title or the document number; marks and case aside.
    pub text: String,
    pub organisation: Option<OrganisationId>,
    pub state: Option<State>,
    /// Only public ones that are to be looked at again.
    pub stale: bool,
    /// Only published ones with comments that nobody has taken note of.
    pub unnoted: bool,
    pub offset: usize,
}

/// A part of the list.
#[derive(Debug, Clone, Default)]
pub struct List {
    pub total: usize,
    pub lines: Vec<Line>,
    /// Where the next part begins, if there is one.
    pub next: Option<usize>,
    /// There are more materials than were looked through.
    pub cut: bool,
}

/// Lists what an actor may see, published or not, the latest change first.
///
/// # Errors
/// `Forbidden` when the actor may see nothing that is unpublished.
pub async fn list(context: &Context, actor: &Actor, wanted: Wanted) -> Result<List, ActionError> {
    let mut places = places(context, actor, Verb::ReadUnpublished);
    if places.is_empty() {
        return Err(ActionError::Forbidden);
    }
    if let Some(organisation) = &wanted.organisation {
        places.retain(|place| place == organisation);
    }
    let (catalogue, today) = (context.catalogue(), context.today());
    let read = move |tx: &dyn ReadTx| {
        let desk = Desk { tx, catalogue: &catalogue, today };
        let (mut found, cut) = matching(&desk, &places, &wanted)?;
        found.sort_by_key(|material| Reverse(material.last_work()));
        let total = found.len();
        let part = found.iter().skip(wanted.offset).take(PAGE);
        let lines = part.map(|material| desk.line(material)).collect::<Result<Vec<_>, _>>()?;
        let end = wanted.offset + lines.len();
        Ok::<_, ActionError>(List { total, lines, next: (end < total).then_some(end), cut })
    };
    context.store.read("material.staff-list", read).await
}

fn matching(desk: &Desk<'_>, places: &[OrganisationId], wanted: &Wanted) -> Result<(Vec<Material>, bool), ActionError> {
    let states = wanted.state.map_or_else(|| State::ALL.to_vec(), |state| vec![state]);
    let text = fold(wanted.text.trim());
    let (mut found, mut looked) = (Vec::new(), 0);
    for place in places {
        for state in &states {
            for material in store::materials::in_state(desk.tx, place, *state)? {
                looked += 1;
                if looked > MOST {
                    return Ok((found, true));
                }
                // One with a newer version stands under two states.
                let is_first = wanted.state.is_some() || material.state == *state;
                if is_first && fits(desk, &material, wanted, &text)? {
                    found.push(material);
                }
            }
        }
    }
    Ok((found, false))
}

fn fits(desk: &Desk<'_>, material: &Material, wanted: &Wanted, text: &str) -> Result<bool, ActionError> {
    if wanted.stale && desk.stale(material)?.is_none() {
        return Ok(false);
    }
    if wanted.unnoted && !store::remarks::is_unnoted(desk.tx, &material.organisation, material.id)? {
        return Ok(false);
    }
    if text.is_empty() {
        return Ok(true);
    }
    let Some(version) = desk.version(material)? else { return Ok(false) };
    let told = &version.description;
    let number = told.document_number.as_deref().unwrap_or_default();
    let name = name_of_version(desk.tx, &version)?;
    Ok([name.as_str(), number].iter().any(|line| fold(line).contains(text)))
}
