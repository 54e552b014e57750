//! What happens to areas: they begin, change their names, merge.

use super::{Changes, Ground, MAX_SHORT_NAME_CHARS, Refusal, Replaced, is_same_name, name, optional};
use crate::domain::area::{Area, AreaEvent, AreaLevel, AreaName};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::AreaId;

/// The most areas that merge into one in one change.
pub const MAX_AREAS: usize = 20;

/// The words that say what sort of area a full name is of.
const SORTS: [&str; 12] = [
    "đặc khu",
    "khu phố",
    "thành phố",
    "thị trấn",
    "thị xã",
    "tổ dân phố",
    "huyện",
    "phường",
    "thôn",
    "tỉnh",
    "bản",
    "xã",
];

/// A name in full (`Xã Gio Linh`) and bare (`Gio Linh`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAreaName {
    pub full_name: String,
    pub name: String,
}

impl NewAreaName {
    /// Reads a full name; the bare one is what follows the words that say what sort of area it is.
    ///
    /// # Errors
    /// `name-invalid`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let full_name = name(text)?;
        let lower = full_name.to_lowercase();
        let sort = SORTS.iter().find(|sort| lower.strip_prefix(**sort).is_some_and(|rest| rest.starts_with(' ')));
        let words = sort.map_or(0, |sort| sort.split(' ').count());
        let bare = full_name.split(' ').skip(words).collect::<Vec<_>>().join(" ");
        Ok(Self { name: if bare.is_empty() { full_name.clone() } else { bare }, full_name })
    }
}

/// What an area is beside its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaDetails {
    pub level: AreaLevel,
    /// The official code; empty where there is none.
    pub code: String,
    pub parent: Option<AreaId>,
}

impl AreaDetails {
    /// Reads a code beside a level and a parent.
    ///
    /// # Errors
    /// `code-invalid`.
    pub fn parse(level: AreaLevel, code: &str, parent: Option<AreaId>) -> Result<Self, Refusal> {
        let code = optional(code, MAX_SHORT_NAME_CHARS, ("code", "code-invalid"))?.unwrap_or_default();
        Ok(Self { level, code, parent })
    }
}

/// The area that others become part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AreaHeir {
    Known(AreaId),
    /// Begins with the change, under an id that nothing bears yet.
    New(AreaId, NewAreaName),
}

/// Plans an area that begins.
///
/// # Errors
/// When its name is taken beside it or its details cannot be.
pub fn begin(
    catalogue: &Catalogue,
    (id, new): (AreaId, &NewAreaName),
    details: &AreaDetails,
    ground: &Ground,
) -> Result<Changes, Refusal> {
    is_free(catalogue, new, details.parent.as_ref(), None)?;
    is_possible(catalogue, &id, details)?;
    let code_system = code_system(catalogue, details.parent.as_ref());
    let after = Area {
        id,
        code: details.code.clone(),
        code_system,
        level: details.level,
        name: new.name.clone(),
        full_name: new.full_name.clone(),
        former_names: Vec::new(),
        parent: details.parent.clone(),
        valid_from: Some(ground.date),
        valid_to: None,
        legal_basis: Some(ground.legal_basis.clone()),
        latitude: None,
        longitude: None,
    };
    Ok(Changes { areas: vec![Replaced { before: None, after }], ..Changes::default() })
}

/// Plans another code or parent of an area.
///
/// # Errors
/// When they cannot be, as an area that lies in itself.
pub fn correct(catalogue: &Catalogue, id: &AreaId, details: &AreaDetails) -> Result<Changes, Refusal> {
    let before = known(catalogue, id)?;
    is_possible(catalogue, id, details)?;
    let after =
        Area { code: details.code.clone(), level: details.level, parent: details.parent.clone(), ..before.clone() };
    let areas = if after == *before { Vec::new() } else { vec![Replaced { before: Some(before.clone()), after }] };
    Ok(Changes { areas, ..Changes::default() })
}

/// Plans a new name; the area stays the same, and materials about it find it.
///
/// # Errors
/// When the area has ended, the day is too early or the name is taken.
pub fn rename(catalogue: &Catalogue, id: &AreaId, new: &NewAreaName, ground: &Ground) -> Result<Changes, Refusal> {
    let before = in_being(catalogue, id)?;
    if before.full_name == new.full_name {
        return Err(Refusal::new("name", "name-unchanged", "Tên mới giống tên đang dùng."));
    }
    is_free(catalogue, new, before.parent.as_ref(), Some(id))?;
    let since = before.former_names.last().and_then(|former| former.to).max(before.valid_from);
    ground.after(since, &before.full_name)?;
    let mut after = before.clone();
    after.former_names.push(AreaName {
        name: before.name.clone(),
        full_name: before.full_name.clone(),
        from: before
            .former_names
            .last()
            .and_then(|former| former.to)
            .and_then(|day| day.succ_opt())
            .or(before.valid_from),
        to: Some(ground.day_before()),
        legal_basis: before.legal_basis.clone(),
    });
    (after.name, after.full_name) = (new.name.clone(), new.full_name.clone());
    after.legal_basis = Some(ground.legal_basis.clone());
    Ok(Changes {
        areas: vec![Replaced { before: Some(before.clone()), after }],
        area_events: vec![event("rename", vec![id.clone()], id, ground)],
        ..Changes::default()
    })
}

/// Plans a merger: the areas end, one of their level covers them from then on, and what lay in them lies in it.
///
/// # Errors
/// When an area is unknown or has ended, levels differ, the day is too early, or too few or too many merge.
pub fn merge(catalogue: &Catalogue, from: &[AreaId], into: &AreaHeir, ground: &Ground) -> Result<Changes, Refusal> {
    let (AreaHeir::Known(heir) | AreaHeir::New(heir, _)) = into;
    let mut ending: Vec<&AreaId> = from.iter().filter(|id| *id != heir).collect();
    ending.sort();
    ending.dedup();
    let least = if matches!(into, AreaHeir::New(..)) { 2 } else { 1 };
    if ending.len() < least {
        let reason = "Hãy chọn các đơn vị được sáp nhập; một đơn vị đổi tên thì dùng “Đổi tên”.";
        return Err(Refusal::new("area", "areas-too-few", reason));
    }
    if ending.len() > MAX_AREAS {
        let reason = format!("Một lần nhập có nhiều nhất {MAX_AREAS} đơn vị; hãy chia làm nhiều lần.");
        return Err(Refusal::new("area", "areas-too-many", reason));
    }
    let mut changes = Changes::default();
    let first = in_being(catalogue, from.iter().find(|id| *id != heir).unwrap_or(heir))?;
    for id in &ending {
        let before = in_being(catalogue, id)?;
        is_level(before, first.level)?;
        ground.after(before.valid_from, &before.full_name)?;
        let after = Area { valid_to: Some(ground.day_before()), ..before.clone() };
        changes.areas.push(Replaced { before: Some(before.clone()), after });
    }
    match into {
        AreaHeir::Known(id) => is_level(in_being(catalogue, id)?, first.level)?,
        AreaHeir::New(id, name) => {
            let others: Vec<Area> = catalogue.areas().filter(|area| !ending.contains(&&area.id)).cloned().collect();
            let rest = Catalogue::default().with_areas(others, Vec::new());
            let details = AreaDetails { level: first.level, code: String::new(), parent: first.parent.clone() };
            changes.areas.extend(begin(&rest, (id.clone(), name), &details, ground)?.areas);
        }
    }
    for part in catalogue.areas().filter(|area| area.valid_to.is_none() && !ending.contains(&&area.id)) {
        if part.parent.as_ref().is_some_and(|parent| ending.contains(&parent)) && part.id != *heir {
            let after = Area { parent: Some(heir.clone()), ..part.clone() };
            changes.areas.push(Replaced { before: Some(part.clone()), after });
        }
    }
    changes.area_events = vec![event("merge", ending.into_iter().cloned().collect(), heir, ground)];
    Ok(changes)
}

fn event(kind: &str, from: Vec<AreaId>, to: &AreaId, ground: &Ground) -> AreaEvent {
    AreaEvent {
        date: ground.date,
        kind: kind.to_owned(),
        from,
        to: vec![to.clone()],
        legal_basis: ground.legal_basis.clone(),
    }
}

fn known<'a>(catalogue: &'a Catalogue, id: &AreaId) -> Result<&'a Area, Refusal> {
    catalogue.area(id).ok_or_else(|| Refusal::new("area", "area-unknown", "Hãy chọn địa bàn trong danh sách."))
}

fn in_being<'a>(catalogue: &'a Catalogue, id: &AreaId) -> Result<&'a Area, Refusal> {
    let found = known(catalogue, id)?;
    if found.valid_to.is_none() {
        return Ok(found);
    }
    let reason = format!("“{}” không còn nữa; hãy chọn đơn vị ngày nay.", found.full_name);
    Err(Refusal::new("area", "area-ended", reason))
}

fn is_level(area: &Area, level: AreaLevel) -> Result<(), Refusal> {
    if area.level == level {
        return Ok(());
    }
    let reason = format!("“{}” khác cấp với các đơn vị kia.", area.full_name);
    Err(Refusal::new("area", "area-level-differs", reason))
}

fn is_possible(catalogue: &Catalogue, id: &AreaId, details: &AreaDetails) -> Result<(), Refusal> {
    let Some(parent) = &details.parent else { return Ok(()) };
    if known(catalogue, parent)?.level >= details.level || parent == id {
        let reason = "Đơn vị cấp trên phải ở cấp cao hơn: thôn thuộc xã, xã thuộc tỉnh.";
        return Err(Refusal::new("parent", "area-parent-invalid", reason));
    }
    Ok(())
}

/// Refuses a name that another area in being bears in the same place.
fn is_free(
    catalogue: &Catalogue,
    name: &NewAreaName,
    parent: Option<&AreaId>,
    own: Option<&AreaId>,
) -> Result<(), Refusal> {
    let beside = |area: &&Area| area.valid_to.is_none() && area.parent.as_ref() == parent && Some(&area.id) != own;
    if catalogue.areas().filter(beside).any(|area| is_same_name(&area.full_name, &name.full_name)) {
        let reason = format!("Nơi đó đã có “{}”.", name.full_name);
        return Err(Refusal::new("name", "name-taken", reason));
    }
    Ok(())
}

/// The code system of today: that of the area above.
fn code_system(catalogue: &Catalogue, parent: Option<&AreaId>) -> String {
    let above = parent.and_then(|id| catalogue.area(id));
    let any = || catalogue.areas().find(|area| area.valid_to.is_none());
    above.or_else(any).map(|area| area.code_system.clone()).unwrap_or_default()
}
