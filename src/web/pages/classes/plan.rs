//! Planning the meetings of a class: rule, then every date as a list and as months, then done.

use super::month::{self, ItemView, MonthView};
use super::{Choice, Frame, ObstacleView, Refusal, When, done, go, html, obstacle_views, when};
#[cfg(test)]
use super::{rendered, sample_obstacles, sample_refusal};
use crate::actions::schedule::classes;
use crate::actions::schedule::plan::{self, Date, Preview, Standing};
use crate::actions::schedule::speakers::{self, SpeakerLine, Wanted};
use crate::actions::schedule::typed::TypedPlan;
use crate::actions::schedule::venues::{self, VenueLine};
use crate::domain::id::ClassId;
use crate::domain::meeting::{Pattern, weekday_name};
use crate::web::error::Problem;
use crate::web::forms::{Form, Parameters};
use crate::web::links;
use crate::web::pages::review::form::coded;
use crate::web::session::{Answer, Staff};
use crate::web::state::AppState;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use chrono::NaiveDate;
use std::collections::BTreeMap;

#[derive(Template)]
#[template(path = "classes/plan.html", config = "src/web/askama.toml")]
struct PlanPage {
    frame: Frame,
    refusal: Refusal,
    notice: Option<&'static str>,
    action: String,
    back: String,
    title: String,
    typed: TypedPlan,
    patterns: Vec<Choice>,
    weekdays: Vec<Choice>,
    venues: Vec<Choice>,
    speakers: Vec<Choice>,
    n_speakers: usize,
    preview: Option<PreviewView>,
}

struct PreviewView {
    summary: String,
    refused: bool,
    dates: Vec<DateView>,
    months: Vec<MonthView>,
}

struct DateView {
    when: When,
    standing: Option<&'static str>,
    obstacles: Vec<ObstacleView>,
}

/// Venues to choose from, each with its commune.
pub(super) fn venue_choices(all: &[VenueLine], chosen: &str) -> Vec<Choice> {
    let open = all.iter().filter(|one| !one.venue.retired || one.venue.id.to_string() == chosen);
    let choice = |one: &VenueLine| {
        let value = one.venue.id.to_string();
        Choice { selected: value == chosen, value, label: format!("{} ({})", one.venue.name, one.area) }
    };
    open.map(choice).collect()
}

fn speaker_choices(all: &[SpeakerLine], chosen: &[String]) -> Vec<Choice> {
    let choice = |one: &SpeakerLine| {
        let value = one.speaker.id.to_string();
        let about = if one.speaker.belongs { one.organisation.name.as_str() } else { one.speaker.title.as_str() };
        Choice { selected: chosen.contains(&value), label: format!("{} ({about})", one.speaker.name), value }
    };
    all.iter().map(choice).filter(|choice| choice.selected || !choice.label.is_empty()).collect()
}

async fn page(
    state: &AppState,
    staff: Staff,
    id: ClassId,
    (typed, refusal): (Option<TypedPlan>, Refusal),
) -> Result<PlanPage, Problem> {
    let actor = &staff.signed_in.actor;
    let shown = classes::show(&state.context, actor, id).await?;
    let typed = typed.unwrap_or(shown.plan);
    let (venues, speakers) = (
        venues::list(&state.context, actor, "").await?,
        speakers::list(&state.context, actor, &Wanted::default()).await?,
    );
    let open: Vec<SpeakerLine> = speakers.into_iter().filter(|one| !one.speaker.retired).collect();
    let weekday = |number: u32| Choice {
        value: number.to_string(),
        label: weekday_name(number).to_owned(),
        selected: typed.weekdays.contains(&number.to_string()),
    };
    Ok(PlanPage {
        refusal,
        notice: None,
        action: links::plan_class(id),
        back: links::staff_class(id),
        title: shown.class.teaching.title.clone(),
        patterns: coded(Pattern::ALL, |one| (one.code(), one.label()), &[&typed.pattern]),
        weekdays: (1..=7).map(weekday).collect(),
        venues: venue_choices(&venues, &typed.venue),
        speakers: speaker_choices(&open, &typed.speakers),
        n_speakers: typed.speakers.len(),
        typed,
        preview: None,
        frame: Frame::new("Xếp lịch lớp").for_reader(staff.reader),
    })
}

pub(in crate::web) async fn ask(
    State(state): State<AppState>,
    Path(id): Path<String>,
    parameters: Parameters,
    staff: Staff,
) -> Answer {
    let mut page = page(&state, staff, super::one::parse(&id)?, (None, Refusal::default())).await?;
    page.notice = done(parameters.first("da"));
    Ok(html(&page)?.into_response())
}

fn typed(form: &Form) -> TypedPlan {
    let one = |name: &str| form.value(name).to_owned();
    let all = |name: &'static str| form.values(name).map(str::to_owned).collect();
    TypedPlan {
        pattern: one("lap"),
        first: one("ngay"),
        from: one("tu"),
        to: one("den"),
        weekdays: all("thu"),
        every: one("cach"),
        times: one("so-buoi"),
        until: one("den-ngay"),
        except: one("tru"),
        venue: one("dia-diem"),
        speakers: all("bao-cao-vien"),
    }
}

/// Shows what the plan would do, or does it.
pub(in crate::web) async fn enter(
    State(state): State<AppState>,
    Path(id): Path<String>,
    staff: Staff,
    form: Form,
) -> Answer {
    let (id, typed) = (super::one::parse(&id)?, typed(&form));
    let actor = staff.signed_in.actor.clone();
    let mut error = None;
    if !form.value("luu").is_empty() {
        match plan::plan(&state.context, &actor, id, typed.clone()).await {
            Ok(_) => return Ok(go(&links::done(&links::staff_class(id), "lich"))),
            Err(refused) => error = Some(refused),
        }
    }
    let preview = plan::preview(&state.context, &actor, id, typed.clone()).await;
    let (preview, error) = match preview {
        Ok(preview) => (Some(preview), error),
        Err(wrong) => (None, error.or(Some(wrong))),
    };
    let refusal = error.map(Refusal::of).transpose()?.unwrap_or_default();
    let mut page = page(&state, staff, id, (Some(typed), refusal)).await?;
    page.preview = preview.map(|preview| view(&preview, state.context.today()));
    page.refusal.clone().answer(&page)
}

fn view(preview: &Preview, today: NaiveDate) -> PreviewView {
    let count = |wanted: Standing| preview.dates.iter().filter(|date| date.standing == wanted).count();
    let parts = [
        (count(Standing::New), "buổi mới"),
        (count(Standing::Renewed), "buổi theo lịch này"),
        (count(Standing::Kept), "buổi giữ nguyên"),
        (count(Standing::Dropped), "buổi bỏ"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let mut items: BTreeMap<NaiveDate, Vec<ItemView>> = BTreeMap::new();
    for date in &preview.dates {
        items.entry(date.slot.day).or_default().push(ItemView {
            time: super::time_line(&date.slot),
            label: label(date.standing).unwrap_or_default().to_owned(),
            url: None,
            bad: date.standing == Standing::Dropped,
        });
    }
    PreviewView {
        summary: format!("{}.", parts.join(", ")),
        refused: preview.is_refused(),
        dates: preview.dates.iter().map(date_view).collect(),
        months: month::months(today, &items),
    }
}

const fn label(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::New => None,
        Standing::Renewed => Some("theo lịch này"),
        Standing::Kept => Some("giữ nguyên"),
        Standing::Dropped => Some("bỏ"),
    }
}

fn date_view(date: &Date) -> DateView {
    DateView { when: when(&date.slot), standing: label(date.standing), obstacles: obstacle_views(&date.obstacles) }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let choice = || Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true };
    let date = DateView { when: When::default(), standing: Some("bỏ"), obstacles: sample_obstacles() };
    let preview = PreviewView {
        summary: "1 buổi mới.".to_owned(),
        refused: true,
        dates: vec![date],
        months: vec![month::sample()],
    };
    let page = |preview| PlanPage {
        frame: Frame::new("Xếp lịch"),
        refusal: sample_refusal(),
        notice: Some("xong"),
        action: "/".to_owned(),
        back: "/".to_owned(),
        title: "<thử>".to_owned(),
        typed: TypedPlan { except: "<thử>".to_owned(), ..TypedPlan::default() },
        patterns: vec![choice()],
        weekdays: vec![choice()],
        venues: vec![choice()],
        speakers: vec![choice()],
        n_speakers: 1,
        preview,
    };
    rendered(&[page(Some(preview)), page(None)])
}
