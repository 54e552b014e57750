//! Storm days: all meetings of communes on a day, seen beforehand, moved or cancelled in one transaction, undone in another.

mod calls;
mod typed;

pub use calls::{Call, Caller};
pub use typed::{Fate, TypedStorm};

use super::desk::Desk;
use super::obstacles::{self, Obstacle};
use super::{MeetingCard, centres, may_schedule_any, missing};
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::area::AreaLevel;
use crate::domain::catalogue::Catalogue;
use crate::domain::class::ClassState;
use crate::domain::id::{AreaId, ClassId, MeetingId, OrganisationId, StormId};
use crate::domain::meeting::{Meeting, MeetingState};
use crate::domain::permission::{Object, Verb, may};
use crate::domain::storm::{Change, Storm, cancelled, is_concerned, moved};
use crate::store::meetings::Calendar;
use crate::store::{self, ReadTx, WriteTx};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;
use typed::Wish;

/// So many past storm days are listed.
const SHOWN: usize = 30;

/// One meeting that an act would concern.
#[derive(Debug, Clone, PartialEq)]
pub struct Concerned {
    pub card: MeetingCard,
    /// What is in its way on the new day.
    pub obstacles: Vec<Obstacle>,
    /// It would be cancelled though others are moved: its place is taken on the new day.
    pub cancelled: bool,
}

/// What an act would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    pub day: NaiveDate,
    pub moved_to: Option<NaiveDate>,
    /// Names of the communes.
    pub areas: Vec<String>,
    /// In order of time.
    pub meetings: Vec<Concerned>,
}

impl Preview {
    /// Whether some meeting can neither be moved nor may be cancelled instead.
    pub fn is_refused(&self) -> bool {
        let stuck = |one: &Concerned| !one.cancelled && one.obstacles.iter().any(Obstacle::is_refused);
        self.meetings.iter().any(stuck)
    }
}

/// A storm day with what was done.
#[derive(Debug, Clone, PartialEq)]
pub struct StormCard {
    pub storm: Storm,
    pub areas: Vec<String>,
    /// Each meeting as it was and as it is now.
    pub meetings: Vec<(MeetingCard, MeetingCard)>,
    /// Whom to ring up.
    pub calls: Vec<Call>,
    pub can_be_undone: bool,
}

/// What came of an undoing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Undone {
    pub meetings: usize,
    /// Meetings that stay as they are: changed since, or their place is taken.
    pub left: Vec<MeetingCard>,
}

/// The communes for which the actor may act, by name; every one for an administrator of the province.
pub fn communes(context: &Context, actor: &Actor) -> Vec<AreaId> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let own = own_areas(context, actor);
    let all = catalogue.areas().filter(|area| area.level == AreaLevel::Commune && area.exists_on(today));
    all.filter(|area| own.as_ref().is_none_or(|own| own.contains(&area.id))).map(|area| area.id.clone()).collect()
}

/// The areas of the actor's bodies; none for whoever acts in the whole province.
fn own_areas(context: &Context, actor: &Actor) -> Option<BTreeSet<AreaId>> {
    if may(actor, Verb::ManageCatalogue, &Object::province()) {
        return None;
    }
    let catalogue = context.catalogue();
    let area = |id: &OrganisationId| catalogue.organisation(id).and_then(|one| one.area.clone());
    Some(centres(context, actor).iter().filter_map(|one| area(&one.id)).collect())
}

/// All that an act goes by.
struct Act {
    catalogue: Arc<Catalogue>,
    actor: Actor,
    today: NaiveDate,
    now: DateTime<Utc>,
    wish: Wish,
}

impl Act {
    fn of(context: &Context, actor: &Actor, typed: &TypedStorm) -> Result<Self, ActionError> {
        let wish = typed.read(context)?;
        let allowed: BTreeSet<AreaId> = communes(context, actor).into_iter().collect();
        if !wish.areas.iter().all(|area| allowed.contains(area)) {
            return Err(ActionError::Forbidden);
        }
        let (catalogue, today, now) = (context.catalogue(), context.today(), context.now());
        Ok(Self { catalogue, actor: actor.clone(), today, now, wish })
    }

    /// The meetings of the day that stand and have not begun, in order of time.
    fn concerned(&self, tx: &dyn ReadTx) -> Result<Vec<Meeting>, ActionError> {
        let mut found = Vec::new();
        for area in &self.wish.areas {
            found.extend(store::meetings::on(tx, Calendar::Area(area), self.wish.day)?);
        }
        found.retain(|meeting| is_concerned(meeting, self.now));
        found.sort_by_key(|meeting| (meeting.slot, meeting.id));
        found.dedup_by_key(|meeting| meeting.id);
        Ok(found)
    }

    /// Each meeting as it would be, with what is in its way.
    fn lay(&self, tx: &dyn ReadTx) -> Result<Vec<(Change, Concerned)>, ActionError> {
        let mut desk = Desk::new(tx, &self.catalogue, self.today);
        let meetings = self.concerned(tx)?;
        let together: BTreeSet<MeetingId> = meetings.iter().map(|meeting| meeting.id).collect();
        let told = (self.wish.reason.as_str(), self.now);
        let mut laid = Vec::new();
        for before in meetings {
            let Some(class) = desk.class(before.class)?.cloned() else { continue };
            let (mut after, mut obstacles, mut off) = (cancelled(&before, told), Vec::new(), false);
            if let Some(to) = self.wish.moved_to {
                let there = moved(&before, to, told);
                obstacles = obstacles::of_meeting(&mut desk, &self.actor, &there, &together)?;
                off = self.wish.cancel_rest && obstacles.iter().any(Obstacle::is_refused);
                after = if off { after } else { there };
            }
            if class.state == ClassState::Draft && after.stands() {
                // Nobody was told of it yet.
                after.state = MeetingState::Planned;
            }
            let card = desk.card(&class, &before)?;
            laid.push((Change { before, after }, Concerned { card, obstacles, cancelled: off }));
        }
        Ok(laid)
    }

    fn preview(&self, laid: &[(Change, Concerned)]) -> Preview {
        Preview {
            day: self.wish.day,
            moved_to: self.wish.moved_to,
            areas: names(&self.catalogue, &self.wish.areas),
            meetings: laid.iter().map(|(_, one)| one.clone()).collect(),
        }
    }
}

fn names(catalogue: &Catalogue, areas: &[AreaId]) -> Vec<String> {
    areas.iter().map(|id| catalogue.area(id).map_or_else(|| id.to_string(), |area| area.full_name.clone())).collect()
}

/// Shows what an act would do; nothing is kept.
///
/// # Errors
/// `Forbidden` for a commune that is not the actor's, or `Invalid` for what was typed.
pub async fn preview(context: &Context, actor: &Actor, typed: &TypedStorm) -> Result<Preview, ActionError> {
    let act = Act::of(context, actor, typed)?;
    let read = move |tx: &dyn ReadTx| {
        let laid = act.lay(tx)?;
        Ok::<_, ActionError>(act.preview(&laid))
    };
    context.store.read("storm.preview", read).await
}

/// Moves or cancels all meetings of the communes on the day.
///
/// # Errors
/// As [`preview`]; `Invalid` without a reason, when there is no meeting, or when a place is taken on the new day.
pub async fn act(context: &Context, actor: &Actor, typed: &TypedStorm) -> Result<StormId, ActionError> {
    let (act, id) = (Act::of(context, actor, typed)?, StormId(context.clock.fresh_id()));
    if act.wish.reason.is_empty() {
        return Err(ActionError::invalid("reason", "reason-missing", "Hãy ghi lý do để bà con biết vì sao."));
    }
    let write = move |tx: &mut WriteTx<'_>| {
        let laid = act.lay(tx)?;
        if laid.is_empty() {
            let reason = "Hôm ấy không có buổi học nào ở các xã, phường đã chọn.";
            return Err(ActionError::invalid("day", "storm-empty", reason));
        }
        if act.preview(&laid).is_refused() {
            let reason = "Có buổi không dời được vì ngày mới đã có việc khác ở đó, xem từng buổi ở dưới. Hãy chọn ngày \
                          khác, hoặc cho hủy những buổi ấy.";
            return Err(ActionError::invalid("moved_to", "storm-taken", reason));
        }
        let changes: Vec<Change> = laid.into_iter().map(|(change, _)| change).collect();
        for change in &changes {
            store::meetings::put(tx, &change.after)?;
            record(tx, &change.after);
        }
        let storm = Storm {
            id,
            areas: act.wish.areas.clone(),
            day: act.wish.day,
            moved_to: act.wish.moved_to,
            reason: act.wish.reason.clone(),
            at: act.now,
            by: act.actor.account(),
            changes,
            undone_at: None,
        };
        store::storms::put(tx, &storm)?;
        tx.record("storm", id.to_string(), &["meetings"]);
        Ok::<_, ActionError>(id)
    };
    Ok(context.store.write("storm.act", context.stamp_by(actor), write).await?.value)
}

fn record(tx: &mut WriteTx<'_>, meeting: &Meeting) {
    if let Some(centre) = meeting.organisers.first() {
        tx.record_at(centre, "class", meeting.class.to_string(), &["meetings"]);
        tx.record_at(centre, "meeting", meeting.id.to_string(), &["state"]);
    }
}

/// A storm day of the actor's communes; any other is not there.
fn seen(tx: &dyn ReadTx, own: Option<&BTreeSet<AreaId>>, id: StormId) -> Result<Storm, ActionError> {
    let storm = store::storms::get(tx, id)?.filter(|storm| is_own(storm, own));
    storm.ok_or_else(|| missing(Noun::Storm, id))
}

fn is_own(storm: &Storm, own: Option<&BTreeSet<AreaId>>) -> bool {
    own.is_none_or(|own| storm.areas.iter().all(|area| own.contains(area)))
}

/// Puts back what an act did, where nothing was changed since and the place is free.
///
/// # Errors
/// `NotFound`; `Invalid` after three days, or when it was undone already.
pub async fn undo(context: &Context, actor: &Actor, id: StormId) -> Result<Undone, ActionError> {
    let (catalogue, today, now, by) = (context.catalogue(), context.today(), context.now(), actor.clone());
    let own = own_areas(context, actor);
    let write = move |tx: &mut WriteTx<'_>| {
        let mut storm = seen(tx, own.as_ref(), id)?;
        if !storm.can_be_undone(now) {
            let reason = "Đã quá ba ngày hoặc đã hoàn tác rồi. Hãy dời hay khôi phục từng buổi ở trang của lớp.";
            return Err(ActionError::invalid("storm", "storm-too-old", reason));
        }
        let mut undone = Undone::default();
        for change in &storm.changes {
            let (class, meeting) = (change.after.class, change.after.id);
            let Some(current) = store::meetings::get(tx, class, meeting)? else { continue };
            match back(tx, (&catalogue, &by, today), (change, &current), now)? {
                Some(meeting) => {
                    store::meetings::put(tx, &meeting)?;
                    record(tx, &meeting);
                    undone.meetings += 1;
                }
                None => undone.left.extend(shown(&mut Desk::new(tx, &catalogue, today), class, &current)?),
            }
        }
        storm.undone_at = Some(now);
        store::storms::put(tx, &storm)?;
        tx.record("storm", id.to_string(), &["meetings"]);
        Ok::<_, ActionError>(undone)
    };
    Ok(context.store.write("storm.undo", context.stamp_by(actor), write).await?.value)
}

/// A meeting as it was before an act; none where it stays as it is.
fn back(
    tx: &dyn ReadTx,
    (catalogue, actor, today): (&Catalogue, &Actor, NaiveDate),
    (change, current): (&Change, &Meeting),
    now: DateTime<Utc>,
) -> Result<Option<Meeting>, ActionError> {
    let Some(meeting) = change.undone(current, now) else { return Ok(None) };
    let mut desk = Desk::new(tx, catalogue, today);
    let found = obstacles::of_meeting(&mut desk, actor, &meeting, &BTreeSet::new())?;
    Ok(Some(meeting).filter(|_| !found.iter().any(Obstacle::is_refused)))
}

fn shown(desk: &mut Desk<'_>, class: ClassId, meeting: &Meeting) -> Result<Option<MeetingCard>, ActionError> {
    let class = desk.class(class)?.cloned();
    class.map(|class| desk.card(&class, meeting)).transpose()
}

/// Shows a storm day to whoever may act in its communes.
///
/// # Errors
/// `NotFound` when there is none that the actor may see.
pub async fn show(context: &Context, actor: &Actor, id: StormId) -> Result<StormCard, ActionError> {
    let (catalogue, today, now) = (context.catalogue(), context.today(), context.now());
    let own = own_areas(context, actor);
    let read = move |tx: &dyn ReadTx| {
        let storm = seen(tx, own.as_ref(), id)?;
        let mut desk = Desk::new(tx, &catalogue, today);
        let mut meetings = Vec::new();
        for change in &storm.changes {
            let current = store::meetings::get(tx, change.after.class, change.after.id)?;
            let current = current.as_ref().unwrap_or(&change.after);
            let before = shown(&mut desk, change.before.class, &change.before)?;
            meetings.extend(before.zip(shown(&mut desk, current.class, current)?));
        }
        let calls = calls::of(&mut desk, &storm)?;
        let areas = names(&catalogue, &storm.areas);
        Ok::<_, ActionError>(StormCard { can_be_undone: storm.can_be_undone(now), areas, meetings, calls, storm })
    };
    context.store.read("storm.show", read).await
}

/// The latest storm days of the actor's communes, the last first.
///
/// # Errors
/// `Forbidden` to whoever plans no classes.
pub async fn list(context: &Context, actor: &Actor) -> Result<Vec<(Storm, Vec<String>)>, ActionError> {
    if !may_schedule_any(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let (catalogue, own) = (context.catalogue(), own_areas(context, actor));
    let read = move |tx: &dyn ReadTx| {
        let all = store::storms::latest(tx, SHOWN)?.into_iter().filter(|storm| is_own(storm, own.as_ref()));
        Ok::<_, ActionError>(all.map(|storm| (storm.clone(), names(&catalogue, &storm.areas))).collect())
    };
    context.store.read("storm.list", read).await
}
