//! Words of the province that mean the same: a list, a form, and a trial of what it would do.

#[cfg(test)]
use super::rendered;
use super::{Answer, Frame, Refusal, done, go, html};
use crate::actions::administration::synonyms::{self as managed, Listed, Reading, Trial, Typed};
use crate::domain::id::SynonymId;
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::view::moment;
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "administration/synonyms.html", config = "src/web/askama.toml")]
struct SynonymsPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    text: String,
    entries: Vec<EntryView>,
    typed: Typed,
    query: String,
    trial: Option<[ReadingView; 2]>,
}

struct EntryView {
    url: String,
    words: String,
    note: String,
}

/// One side of a trial.
struct ReadingView {
    title: &'static str,
    lines: Vec<String>,
    titles: Vec<String>,
}

fn entry(listed: &Listed) -> EntryView {
    let synonym = &listed.synonym;
    let words = match (synonym.one_way, synonym.wordings.split_first()) {
        (true, Some((first, others))) => format!("{first} → {}", others.join(", ")),
        _ => synonym.wordings.join(" = "),
    };
    let by = if listed.added_by.is_empty() { "tài khoản đã xóa" } else { listed.added_by.as_str() };
    let note = format!("Nguồn: {}. {by} thêm lúc {}.", synonym.origin, moment(synonym.added_at));
    EntryView { url: links::remove_synonym(synonym.id), words, note }
}

fn reading(title: &'static str, reading: Reading) -> ReadingView {
    let mut lines = vec![format!("{} học liệu.", reading.total)];
    lines.extend(reading.read_as.map(|read_as| format!("Đọc là: {read_as}.")));
    lines.extend(reading.wordings.into_iter().map(|(typed, other)| format!("“{typed}”: tìm cả “{other}”.")));
    if lines.len() == 1 {
        lines.push("Đọc đúng như đã gõ, không tìm cách nói nào khác.".to_owned());
    }
    ReadingView { title, lines, titles: reading.titles }
}

fn readings(trial: Trial) -> [ReadingView; 2] {
    [reading("Hiện nay", trial.before), reading("Khi thêm mục này", trial.after)]
}

async fn page(
    state: &AppState,
    staff: Staff,
    text: &str,
    (typed, query): (Typed, String),
) -> Result<SynonymsPage, Problem> {
    let listed = managed::list(&state.context, &staff.signed_in.actor, text).await?;
    Ok(SynonymsPage {
        frame: Frame::new("Từ đồng nghĩa, viết tắt").for_reader(staff.reader),
        refusal: Refusal::default(),
        notice: None,
        text: text.to_owned(),
        entries: listed.iter().map(entry).collect(),
        typed,
        query,
        trial: None,
    })
}

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let text = parameters.first("ten").unwrap_or_default();
    let mut page = page(&state, staff, text, (Typed::default(), String::new())).await?;
    page.notice = done(&parameters);
    Ok(html(&page)?.into_response())
}

/// Adds what was typed, or shows what it would do.
pub(in crate::web) async fn enter(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    let typed = Typed {
        wordings: form.value("cach-noi").to_owned(),
        one_way: form.value("mot-chieu") == "1",
        origin: form.value("nguon").to_owned(),
    };
    let (actor, query) = (staff.signed_in.actor.clone(), form.value("cau-tim").to_owned());
    let (trial, error) = if form.value("thu").is_empty() {
        match managed::add(&state.context, &actor, &typed).await {
            Ok(_) => return Ok(go(&links::done(links::SYNONYMS, "them"))),
            Err(error) => (None, Some(error)),
        }
    } else {
        match managed::try_out(&state.context, &actor, &query, &typed).await {
            Ok(trial) => (Some(readings(trial)), None),
            Err(error) => (None, Some(error)),
        }
    };
    let refusal = error.map(Refusal::of).transpose()?.unwrap_or_default();
    let page = SynonymsPage { refusal, trial, ..page(&state, staff, "", (typed, query)).await? };
    page.refusal.answer(&page)
}

pub(in crate::web) async fn remove(State(state): State<AppState>, Path(id): Path<String>, staff: Staff) -> Answer {
    let id = SynonymId::parse(&id).map_err(|_error| Problem::of("synonym-missing"))?;
    managed::remove(&state.context, &staff.signed_in.actor, id).await?;
    Ok(go(&links::done(links::SYNONYMS, "bo")))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let found = Reading {
        read_as: Some("<thử>".to_owned()),
        wordings: vec![("<thử>".to_owned(), "<thử>".to_owned())],
        total: 1,
        titles: vec!["<thử>".to_owned()],
    };
    let page = |trial, entries| SynonymsPage {
        frame: Frame::new("Từ đồng nghĩa"),
        refusal: super::sample_refusal(),
        notice: Some("xong"),
        text: "<thử>".to_owned(),
        entries,
        typed: Typed { wordings: "<thử>".to_owned(), one_way: true, origin: "<thử>".to_owned() },
        query: "<thử>".to_owned(),
        trial,
    };
    let entry = EntryView { url: "/".to_owned(), words: "<thử>".to_owned(), note: "<thử>".to_owned() };
    let trial = readings(Trial { before: Reading::default(), after: found });
    rendered(&[page(Some(trial), vec![entry]), page(None, Vec::new())])
}
