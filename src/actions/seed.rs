//! Loading the content that comes with the program: topics, organisations, areas and sample materials.

use crate::actions::import::{self, ImportOptions, Summary};
use crate::actions::progress::Progress;
use crate::actions::schedule;
use crate::actions::{ActionError, Context};
use crate::domain::area::{Area, AreaEvent, AreaLevel};
use crate::domain::id::AreaId;
use crate::domain::organisation::{Organisation, OrganisationEvent};
use crate::domain::topic::Topic;
use crate::store;
use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// The files of a seed folder beside its materials.
const TOPICS: &str = "topics.json";
const ORGANISATIONS: &str = "organisations.json";
const ORGANISATION_EVENTS: &str = "organisation_events.json";
const AREAS: &str = "areas.csv";
const AREA_EVENTS: &str = "area_events.csv";

/// Under this key the store remembers that it was seeded.
const SEEDED: &str = "seeded";

/// Whether the store is as new: never seeded and without materials; blocks.
///
/// # Errors
/// When the store cannot be read.
pub fn is_needed(context: &Context) -> Result<bool, ActionError> {
    context.store.read_blocking("seed.needed", |tx| {
        let untouched = store::meta::get(tx, SEEDED)?.is_none() && store::materials::list(tx, None, 1)?.is_empty();
        Ok::<_, ActionError>(untouched)
    })
}

/// Loads a seed folder; what is there already stays as it is. Blocks.
///
/// # Errors
/// `Invalid` when a file of the folder is missing or cannot be understood.
pub fn seed(context: &Context, folder: &Path, progress: &dyn Progress) -> Result<Summary, ActionError> {
    seed_catalogue(context, folder)?;
    let summary = import::import(context, folder, &ImportOptions::default(), progress)?;
    tokio::runtime::Handle::current().block_on(schedule::seed::seed(context, folder))?;
    let stamp = context.stamp();
    let at = stamp.at.to_rfc3339();
    context.store.write_blocking("seed.done", stamp, move |tx| {
        store::meta::put(tx, SEEDED, &at);
        Ok::<_, ActionError>(())
    })?;
    Ok(summary)
}

/// Loads topics, organisations and areas of a seed folder, where there are none; blocks.
///
/// # Errors
/// As [`seed`].
pub fn seed_catalogue(context: &Context, folder: &Path) -> Result<(), ActionError> {
    let catalogue = Content::read(folder)?;
    context.store.write_blocking("seed.catalogue", context.stamp(), move |tx| catalogue.put(tx))?;
    context.reload_catalogue()
}

struct Content {
    topics: Vec<Topic>,
    organisations: Vec<Organisation>,
    organisation_events: Vec<OrganisationEvent>,
    areas: Vec<Area>,
    area_events: Vec<AreaEvent>,
}

impl Content {
    fn read(folder: &Path) -> Result<Self, ActionError> {
        let areas: Vec<AreaRow> = csv_rows(&folder.join(AREAS))?;
        let area_events: Vec<AreaEventRow> = csv_rows(&folder.join(AREA_EVENTS))?;
        Ok(Self {
            topics: json(&folder.join(TOPICS))?,
            organisations: json(&folder.join(ORGANISATIONS))?,
            organisation_events: json(&folder.join(ORGANISATION_EVENTS))?,
            areas: areas.into_iter().map(Area::from).collect(),
            area_events: area_events.into_iter().map(AreaEventRow::event).collect::<Result<_, _>>()?,
        })
    }

    fn put(&self, tx: &mut store::WriteTx<'_>) -> Result<(), ActionError> {
        if store::topics::all(tx)?.is_empty() {
            for topic in &self.topics {
                store::topics::put(tx, topic)?;
                tx.record(store::log::subject::TOPIC, topic.id.to_string(), &["label"]);
            }
        }
        if store::organisations::all(tx)?.is_empty() {
            for organisation in &self.organisations {
                store::organisations::put(tx, organisation)?;
                tx.record("organisation", organisation.id.to_string(), &["names"]);
            }
            store::organisations::put_events(tx, &self.organisation_events)?;
        }
        if store::areas::all(tx)?.is_empty() {
            for area in &self.areas {
                store::areas::put(tx, area)?;
                tx.record("area", area.id.to_string(), &["name"]);
            }
            store::areas::put_events(tx, &self.area_events)?;
        }
        Ok(())
    }
}

/// The topics, organisations and areas of the project's own seed content.
#[cfg(test)]
pub(super) fn catalogue_of_the_seed() -> crate::domain::catalogue::Catalogue {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seed-content");
    let Content { topics, organisations, organisation_events, areas, area_events } = Content::read(&folder).unwrap();
    let catalogue = crate::domain::catalogue::Catalogue::default().with_topics(topics);
    catalogue.with_organisations(organisations, organisation_events).with_areas(areas, area_events)
}

#[derive(Deserialize)]
struct AreaRow {
    id: AreaId,
    code: String,
    code_system: String,
    level: AreaLevel,
    name: String,
    full_name: String,
    parent: Option<AreaId>,
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    legal_basis: Option<String>,
    lat: Option<f64>,
    lon: Option<f64>,
}

impl From<AreaRow> for Area {
    fn from(row: AreaRow) -> Self {
        Self {
            id: row.id,
            code: row.code,
            code_system: row.code_system,
            level: row.level,
            name: row.name,
            full_name: row.full_name,
            former_names: Vec::new(),
            parent: row.parent,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            legal_basis: row.legal_basis,
            latitude: row.lat,
            longitude: row.lon,
        }
    }
}

#[derive(Deserialize)]
struct AreaEventRow {
    date: NaiveDate,
    kind: String,
    from: String,
    to: String,
    legal_basis: String,
}

impl AreaEventRow {
    fn event(self) -> Result<AreaEvent, ActionError> {
        let ids = |text: &str| text.split(';').filter(|id| !id.is_empty()).map(AreaId::parse).collect::<Result<_, _>>();
        Ok(AreaEvent {
            date: self.date,
            kind: self.kind,
            from: ids(&self.from).map_err(ActionError::internal)?,
            to: ids(&self.to).map_err(ActionError::internal)?,
            legal_basis: self.legal_basis,
        })
    }
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T, ActionError> {
    let text = std::fs::read(path).map_err(|error| unusable(path, &error))?;
    serde_json::from_slice(&text).map_err(|error| unusable(path, &error))
}

fn csv_rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, ActionError> {
    let mut reader = csv::Reader::from_path(path).map_err(|error| unusable(path, &error))?;
    reader.deserialize().collect::<Result<_, _>>().map_err(|error| unusable(path, &error))
}

fn unusable(path: &Path, error: &dyn std::fmt::Display) -> ActionError {
    let reason = format!("Không dùng được tệp {}: {error}", path.display());
    ActionError::Invalid { field: "seed_content", code: "seed-unusable", reason }
}
