//! Areas as their administrator sees and changes them.

use super::{Agreement, Plan, allowed, amend, fresh_id, preview};
use crate::actions::areas::{AreaLine, AreaView, area as show_public, list as browse};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::amendment::areas::{AreaDetails, AreaHeir, NewAreaName, begin, correct, merge, rename};
use crate::domain::amendment::{Changes, Ground};
use crate::domain::area::{Area, AreaLevel};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::AreaId;

/// What is typed about an area beside its names.
#[derive(Debug, Clone, Default)]
pub struct TypedDetails {
    pub level: String,
    pub code: String,
    pub parent: String,
}

/// An area that is to begin, as typed.
#[derive(Debug, Clone, Default)]
pub struct NewArea {
    pub full_name: String,
    pub details: TypedDetails,
    pub date: String,
    pub legal_basis: String,
}

/// What sort of change an area undergoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaChange {
    Rename,
    Merge,
}

/// A change of an area, as typed.
#[derive(Debug, Clone)]
pub struct TypedChange {
    pub kind: AreaChange,
    pub of: AreaId,
    /// The others that end with it.
    pub others: Vec<String>,
    /// The area that covers them afterwards: one of the list …
    pub heir: String,
    /// … or a name for a new one; also the new name of one that is renamed.
    pub full_name: String,
    pub date: String,
    pub legal_basis: String,
}

/// Lists areas: the communes of today, or all whose present or former name contains a text.
///
/// # Errors
/// `Forbidden` to all but administrators.
pub async fn list(context: &Context, actor: &Actor, text: &str) -> Result<Vec<AreaLine>, ActionError> {
    allowed(actor)?;
    browse(context, text).await
}

/// Shows an area to its administrator.
///
/// # Errors
/// `Forbidden` to all but administrators; `NotFound` when there is none.
pub async fn show(context: &Context, actor: &Actor, id: &AreaId) -> Result<AreaView, ActionError> {
    allowed(actor)?;
    show_public(context, id).await
}

/// Enters an area that begins; answers its id.
///
/// # Errors
/// `Forbidden` to all but administrators; `Invalid` for what cannot be.
pub async fn add(context: &Context, actor: &Actor, new: NewArea) -> Result<AreaId, ActionError> {
    allowed(actor)?;
    let ground = Ground::parse(&new.date, &new.legal_basis, context.today())?;
    let (name, details) = (NewAreaName::parse(&new.full_name)?, details(&new.details)?);
    let planner = move |catalogue: &Catalogue| {
        let id = new_id(catalogue, details.level, &name.name)?;
        Ok(begin(catalogue, (id, &name), &details, &ground)?)
    };
    let done = amend(context, (actor, "area.add"), Agreement::default(), planner).await?;
    let made = done.and_then(|plan| plan.changes.areas.into_iter().next().map(|row| row.after.id));
    made.ok_or_else(|| ActionError::invalid("name", "name-invalid", "Không có gì được thêm."))
}

/// Corrects level, code and parent of an area.
///
/// # Errors
/// As [`add`].
pub async fn update(context: &Context, actor: &Actor, id: &AreaId, typed: &TypedDetails) -> Result<(), ActionError> {
    allowed(actor)?;
    let (details, id) = (details(typed)?, id.clone());
    let planner = move |catalogue: &Catalogue| Ok(correct(catalogue, &id, &details)?);
    amend(context, (actor, "area.update"), Agreement::default(), planner).await?;
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

/// Does a change that was shown under a mark.
///
/// # Errors
/// As [`add`]; `plan-changed` when something else than what was shown would be done.
pub async fn change(context: &Context, actor: &Actor, typed: &TypedChange, mark: &str) -> Result<(), ActionError> {
    allowed(actor)?;
    let act = match typed.kind {
        AreaChange::Rename => "area.rename",
        AreaChange::Merge => "area.merge",
    };
    let agreement = Agreement { mark: Some(mark.to_owned()), ..Agreement::default() };
    amend(context, (actor, act), agreement, planner(context, typed)?).await?;
    Ok(())
}

fn planner(
    context: &Context,
    typed: &TypedChange,
) -> Result<impl Fn(&Catalogue) -> Result<Changes, ActionError> + Send + Sync + use<>, ActionError> {
    let ground = Ground::parse(&typed.date, &typed.legal_basis, context.today())?;
    let typed = typed.clone();
    Ok(move |catalogue: &Catalogue| match typed.kind {
        AreaChange::Rename => Ok(rename(catalogue, &typed.of, &NewAreaName::parse(&typed.full_name)?, &ground)?),
        AreaChange::Merge => {
            let others = typed.others.iter().filter(|id| !id.is_empty()).map(|id| area_id(id));
            let from = [Ok(typed.of.clone())].into_iter().chain(others).collect::<Result<Vec<_>, _>>()?;
            let heir = if typed.heir.is_empty() {
                let name = NewAreaName::parse(&typed.full_name)?;
                let level = catalogue.area(&typed.of).map_or(AreaLevel::Commune, |area| area.level);
                AreaHeir::New(new_id(catalogue, level, &name.name)?, name)
            } else {
                AreaHeir::Known(area_id(&typed.heir)?)
            };
            Ok(merge(catalogue, &from, &heir, &ground)?)
        }
    })
}

fn new_id(catalogue: &Catalogue, level: AreaLevel, name: &str) -> Result<AreaId, ActionError> {
    let begin = match level {
        AreaLevel::Province => "tinh.",
        AreaLevel::District => "huyen.",
        AreaLevel::Commune => "qt.",
        AreaLevel::Village => "thon.",
    };
    area_id(&fresh_id(begin, name, |id| AreaId::parse(id).is_ok_and(|id| catalogue.area(&id).is_some())))
}

fn area_id(text: &str) -> Result<AreaId, ActionError> {
    AreaId::parse(text)
        .map_err(|_error| ActionError::invalid("area", "area-unknown", "Hãy chọn địa bàn trong danh sách."))
}

fn details(typed: &TypedDetails) -> Result<AreaDetails, ActionError> {
    let level = AreaLevel::from_code(&typed.level);
    let level = level.ok_or_else(|| ActionError::invalid("level", "area-level-unknown", "Hãy chọn cấp."))?;
    let parent = (!typed.parent.is_empty()).then(|| area_id(&typed.parent)).transpose()?;
    Ok(AreaDetails::parse(level, &typed.code, parent)?)
}

/// The areas in being by name, for lists to choose from; those of one level where one is named.
pub fn choices(context: &Context, level: Option<AreaLevel>) -> Vec<(AreaId, String)> {
    let catalogue = context.catalogue();
    let fits = |area: &&Area| area.valid_to.is_none() && level.is_none_or(|level| area.level == level);
    let mut all: Vec<&Area> = catalogue.areas().filter(fits).collect();
    all.sort_by_cached_key(|area| (area.level, crate::search::fold(&area.name)));
    all.into_iter().map(|area| (area.id.clone(), area.full_name.clone())).collect()
}
