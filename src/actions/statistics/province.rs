//! What there is in the whole province, for whoever looks after it.

use super::{Totals, day};
use crate::actions::administration::may_manage;
use crate::actions::{ActionError, Context, usage};
use crate::domain::actor::Actor;
use crate::domain::id::MaterialId;
use crate::domain::material::State;
use crate::domain::usage::Period;
use crate::store::log::{self, subject};
use crate::store::{self, ReadTx};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The days that are counted.
const DAYS: u16 = 30;
/// How many materials are read at once.
const STEP: usize = 500;
/// After more changes than this it is quicker to count all materials anew than to look at each change.
const MOST_CHANGES: usize = 5_000;

/// What is counted of one material.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fact {
    state: State,
    published_on: Option<NaiveDate>,
    /// The last day of validity of what the public sees.
    valid_to: Option<NaiveDate>,
}

/// The materials as they were at a revision of the log: the next who asks looks at what changed since. About 40 bytes a
/// material; lost with the process.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    /// 0 as long as nothing was counted.
    revision: u64,
    facts: BTreeMap<MaterialId, Fact>,
}

impl Counted {
    /// Comes to where the log is.
    fn follow(&mut self, tx: &dyn ReadTx) -> Result<(), ActionError> {
        let latest = log::latest(tx)?;
        if self.revision >= latest && self.revision > 0 {
            return Ok(());
        }
        let missed = if self.revision == 0 { Vec::new() } else { log::after(tx, self.revision, MOST_CHANGES + 1)? };
        if self.revision == 0 || missed.len() > MOST_CHANGES {
            self.facts = all(tx)?;
        } else {
            let changes = missed.iter().flat_map(|entry| &entry.changes);
            for change in changes.filter(|change| change.kind == subject::MATERIAL) {
                let Ok(id) = MaterialId::parse(&change.id) else { continue };
                match store::materials::get(tx, id)?.map(|material| fact(tx, &material)).transpose()?.flatten() {
                    Some(fact) => self.facts.insert(id, fact),
                    None => self.facts.remove(&id),
                };
            }
        }
        self.revision = latest;
        Ok(())
    }

    fn totals(&self, period: Period, today: NaiveDate) -> Totals {
        let mut totals = Totals::default();
        for fact in self.facts.values() {
            *totals.of_state(fact.state) += 1;
            let within = |day: NaiveDate| (period.from..=period.to).contains(&day);
            totals.published_in_period += usize::from(fact.published_on.is_some_and(within));
            totals.outdated += usize::from(fact.valid_to.is_some_and(|day| day < today));
        }
        totals
    }
}

fn all(tx: &dyn ReadTx) -> Result<BTreeMap<MaterialId, Fact>, ActionError> {
    let (mut facts, mut after) = (BTreeMap::new(), None);
    loop {
        let part = store::materials::list(tx, after, STEP)?;
        let Some(last) = part.last() else { return Ok(facts) };
        after = Some(last.id);
        for material in part {
            facts.extend(fact(tx, &material)?.map(|fact| (material.id, fact)));
        }
    }
}

fn fact(tx: &dyn ReadTx, material: &crate::domain::material::Material) -> Result<Option<Fact>, ActionError> {
    let public = material.public_version();
    let version = store::versions::get(tx, material.id, public.unwrap_or(material.latest_version))?;
    Ok(version.map(|version| Fact {
        state: material.state,
        published_on: material.published_at.map(day),
        valid_to: version.description.valid_to.filter(|_| public.is_some()),
    }))
}

/// Adds up the materials of all organisations, with all use of the library in the last thirty days, that of materials
/// that have gone since included; nothing for whoever does not look after the province. Costs what changed since it was
/// last asked for.
///
/// # Errors
/// When the store fails.
pub async fn province(context: &Context, actor: &Actor) -> Result<Option<Totals>, ActionError> {
    if !may_manage(actor) {
        return Ok(None);
    }
    let context = context.clone();
    let count = move || {
        usage::flush_blocking(&context)?;
        let today = context.today();
        let period = Period::last(DAYS.into(), today);
        context.store.read_blocking("statistics.province", |tx| {
            let mut counted = context.tally.0.lock().unwrap_or_else(PoisonError::into_inner);
            counted.follow(tx)?;
            let used = store::usage::sum_of_days(tx, period)?;
            Ok(Some(Totals { views: used.views, downloads: used.downloads, ..counted.totals(period, today) }))
        })
    };
    tokio::task::spawn_blocking(count).await?
}
