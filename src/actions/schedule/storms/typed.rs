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

/// A storm day as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedStorm {
    /// Names of communes, parted by commas; old names and names of former districts are known, too.
    pub names: String,
    /// Ids of communes.
    pub areas: Vec<String>,
    pub day: String,
    /// The day to which meetings are moved; empty where all are cancelled.
    pub moved_to: String,
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
        let moved_to = Some(self.moved_to.trim()).filter(|text| !text.is_empty());
        let moved_to = moved_to.map(|text| day(text, "moved_to")).transpose()?;
        if on < today {
            return Err(ActionError::invalid("day", "storm-past", "Ngày này đã qua."));
        }
        if moved_to.is_some_and(|to| to < today || to == on) {
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
