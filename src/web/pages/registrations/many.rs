//! Many people at once: a pasted list or a spreadsheet, seen row by row before anything is written.

#[cfg(test)]
use super::rendered;
use super::{Frame, Pick, consents, html};
use crate::actions::ActionError;
use crate::actions::schedule::registration::many::{self, MAX_PEOPLE, Outcome, Row, Seen};
use crate::domain::id::ClassId;
use crate::web::error::Problem;
use crate::web::links;
use crate::web::multipart::short_text;
use crate::web::pages::accounts::{Refusal, go};
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Multipart, Path, State};
use axum::response::IntoResponse;

/// The most bytes of a list.
const MAX_LIST_BYTES: usize = 1 << 20;

#[derive(Template)]
#[template(path = "registrations/many.html", config = "src/web/askama.toml")]
struct ManyPage {
    frame: Frame,
    refusal: Refusal,
    action: String,
    back: String,
    most: usize,
    text: String,
    consents: Vec<Pick>,
    /// None before a list was seen.
    seen: Option<SeenView>,
}

struct SeenView {
    whole: bool,
    counts: Vec<String>,
    lines: Vec<(u32, String, String, bool)>,
}

/// What a form brought.
#[derive(Default)]
struct Sent {
    text: String,
    file: Option<(String, Vec<u8>)>,
    consent: String,
    keep: bool,
}

async fn receive(mut multipart: Multipart) -> Result<Sent, crate::web::error::PageError> {
    let mut sent = Sent::default();
    while let Some(mut field) = multipart.next_field().await.map_err(|_error| Problem::of("multipart-invalid"))? {
        match field.name().unwrap_or_default() {
            "tep" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(|_error| Problem::of("multipart-invalid"))?;
                if !bytes.is_empty() {
                    sent.file = Some((name, bytes.to_vec()));
                }
            }
            "danh-sach" => sent.text = short_text(&mut field, MAX_LIST_BYTES).await?,
            "dong-y" => sent.consent = short_text(&mut field, 20).await?,
            "luu" => sent.keep = true,
            _ => {}
        }
    }
    Ok(sent)
}

fn view(seen: &Seen) -> SeenView {
    let told = |outcome: &Outcome| match outcome {
        Outcome::New => ("ghi mới".to_owned(), false),
        Outcome::Known => ("trung tâm đã biết, dùng hồ sơ cũ".to_owned(), false),
        Outcome::There => ("đã có tên trong lớp, bỏ qua".to_owned(), false),
        Outcome::Wrong(reason) => (reason.clone(), true),
    };
    let count = |wanted: &dyn Fn(&Outcome) -> bool| seen.rows.iter().filter(|(_, outcome)| wanted(outcome)).count();
    let counts = [
        (count(&|one| matches!(one, Outcome::New | Outcome::Known)), "người sẽ được ghi"),
        (count(&|one| *one == Outcome::There), "người đã có tên"),
        (count(&|one| matches!(one, Outcome::Wrong(_))), "dòng phải sửa"),
    ];
    SeenView {
        whole: seen.is_whole(),
        counts: counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect(),
        lines: seen
            .rows
            .iter()
            .map(|(row, outcome)| {
                let (told, wrong) = told(outcome);
                let about = [row.person.name.as_str(), &row.person.birth_year, &row.person.village].join(" · ");
                (row.number, about, told, wrong)
            })
            .collect(),
    }
}

fn page(staff: Staff, id: ClassId, (text, consent): (String, &str)) -> ManyPage {
    ManyPage {
        frame: Frame::new("Ghi nhiều học viên").for_reader(staff.reader),
        refusal: Refusal::default(),
        action: links::many_learners(id),
        back: links::roll(id),
        most: MAX_PEOPLE,
        text,
        consents: consents(consent),
        seen: None,
    }
}

pub(in crate::web) async fn ask(Path(id): Path<String>, staff: Staff) -> Answer {
    let id = super::roll::parse(&id)?;
    Ok(html(&page(staff, id, (String::new(), "")))?.into_response())
}

pub(in crate::web) async fn send(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    multipart: Multipart,
) -> Answer {
    let id = super::roll::parse(&id)?;
    let sent = receive(multipart).await?;
    let actor = staff.signed_in.actor.clone();
    let read = match &sent.file {
        Some((name, bytes)) => many::read(bytes, name),
        None => many::read(sent.text.as_bytes(), "danh-sach.txt"),
    };
    let looked = look(&state, &actor, id, read).await;
    match looked {
        Ok((rows, seen)) if sent.keep && seen.is_whole() => {
            let written = many::write(&state.context, &actor, id, (rows.clone(), &sent.consent)).await;
            match written {
                Ok(done) => Ok(go(&format!("{}?nhieu={}", links::roll(id), done.written))),
                Err(error) => {
                    let refusal = Refusal::of(error)?;
                    let page = page(staff, id, (many::written(&rows), &sent.consent));
                    refusal.clone().answer(&ManyPage { refusal, seen: Some(view(&seen)), ..page })
                }
            }
        }
        Ok((rows, seen)) => {
            let page = page(staff, id, (many::written(&rows), &sent.consent));
            Ok(html(&ManyPage { seen: Some(view(&seen)), ..page })?.into_response())
        }
        Err(error) => {
            let refusal = Refusal::of(error)?;
            refusal.clone().answer(&ManyPage { refusal, ..page(staff, id, (sent.text, &sent.consent)) })
        }
    }
}

async fn look(
    state: &AppState,
    actor: &crate::domain::actor::Actor,
    id: ClassId,
    read: Result<Vec<Row>, ActionError>,
) -> Result<(Vec<Row>, Seen), ActionError> {
    let rows = read?;
    let seen = many::preview(&state.context, actor, id, rows.clone()).await?;
    Ok((rows, seen))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let text = || "<thử>".to_owned();
    let seen = |whole| SeenView { whole, counts: vec![text()], lines: vec![(2, text(), text(), !whole)] };
    let page = |seen| ManyPage {
        frame: Frame::new("Nhiều"),
        refusal: Refusal::of(Problem::of("class-full")).unwrap_or_default(),
        action: "/".to_owned(),
        back: "/".to_owned(),
        most: MAX_PEOPLE,
        text: text(),
        consents: consents("paper"),
        seen,
    };
    rendered(&[page(Some(seen(true))), page(Some(seen(false))), page(None)])
}
