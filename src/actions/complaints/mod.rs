//! Complaints about materials: sent by anyone, answered by the material's organisation in time.

mod answer;
mod list;
mod send;

pub use answer::{Answering, answer, show};
pub use list::{Filter, Found, Item, PAGE, Raised, Wanted, list, may_answer_any, waiting};
pub use send::{Followed, New, Sent, follow, send, subject};

use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::id::ComplaintId;
use crate::store;

fn missing(id: ComplaintId) -> ActionError {
    ActionError::NotFound { noun: Noun::Complaint, id: id.to_string() }
}

/// Removes what is kept no longer; blocks.
///
/// # Errors
/// When the store fails.
pub fn tidy(context: &Context) -> Result<(), ActionError> {
    let (now, rules) = (context.now(), context.bounds.complaints);
    context.store.write_blocking("complaint.tidy", context.stamp(), move |tx| {
        for mut complaint in store::complaints::all(tx)? {
            if complaint.forget(&rules, now) {
                store::complaints::put(tx, &complaint)?;
                tx.record_at(
                    &complaint.organisation,
                    store::log::subject::COMPLAINT,
                    complaint.id.to_string(),
                    &["words"],
                );
            }
        }
        Ok::<_, ActionError>(())
    })?;
    Ok(())
}
