//! What is new for any search, as a feed.

use crate::actions::materials::Card;
use crate::actions::search::{self, LatestMaterials, SearchRequest};
use crate::interop::atom::{self, Entry, Feed};
use crate::web::error::PageError;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::state::{AppState, Base};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

pub(in crate::web) async fn search(
    State(state): State<AppState>,
    parameters: Parameters,
    base: Base,
) -> Result<Response, PageError> {
    let request = search::current(&state.context, parameters.page_search());
    let latest = search::latest(&state.context, &request).await?;
    let text = atom::feed(&feed(&base, &request, &latest));
    Ok(([(header::CONTENT_TYPE, atom::MEDIA_TYPE)], text).into_response())
}

/// The name of the feed of a search.
pub(super) fn title(query: &str, filters: &[String]) -> String {
    let about: Vec<&str> =
        [query].into_iter().chain(filters.iter().map(String::as_str)).filter(|t| !t.is_empty()).collect();
    if about.is_empty() { "Học liệu mới".to_owned() } else { format!("Học liệu mới: {}", about.join(", ")) }
}

fn feed(base: &Base, request: &SearchRequest, latest: &LatestMaterials) -> Feed {
    let at = |cursor: Option<String>| base.absolute(&links::feed(&SearchRequest { cursor, ..request.clone() }));
    let page = SearchRequest { cursor: None, ..request.clone() };
    Feed {
        id: atom::stable_id(&links::feed_parameters(request)),
        title: title(&request.query, &latest.filters),
        own: at(request.cursor.clone()),
        page: base.absolute(&links::search(&page)),
        first: request.cursor.is_some().then(|| at(None)),
        previous: latest.previous.clone().map(|cursor| at(Some(cursor).filter(|cursor| cursor != "0"))),
        next: latest.next.clone().map(|cursor| at(Some(cursor))),
        entries: latest.items.iter().map(|card| entry(base, card)).collect(),
    }
}

fn entry(base: &Base, card: &Card) -> Entry {
    Entry {
        id: format!("urn:uuid:{}", card.id),
        title: card.title.clone(),
        language: card.languages.first().map(ToString::to_string).unwrap_or_default(),
        address: base.absolute(&links::material(card.id, &card.title)),
        updated: card.changed_at,
        published: card.published_at,
        author: card.author().to_owned(),
        summary: card.summary.clone(),
        categories: card.topics.iter().map(|topic| (topic.id.to_string(), topic.name.clone())).collect(),
    }
}
