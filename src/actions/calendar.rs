//! What comes with a new day though nobody did anything: validity begins and ends.

use crate::actions::{ActionError, Context};
use crate::store::{self, WriteTx};
use chrono::NaiveDate;

/// Under this name the store remembers the last day that was turned to.
const DAY: &str = "calendar-day";

/// Notes in the log which materials stand otherwise since the day that was last turned to, so that what follows the log
/// hears of it; blocks. Doing it twice on a day is the same as doing it once. Answers how many there were.
///
/// # Errors
/// When the store fails.
pub fn turn_blocking(context: &Context, today: NaiveDate) -> Result<usize, ActionError> {
    let turn = move |tx: &mut WriteTx<'_>| {
        let last = store::meta::get(tx, DAY)?.and_then(|day| day.parse::<NaiveDate>().ok());
        if last.is_some_and(|last| today <= last) {
            return Ok(0);
        }
        let mut ids = store::turns::between(tx, last, today)?;
        ids.sort_unstable();
        ids.dedup();
        for id in &ids {
            if let Some(material) = store::materials::get(tx, *id)?.filter(|m| m.public_version().is_some()) {
                let organisation = &material.organisation;
                tx.record_at(organisation, store::log::subject::MATERIAL, id.to_string(), &["validity"]);
            }
        }
        store::meta::put(tx, DAY, &today.to_string());
        Ok::<_, ActionError>(ids.len())
    };
    Ok(context.store.write_blocking("calendar.turn", context.stamp(), turn)?.value)
}
