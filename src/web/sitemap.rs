//! Every public material's address, for search engines.

use super::error::PageError;
use super::links;
use super::state::{AppState, Base};
use crate::actions::{ActionError, Context, materials};
use crate::interop::sitemap;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;

/// The paths of what is public, at a revision of the log: reading all of it is work that one caller has done for all.
#[derive(Default)]
pub(super) struct Sitemap(Mutex<Option<Kept>>);

struct Kept {
    revision: u64,
    paths: Vec<String>,
}

impl Sitemap {
    /// Puts the list together for whoever calls it by a base; whoever comes meanwhile waits for it.
    async fn text(&self, context: &Context, base: &Base) -> Result<String, ActionError> {
        let mut kept = self.0.lock().await;
        // Asked before it is read: what is written meanwhile makes the next caller read again.
        let revision = *context.revisions().borrow();
        let current = match kept.take().filter(|kept| kept.revision == revision) {
            Some(current) => current,
            None => Kept { revision, paths: paths(context).await? },
        };
        let addresses: Vec<String> = current.paths.iter().map(|path| base.absolute(path)).collect();
        *kept = Some(current);
        Ok(sitemap::sitemap(&addresses))
    }
}

async fn paths(context: &Context) -> Result<Vec<String>, ActionError> {
    let mut paths = Vec::new();
    let mut cursor = None;
    loop {
        let part = materials::list(context, cursor.as_deref(), materials::MAX_LIST).await?;
        paths.extend(part.items.iter().map(|card| links::material(card.id, &card.title)));
        cursor = part.next;
        if cursor.is_none() || paths.len() >= sitemap::MAX_ENTRIES {
            return Ok(paths);
        }
    }
}

pub(super) async fn show(State(state): State<AppState>, base: Base) -> Result<Response, PageError> {
    let text = state.sitemap.text(&state.context, &base).await?;
    Ok(([(header::CONTENT_TYPE, "application/xml")], text).into_response())
}
