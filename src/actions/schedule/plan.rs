//! Planning the meetings of a class: looked at beforehand, then done, by the same reckoning in one transaction each.

use super::desk::Desk;
use super::obstacles::{self, Obstacle};
use super::typed::{Setting, TypedPlan};
use super::{areas_around, open_class_of};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::{Class, ClassState, Plan};
use crate::domain::holiday::{Holiday, holiday};
use crate::domain::id::{ClassId, MeetingId, SpeakerId};
use crate::domain::lunar::{LunarDay, lunar};
use crate::domain::meeting::{Meeting, MeetingState, Recipe, RecipeError, Replan, Slot, replan};
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// One date of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct Date {
    pub slot: Slot,
    pub lunar: Option<LunarDay>,
    pub holiday: Option<Holiday>,
    pub standing: Standing,
    pub obstacles: Vec<Obstacle>,
}

/// What a plan makes of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There was no such meeting.
    New,
    /// It stays, at the plan's time and place.
    Renewed,
    /// It stays as it is.
    Kept,
    /// It is taken away; where the class is published, it stays as cancelled.
    Dropped,
}

/// What a plan would do.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preview {
    /// In order of time.
    pub dates: Vec<Date>,
}

impl Preview {
    /// Whether some date is refused, so that the plan is not carried out.
    pub fn is_refused(&self) -> bool {
        self.dates.iter().flat_map(|date| &date.obstacles).any(Obstacle::is_refused)
    }
}

impl From<RecipeError> for ActionError {
    fn from(error: RecipeError) -> Self {
        let (field, code, reason) = match error {
            RecipeError::Times => ("to", "plan-times", "Giờ kết thúc phải sau giờ bắt đầu, trong cùng một ngày."),
            RecipeError::NoWeekday => ("weekdays", "plan-weekdays", "Hãy chọn ít nhất một thứ trong tuần."),
            RecipeError::Every => ("every", "plan-every", "Khoảng cách giữa các tuần hoặc tháng là từ 1 đến 8."),
            RecipeError::Nothing => {
                ("until", "plan-empty", "Không có ngày nào như vậy. Hãy xem lại ngày bắt đầu và kết thúc.")
            }
            RecipeError::TooMany => ("until", "plan-too-long", "Một lớp có nhiều nhất 200 buổi trong hai năm."),
        };
        Self::invalid(field, code, reason)
    }
}

/// All that planning needs, read.
struct Draft {
    class: Class,
    recipe: Recipe,
    setting: Setting,
    changes: Replan,
    /// Whom agencies have named for meetings that stand already.
    named: BTreeMap<MeetingId, Vec<SpeakerId>>,
}

fn draft(tx: &dyn ReadTx, class: Class, typed: &TypedPlan, now: DateTime<Utc>) -> Result<Draft, ActionError> {
    let recipe = typed.recipe()?;
    let days = recipe.days()?;
    let changes = replan(store::meetings::of_class(tx, class.id)?, &days, now);
    let mut named: BTreeMap<MeetingId, Vec<SpeakerId>> = BTreeMap::new();
    for request in store::requests::of_class(tx, class.id)? {
        let meetings = request.wishes.iter().filter_map(|wish| wish.meeting);
        let pairs = request.named.into_iter().flat_map(|speaker| meetings.clone().map(move |id| (id, speaker)));
        pairs.for_each(|(id, speaker)| named.entry(id).or_default().push(speaker));
    }
    Ok(Draft { setting: typed.setting(tx)?, class, recipe, changes, named })
}

impl Draft {
    fn slot(&self, day: NaiveDate) -> Slot {
        Slot { day, from: self.recipe.from, to: self.recipe.to }
    }

    /// A meeting at the plan's time and place.
    fn meeting(
        &self,
        desk: &mut Desk<'_>,
        id: MeetingId,
        (day, at): (NaiveDate, DateTime<Utc>),
    ) -> Result<Meeting, ActionError> {
        Ok(Meeting {
            id,
            class: self.class.id,
            slot: self.slot(day),
            venue: self.setting.venue,
            areas: areas_of(desk, &self.class, self.setting.venue)?,
            organisers: self.class.organisers().cloned().collect(),
            speakers: self.setting.speakers.clone(),
            state: MeetingState::Planned,
            recipe_day: Some(day),
            moved_from: None,
            reason: None,
            sequence: 0,
            changed_at: at,
            attended: false,
        })
    }

    /// Every meeting as it would be, in order of time; `ids` names the new ones.
    fn lay(
        &self,
        desk: &mut Desk<'_>,
        at: DateTime<Utc>,
        ids: &mut dyn FnMut() -> MeetingId,
    ) -> Result<Vec<(Standing, Meeting)>, ActionError> {
        let mut all: Vec<(Standing, Meeting)> = Vec::new();
        all.extend(self.changes.kept.iter().map(|meeting| (Standing::Kept, meeting.clone())));
        all.extend(self.changes.dropped.iter().map(|meeting| (Standing::Dropped, meeting.clone())));
        for meeting in &self.changes.renewed {
            let day = meeting.recipe_day.unwrap_or(meeting.slot.day);
            let mut now =
                Meeting { sequence: meeting.sequence, ..self.meeting(desk, meeting.id, (day, meeting.changed_at))? };
            now.reason.clone_from(&meeting.reason);
            let named = self.named.get(&meeting.id).into_iter().flatten();
            let missing: Vec<SpeakerId> = named.filter(|one| !now.speakers.contains(one)).copied().collect();
            now.speakers.extend(missing);
            if now != *meeting {
                now.touch(at);
            }
            all.push((Standing::Renewed, now));
        }
        for day in &self.changes.added {
            all.push((Standing::New, self.meeting(desk, ids(), (*day, at))?));
        }
        all.sort_by_key(|(_, meeting)| (meeting.slot, meeting.id));
        Ok(all)
    }
}

/// The areas under which a meeting is found: the venue's, else the centre's.
pub(super) fn areas_of(
    desk: &mut Desk<'_>,
    class: &Class,
    venue: Option<crate::domain::id::VenueId>,
) -> Result<Vec<crate::domain::id::AreaId>, ActionError> {
    let catalogue: &Catalogue = desk.catalogue;
    let of_venue = match venue {
        Some(venue) => desk.venue(venue)?.map(|venue| venue.area.clone()),
        None => None,
    };
    let own = || catalogue.organisation(&class.organisation).and_then(|centre| centre.area.clone());
    Ok(areas_around(catalogue, of_venue.or_else(own).as_ref()))
}

/// What stands in the way of each meeting that would be new or renewed.
fn look(desk: &mut Desk<'_>, actor: &Actor, laid: &[(Standing, Meeting)]) -> Result<Preview, ActionError> {
    let is_open = |standing: Standing| matches!(standing, Standing::Renewed | Standing::Dropped);
    let passed_over: BTreeSet<MeetingId> =
        laid.iter().filter(|(standing, _)| is_open(*standing)).map(|(_, meeting)| meeting.id).collect();
    let mut dates = Vec::new();
    for (standing, meeting) in laid {
        let checked = matches!(standing, Standing::New | Standing::Renewed);
        let obstacles = if checked { obstacles::of_meeting(desk, actor, meeting, &passed_over)? } else { Vec::new() };
        let day = meeting.slot.day;
        dates.push(Date {
            slot: meeting.slot,
            lunar: lunar(day),
            holiday: holiday(day),
            standing: *standing,
            obstacles,
        });
    }
    Ok(Preview { dates })
}

/// Shows what a plan would do; nothing is kept.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for a plan that cannot be.
pub async fn preview(context: &Context, actor: &Actor, id: ClassId, typed: TypedPlan) -> Result<Preview, ActionError> {
    let (catalogue, today, now, by) = (context.catalogue(), context.today(), context.now(), actor.clone());
    let unnamed = MeetingId(context.clock.fresh_id());
    let read = move |tx: &dyn ReadTx| {
        let class = open_class_of(tx, &catalogue, &by, id)?;
        let draft = draft(tx, class, &typed, now)?;
        let mut desk = Desk::new(tx, &catalogue, today);
        let laid = draft.lay(&mut desk, now, &mut || unnamed)?;
        look(&mut desk, &by, &laid)
    };
    context.store.read("meeting.preview", read).await
}

/// Plans the meetings of a class; answers the warnings that were passed over.
///
/// # Errors
/// As [`preview`]; `Invalid` when a room is taken.
pub async fn plan(context: &Context, actor: &Actor, id: ClassId, typed: TypedPlan) -> Result<Preview, ActionError> {
    let (catalogue, today, now, by) = (context.catalogue(), context.today(), context.now(), actor.clone());
    let clock = context.clock.clone();
    let write = move |tx: &mut WriteTx<'_>| {
        let class = open_class_of(tx, &catalogue, &by, id)?;
        let draft = draft(tx, class, &typed, now)?;
        let (laid, preview) = {
            let mut desk = Desk::new(tx, &catalogue, today);
            let laid = draft.lay(&mut desk, now, &mut || MeetingId(clock.fresh_id()))?;
            let preview = look(&mut desk, &by, &laid)?;
            (laid, preview)
        };
        if preview.is_refused() {
            let reason = "Có buổi trùng chỗ với việc khác, xem từng ngày ở dưới. Hãy đổi ngày, giờ hoặc địa điểm.";
            return Err(ActionError::invalid("venue", "room-taken", reason));
        }
        keep(tx, draft, laid, now)?;
        Ok::<_, ActionError>(preview)
    };
    Ok(context.store.write("meeting.plan", context.stamp_by(actor), write).await?.value)
}

fn keep(
    tx: &mut WriteTx<'_>,
    draft: Draft,
    laid: Vec<(Standing, Meeting)>,
    now: DateTime<Utc>,
) -> Result<(), ActionError> {
    let Draft { mut class, recipe, setting, .. } = draft;
    for (standing, mut meeting) in laid {
        match standing {
            Standing::Kept => {}
            Standing::New | Standing::Renewed => store::meetings::put(tx, &meeting)?,
            // Nobody was told of what was never published.
            Standing::Dropped if class.state == ClassState::Draft => store::meetings::remove(tx, class.id, meeting.id)?,
            Standing::Dropped => {
                if meeting.stands() {
                    meeting.cancel(Some("Lớp đổi lịch.".to_owned()), now);
                    store::meetings::put(tx, &meeting)?;
                }
            }
        }
    }
    class.plan = Some(Plan { recipe, venue: setting.venue, speakers: setting.speakers });
    class.changed_at = now;
    store::classes::put(tx, &class)?;
    tx.record_at(&class.organisation, store::log::subject::CLASS, class.id.to_string(), &["meetings"]);
    Ok(())
}
