//! Words of the province that mean the same: tried on a query, added, taken away.

use super::allowed;
use crate::actions::error::Noun;
use crate::actions::{ActionError, Context};
use crate::domain::actor::{Actor, ActorName};
use crate::domain::id::{AccountId, SynonymId};
use crate::domain::synonym::{MAX_ORIGIN_CHARS, MAX_SYNONYMS, MAX_WORDING_CHARS, Synonym, WORDINGS, origin, wordings};
use crate::search::{fold, syllables};
use crate::store::{self, ReadTx, WriteTx};
use std::collections::BTreeMap;

/// The most words of one wording.
const MAX_WORDS: usize = 8;
/// How many titles of a trial are shown.
const TITLES: usize = 5;

/// What is typed about an entry.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// One a line.
    pub wordings: String,
    pub one_way: bool,
    pub origin: String,
}

/// An entry with the name of who added it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub synonym: Synonym,
    /// Empty when the account was erased.
    pub added_by: String,
}

/// How a query is read, and what it finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// What it was read as, where that is not what was typed.
    pub read_as: Option<String>,
    /// Other wordings that are looked for: for which words, and which.
    pub wordings: Vec<(String, String)>,
    pub total: usize,
    /// The titles of the first results.
    pub titles: Vec<String>,
}

/// A query without and with an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    pub before: Reading,
    pub after: Reading,
}

/// Lists the entries that bear a text, the latest first.
///
/// # Errors
/// `Forbidden` to all but administrators.
pub async fn list(context: &Context, actor: &Actor, text: &str) -> Result<Vec<Listed>, ActionError> {
    allowed(actor)?;
    let wanted = fold(text.trim());
    let list = move |tx: &dyn ReadTx| {
        let mut names: BTreeMap<AccountId, String> = BTreeMap::new();
        for account in store::accounts::all(tx)? {
            names.insert(account.id, account.name);
        }
        let listed = |synonym: Synonym| {
            let added_by = match ActorName::parse(&synonym.added_by) {
                ActorName::Account { account, .. } => names.get(&account).cloned().unwrap_or_default(),
                ActorName::System | ActorName::Visitor => "Hệ thống".to_owned(),
            };
            Listed { synonym, added_by }
        };
        let bears = |synonym: &Synonym| synonym.wordings.iter().any(|wording| fold(wording).contains(&wanted));
        let all = store::synonyms::all(tx)?.into_iter().rev().filter(bears);
        Ok::<_, ActionError>(all.map(listed).collect())
    };
    context.store.read("synonym.list", list).await
}

/// Adds an entry; searches know it at once.
///
/// # Errors
/// `Forbidden` to all but administrators; `Invalid` for what cannot be.
pub async fn add(context: &Context, actor: &Actor, typed: &Typed) -> Result<SynonymId, ActionError> {
    allowed(actor)?;
    let stamp = context.stamp_by(actor);
    let wrong_origin = || {
        let reason = format!("Hãy ghi nguồn: ai nói, hoặc chép ở đâu; không quá {MAX_ORIGIN_CHARS} ký tự.");
        ActionError::Invalid { field: "origin", code: "synonym-origin-missing", reason }
    };
    let synonym = Synonym {
        id: SynonymId(context.clock.fresh_id()),
        wordings: read(&typed.wordings)?,
        one_way: typed.one_way,
        origin: origin(&typed.origin).ok_or_else(wrong_origin)?,
        added_by: stamp.actor.clone(),
        added_at: stamp.at,
    };
    let id = synonym.id;
    let add = move |tx: &mut WriteTx<'_>| {
        let all = store::synonyms::all(tx)?;
        if all.len() >= MAX_SYNONYMS {
            let reason = format!("Đã đủ {MAX_SYNONYMS} mục; hãy bỏ bớt mục không cần.");
            return Err(ActionError::Invalid { field: "wordings", code: "synonyms-too-many", reason });
        }
        if all.iter().any(|other| is_same(other, &synonym)) {
            return Err(ActionError::invalid("wordings", "synonym-taken", "Đã có mục như vậy."));
        }
        store::synonyms::put(tx, &synonym)?;
        tx.record("synonym", synonym.id.to_string(), &["wordings"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("synonym.add", stamp, add).await?;
    context.renew_catalogue().await?;
    Ok(id)
}

fn is_same(one: &Synonym, other: &Synonym) -> bool {
    let keys = |synonym: &Synonym| {
        let mut keys: Vec<String> = synonym.wordings.iter().map(|wording| key(wording)).collect();
        // Which comes first matters only where one way is meant.
        keys.get_mut(usize::from(synonym.one_way)..).unwrap_or_default().sort();
        (synonym.one_way, keys)
    };
    keys(one) == keys(other)
}

/// Takes an entry away; searches forget it at once.
///
/// # Errors
/// `Forbidden` to all but administrators; `NotFound` when there is none.
pub async fn remove(context: &Context, actor: &Actor, id: SynonymId) -> Result<(), ActionError> {
    allowed(actor)?;
    let remove = move |tx: &mut WriteTx<'_>| {
        if store::synonyms::get(tx, id)?.is_none() {
            return Err(ActionError::NotFound { noun: Noun::Synonym, id: id.to_string() });
        }
        store::synonyms::remove(tx, id);
        tx.record("synonym", id.to_string(), &["wordings"]);
        Ok::<_, ActionError>(())
    };
    context.store.write("synonym.remove", context.stamp_by(actor), remove).await?;
    context.renew_catalogue().await?;
    Ok(())
}

/// Shows how a query is read without and with an entry that is not added yet; nothing is kept.
///
/// # Errors
/// As [`add`]; `Unavailable` while the first index is built.
pub async fn try_out(context: &Context, actor: &Actor, query: &str, typed: &Typed) -> Result<Trial, ActionError> {
    allowed(actor)?;
    if query.trim().is_empty() {
        return Err(ActionError::invalid("query", "synonym-query-missing", "Hãy ghi câu tìm để thử."));
    }
    let added = if typed.wordings.trim().is_empty() {
        String::new()
    } else {
        let (wordings, one_way) = (read(&typed.wordings)?, typed.one_way);
        let (id, added_by, added_at) = (SynonymId(context.clock.fresh_id()), String::new(), context.now());
        Synonym { id, wordings, one_way, origin: String::new(), added_by, added_at }.line()
    };
    let (index, budget, text) = (context.search.clone(), context.bounds.search_budget, query.to_owned());
    let read = move |more: &str| {
        let answer = index.search_with_synonyms(more, &text, (TITLES, budget))?;
        Ok::<_, ActionError>(Reading {
            read_as: answer.read_as,
            wordings: answer.wordings,
            total: answer.total,
            titles: answer.hits.into_iter().filter(|hit| !hit.partial).map(|hit| hit.title).collect(),
        })
    };
    tokio::task::spawn_blocking(move || Ok(Trial { before: read("")?, after: read(&added)? })).await?
}

/// Reads wordings that the search can tell apart.
fn read(text: &str) -> Result<Vec<String>, ActionError> {
    let (least, most) = (WORDINGS.start(), WORDINGS.end());
    let wrong = || ActionError::Invalid {
        field: "wordings",
        code: "synonym-invalid",
        reason: format!(
            "Hãy ghi {least} đến {most} cách nói khác nhau, mỗi dòng một cách, không quá {MAX_WORDING_CHARS} ký tự và {MAX_WORDS} từ, không dùng các dấu = > < #."
        ),
    };
    let found = wordings(text).ok_or_else(wrong)?;
    let mut keys: Vec<String> = found.iter().map(|wording| key(wording)).collect();
    let fits = |wording: &String| (1..=MAX_WORDS).contains(&syllables(wording).len());
    keys.sort();
    keys.dedup();
    if keys.len() == found.len() && found.iter().all(fits) { Ok(found) } else { Err(wrong()) }
}

/// The one form of a wording under all its spellings.
fn key(wording: &str) -> String {
    syllables(wording).into_iter().map(|syllable| syllable.key.to_string()).collect::<Vec<_>>().join(" ")
}
