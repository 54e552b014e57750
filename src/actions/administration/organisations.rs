//! Organisations as their administrator sees and changes them.

use super::{Agreement, Plan, allowed, amend, fresh_id, preview};
use crate::actions::error::Noun;
use crate::actions::organisations::{OrganisationLine, OrganisationView, list as browse, organisation as show_public};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::amendment::organisations::{Details, Heir, NewName, Succession, begin, correct, succeed};
use crate::domain::amendment::{Changes, Ground};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, OrganisationId};
use crate::domain::organisation::{OrganisationEventKind, OrganisationKind};
use crate::store;
use std::collections::BTreeSet;

/// The longest address of a website, in characters.
const MAX_WEBSITE_CHARS: usize = 200;

/// What is typed about an organisation beside its names.
#[derive(Debug, Clone, Default)]
pub struct TypedDetails {
    pub kind: String,
    pub parent: String,
    pub area: String,
    pub website: String,
    pub publishes_unreviewed: bool,
}

/// An organisation that is to begin, as typed.
#[derive(Debug, Clone, Default)]
pub struct NewOrganisation {
    pub name: String,
    pub short_name: String,
    pub details: TypedDetails,
    pub date: String,
    pub legal_basis: String,
}

/// A body that takes part in a change: one of the list, or a name for a new one.
#[derive(Debug, Clone, Default)]
pub struct TypedHeir {
    pub id: String,
    pub name: String,
    pub short_name: String,
}

impl TypedHeir {
    fn is_empty(&self) -> bool {
        self.id.is_empty() && self.name.trim().is_empty()
    }
}

/// A change of an organisation, as typed.
#[derive(Debug, Clone)]
pub struct TypedChange {
    pub kind: OrganisationEventKind,
    /// The organisation on whose page it is entered.
    pub of: OrganisationId,
    /// The others that end with it.
    pub others: Vec<String>,
    pub heirs: Vec<TypedHeir>,
    /// The functions that move, one a line.
    pub functions: String,
    pub date: String,
    pub legal_basis: String,
}

/// The name of each sort of change in the log.
const fn act(kind: OrganisationEventKind) -> &'static str {
    match kind {
        OrganisationEventKind::Rename => "organisation.rename",
        OrganisationEventKind::Merge => "organisation.merge",
        OrganisationEventKind::Split => "organisation.split",
        OrganisationEventKind::TransferFunction => "organisation.transfer",
        OrganisationEventKind::Abolish => "organisation.abolish",
    }
}

/// Lists organisations by present and former names, those in being first.
///
/// # Errors
/// `Forbidden` to all but administrators.
pub async fn list(context: &Context, actor: &Actor, text: &str) -> Result<Vec<OrganisationLine>, ActionError> {
    allowed(actor)?;
    browse(context, text).await
}

/// An organisation with who works for it.
#[derive(Debug, Clone)]
pub struct ManagedOrganisation {
    pub view: OrganisationView,
    /// Accounts that hold a role there.
    pub n_accounts: usize,
}

/// Shows an organisation to its administrator.
///
/// # Errors
/// `Forbidden` to all but administrators; `NotFound` when there is none.
pub async fn show(context: &Context, actor: &Actor, id: &OrganisationId) -> Result<ManagedOrganisation, ActionError> {
    allowed(actor)?;
    let view = show_public(context, id).await?;
    if view.line.organisation.kind == OrganisationKind::System {
        return Err(ActionError::NotFound { noun: Noun::Organisation, id: id.to_string() });
    }
    let accounts = context.store.read("account.list", |tx| Ok::<_, ActionError>(store::accounts::all(tx)?)).await?;
    let works =
        |account: &&crate::domain::account::Account| account.grants.iter().any(|grant| grant.organisation == *id);
    Ok(ManagedOrganisation { view, n_accounts: accounts.iter().filter(works).count() })
}

/// Enters an organisation that begins; answers its id.
///
/// # Errors
/// `Forbidden` to all but administrators; `Invalid` for what cannot be.
pub async fn add(context: &Context, actor: &Actor, new: NewOrganisation) -> Result<OrganisationId, ActionError> {
    allowed(actor)?;
    let ground = Ground::parse(&new.date, &new.legal_basis, context.today())?;
    let (name, details) = (NewName::parse(&new.name, &new.short_name)?, details(&new.details)?);
    let planner = move |catalogue: &Catalogue| {
        let id = new_id(catalogue, &name.name, &BTreeSet::new())?;
        Ok(begin(catalogue, (id, &name), details.clone(), &ground)?)
    };
    let done = amend(context, (actor, "organisation.add"), Agreement::default(), planner).await?;
    let made = done.and_then(|plan| plan.changes.organisations.into_iter().next().map(|row| row.after.id));
    made.ok_or_else(|| ActionError::invalid("name", "name-invalid", "Không có gì được thêm."))
}

/// Corrects what an organisation is beside its names.
///
/// # Errors
/// As [`add`].
pub async fn update(
    context: &Context,
    actor: &Actor,
    id: &OrganisationId,
    typed: &TypedDetails,
) -> Result<(), ActionError> {
    allowed(actor)?;
    let (details, id) = (details(typed)?, id.clone());
    let planner = move |catalogue: &Catalogue| Ok(correct(catalogue, &id, details.clone())?);
    amend(context, (actor, "organisation.update"), Agreement::default(), planner).await?;
    Ok(())
}

/// Shows what a change would do.
///
/// # Errors
/// As [`add`].
pub async fn preview_change(context: &Context, actor: &Actor, typed: &TypedChange) -> Result<Plan, ActionError> {
    allowed(actor)?;
    preview(context, planner(context, typed)?).await
}

/// Does a change that was shown.
///
/// # Errors
/// As [`add`]; `plan-changed` when something else than what was shown would be done.
pub async fn change(
    context: &Context,
    actor: &Actor,
    typed: &TypedChange,
    agreement: Agreement,
) -> Result<(), ActionError> {
    allowed(actor)?;
    amend(context, (actor, act(typed.kind)), agreement, planner(context, typed)?).await?;
    Ok(())
}

fn planner(
    context: &Context,
    typed: &TypedChange,
) -> Result<impl Fn(&Catalogue) -> Result<Changes, ActionError> + Send + Sync + use<>, ActionError> {
    let ground = Ground::parse(&typed.date, &typed.legal_basis, context.today())?;
    let typed = typed.clone();
    Ok(move |catalogue: &Catalogue| Ok(succeed(catalogue, &succession(catalogue, &typed)?, &ground)?))
}

/// Reads a change as typed.
fn succession(catalogue: &Catalogue, typed: &TypedChange) -> Result<Succession, ActionError> {
    let of = typed.of.clone();
    let heirs = heirs(catalogue, &typed.heirs)?;
    let one = || {
        let reason = "Hãy chọn cơ quan kế tục, hoặc ghi tên cơ quan mới.";
        let first = heirs.first().cloned();
        first.ok_or_else(|| ActionError::invalid("organisation", "organisation-unknown", reason))
    };
    Ok(match typed.kind {
        OrganisationEventKind::Rename => {
            let typed = typed.heirs.first().cloned().unwrap_or_default();
            Succession::Rename { of, name: NewName::parse(&typed.name, &typed.short_name)? }
        }
        OrganisationEventKind::Merge => {
            let others = typed.others.iter().filter(|id| !id.is_empty()).map(|id| organisation_id(id));
            let from = [Ok(of)].into_iter().chain(others).collect::<Result<_, _>>()?;
            Succession::Merge { from, into: one()? }
        }
        OrganisationEventKind::Split => Succession::Split { from: of, into: heirs },
        OrganisationEventKind::TransferFunction => {
            let functions = typed.functions.lines().filter(|line| !line.trim().is_empty());
            Succession::Transfer { from: of, to: one()?, functions: functions.map(str::to_owned).collect() }
        }
        OrganisationEventKind::Abolish => Succession::Abolish { of },
    })
}

fn heirs(catalogue: &Catalogue, typed: &[TypedHeir]) -> Result<Vec<Heir>, ActionError> {
    let (mut heirs, mut given) = (Vec::new(), BTreeSet::new());
    for typed in typed.iter().filter(|typed| !typed.is_empty()) {
        if !typed.id.is_empty() {
            heirs.push(Heir::Known(organisation_id(&typed.id)?));
            continue;
        }
        let name = NewName::parse(&typed.name, &typed.short_name)?;
        let id = new_id(catalogue, &name.name, &given)?;
        given.insert(id.clone());
        heirs.push(Heir::New(id, name));
    }
    Ok(heirs)
}

fn new_id(catalogue: &Catalogue, name: &str, given: &BTreeSet<OrganisationId>) -> Result<OrganisationId, ActionError> {
    let taken = |id: &str| {
        OrganisationId::parse(id).is_ok_and(|id| catalogue.organisation(&id).is_some() || given.contains(&id))
    };
    organisation_id(&fresh_id("", name, taken))
}

fn organisation_id(text: &str) -> Result<OrganisationId, ActionError> {
    OrganisationId::parse(text).map_err(|_error| {
        ActionError::invalid("organisation", "organisation-unknown", "Hãy chọn cơ quan trong danh sách.")
    })
}

fn details(typed: &TypedDetails) -> Result<Details, ActionError> {
    let kind = OrganisationKind::from_code(&typed.kind);
    let parent = (!typed.parent.is_empty()).then(|| organisation_id(&typed.parent)).transpose()?;
    let area = (!typed.area.is_empty()).then(|| AreaId::parse(&typed.area)).transpose();
    Ok(Details {
        kind: kind.ok_or_else(|| ActionError::invalid("kind", "kind-unknown", "Hãy chọn loại cơ quan."))?,
        parent,
        area: area
            .map_err(|_error| ActionError::invalid("area", "area-unknown", "Hãy chọn địa bàn trong danh sách."))?,
        website: website(&typed.website)?,
        publishes_unreviewed: typed.publishes_unreviewed,
    })
}

fn website(text: &str) -> Result<Option<String>, ActionError> {
    let text = text.trim();
    let plain =
        text.chars().all(|c| !c.is_control() && !c.is_whitespace()) && text.chars().count() <= MAX_WEBSITE_CHARS;
    match (text.is_empty(), plain && (text.starts_with("https://") || text.starts_with("http://"))) {
        (true, _) => Ok(None),
        (false, true) => Ok(Some(text.to_owned())),
        (false, false) => Err(ActionError::invalid(
            "website",
            "website-invalid",
            "Địa chỉ trang web bắt đầu bằng https:// hoặc http://, không có khoảng trắng.",
        )),
    }
}

/// The organisations in being by name, for lists to choose from.
pub fn choices(context: &Context) -> Vec<(OrganisationId, String)> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let in_being =
        catalogue.organisations().filter(|one| one.ended_on.is_none() && one.kind != OrganisationKind::System);
    let mut all: Vec<_> = in_being.map(|one| (one.id.clone(), one.name_on(today).to_owned())).collect();
    all.sort_by_cached_key(|(_, name)| crate::search::fold(name));
    all
}
