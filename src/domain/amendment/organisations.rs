//! What happens to organisations: they begin, change their names, merge, part, hand functions over, end.

use super::{
    Changes, Ground, MAX_NAME_CHARS, MAX_SHORT_NAME_CHARS, Refusal, Replaced, is_same_name, line, name, optional,
};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, OrganisationId};
use crate::domain::organisation::{
    Organisation, OrganisationEvent, OrganisationEventKind, OrganisationKind, OrganisationName,
};

/// The most bodies that take part in one change on either side.
pub const MAX_BODIES: usize = 12;
/// The most functions that are handed over in one change.
pub const MAX_FUNCTIONS: usize = 20;

/// A name and its short form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewName {
    pub name: String,
    pub short_name: Option<String>,
}

impl NewName {
    /// Reads what was typed.
    ///
    /// # Errors
    /// `name-invalid`, `short-name-invalid`.
    pub fn parse(text: &str, short: &str) -> Result<Self, Refusal> {
        let short_name = optional(short, MAX_SHORT_NAME_CHARS, ("short_name", "short-name-invalid"))?;
        Ok(Self { name: name(text)?, short_name })
    }

    fn from(&self, ground: &Ground) -> OrganisationName {
        OrganisationName {
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            from: Some(ground.date),
            to: None,
            legal_basis: Some(ground.legal_basis.clone()),
        }
    }
}

/// A body that carries something on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heir {
    Known(OrganisationId),
    /// Begins with the change, under an id that nothing bears yet.
    New(OrganisationId, NewName),
}

impl Heir {
    const fn id(&self) -> &OrganisationId {
        match self {
            Self::Known(id) | Self::New(id, _) => id,
        }
    }
}

/// What happens to organisations on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Succession {
    /// The body stays, its name changes.
    Rename { of: OrganisationId, name: NewName },
    /// The bodies end, one carries them on; it may be one of them.
    Merge { from: Vec<OrganisationId>, into: Heir },
    /// The body ends, several carry it on.
    Split { from: OrganisationId, into: Vec<Heir> },
    /// Both stay, some functions move.
    Transfer { from: OrganisationId, to: Heir, functions: Vec<String> },
    /// The body ends, nobody carries it on.
    Abolish { of: OrganisationId },
}

/// What an organisation is beside its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub kind: OrganisationKind,
    pub parent: Option<OrganisationId>,
    pub area: Option<AreaId>,
    pub website: Option<String>,
    pub publishes_unreviewed: bool,
}

impl Details {
    /// The details of an organisation.
    pub fn of(organisation: &Organisation) -> Self {
        Self {
            kind: organisation.kind,
            parent: organisation.parent.clone(),
            area: organisation.area.clone(),
            website: organisation.website.clone(),
            publishes_unreviewed: organisation.publishes_unreviewed,
        }
    }
}

/// Plans an organisation that begins.
///
/// # Errors
/// When its name is taken or its details cannot be.
pub fn begin(
    catalogue: &Catalogue,
    (id, new): (OrganisationId, &NewName),
    details: Details,
    ground: &Ground,
) -> Result<Changes, Refusal> {
    is_free(catalogue, &new.name, None)?;
    are_possible(catalogue, &id, &details)?;
    let after = Organisation {
        id,
        kind: details.kind,
        parent: details.parent,
        names: vec![new.from(ground)],
        created_on: Some(ground.date),
        ended_on: None,
        area: details.area,
        website: details.website,
        publishes_unreviewed: details.publishes_unreviewed,
    };
    Ok(Changes { organisations: vec![Replaced { before: None, after }], ..Changes::default() })
}

/// Plans other details of an organisation.
///
/// # Errors
/// When they cannot be, as a body above itself.
pub fn correct(catalogue: &Catalogue, id: &OrganisationId, details: Details) -> Result<Changes, Refusal> {
    let before = known(catalogue, id)?;
    are_possible(catalogue, id, &details)?;
    let mut after = before.clone();
    (after.kind, after.parent, after.area) = (details.kind, details.parent, details.area);
    (after.website, after.publishes_unreviewed) = (details.website, details.publishes_unreviewed);
    let replaced = Replaced { before: Some(before.clone()), after };
    let organisations = if replaced.after == *before { Vec::new() } else { vec![replaced] };
    Ok(Changes { organisations, ..Changes::default() })
}

/// Plans a succession.
///
/// # Errors
/// When a body is unknown or has ended, the day is too early, or too few or too many bodies take part.
pub fn succeed(catalogue: &Catalogue, succession: &Succession, ground: &Ground) -> Result<Changes, Refusal> {
    let mut plan = Plan { catalogue, ground, changes: Changes::default() };
    match succession {
        Succession::Rename { of, name } => plan.rename(of, name)?,
        Succession::Merge { from, into } => plan.merge(from, into)?,
        Succession::Split { from, into } => plan.split(from, into)?,
        Succession::Transfer { from, to, functions } => plan.transfer(from, to, functions)?,
        Succession::Abolish { of } => {
            plan.end(of)?;
            plan.enter(OrganisationEventKind::Abolish, vec![of.clone()], Vec::new());
        }
    }
    Ok(plan.changes)
}

fn known<'a>(catalogue: &'a Catalogue, id: &OrganisationId) -> Result<&'a Organisation, Refusal> {
    let found = catalogue.organisation(id).filter(|organisation| organisation.kind != OrganisationKind::System);
    found.ok_or_else(|| Refusal::new("organisation", "organisation-unknown", "Hãy chọn cơ quan trong danh sách."))
}

fn in_being<'a>(catalogue: &'a Catalogue, id: &OrganisationId) -> Result<&'a Organisation, Refusal> {
    let found = known(catalogue, id)?;
    if found.ended_on.is_none() {
        return Ok(found);
    }
    let reason = format!("“{}” không còn hoạt động; hãy chọn cơ quan kế tục.", found.latest_name());
    Err(Refusal::new("organisation", "organisation-ended", reason))
}

/// Refuses a name that another body in being bears.
fn is_free(catalogue: &Catalogue, name: &str, own: Option<&OrganisationId>) -> Result<(), Refusal> {
    let others = catalogue.organisations().filter(|other| other.ended_on.is_none() && Some(&other.id) != own);
    match others.into_iter().find(|other| is_same_name(other.latest_name(), name)) {
        None => Ok(()),
        Some(_) => Err(Refusal::new("name", "name-taken", format!("Đã có cơ quan đang hoạt động tên “{name}”."))),
    }
}

fn are_possible(catalogue: &Catalogue, id: &OrganisationId, details: &Details) -> Result<(), Refusal> {
    if details.kind == OrganisationKind::System {
        return Err(Refusal::new("kind", "kind-unknown", "Hãy chọn loại cơ quan."));
    }
    if details.area.as_ref().is_some_and(|area| catalogue.area(area).is_none()) {
        return Err(Refusal::new("area", "area-unknown", "Hãy chọn địa bàn trong danh sách."));
    }
    let Some(parent) = &details.parent else { return Ok(()) };
    in_being(catalogue, parent)?;
    let mut above = Some(parent.clone());
    while let Some(current) = above {
        if current == *id {
            let reason = "Cơ quan cấp trên không thể là chính cơ quan này hoặc đơn vị trực thuộc của nó.";
            return Err(Refusal::new("parent", "parent-circular", reason));
        }
        above = catalogue.organisation(&current).and_then(|organisation| organisation.parent.clone());
    }
    Ok(())
}

struct Plan<'a> {
    catalogue: &'a Catalogue,
    ground: &'a Ground,
    changes: Changes,
}

impl Plan<'_> {
    fn replace(&mut self, before: &Organisation, after: Organisation) {
        self.changes.organisations.push(Replaced { before: Some(before.clone()), after });
    }

    fn enter(&mut self, kind: OrganisationEventKind, from: Vec<OrganisationId>, to: Vec<OrganisationId>) {
        self.changes.organisation_events.push(OrganisationEvent {
            date: self.ground.date,
            kind,
            from,
            to,
            functions: Vec::new(),
            legal_basis: Some(self.ground.legal_basis.clone()),
        });
    }

    /// The body, if the day comes after it began and after it took its present name.
    fn before_the_day(&self, id: &OrganisationId) -> Result<Organisation, Refusal> {
        let found = in_being(self.catalogue, id)?;
        let named = found.names.last().and_then(|name| name.from);
        self.ground.after(found.created_on.max(named), found.latest_name())?;
        Ok(found.clone())
    }

    fn rename(&mut self, id: &OrganisationId, name: &NewName) -> Result<(), Refusal> {
        let before = self.before_the_day(id)?;
        let last = before.names.last();
        if last.is_some_and(|last| last.name == name.name && last.short_name == name.short_name) {
            return Err(Refusal::new("name", "name-unchanged", "Tên mới giống tên đang dùng."));
        }
        is_free(self.catalogue, &name.name, Some(id))?;
        let mut after = before.clone();
        if let Some(last) = after.names.last_mut() {
            last.to = Some(self.ground.day_before());
        }
        after.names.push(name.from(self.ground));
        self.replace(&before, after);
        self.enter(OrganisationEventKind::Rename, vec![id.clone()], vec![id.clone()]);
        Ok(())
    }

    fn end(&mut self, id: &OrganisationId) -> Result<(), Refusal> {
        let before = self.before_the_day(id)?;
        let (mut after, last_day) = (before.clone(), self.ground.day_before());
        after.ended_on = Some(last_day);
        after.publishes_unreviewed = false;
        if let Some(last) = after.names.last_mut() {
            last.to = Some(last_day);
        }
        self.replace(&before, after);
        Ok(())
    }

    /// The heir, who begins in the place of `like` where it is new.
    fn heir(&mut self, heir: &Heir, like: &OrganisationId) -> Result<OrganisationId, Refusal> {
        match heir {
            Heir::Known(id) => {
                in_being(self.catalogue, id)?;
            }
            Heir::New(id, name) => {
                let details = Details {
                    website: None,
                    publishes_unreviewed: false,
                    ..Details::of(in_being(self.catalogue, like)?)
                };
                let ended = self.changes.organisations.iter().filter(|row| row.after.ended_on.is_some());
                let ended: Vec<_> = ended.map(|row| row.after.id.clone()).collect();
                let parent = details.parent.filter(|parent| !ended.contains(parent));
                let begun = self.begin_like(id, name, Details { parent, ..details })?;
                self.changes.organisations.push(begun);
            }
        }
        Ok(heir.id().clone())
    }

    /// A new body may bear the name of one that ends with the change.
    fn begin_like(
        &self,
        id: &OrganisationId,
        name: &NewName,
        details: Details,
    ) -> Result<Replaced<Organisation>, Refusal> {
        let mut others: Vec<_> = self.catalogue.organisations().cloned().collect();
        for row in &self.changes.organisations {
            others.retain(|other| other.id != row.after.id);
            others.push(row.after.clone());
        }
        let after = Catalogue::default().with_organisations(others, Vec::new());
        is_free(&after, &name.name, None)?;
        let organisation = Organisation {
            id: id.clone(),
            kind: details.kind,
            parent: details.parent,
            names: vec![name.from(self.ground)],
            created_on: Some(self.ground.date),
            ended_on: None,
            area: details.area,
            website: details.website,
            publishes_unreviewed: details.publishes_unreviewed,
        };
        Ok(Replaced { before: None, after: organisation })
    }

    fn merge(&mut self, from: &[OrganisationId], into: &Heir) -> Result<(), Refusal> {
        let mut ending: Vec<OrganisationId> = Vec::new();
        for id in from {
            if id != into.id() && !ending.contains(id) {
                ending.push(id.clone());
            }
        }
        let least = if matches!(into, Heir::New(..)) { 2 } else { 1 };
        is_number(ending.len(), least, "Hãy chọn các cơ quan được hợp nhất; một cơ quan đổi tên thì dùng “Đổi tên”.")?;
        for id in &ending {
            self.end(id)?;
        }
        let Some(first) = ending.first() else { return Ok(()) };
        let heir = self.heir(into, first)?;
        self.move_sub_units(&ending, &heir);
        self.enter(OrganisationEventKind::Merge, ending, vec![heir]);
        Ok(())
    }

    /// Units of bodies that end belong to the heir from now on.
    fn move_sub_units(&mut self, ending: &[OrganisationId], heir: &OrganisationId) {
        let units = ending.iter().flat_map(|id| self.catalogue.sub_organisations(id));
        let units: Vec<_> =
            units.filter(|unit| unit.ended_on.is_none() && unit.id != *heir && !ending.contains(&unit.id)).collect();
        for unit in units {
            let after = Organisation { parent: Some(heir.clone()), ..unit.clone() };
            self.replace(unit, after);
        }
        // An heir that stood below one of them now stands where that one stood.
        if let Some(known) = self.catalogue.organisation(heir)
            && let Some(parent) = known.parent.as_ref().filter(|parent| ending.contains(parent))
        {
            let above = self.catalogue.organisation(parent).and_then(|parent| parent.parent.clone());
            let after = Organisation { parent: above.filter(|id| !ending.contains(id)), ..known.clone() };
            self.replace(known, after);
        }
    }

    fn split(&mut self, from: &OrganisationId, into: &[Heir]) -> Result<(), Refusal> {
        if into.iter().any(|heir| heir.id() == from) {
            let reason = "Cơ quan bị tách kết thúc khi tách. Nếu nó vẫn hoạt động, hãy dùng “Chuyển chức năng” sang cơ quan mới.";
            return Err(Refusal::new("organisation", "split-continues", reason));
        }
        self.end(from)?;
        let mut heirs = Vec::new();
        for heir in into {
            let id = self.heir(heir, from)?;
            if !heirs.contains(&id) {
                heirs.push(id);
            }
        }
        is_number(heirs.len(), 2, "Tách thì có ít nhất hai cơ quan kế tục khác nhau.")?;
        self.enter(OrganisationEventKind::Split, vec![from.clone()], heirs);
        Ok(())
    }

    fn transfer(&mut self, from: &OrganisationId, to: &Heir, functions: &[String]) -> Result<(), Refusal> {
        if to.id() == from {
            let reason = "Hãy chọn cơ quan nhận khác với cơ quan giao.";
            return Err(Refusal::new("organisation", "transfer-to-itself", reason));
        }
        let giver = self.before_the_day(from)?;
        let moved: Vec<String> = functions.iter().filter_map(|text| line(text, MAX_NAME_CHARS)).collect();
        if moved.is_empty() || moved.len() > MAX_FUNCTIONS || moved.len() < functions.len() {
            let reason = format!(
                "Hãy ghi chức năng được chuyển, mỗi dòng một chức năng, nhiều nhất {MAX_FUNCTIONS} dòng, mỗi dòng không quá {MAX_NAME_CHARS} ký tự."
            );
            return Err(Refusal::new("functions", "functions-invalid", reason));
        }
        let heir = self.heir(to, &giver.id)?;
        self.enter(OrganisationEventKind::TransferFunction, vec![from.clone()], vec![heir]);
        if let Some(event) = self.changes.organisation_events.last_mut() {
            event.functions = moved;
        }
        Ok(())
    }
}

fn is_number(count: usize, least: usize, reason: &str) -> Result<(), Refusal> {
    if count < least {
        return Err(Refusal::new("organisation", "organisations-too-few", reason));
    }
    if count > MAX_BODIES {
        let reason = format!("Một lần nhập có nhiều nhất {MAX_BODIES} cơ quan; hãy chia làm nhiều lần.");
        return Err(Refusal::new("organisation", "organisations-too-many", reason));
    }
    Ok(())
}
