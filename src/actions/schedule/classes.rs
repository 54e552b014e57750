//! Classes: proposed from a material or a course, described, published, ended.

use super::desk::Desk;
use super::registration::queue::{self, Turn};
use super::registration::staff::may_enrol;
use super::typed::{TypedPlan, TypedTeaching};
use super::{
    MeetingCard, areas_around, centre, centres, class_of, may_schedule, may_schedule_any, may_see, missing, number,
    open_class_of, told,
};
use crate::actions::cards::{named_materials, named_organisation, public_rows};
use crate::actions::error::Noun;
use crate::actions::import::clean_line;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::class::{Class, ClassAct, ClassState, CountMode, MAX_CAPACITY, MAX_CO_ORGANISERS, RegistrationMode};
use crate::domain::id::{ClassId, CourseId, MaterialId, OrganisationId};
use crate::domain::meeting::{Meeting, Slot};
use crate::store::{self, ReadTx, WriteTx};
use std::collections::BTreeSet;

/// The longest line about how to ask, in characters.
const MAX_CONTACT_CHARS: usize = 200;
/// The longest reason, in characters.
const MAX_REASON_CHARS: usize = 300;
/// How many classes a part of the list has.
pub const PAGE: usize = 50;

/// A class as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedClass {
    pub centre: String,
    pub co_organisers: Vec<String>,
    pub course: String,
    pub teaching: TypedTeaching,
    pub capacity: String,
    pub registration: String,
    pub count: String,
    pub contact: String,
}

impl TypedClass {
    fn of(class: &Class) -> Self {
        Self {
            centre: class.organisation.to_string(),
            co_organisers: class.co_organisers.iter().map(ToString::to_string).collect(),
            course: class.course.map(|id| id.to_string()).unwrap_or_default(),
            teaching: TypedTeaching::of(&class.teaching),
            capacity: class.capacity.map(|seats| seats.to_string()).unwrap_or_default(),
            registration: class.registration.code().to_owned(),
            count: class.count.code().to_owned(),
            contact: class.contact.clone(),
        }
    }
}

/// What a class is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Nothing,
    Material(MaterialId),
    Course(CourseId),
}

/// Proposes a class.
///
/// # Errors
/// `Forbidden` to whoever plans no classes; `NotFound` for a material that is not public, or no course.
pub async fn propose(context: &Context, actor: &Actor, source: Source) -> Result<TypedClass, ActionError> {
    let own = centres(context, actor);
    if own.is_empty() {
        return Err(ActionError::Forbidden);
    }
    // Whoever plans for one body is not asked for which.
    let only = if let [one] = own.as_slice() { one.id.to_string() } else { String::new() };
    let usual = TypedClass {
        centre: only,
        registration: RegistrationMode::None.code().to_owned(),
        count: CountMode::Names.code().to_owned(),
        ..TypedClass::default()
    };
    let read = move |tx: &dyn ReadTx| {
        Ok::<_, ActionError>(match source {
            Source::Nothing => usual,
            Source::Course(id) => {
                let course = store::courses::get(tx, id)?.ok_or_else(|| missing(Noun::Course, id))?;
                TypedClass { course: id.to_string(), teaching: TypedTeaching::of(&course.teaching), ..usual }
            }
            Source::Material(id) => {
                let (_, version) = public_rows(tx, id)?.ok_or_else(|| missing(Noun::Material, id))?;
                let told = version.description;
                let teaching = TypedTeaching {
                    title: told.title,
                    summary: told.summary,
                    class_type: "chuyen-de".to_owned(),
                    topics: told.topics.iter().map(ToString::to_string).collect(),
                    audiences: told.audiences.iter().map(|audience| audience.code().to_owned()).collect(),
                    languages: told.languages.iter().map(ToString::to_string).collect(),
                    materials: vec![id.to_string()],
                };
                let course = course_with(tx, id)?.map(|id| id.to_string()).unwrap_or_default();
                TypedClass { course, teaching, ..usual }
            }
        })
    };
    context.store.read("class.propose", read).await
}

/// The first course in use that teaches with a material.
fn course_with(tx: &dyn ReadTx, material: MaterialId) -> Result<Option<CourseId>, ActionError> {
    let all = store::courses::all(tx)?;
    Ok(all
        .iter()
        .find(|course| !course.retired && course.teaching.materials.contains(&material))
        .map(|course| course.id))
}

/// Makes a class, or writes what is changed of one.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for what was typed or a class that is over.
pub async fn write(
    context: &Context,
    actor: &Actor,
    id: Option<ClassId>,
    typed: TypedClass,
) -> Result<ClassId, ActionError> {
    let (catalogue, by, now) = (context.catalogue(), actor.clone(), context.now());
    let (fresh, turn) = (ClassId(context.clock.fresh_id()), Turn::of(context));
    let write = move |tx: &mut WriteTx<'_>| {
        let before = id.map(|id| open_class_of(tx, &catalogue, &by, id)).transpose()?;
        let organisation = centre(&catalogue, &by, &typed.centre)?;
        let parsed = |text: &String| OrganisationId::parse(text).ok().filter(|id| catalogue.organisation(id).is_some());
        let others: BTreeSet<OrganisationId> =
            typed.co_organisers.iter().filter_map(parsed).filter(|id| *id != organisation).collect();
        let mut class = Class {
            id: id.unwrap_or(fresh),
            organisation,
            co_organisers: others.into_iter().take(MAX_CO_ORGANISERS).collect(),
            course: CourseId::parse(&typed.course).ok().filter(|_| !typed.course.is_empty()),
            teaching: typed.teaching.read(tx, &catalogue, before.as_ref().map(|before| &before.teaching))?,
            capacity: number(&typed.capacity, MAX_CAPACITY, "capacity")?,
            registration: RegistrationMode::from_code(&typed.registration)
                .ok_or_else(|| ActionError::invalid("registration", "class-registration", "Hãy chọn cách đăng ký."))?,
            count: CountMode::from_code(&typed.count)
                .ok_or_else(|| ActionError::invalid("count", "class-count", "Hãy chọn cách đếm người học."))?,
            contact: clean_line(&typed.contact).chars().take(MAX_CONTACT_CHARS).collect(),
            plan: None,
            state: ClassState::Draft,
            reason: None,
            sample: false,
            created_at: now,
            changed_at: now,
            published_at: None,
        };
        if let Some(contradiction) = class.contradiction() {
            return Err(ActionError::invalid("count", "class-contradiction", contradiction));
        }
        if let Some(before) = before {
            class.created_at = before.created_at;
            (class.plan, class.state, class.sample) = (before.plan.clone(), before.state, before.sample);
            class.published_at = before.published_at;
            follow(tx, &catalogue, (&before, &class))?;
            let altered = told::of_class(&catalogue, &before, &class);
            store::alterations::note(tx, (store::log::subject::CLASS, &class.id.to_string()), altered)?;
        }
        let tally = store::registrations::tally(tx, class.id)?;
        if class.count == CountMode::Totals && tally.alive() > 0 {
            let reason = "Lớp đã có tên người học nên không chuyển sang chỉ đếm số người được.";
            return Err(ActionError::invalid("count", "class-has-names", reason));
        }
        store::classes::put(tx, &class)?;
        queue::offer_free(tx, &class, turn)?;
        tx.record_at(&class.organisation, store::log::subject::CLASS, class.id.to_string(), &["description"]);
        Ok::<_, ActionError>(class.id)
    };
    Ok(context.store.write("class.write", context.stamp_by(actor), write).await?.value)
}

/// Has the meetings stand in the calendars of all who have the class now.
fn follow(
    tx: &mut WriteTx<'_>,
    catalogue: &crate::domain::catalogue::Catalogue,
    (before, class): (&Class, &Class),
) -> Result<(), ActionError> {
    let renamed = before.teaching.title != class.teaching.title;
    if before.organisers().eq(class.organisers()) && !renamed {
        return Ok(());
    }
    let area = catalogue.organisation(&class.organisation).and_then(|centre| centre.area.clone());
    for mut meeting in store::meetings::of_class(tx, class.id)? {
        meeting.organisers = class.organisers().cloned().collect();
        if meeting.venue.is_none() {
            meeting.areas = areas_around(catalogue, area.as_ref());
        }
        if renamed {
            meeting.touch(class.changed_at);
        }
        store::meetings::put(tx, &meeting)?;
    }
    Ok(())
}

/// Publishes, ends, cancels or reopens a class.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` when the act is impossible or lacks a reason, meetings or a place.
pub async fn act(
    context: &Context,
    actor: &Actor,
    id: ClassId,
    (act, reason): (ClassAct, &str),
) -> Result<(), ActionError> {
    let (catalogue, by, now) = (context.catalogue(), actor.clone(), context.now());
    let reason: String = clean_line(reason).chars().take(MAX_REASON_CHARS).collect();
    if act == ClassAct::Cancel && reason.is_empty() {
        return Err(ActionError::invalid("reason", "reason-missing", "Hãy ghi lý do hủy để bà con biết vì sao."));
    }
    let write = move |tx: &mut WriteTx<'_>| {
        let mut class = class_of(tx, &catalogue, &by, id)?;
        let before = class.clone();
        let impossible = "Lớp đang ở trạng thái khác. Hãy mở lại trang của lớp.";
        class.state =
            class.after(act).ok_or_else(|| ActionError::invalid("act", "class-act-impossible", impossible))?;
        let mut meetings = store::meetings::of_class(tx, id)?;
        match act {
            ClassAct::Publish => {
                ready(&meetings)?;
                class.published_at = Some(now);
            }
            ClassAct::Cancel => {
                class.reason = Some(reason.clone());
                let open = meetings.iter_mut().filter(|meeting| meeting.stands() && meeting.is_plannable(now));
                for meeting in open {
                    meeting.cancel(Some(reason.clone()), now);
                    store::meetings::put(tx, meeting)?;
                }
            }
            ClassAct::Close | ClassAct::Reopen => {}
        }
        class.changed_at = now;
        store::classes::put(tx, &class)?;
        let altered = told::of_class(&catalogue, &before, &class);
        store::alterations::note(tx, (store::log::subject::CLASS, &id.to_string()), altered)?;
        tx.record_at(&class.organisation, store::log::subject::CLASS, id.to_string(), &["state"]);
        Ok::<_, ActionError>(())
    };
    let name = match act {
        ClassAct::Publish => "class.publish",
        ClassAct::Close => "class.close",
        ClassAct::Cancel => "class.cancel",
        ClassAct::Reopen => "class.reopen",
    };
    context.store.write(name, context.stamp_by(actor), write).await?;
    Ok(())
}

/// Whether people could find the meetings of a class.
fn ready(meetings: &[Meeting]) -> Result<(), ActionError> {
    let mut standing = meetings.iter().filter(|meeting| meeting.stands()).peekable();
    if standing.peek().is_none() {
        return Err(ActionError::invalid(
            "meetings",
            "class-without-meetings",
            "Lớp chưa có buổi nào. Hãy xếp lịch trước.",
        ));
    }
    if standing.any(|meeting| meeting.venue.is_none()) {
        let reason = "Có buổi chưa có địa điểm. Hãy chọn địa điểm để bà con biết đến đâu.";
        return Err(ActionError::invalid("meetings", "class-without-venue", reason));
    }
    Ok(())
}

/// A class as its staff see it.
#[derive(Debug, Clone)]
pub struct StaffClass {
    pub class: Class,
    pub typed: TypedClass,
    /// How it is planned, as it was typed; the usual where it is not.
    pub plan: TypedPlan,
    pub centre: Named<OrganisationId>,
    pub co_organisers: Vec<Named<OrganisationId>>,
    pub materials: Vec<Named<MaterialId>>,
    pub course: Option<Named<CourseId>>,
    pub meetings: Vec<MeetingCard>,
    pub may_change: bool,
    /// Whether the actor may see who learns there.
    pub may_enrol: bool,
}

/// Shows a class to its staff and to those who have it with them.
///
/// # Errors
/// `NotFound` when there is none that the actor may see.
pub async fn show(context: &Context, actor: &Actor, id: ClassId) -> Result<StaffClass, ActionError> {
    let (catalogue, today, by) = (context.catalogue(), context.today(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        let found = store::classes::get(tx, id)?.filter(|class| may_see(&catalogue, &by, class));
        let class = found.ok_or_else(|| missing(Noun::Class, id))?;
        let mut desk = Desk::new(tx, &catalogue, today);
        let meetings = store::meetings::of_class(tx, id)?;
        let course = class.course.map(|id| store::courses::get(tx, id)).transpose()?.flatten();
        let plan = class.plan.as_ref();
        Ok::<_, ActionError>(StaffClass {
            typed: TypedClass::of(&class),
            plan: plan.map_or_else(usual_plan, |plan| TypedPlan::of(&plan.recipe, plan.venue, &plan.speakers)),
            centre: named_organisation(&catalogue, &class.organisation, today),
            co_organisers: class.co_organisers.iter().map(|id| named_organisation(&catalogue, id, today)).collect(),
            materials: named_materials(tx, &class.teaching.materials)?,
            course: course.map(|course| Named { id: course.id, name: course.teaching.title }),
            meetings: meetings.iter().map(|meeting| desk.card(&class, meeting)).collect::<Result<_, _>>()?,
            may_change: may_schedule(&catalogue, &by, &class.organisation),
            may_enrol: class.count == CountMode::Names && may_enrol(&catalogue, &by, &class.organisation),
            class,
        })
    };
    context.store.read("class.show", read).await
}

/// How most classes meet: in the evening.
fn usual_plan() -> TypedPlan {
    TypedPlan {
        pattern: "once".to_owned(),
        from: "19:00".to_owned(),
        to: "21:00".to_owned(),
        every: "1".to_owned(),
        ..TypedPlan::default()
    }
}

/// Which classes are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub centre: Option<OrganisationId>,
    pub state: Option<ClassState>,
    pub offset: usize,
}

/// A class in the staff's list.
#[derive(Debug, Clone)]
pub struct Item {
    pub class: Class,
    pub centre: Named<OrganisationId>,
    /// It is another's, who has it together with one of the actor's.
    pub joint: bool,
    pub meetings: usize,
    /// The next meeting that stands, else the last one.
    pub next: Option<Slot>,
}

/// A part of the list, and how many there are.
#[derive(Debug, Clone, Default)]
pub struct Found {
    pub total: usize,
    pub items: Vec<Item>,
    pub next: Option<usize>,
}

/// Lists the classes of the bodies for which the actor plans: the latest first.
///
/// # Errors
/// `Forbidden` to whoever plans no classes.
pub async fn list(context: &Context, actor: &Actor, wanted: Wanted) -> Result<Found, ActionError> {
    if !may_schedule_any(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let own: Vec<OrganisationId> = centres(context, actor).into_iter().map(|one| one.id).collect();
    let (catalogue, today, now) = (context.catalogue(), context.today(), context.now());
    let read = move |tx: &dyn ReadTx| {
        let asked = own.iter().filter(|id| wanted.centre.as_ref().is_none_or(|centre| centre == *id));
        let mut ids = BTreeSet::new();
        for organisation in asked {
            ids.extend(store::classes::of_organisation(tx, organisation)?);
        }
        let mut found = Vec::new();
        for id in ids.into_iter().rev() {
            let class = store::classes::get(tx, id)?;
            found.extend(class.filter(|class| wanted.state.is_none_or(|state| class.state == state)));
        }
        let total = found.len();
        let mut items = Vec::new();
        for class in found.into_iter().skip(wanted.offset).take(PAGE) {
            let meetings = store::meetings::of_class(tx, class.id)?;
            let mut standing = meetings.iter().filter(|meeting| meeting.stands());
            let next = standing.find(|meeting| !meeting.slot.is_over(now)).or_else(|| meetings.last());
            items.push(Item {
                centre: named_organisation(&catalogue, &class.organisation, today),
                joint: !own.contains(&class.organisation),
                meetings: meetings.len(),
                next: next.map(|meeting| meeting.slot),
                class,
            });
        }
        let end = wanted.offset + items.len();
        Ok::<_, ActionError>(Found { total, next: (end < total).then_some(end), items })
    };
    context.store.read("class.list", read).await
}
