//! The index follows the log: it applies what changed since its own revision, or is built anew from all rows.

use crate::actions::cards::{public_rows, standing};
use crate::actions::materials::read_page;
use crate::actions::progress::Progress;
use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::MaterialId;
use crate::domain::material::{Material, Version};
use crate::domain::validity::Standing;
use crate::search::{Change, Concerned, map};
use crate::store;
use crate::store::pages::PageRow;
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// How many log entries are read in one transaction.
const ENTRIES_PER_READ: usize = 8;
/// A step commits once nothing waits, or once it has so many materials …
const MATERIALS_PER_COMMIT: usize = 40_000;
/// … or has lasted so long: what waits behind a large import is seen after this time at most.
const STEP: Duration = Duration::from_secs(5);
/// How many materials are read from the store in one transaction.
const MATERIALS_PER_READ: usize = 200;
/// The changes of these kinds touch facets of many materials.
pub(super) const CATALOGUE_KINDS: [&str; 6] =
    ["topic", "organisation", "organisation_event", "area", "area_event", "synonym"];

/// Applies the next changes of the log to the index; blocks. Answers whether there was anything to apply.
///
/// # Errors
/// When the store or the index fails; the same changes are then applied again the next time.
pub fn follow(context: &Context) -> Result<bool, ActionError> {
    let started = Instant::now();
    let mut revision = context.search.revision();
    let (mut update, mut seen) = (None, 0);
    // Taken before the log is read: whatever it holds, the log tells of.
    let mut catalogue = context.catalogue();
    while seen < MATERIALS_PER_COMMIT && started.elapsed() < STEP {
        let mut batch = read_changes(context, revision)?;
        if batch.revision == revision {
            break;
        }
        if batch.catalogue_changed {
            context.reload_catalogue()?;
            let fresh = context.catalogue();
            match context.indexed_catalogue() {
                Some(old) => batch.materials.extend(concerned(context, &Concerned::between(&old, &fresh))?),
                None if context.search.size().0 > 0 => {
                    drop(update);
                    rebuild(context, &crate::actions::progress::Silent)?;
                    return Ok(true);
                }
                None => {}
            }
            catalogue = fresh;
        }
        revision = batch.revision;
        seen += batch.materials.len();
        let writer = match &mut update {
            Some(writer) => writer,
            None => update.insert(context.search.update()?),
        };
        let ids: Vec<MaterialId> = batch.materials.into_iter().collect();
        for part in ids.chunks(MATERIALS_PER_READ) {
            writer.put(documents(context, part.to_vec())?)?;
        }
    }
    let Some(update) = update else {
        context.set_indexed_catalogue(catalogue);
        context.search.set_ready();
        context.search.tidy()?;
        return Ok(false);
    };
    update.commit(revision)?;
    if context.indexed_catalogue().is_some() {
        context.set_indexed_catalogue(catalogue);
    }
    Ok(true)
}

/// The public materials that a change of the catalogue concerns.
fn concerned(context: &Context, concerned: &Concerned) -> Result<Vec<MaterialId>, ActionError> {
    let (mut found, mut after) = (Vec::new(), None);
    while !concerned.is_empty() {
        let (last, part) = context.store.read_blocking("index.concerned", |tx| {
            let rows = store::materials::list(tx, after, MATERIALS_PER_READ)?;
            let last = rows.last().map(|material| material.id);
            let mut part = Vec::new();
            for id in rows.into_iter().map(|material| material.id) {
                let rows = public_rows(tx, id)?;
                part.extend(rows.filter(|(material, version)| concerned.touch(material, version)).map(|_| id));
            }
            Ok::<_, ActionError>((last, part))
        })?;
        found.extend(part);
        after = last;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

struct Batch {
    revision: u64,
    materials: BTreeSet<MaterialId>,
    catalogue_changed: bool,
}

fn read_changes(context: &Context, after: u64) -> Result<Batch, ActionError> {
    context.store.read_blocking("index.follow", move |tx| {
        let mut batch = Batch { revision: after, materials: BTreeSet::new(), catalogue_changed: false };
        for entry in store::log::after(tx, after, ENTRIES_PER_READ)? {
            batch.revision = entry.revision;
            for change in entry.changes {
                if change.kind == "material"
                    && let Ok(id) = MaterialId::parse(&change.id)
                {
                    batch.materials.insert(id);
                    // What it replaces, or did before, stands otherwise with it.
                    batch.materials.extend(store::turns::replaced(tx, id)?);
                }
                batch.catalogue_changed |= CATALOGUE_KINDS.contains(&change.kind.as_str());
            }
        }
        Ok(batch)
    })
}

/// The index's view of some materials: put when public, removed otherwise.
fn documents(context: &Context, ids: Vec<MaterialId>) -> Result<Vec<Change>, ActionError> {
    let (catalogue, today) = (context.catalogue(), context.today());
    let known = context.catalogue();
    let rows = context.store.read_blocking("index.rows", move |tx| {
        ids.into_iter().map(|id| Ok((id, full_rows(tx, &known, id, today)?))).collect::<Result<Vec<_>, ActionError>>()
    })?;
    let change = |(id, rows)| match rows {
        Some(rows) => put(context, &catalogue, rows),
        None => Ok(Change::Remove(id)),
    };
    rows.into_iter().map(change).collect()
}

type FullRows = (Material, Version, Vec<PageRow>, Standing);

fn full_rows(
    tx: &dyn store::ReadTx,
    catalogue: &Catalogue,
    id: MaterialId,
    today: NaiveDate,
) -> Result<Option<FullRows>, ActionError> {
    let Some((material, version)) = public_rows(tx, id)? else { return Ok(None) };
    let pages = store::pages::list(tx, id, version.number)?;
    let standing = standing(tx, catalogue, (&material, &version), today)?;
    Ok(Some((material, version, pages, standing)))
}

fn put(context: &Context, catalogue: &Catalogue, rows: FullRows) -> Result<Change, ActionError> {
    let (material, version, pages, standing) = rows;
    let pages: Result<Vec<_>, _> = pages.into_iter().map(|row| read_page(context, &version, row)).collect();
    Ok(Change::Put(Box::new(map::document(catalogue, (&material, &version), &standing, &pages?))))
}

/// Builds a new generation of the index from all rows, beside the one in use, and swaps; blocks.
///
/// # Errors
/// When the store or the index fails; the old generation then stays in use.
pub fn rebuild(context: &Context, progress: &dyn Progress) -> Result<usize, ActionError> {
    // The revision comes first: what is changed meanwhile is then told by the log once more.
    let revision = context.latest_revision_blocking()?;
    context.reload_catalogue()?;
    let catalogue = context.catalogue();
    let mut fresh = context.search.rebuild()?;
    progress.begin("Lập chỉ mục", None);
    let (mut after, mut count) = (None, 0);
    loop {
        let from = after;
        let ids: Vec<MaterialId> = context.store.read_blocking("index.list", move |tx| {
            let rows = store::materials::list(tx, from, MATERIALS_PER_READ)?;
            Ok::<_, ActionError>(rows.into_iter().map(|material| material.id).collect())
        })?;
        let Some(last) = ids.last() else { break };
        after = Some(*last);
        let read = u64::try_from(ids.len()).unwrap_or(u64::MAX);
        let changes = documents(context, ids)?;
        let puts: Vec<Change> = changes.into_iter().filter(|change| matches!(change, Change::Put(_))).collect();
        count += puts.len();
        fresh.put(puts)?;
        progress.advance(read);
    }
    fresh.finish(revision)?;
    context.set_indexed_catalogue(catalogue);
    Ok(count)
}

/// Opens the index to readers at once where the log is empty: there is nothing to wait for; blocks.
///
/// # Errors
/// When the store cannot be read.
pub fn open_if_nothing_waits(context: &Context) -> Result<(), ActionError> {
    if context.latest_revision_blocking()? == 0 {
        context.search.set_ready();
    }
    Ok(())
}

/// Waits until the index has applied a revision; blocks. Answers whether it has in the given time.
pub fn wait_for(context: &Context, revision: u64, patience: Duration) -> bool {
    let started = Instant::now();
    while context.search.revision() < revision {
        if started.elapsed() > patience {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}
