//! Suggestions while someone types: titles, topics, organisations, areas, and what many have searched.
//!
//! They follow the log as the index does, in memory: whoever starts the program has them after a moment.

mod feed;

use crate::actions::Context;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, MaterialId, OrganisationId, TopicId};
use crate::domain::organisation::Organisation;
use crate::search::suggest::{Suggester, Suggestion as Found, read_keystrokes};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

pub use feed::refresh;

/// The most suggestions in one answer.
pub const MAX_SUGGESTIONS: usize = 20;
/// How many are given where nothing is said.
pub const USUAL_SUGGESTIONS: usize = 8;
/// So many names of one organisation may fit before others are missed.
const NAMES_EACH: usize = 3;
/// The most characters of what was typed that are looked at.
const MAX_TYPED_CHARS: usize = 200;

/// What a suggestion leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Material(MaterialId),
    Topic(TopicId),
    Organisation(OrganisationId),
    Area(AreaId),
    /// A search for the suggested words.
    Query,
}

/// The sort of a suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuggestionKind {
    Material,
    Topic,
    Organisation,
    Area,
    Query,
}

impl SuggestionKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Material, Self::Topic, Self::Organisation, Self::Area, Self::Query];

    /// The kind's name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Material => "material",
            Self::Topic => "topic",
            Self::Organisation => "organisation",
            Self::Area => "area",
            Self::Query => "query",
        }
    }

    /// The kind's name for readers.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Material => "Học liệu",
            Self::Topic => "Chủ đề",
            Self::Organisation => "Cơ quan",
            Self::Area => "Địa bàn",
            Self::Query => "Nhiều người tìm",
        }
    }

    /// Finds the kind with a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl Target {
    /// The target's kind.
    pub const fn kind(&self) -> SuggestionKind {
        match self {
            Self::Material(_) => SuggestionKind::Material,
            Self::Topic(_) => SuggestionKind::Topic,
            Self::Organisation(_) => SuggestionKind::Organisation,
            Self::Area(_) => SuggestionKind::Area,
            Self::Query => SuggestionKind::Query,
        }
    }
}

/// A suggested text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub text: String,
    /// Escaped HTML with `<mark>` around what was typed.
    pub html: String,
    pub target: Target,
    /// What the name has become, for an old one.
    pub note: Option<String>,
}

/// The suggestions in use, and what they were made from.
#[derive(Default)]
pub(crate) struct Suggestions {
    current: RwLock<Arc<Suggester<Target>>>,
    feed: Mutex<feed::Feed>,
}

impl Suggestions {
    fn current(&self) -> Arc<Suggester<Target>> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, fresh: Suggester<Target>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
    }
}

/// Suggests texts for what is being typed, best first; `kinds` keeps some, none keeps all. What fits nothing is read as
/// raw Telex or VNI keystrokes.
///
/// `limit` goes from 1 to 20; 0 stands for 8.
pub fn suggest(context: &Context, typed: &str, kinds: &[SuggestionKind], limit: usize) -> Vec<Suggestion> {
    let limit = if limit == 0 { USUAL_SUGGESTIONS } else { limit.min(MAX_SUGGESTIONS) };
    let typed: String = typed.chars().take(MAX_TYPED_CHARS).collect();
    let (current, catalogue) = (context.suggestions.current(), context.catalogue());
    let is_wanted = |target: &Target| kinds.is_empty() || kinds.contains(&target.kind());
    // Several names of one organisation may fit.
    let several = limit * NAMES_EACH;
    let mut found = current.suggest_among(&typed, several, is_wanted);
    if found.is_empty() {
        let read = read_keystrokes(&typed).unwrap_or_default();
        found = current.suggest_among(&read, several, is_wanted);
    }
    each_once(found).take(limit).map(|found| suggestion(&catalogue, found)).collect()
}

/// What many have searched, and each other target under the name that fits best.
fn each_once<'a>(found: Vec<Found<'a, Target>>) -> impl Iterator<Item = Found<'a, Target>> {
    let mut seen: Vec<&'a Target> = Vec::new();
    found.into_iter().filter(move |one| {
        let is_new = *one.kind == Target::Query || !seen.contains(&one.kind);
        seen.push(one.kind);
        is_new
    })
}

fn suggestion(catalogue: &Catalogue, found: Found<'_, Target>) -> Suggestion {
    let note = match found.kind {
        Target::Organisation(id) => organisation_note(catalogue, id, found.text),
        Target::Area(id) => area_note(catalogue, id),
        _ => None,
    };
    Suggestion { text: found.text.to_owned(), html: found.html, target: found.kind.clone(), note }
}

/// What an organisation is called today, unless that is the suggested name, its short form, or contains it.
fn organisation_note(catalogue: &Catalogue, id: &OrganisationId, name: &str) -> Option<String> {
    let today = catalogue.organisation_successors_today(id);
    let bears = |organisation: &&Organisation| {
        let short = organisation.names.last().and_then(|last| last.short_name.as_deref());
        organisation.latest_name().contains(name) || short == Some(name)
    };
    let today = today.iter().filter_map(|id| catalogue.organisation(id)).filter(|organisation| !bears(organisation));
    let names: Vec<&str> = today.map(Organisation::latest_name).collect();
    (!names.is_empty()).then(|| format!("nay là {}", names.join(", ")))
}

fn area_note(catalogue: &Catalogue, id: &AreaId) -> Option<String> {
    catalogue.area(id)?.valid_to?;
    let today = catalogue.areas_today(id);
    let names: Vec<&str> =
        today.iter().filter_map(|id| catalogue.area(id)).map(|area| area.full_name.as_str()).collect();
    Some(match names.as_slice() {
        [] => "tên cũ".to_owned(),
        [one] => format!("nay là {one}"),
        more => format!("nay là {} xã, phường", more.len()),
    })
}
