//! The requests for speakers of the seed content, brought to their states by the same acts as any other.

use super::{Made, day, found, moved};
use crate::actions::schedule::requests::{self, Source, TypedAnswer, TypedRequest};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::id::{ClassId, RequestId};
use crate::domain::request::{Answer, RequestAct, RequestState};
use crate::store::{self, WriteTx};
use chrono::TimeDelta;
use serde::Deserialize;
use std::collections::BTreeMap;

/// So long ago a request was sent that nobody answered, in days.
const LONG_AGO: i64 = 9;

#[derive(Deserialize)]
pub(super) struct RequestRow {
    class: String,
    /// An organisation.
    #[serde(default)]
    asked: String,
    /// The key of a speaker, where it is a person who is wished for.
    #[serde(default)]
    wanted: String,
    #[serde(default)]
    message: String,
    state: RequestState,
    /// The key of who comes.
    #[serde(default)]
    named: String,
    #[serde(default)]
    reason: String,
    /// How many days there are for the answer.
    days: i64,
}

/// Sends a request for the meetings of a class that are to come, and brings it to its state.
pub(super) async fn request(
    context: &Context,
    row: RequestRow,
    (made, classes): (&Made, &BTreeMap<String, ClassId>),
) -> Result<(), ActionError> {
    let Some(class) = classes.get(&row.class) else { return Ok(()) };
    let proposed = requests::propose(context, &Actor::System, Source::Class(*class, None)).await?;
    let whom = if row.wanted.is_empty() { row.asked.clone() } else { found(&made.speakers, &row.wanted)? };
    let typed = TypedRequest {
        whom,
        message: row.message.clone(),
        reply_by: day(context, row.days),
        contact: "Văn phòng trung tâm (mẫu)".to_owned(),
        ..proposed
    };
    let id = requests::send(context, &Actor::System, typed).await?;
    let speaker = if row.named.is_empty() { String::new() } else { found(&made.speakers, &row.named)? };
    let typed = TypedAnswer { speaker, reason: row.reason, ..TypedAnswer::default() };
    let act = match row.state {
        RequestState::Asked => return Ok(()),
        RequestState::Lapsed => return lapse(context, id).await,
        RequestState::Accepted | RequestState::Substituted => RequestAct::Name,
        RequestState::Declined => RequestAct::Decline,
        RequestState::Withdrawn => RequestAct::Withdraw,
    };
    requests::act(context, &Actor::System, id, (act, typed)).await
}

/// Makes a request one that was sent days ago and that nobody answered.
async fn lapse(context: &Context, id: RequestId) -> Result<(), ActionError> {
    let (now, yesterday) = (context.now(), moved(context, -1));
    let write = move |tx: &mut WriteTx<'_>| {
        let Some(mut request) = store::requests::get(tx, id)? else { return Ok(()) };
        request.asked_at = now - TimeDelta::days(LONG_AGO);
        request.reply_by = yesterday;
        request.answer(Answer { act: RequestAct::Lapse, at: now, by: None, speaker: None, reason: String::new() });
        store::requests::put(tx, &request)?;
        tx.record_at(&request.organisation, "request", id.to_string(), &["state"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("request.lapse", context.stamp(), write).await?;
    Ok(())
}
