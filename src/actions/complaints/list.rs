//! Which complaints wait for whom.
//!
//! A complaint waits for the reviewers of its organisation. It goes up to the body above and to the administrator once
//! its day has passed, or at once where nobody at the organisation could answer it.

use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::complaint::Complaint;
use crate::domain::id::OrganisationId;
use crate::domain::permission::{Object, Role, Verb, may};
use crate::store;
use chrono::NaiveDate;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// How many complaints a part of the list has.
pub const PAGE: usize = 50;

/// Which complaints are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Filter {
    /// Those that wait for the actor: of their own organisations, and what has gone up to them.
    #[default]
    Mine,
    /// All that are not answered, at bodies below, too.
    Open,
    Answered,
}

/// A part of the list.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub filter: Filter,
    pub organisation: Option<OrganisationId>,
    pub offset: usize,
}

/// A complaint in the list.
#[derive(Debug, Clone)]
pub struct Item {
    pub complaint: Complaint,
    pub title: String,
    pub organisation: String,
    pub overdue: bool,
    /// Why it waits for the actor though it is another's.
    pub raised: Option<Raised>,
}

/// Why a complaint has gone up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    /// Its organisation has let the day pass.
    Overdue,
    /// Nobody at its organisation could answer it.
    Unattended,
}

/// A part of the list, and how many there are.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub total: usize,
    pub items: Vec<Item>,
    pub next: Option<usize>,
}

/// Whether the actor answers complaints of any organisation.
pub fn may_answer_any(context: &Context, actor: &Actor) -> bool {
    let held = match actor {
        Actor::Account(holder) => holder.grants.as_slice(),
        _ => &[],
    };
    let catalogue = context.catalogue();
    held.iter().any(|grant| may(actor, Verb::AnswerReports, &Object::of(&catalogue, &grant.organisation)))
}

/// Lists the complaints that the actor may answer: what is due first comes first, answered ones the latest first.
///
/// # Errors
/// `Forbidden` when the actor answers none.
pub async fn list(context: &Context, actor: &Actor, wanted: Wanted) -> Result<Found, ActionError> {
    if !may_answer_any(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let (catalogue, today, by) = (context.catalogue(), context.today(), actor.clone());
    let read = move |tx: &dyn store::ReadTx| {
        let attended = attended(&store::accounts::all(tx)?, &catalogue);
        let own = own(&by);
        let place = Place { own: &own, attended: &attended, catalogue: &catalogue, today };
        let mut found = Vec::new();
        for complaint in store::complaints::all(tx)? {
            let object = Object::of(&catalogue, &complaint.organisation);
            let asked = wanted.organisation.as_ref().is_none_or(|id| *id == complaint.organisation);
            if asked && may(&by, Verb::AnswerReports, &object) && place.shows(&complaint, wanted.filter) {
                found.push(complaint);
            }
        }
        if wanted.filter == Filter::Answered {
            found.sort_by_key(|one| Reverse(one.answer.as_ref().map(|answer| answer.at)));
        } else {
            found.sort_by_key(|one| (one.due_on, one.sent_at));
        }
        let total = found.len();
        let part = found.into_iter().skip(wanted.offset).take(PAGE);
        let items = part.map(|one| item(tx, one, &place)).collect::<Result<Vec<_>, ActionError>>()?;
        let end = wanted.offset + items.len();
        Ok::<_, ActionError>(Found { total, next: (end < total).then_some(end), items })
    };
    context.store.read("complaint.list", read).await
}

/// How many complaints wait for the actor, and the first day by which one is to be answered.
///
/// # Errors
/// When the store fails.
pub async fn waiting(context: &Context, actor: &Actor) -> Result<Option<(usize, NaiveDate)>, ActionError> {
    if !may_answer_any(context, actor) {
        return Ok(None);
    }
    let found = list(context, actor, Wanted::default()).await?;
    Ok(found.items.first().map(|first| (found.total, first.complaint.due_on)))
}

/// Where the actor stands.
struct Place<'a> {
    own: &'a BTreeSet<OrganisationId>,
    attended: &'a BTreeSet<OrganisationId>,
    catalogue: &'a Catalogue,
    today: NaiveDate,
}

impl Place<'_> {
    fn is_own(&self, complaint: &Complaint) -> bool {
        self.catalogue.organisation_heirs(&complaint.organisation).iter().any(|id| self.own.contains(id))
    }

    fn raised(&self, complaint: &Complaint) -> Option<Raised> {
        let is_attended = self.attended.contains(&complaint.organisation);
        match complaint.is_open() && !self.is_own(complaint) {
            true if !is_attended => Some(Raised::Unattended),
            true if complaint.is_overdue(self.today) => Some(Raised::Overdue),
            _ => None,
        }
    }

    fn shows(&self, complaint: &Complaint, filter: Filter) -> bool {
        match filter {
            Filter::Mine => complaint.is_open() && (self.is_own(complaint) || self.raised(complaint).is_some()),
            Filter::Open => complaint.is_open(),
            Filter::Answered => !complaint.is_open(),
        }
    }
}

/// Where the actor answers for the organisation itself, not for one below.
fn own(actor: &Actor) -> BTreeSet<OrganisationId> {
    let Actor::Account(holder) = actor else { return BTreeSet::new() };
    let answers = holder.grants.iter().filter(|grant| grant.role >= Role::Reviewer && grant.role != Role::Admin);
    answers.map(|grant| grant.organisation.clone()).collect()
}

/// The organisations of which someone can answer; an ended one by those who carry on its work.
fn attended(accounts: &[crate::domain::account::Account], catalogue: &Catalogue) -> BTreeSet<OrganisationId> {
    let active = accounts.iter().filter(|account| account.is_active()).flat_map(|account| &account.grants);
    let held: BTreeSet<&OrganisationId> = active
        .filter(|grant| grant.role >= Role::Reviewer && grant.role != Role::Admin)
        .map(|grant| &grant.organisation)
        .collect();
    let has_someone = |id: &OrganisationId| catalogue.organisation_heirs(id).iter().any(|heir| held.contains(heir));
    let all = catalogue.organisations().map(|organisation| organisation.id.clone());
    all.filter(has_someone).collect()
}

fn item(tx: &dyn store::ReadTx, complaint: Complaint, place: &Place<'_>) -> Result<Item, ActionError> {
    let version = store::versions::get(tx, complaint.material, complaint.version)?;
    let organisation = place.catalogue.organisation(&complaint.organisation);
    Ok(Item {
        title: version.map(|version| version.description.title).unwrap_or_default(),
        organisation: organisation
            .map_or_else(|| complaint.organisation.to_string(), |one| one.latest_name().to_owned()),
        overdue: complaint.is_overdue(place.today),
        raised: place.raised(&complaint),
        complaint,
    })
}
