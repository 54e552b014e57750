//! What people type about a storm: communes by name, the day, what is to become of its meetings.

use crate::actions::import::clean_line;
use crate::actions::schedule::typed::day;
use crate::actions::{ActionError, Context};
use crate::domain::area::{Area, AreaLevel};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::AreaId;
use crate::domain::storm::MAX_AREAS;
use crate::search::fold;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The longest reason, in characters.
const MAX_REASON_CHARS: usize = 300;

/// What is to become of the meetings of a storm day, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// They are moved to a day.
    Move(String),
    Cancel,
}

impl Default for Fate {
    fn default() -> Self {
        Self::Move(String::new())
    }
}

impl Fate {
    /// The day to which meetings are moved, as typed; empty where they are cancelled.
    pub fn day(&self) -> &str {
        match self {
            Self::Move(day) => day,
            Self::Cancel => "",
        }
    }

    /// Whether they are cancelled.
    pub fn is_cancel(&self) -> bool {
        *self == Self::Cancel
    }
}

/// A storm day as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedStorm {
    /// Names of communes, parted by commas; old names and names of former districts are known, too.
    pub names: String,
    /// Ids of communes.
    pub areas: Vec<String>,
    pub day: String,
    pub fate: Fate,
    pub reason: String,
    /// What cannot be moved because its place is taken is cancelled.
    pub cancel_rest: bool,
}

/// What is wished for, read.
pub(super) struct Wish {
    pub(super) areas: Vec<AreaId>,
    pub(super) day: NaiveDate,
    pub(super) moved_to: Option<NaiveDate>,
    pub(super) reason: String,
    pub(super) cancel_rest: bool,
}

impl TypedStorm {
    pub(super) fn read(&self, context: &Context) -> Result<Wish, ActionError> {
        let (catalogue, today) = (context.catalogue(), context.today());
        let known = |id: &String| AreaId::parse(id).ok().filter(|id| catalogue.area(id).is_some());
        let mut areas: BTreeSet<AreaId> = self.areas.iter().filter_map(known).collect();
        for name in self.names.split([',', ';', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
            areas.extend(named(&catalogue, name, today)?);
        }
        if areas.is_empty() || areas.len() > MAX_AREAS {
            return Err(ActionError::invalid("areas", "storm-areas", "Hãy chọn xã, phường bị ảnh hưởng."));
        }
        let on = day(&self.day, "day")?;
        if on < today {
            return Err(ActionError::invalid("day", "storm-past", "Ngày này đã qua."));
        }
        let without_day = matches!(&self.fate, Fate::Move(day) if day.trim().is_empty());
        let moved_to = match &self.fate {
            Fate::Move(text) if !without_day => Some(day(text.trim(), "moved_to")?),
            Fate::Move(_) | Fate::Cancel => None,
        };
        if without_day || moved_to.is_some_and(|to| to < today || to == on) {
            let reason = "Ngày dời đến phải là một ngày khác, từ hôm nay trở đi.";
            return Err(ActionError::invalid("moved_to", "storm-moved-to", reason));
        }
        Ok(Wish {
            areas: areas.into_iter().collect(),
            day: on,
            moved_to,
            reason: clean_line(&self.reason).chars().take(MAX_REASON_CHARS).collect(),
            cancel_rest: self.cancel_rest,
        })
    }
}

/// Today's communes that a name stands for: one of that name, else what those of that name have become.
fn named(catalogue: &Catalogue, name: &str, today: NaiveDate) -> Result<BTreeSet<AreaId>, ActionError> {
    let wanted = fold(name);
    let bears = |area: &&Area| fold(&area.name) == wanted || fold(&area.full_name) == wanted;
    let below_province = |area: &&Area| area.level != AreaLevel::Province;
    let all: Vec<&Area> = catalogue.areas().filter(below_province).filter(bears).collect();
    let now: BTreeSet<AreaId> = all.iter().filter(|area| area.exists_on(today)).map(|area| area.id.clone()).collect();
    let found =
        if now.is_empty() { all.iter().flat_map(|area| catalogue.areas_today(&area.id)).collect() } else { now };
    if found.is_empty() {
        let reason = format!("Không có xã, phường nào tên “{}”. Hãy xem lại chính tả.", clean_line(name));
        return Err(ActionError::Invalid { field: "names", code: "storm-name", reason });
    }
    Ok(found)
}
