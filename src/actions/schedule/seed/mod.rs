//! The invented classes of the seed content, planned by the same acts as any other, on days that follow the first start.

mod requests;

use crate::actions::schedule::classes::{self, TypedClass};
use crate::actions::schedule::courses::{self, TypedCourse};
use crate::actions::schedule::meetings::{self, TypedMeeting};
use crate::actions::schedule::plan;
use crate::actions::schedule::speakers::{self, TypedSpeaker};
use crate::actions::schedule::typed::{TypedPlan, TypedTeaching};
use crate::actions::schedule::venues::{self, TypedBlock, TypedVenue};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::class::{ClassAct, ClassState};
use crate::domain::id::{ClassId, CourseId, VenueId};
use crate::store;
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The file of a seed folder that holds them.
const CLASSES: &str = "classes.json";
/// More materials than a seed folder has.
const MATERIALS: usize = 10_000;

#[derive(Deserialize)]
struct Content {
    venues: Vec<VenueRow>,
    blocks: Vec<BlockRow>,
    speakers: Vec<SpeakerRow>,
    courses: Vec<CourseRow>,
    classes: Vec<ClassRow>,
    #[serde(default)]
    requests: Vec<requests::RequestRow>,
}

#[derive(Deserialize)]
struct VenueRow {
    key: String,
    organisation: String,
    area: String,
    name: String,
    kind: String,
    address: String,
    capacity: u32,
    equipment: String,
    #[serde(default)]
    keeper: String,
    shared: bool,
}

#[derive(Deserialize)]
struct BlockRow {
    venue: String,
    /// Days from the first start.
    day: i64,
    from: String,
    /// How many days later it ends.
    days: i64,
    to: String,
    what: String,
}

#[derive(Deserialize)]
struct SpeakerRow {
    key: String,
    name: String,
    organisation: String,
    belongs: bool,
    title: String,
    topics: Vec<String>,
    #[serde(default)]
    areas: Vec<String>,
    #[serde(default)]
    phone: String,
}

#[derive(Deserialize)]
struct TeachingRow {
    #[serde(default)]
    title: String,
    #[serde(default)]
    summary: String,
    class_type: String,
    #[serde(default)]
    topics: Vec<String>,
    audiences: Vec<String>,
    languages: Vec<String>,
    /// External ids.
    #[serde(default)]
    materials: Vec<String>,
}

#[derive(Deserialize)]
struct CourseRow {
    key: String,
    organisation: String,
    #[serde(flatten)]
    teaching: TeachingRow,
    syllabus: Vec<String>,
}

#[derive(Deserialize)]
struct ClassRow {
    key: String,
    organisation: String,
    #[serde(default)]
    co_organisers: Vec<String>,
    /// The key of a course, whose teaching then counts.
    course: Option<String>,
    #[serde(flatten)]
    teaching: TeachingRow,
    #[serde(default)]
    capacity: String,
    registration: String,
    count: String,
    #[serde(default)]
    contact: String,
    plan: PlanRow,
    state: ClassState,
    #[serde(default)]
    changes: Vec<ChangeRow>,
}

#[derive(Deserialize)]
struct PlanRow {
    pattern: String,
    /// Days from the first start.
    first: i64,
    from: String,
    to: String,
    #[serde(default)]
    weekdays: Vec<u32>,
    times: Option<u32>,
    venue: String,
    speakers: Vec<String>,
}

#[derive(Deserialize)]
struct ChangeRow {
    /// The place of the meeting among those of the class; none for the class as a whole.
    meeting: Option<usize>,
    /// By so many days a meeting is moved; cancelled where there are none.
    days: Option<i64>,
    reason: String,
}

/// What was made so far, by its key.
#[derive(Default)]
struct Made {
    venues: BTreeMap<String, String>,
    speakers: BTreeMap<String, String>,
    courses: BTreeMap<String, (CourseId, TypedTeaching)>,
    materials: BTreeMap<String, String>,
}

/// Loads the classes of a seed folder, where it has any and there is no venue yet.
///
/// # Errors
/// `Invalid` when the file cannot be understood or a row of it is refused.
pub(in crate::actions) async fn seed(context: &Context, folder: &Path) -> Result<(), ActionError> {
    let path = folder.join(CLASSES);
    let empty =
        context.store.read("seed.classes", |tx| Ok::<_, ActionError>(store::venues::all(tx)?.is_empty())).await?;
    if !empty || !path.is_file() {
        return Ok(());
    }
    let unusable = |error: serde_json::Error| ActionError::Invalid {
        field: "seed_content",
        code: "seed-unusable",
        reason: format!("Không dùng được tệp {}: {error}", path.display()),
    };
    let content: Content = serde_json::from_slice(&std::fs::read(&path)?).map_err(unusable)?;
    let mut made = Made { materials: materials(context).await?, ..Made::default() };
    places(context, &content, &mut made).await?;
    for row in content.courses {
        let typed = TypedCourse {
            organisation: row.organisation,
            teaching: teaching(row.teaching, &made),
            syllabus: row.syllabus.join("\n"),
            retired: false,
        };
        let id = courses::write(context, &Actor::System, (None, None), typed.clone()).await?;
        made.courses.insert(row.key, (id, typed.teaching));
    }
    let mut ids = BTreeMap::new();
    for row in content.classes {
        ids.insert(row.key.clone(), class(context, row, &made).await?);
    }
    for row in content.requests {
        requests::request(context, row, (&made, &ids)).await?;
    }
    mark(context, ids.into_values().collect()).await
}

/// The ids of materials by their external ids.
async fn materials(context: &Context) -> Result<BTreeMap<String, String>, ActionError> {
    let read = |tx: &dyn store::ReadTx| {
        let all = store::materials::list(tx, None, MATERIALS)?;
        let named = all.into_iter().filter_map(|one| Some((one.external_id?, one.id.to_string())));
        Ok::<_, ActionError>(named.collect())
    };
    context.store.read("seed.materials", read).await
}

/// Makes venues, what takes them, and speakers.
async fn places(context: &Context, content: &Content, made: &mut Made) -> Result<(), ActionError> {
    for row in &content.venues {
        let typed = TypedVenue {
            organisation: row.organisation.clone(),
            area: row.area.clone(),
            name: row.name.clone(),
            kind: row.kind.clone(),
            address: row.address.clone(),
            capacity: row.capacity.to_string(),
            equipment: row.equipment.clone(),
            keeper: row.keeper.clone(),
            shared: row.shared,
            ..TypedVenue::default()
        };
        let id = venues::write(context, &Actor::System, None, typed).await?;
        made.venues.insert(row.key.clone(), id.to_string());
    }
    for row in &content.blocks {
        let typed = TypedBlock {
            what: row.what.clone(),
            first_day: day(context, row.day),
            from: row.from.clone(),
            last_day: day(context, row.day + row.days),
            to: row.to.clone(),
        };
        let venue = VenueId::parse(&found(&made.venues, &row.venue)?).map_err(ActionError::internal)?;
        venues::block(context, &Actor::System, venue, typed).await?;
    }
    for row in &content.speakers {
        let typed = TypedSpeaker {
            name: row.name.clone(),
            organisation: row.organisation.clone(),
            belongs: row.belongs,
            title: row.title.clone(),
            topics: row.topics.clone(),
            areas: row.areas.clone(),
            phone: row.phone.clone(),
            ..TypedSpeaker::default()
        };
        let id = speakers::write(context, &Actor::System, None, typed).await?;
        made.speakers.insert(row.key.clone(), id.to_string());
    }
    Ok(())
}

fn found(made: &BTreeMap<String, String>, key: &str) -> Result<String, ActionError> {
    let reason = || format!("Không có “{key}” trong nội dung ban đầu.");
    let missing = || ActionError::Invalid { field: "seed_content", code: "seed-unusable", reason: reason() };
    made.get(key).cloned().ok_or_else(missing)
}

fn moved(context: &Context, days: i64) -> NaiveDate {
    context.today() + TimeDelta::days(days)
}

fn day(context: &Context, days: i64) -> String {
    moved(context, days).to_string()
}

fn teaching(row: TeachingRow, made: &Made) -> TypedTeaching {
    TypedTeaching {
        title: row.title,
        summary: row.summary,
        class_type: row.class_type,
        topics: row.topics,
        audiences: row.audiences,
        languages: row.languages,
        materials: row.materials.iter().filter_map(|id| made.materials.get(id).cloned()).collect(),
    }
}

/// Makes one class with its meetings, and brings it to its state.
async fn class(context: &Context, row: ClassRow, made: &Made) -> Result<ClassId, ActionError> {
    let course = row.course.as_ref().and_then(|key| made.courses.get(key));
    let typed = TypedClass {
        centre: row.organisation,
        co_organisers: row.co_organisers,
        course: course.map(|(id, _)| id.to_string()).unwrap_or_default(),
        teaching: course.map_or_else(|| teaching(row.teaching, made), |(_, teaching)| teaching.clone()),
        capacity: row.capacity,
        registration: row.registration,
        count: row.count,
        contact: row.contact,
    };
    let id = classes::write(context, &Actor::System, None, typed).await?;
    let speakers = row.plan.speakers.iter().map(|key| found(&made.speakers, key)).collect::<Result<_, _>>()?;
    let venue = if row.plan.venue.is_empty() { String::new() } else { found(&made.venues, &row.plan.venue)? };
    let typed = TypedPlan {
        pattern: row.plan.pattern,
        first: day(context, row.plan.first),
        from: row.plan.from,
        to: row.plan.to,
        weekdays: row.plan.weekdays.iter().map(ToString::to_string).collect(),
        times: row.plan.times.map(|times| times.to_string()).unwrap_or_default(),
        venue,
        speakers,
        ..TypedPlan::default()
    };
    plan::plan(context, &Actor::System, id, typed).await?;
    if row.state != ClassState::Draft {
        classes::act(context, &Actor::System, id, (ClassAct::Publish, "")).await?;
    }
    for change in row.changes {
        self::change(context, id, change).await?;
    }
    Ok(id)
}

async fn change(context: &Context, id: ClassId, change: ChangeRow) -> Result<(), ActionError> {
    let Some(place) = change.meeting else {
        return classes::act(context, &Actor::System, id, (ClassAct::Cancel, &change.reason)).await;
    };
    let read = move |tx: &dyn store::ReadTx| Ok::<_, ActionError>(store::meetings::of_class(tx, id)?);
    let meetings = context.store.read("seed.meetings", read).await?;
    let Some(meeting) = meetings.get(place) else { return Ok(()) };
    let typed = |days: i64| TypedMeeting {
        day: (meeting.slot.day + TimeDelta::days(days)).to_string(),
        from: meeting.slot.from.format("%H:%M").to_string(),
        to: meeting.slot.to.format("%H:%M").to_string(),
        venue: meeting.venue.map(|id| id.to_string()).unwrap_or_default(),
        reason: change.reason.clone(),
    };
    let ids = (id, meeting.id);
    match change.days {
        Some(days) => meetings::shift(context, &Actor::System, ids, typed(days)).await.map(drop),
        None => meetings::cancel(context, &Actor::System, ids, typed(0)).await,
    }
}

/// Says of each that it is invented.
async fn mark(context: &Context, ids: Vec<ClassId>) -> Result<(), ActionError> {
    let write = move |tx: &mut store::WriteTx<'_>| {
        for id in &ids {
            if let Some(mut class) = store::classes::get(tx, *id)? {
                class.sample = true;
                store::classes::put(tx, &class)?;
                tx.record(store::log::subject::CLASS, id.to_string(), &["description"]);
            }
        }
        Ok::<_, ActionError>(())
    };
    context.store.write("seed.classes", context.stamp(), write).await?;
    Ok(())
}
