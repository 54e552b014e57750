//! What there is in the whole province, for whoever looks after it.

use super::{STEP, Totals, row, totals};
use crate::actions::administration::may_manage;
use crate::actions::review::name_of_version;
use crate::actions::{ActionError, Context, usage};
use crate::domain::actor::Actor;
use crate::domain::id::MaterialId;
use crate::domain::usage::{MaterialCount, Period};
use crate::store::{self, ReadTx};
use std::collections::BTreeMap;

/// The days that are counted.
const DAYS: u16 = 30;

/// Adds up the materials of all organisations, with their use in the last thirty days; nothing for whoever does not
/// look after the province.
///
/// # Errors
/// When the store fails.
pub async fn province(context: &Context, actor: &Actor) -> Result<Option<Totals>, ActionError> {
    if !may_manage(actor) {
        return Ok(None);
    }
    let (catalogue, today) = (context.catalogue(), context.today());
    let period = Period::last(DAYS.into(), today);
    let flushing = context.clone();
    tokio::task::spawn_blocking(move || usage::flush_blocking(&flushing)).await??;
    let read = move |tx: &dyn ReadTx| {
        let mut counts: BTreeMap<MaterialId, MaterialCount> = BTreeMap::new();
        for used in store::usage::materials(tx, period)? {
            counts.entry(used.material).or_default().add(&used.count);
        }
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let part = store::materials::list(tx, after, STEP)?;
            let Some(last) = part.last() else { break };
            after = Some(last.id);
            for material in part {
                let number = material.public_version().unwrap_or(material.latest_version);
                let Some(version) = store::versions::get(tx, material.id, number)? else { continue };
                let count = counts.get(&material.id).copied().unwrap_or_default();
                let title = name_of_version(tx, &version)?;
                rows.push(row(&catalogue, &material, (&version, title), (count, today)));
            }
        }
        Ok::<_, ActionError>(totals(&rows, period))
    };
    Ok(Some(context.store.read("statistics.province", read).await?))
}
