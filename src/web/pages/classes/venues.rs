//! Venues: a list, one with what takes it, and the form of one.

use super::{Choice, Frame, Refusal, done, go, html, named_choices};
#[cfg(test)]
use super::{rendered, sample_refusal};
use crate::actions::schedule::venues::{self, TypedBlock, TypedVenue, VenueLine};
use crate::actions::schedule::{MeetingCard, centres};
use crate::domain::area::AreaLevel;
use crate::domain::id::{VenueBlockId, VenueId};
use crate::domain::venue::{VenueBlock, VenueKind};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::review::form::coded;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

#[derive(Template)]
#[template(path = "classes/venues.html", config = "src/web/askama.toml")]
struct ListPage {
    frame: Frame,
    text: String,
    lines: Vec<Line>,
}

struct Line {
    url: String,
    name: String,
    notes: Vec<String>,
}

fn line(one: &VenueLine) -> Line {
    let venue = &one.venue;
    let room = venue.capacity.map(|people| format!("{people} chỗ"));
    let notes = [Some(venue.kind.label().to_owned()), Some(venue.address.clone()), Some(one.area.clone()), room];
    let mut notes: Vec<String> = notes.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    notes.push(one.organisation.name.clone());
    notes.extend(venue.shared.then(|| "dùng chung".to_owned()));
    notes.extend(venue.retired.then(|| "không dùng nữa".to_owned()));
    Line { url: links::venue(venue.id), name: venue.name.clone(), notes }
}

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let found = venues::list(&state.context, &staff.signed_in.actor, &text).await?;
    let lines = found.iter().map(line).collect();
    Ok(html(&ListPage { frame: Frame::new("Địa điểm").for_reader(staff.reader), text, lines })?.into_response())
}

#[derive(Template)]
#[template(path = "classes/venue.html", config = "src/web/askama.toml")]
struct VenuePage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    action: String,
    title: String,
    is_new: bool,
    may_change: bool,
    typed: TypedVenue,
    centres: Vec<Choice>,
    areas: Vec<Choice>,
    kinds: Vec<Choice>,
    about: Vec<String>,
    taken: Vec<Taken>,
    block: TypedBlock,
}

/// Something that takes the venue.
struct Taken {
    when: String,
    what: String,
    free: Option<String>,
}

fn parse(id: &str) -> Result<VenueId, Problem> {
    VenueId::parse(id).map_err(|_error| Problem::of("venue-missing"))
}

/// What is typed into the two forms of a venue, and what is wrong with it.
#[derive(Default)]
struct Said {
    typed: Option<TypedVenue>,
    block: TypedBlock,
    refusal: Refusal,
}

async fn page(state: &AppState, staff: Staff, id: Option<VenueId>, said: Said) -> Result<VenuePage, Problem> {
    let actor = &staff.signed_in.actor;
    let own = centres(&state.context, actor);
    if own.is_empty() {
        return Err(crate::actions::ActionError::Forbidden.into());
    }
    let shown = match id {
        Some(id) => Some(venues::show(&state.context, actor, id).await?),
        None => None,
    };
    let only = if let [one] = own.as_slice() { one.id.to_string() } else { String::new() };
    let usual = || TypedVenue { organisation: only, kind: "culture_house".to_owned(), ..TypedVenue::default() };
    let now = shown.as_ref().map_or_else(usual, |shown| TypedVenue::of(&shown.line.venue));
    let typed = said.typed.unwrap_or(now);
    let may_change = shown.as_ref().is_none_or(|shown| shown.line.may_change);
    let mut taken: Vec<(chrono::NaiveDateTime, Taken)> = Vec::new();
    if let Some(shown) = &shown {
        taken.extend(shown.blocks.iter().map(|block| (block.starts_at, of_block(block, may_change))));
        taken.extend(shown.meetings.iter().map(|one| (one.slot.day.and_time(one.slot.from), of_meeting(one))));
    }
    taken.sort_by_key(|(at, _)| *at);
    let title = shown.as_ref().map_or("Thêm địa điểm", |shown| shown.line.venue.name.as_str()).to_owned();
    Ok(VenuePage {
        refusal: said.refusal,
        notice: None,
        action: id.map_or_else(|| format!("{}/moi", links::VENUES), links::venue),
        is_new: id.is_none(),
        may_change,
        centres: named_choices(&own, std::slice::from_ref(&typed.organisation)),
        areas: areas(state, &typed.area),
        kinds: coded(VenueKind::ALL, |one| (one.code(), one.label()), &[&typed.kind]),
        about: shown.as_ref().map(|shown| line(&shown.line).notes).unwrap_or_default(),
        taken: taken.into_iter().map(|(_, taken)| taken).collect(),
        typed,
        block: said.block,
        frame: Frame::new(&title).for_reader(staff.reader),
        title,
    })
}

fn of_block(block: &VenueBlock, may_change: bool) -> Taken {
    let at = |at: chrono::NaiveDateTime| at.format("%H:%M %d/%m/%Y");
    Taken {
        when: format!("{} – {}", at(block.starts_at), at(block.ends_at)),
        what: block.what.clone(),
        free: may_change.then(|| links::unblock(block.venue, block.id)),
    }
}

fn of_meeting(card: &MeetingCard) -> Taken {
    Taken {
        when: format!("{}, {}", super::long_day(card.slot.day), super::time_line(&card.slot)),
        what: format!("Lớp: {} ({})", card.title, card.centre.name),
        free: None,
    }
}

/// Today's communes and villages.
fn areas(state: &AppState, chosen: &str) -> Vec<Choice> {
    let (catalogue, today) = (state.context.catalogue(), state.context.today());
    let all = catalogue.areas().filter(|area| area.level >= AreaLevel::Commune && area.exists_on(today));
    let mut found: Vec<_> = all.collect();
    found.sort_by_cached_key(|area| crate::actions::search::plain_letters(&area.name));
    let choice = |area: &&crate::domain::area::Area| Choice {
        value: area.id.to_string(),
        label: area.full_name.clone(),
        selected: area.id.as_str() == chosen,
    };
    found.iter().map(choice).collect()
}

pub(in crate::web) async fn ask(State(state): State<AppState>, staff: Staff) -> Answer {
    Ok(html(&page(&state, staff, None, Said::default()).await?)?.into_response())
}

pub(in crate::web) async fn show(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let mut page = page(&state, staff, Some(parse(&id)?), Said::default()).await?;
    page.notice = done(parameters.first("da"));
    Ok(html(&page)?.into_response())
}

fn typed(form: &Form) -> TypedVenue {
    let one = |name: &str| form.value(name).to_owned();
    TypedVenue {
        organisation: one("don-vi"),
        area: one("dia-ban"),
        name: one("ten"),
        kind: one("loai"),
        address: one("dia-chi"),
        capacity: one("suc-chua"),
        equipment: one("thiet-bi"),
        keeper: one("giu-chia-khoa"),
        shared: form.value("dung-chung") == "1",
        place: one("toa-do"),
        retired: form.value("thoi-dung") == "1",
    }
}

async fn keep(state: &AppState, staff: Staff, id: Option<VenueId>, form: &Form) -> Answer {
    let typed = typed(form);
    match venues::write(&state.context, &staff.signed_in.actor, id, typed.clone()).await {
        Ok(now) => Ok(go(&links::done(&links::venue(now), if id.is_some() { "sua" } else { "them" }))),
        Err(error) => {
            let said = Said { typed: Some(typed), refusal: Refusal::of(error)?, ..Said::default() };
            let page = page(state, staff, id, said).await?;
            page.refusal.clone().answer(&page)
        }
    }
}

pub(in crate::web) async fn make(State(state): State<AppState>, staff: Staff, form: Form) -> Answer {
    keep(&state, staff, None, &form).await
}

pub(in crate::web) async fn save(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    keep(&state, staff, Some(parse(&id)?), &form).await
}

/// Has something take the venue.
pub(in crate::web) async fn block(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let id = parse(&id)?;
    let one = |name: &str| form.value(name).to_owned();
    let block = TypedBlock {
        what: one("viec"),
        first_day: one("ngay"),
        from: one("tu"),
        last_day: one("den-ngay"),
        to: one("den"),
    };
    match venues::block(&state.context, &staff.signed_in.actor, id, block.clone()).await {
        Ok(met) => Ok(go(&links::done(&links::venue(id), if met > 0 { "giu-trung" } else { "giu" }))),
        Err(error) => {
            let said = Said { block, refusal: Refusal::of(error)?, ..Said::default() };
            let page = page(&state, staff, Some(id), said).await?;
            page.refusal.clone().answer(&page)
        }
    }
}

/// Gives the venue free again.
pub(in crate::web) async fn unblock(
    State(state): State<AppState>,
    Path((venue, id)): Path<(String, String)>,
    staff: Staff,
) -> Answer {
    let venue = parse(&venue)?;
    let id = VenueBlockId::parse(&id).map_err(|_error| Problem::of("venue-missing"))?;
    venues::unblock(&state.context, &staff.signed_in.actor, (venue, id)).await?;
    Ok(go(&links::done(&links::venue(venue), "bo")))
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let choice = || Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true };
    let taken =
        |free: bool| Taken {
            when: "<thử>".to_owned(), what: "<thử>".to_owned(), free: free.then(|| "/".to_owned())
        };
    let one = |is_new, may_change| VenuePage {
        frame: Frame::new("Địa điểm"),
        refusal: sample_refusal(),
        notice: Some("xong"),
        action: "/".to_owned(),
        title: "<thử>".to_owned(),
        is_new,
        may_change,
        typed: TypedVenue { name: "<thử>".to_owned(), shared: true, ..TypedVenue::default() },
        centres: vec![choice()],
        areas: vec![choice()],
        kinds: vec![choice()],
        about: vec!["<thử>".to_owned()],
        taken: vec![taken(true), taken(false)],
        block: TypedBlock { what: "<thử>".to_owned(), ..TypedBlock::default() },
    };
    let line = Line { url: "/".to_owned(), name: "<thử>".to_owned(), notes: vec!["<thử>".to_owned()] };
    let list = |lines| ListPage { frame: Frame::new("Địa điểm"), text: "<thử>".to_owned(), lines };
    let mut all = rendered(&[list(vec![line]), list(Vec::new())]);
    all.extend(rendered(&[one(true, true), one(false, true), one(false, false)]));
    all
}
