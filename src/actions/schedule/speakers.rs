//! The roster of speakers: fields, areas that they go to, how they are reached.

use super::{centre, may_schedule, may_schedule_any, missing};
use crate::actions::cards::named_organisation;
use crate::actions::error::Noun;
use crate::actions::import::clean_line;
use crate::actions::materials::Named;
use crate::actions::{ActionError, Context};
use crate::domain::account::credentials::SecretHash;
use crate::domain::actor::Actor;
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, OrganisationId, SpeakerId, TopicId};
use crate::domain::speaker::Speaker;
use crate::search::fold;
use crate::secrets::{self, Purpose};
use crate::store::{self, ReadTx, WriteTx};

/// The longest line, in characters.
const MAX_LINE_CHARS: usize = 120;
/// The most areas that someone goes to; who goes to more goes everywhere.
const MAX_AREAS: usize = 40;

/// A speaker in the roster.
#[derive(Debug, Clone)]
pub struct SpeakerLine {
    pub speaker: Speaker,
    pub organisation: Named<OrganisationId>,
    /// Labels of their fields.
    pub topics: Vec<String>,
    /// Names of the areas that they go to; everywhere when empty.
    pub areas: Vec<String>,
    pub may_change: bool,
}

impl SpeakerLine {
    /// Where someone comes from: the agency, else what they are and who speaks for them.
    pub fn from(&self) -> String {
        let agency = &self.organisation.name;
        let from = if self.speaker.belongs { agency.clone() } else { format!("do {agency} giới thiệu") };
        if self.speaker.title.is_empty() { from } else { format!("{}, {from}", self.speaker.title) }
    }
}

/// Which speakers are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What the name, the agency, the title or a field bears.
    pub text: String,
    /// A field, or what lies below it.
    pub topic: Option<TopicId>,
    /// Where they go.
    pub area: Option<AreaId>,
    /// Those without an agency alone.
    pub free: bool,
}

impl Wanted {
    fn takes(&self, catalogue: &Catalogue, one: &SpeakerLine, text: &str) -> bool {
        let speaker = &one.speaker;
        let mut texts = [&speaker.name, &one.organisation.name, &speaker.title].into_iter().chain(&one.topics);
        let about = |wanted: &TopicId| {
            let wanted = catalogue.topic_id(wanted);
            let below = |id: TopicId| id == wanted || id.parent().as_ref() == Some(&wanted);
            speaker.topics.iter().any(|own| below(catalogue.topic_id(own)))
        };
        let goes = |wanted: &AreaId| {
            let around = catalogue.area_lineage(wanted);
            speaker.areas.is_empty() || speaker.areas.iter().any(|area| around.contains(area))
        };
        texts.any(|own| fold(own).contains(text))
            && self.topic.as_ref().is_none_or(about)
            && self.area.as_ref().is_none_or(goes)
            && !(self.free && speaker.belongs)
    }
}

/// A speaker as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedSpeaker {
    pub name: String,
    pub organisation: String,
    pub belongs: bool,
    pub title: String,
    pub topics: Vec<String>,
    pub areas: Vec<String>,
    pub phone: String,
    pub retired: bool,
}

impl TypedSpeaker {
    /// The form as it looks when someone begins to write on.
    pub fn of(speaker: &Speaker) -> Self {
        Self {
            name: speaker.name.clone(),
            organisation: speaker.organisation.to_string(),
            belongs: speaker.belongs,
            title: speaker.title.clone(),
            topics: speaker.topics.iter().map(ToString::to_string).collect(),
            areas: speaker.areas.iter().map(ToString::to_string).collect(),
            phone: speaker.phone.clone(),
            retired: speaker.retired,
        }
    }
}

/// Lists the roster of the province by name, for whoever plans classes.
///
/// # Errors
/// `Forbidden` to whoever plans no classes.
pub async fn list(context: &Context, actor: &Actor, wanted: &Wanted) -> Result<Vec<SpeakerLine>, ActionError> {
    if !may_schedule_any(context, actor) {
        return Err(ActionError::Forbidden);
    }
    let (catalogue, today, by, wanted) = (context.catalogue(), context.today(), actor.clone(), wanted.clone());
    let text = fold(wanted.text.trim());
    let read = move |tx: &dyn ReadTx| {
        let line = |speaker: Speaker| SpeakerLine {
            organisation: named_organisation(&catalogue, &speaker.organisation, today),
            topics: speaker.topics.iter().filter_map(|id| Some(catalogue.topic(id)?.label.clone())).collect(),
            areas: speaker.areas.iter().filter_map(|id| Some(catalogue.area(id)?.full_name.clone())).collect(),
            may_change: may_schedule(&catalogue, &by, &speaker.organisation),
            speaker,
        };
        let all = store::speakers::all(tx)?.into_iter().map(line);
        let mut all: Vec<SpeakerLine> = all.filter(|one| wanted.takes(&catalogue, one, &text)).collect();
        all.sort_by_cached_key(|one| (one.speaker.retired, fold(&one.speaker.name)));
        Ok::<_, ActionError>(all)
    };
    context.store.read("speaker.list", read).await
}

/// Enters a speaker, or what is changed of one.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for what was typed.
pub async fn write(
    context: &Context,
    actor: &Actor,
    id: Option<SpeakerId>,
    typed: TypedSpeaker,
) -> Result<SpeakerId, ActionError> {
    let (catalogue, by, fresh) = (context.catalogue(), actor.clone(), SpeakerId(context.clock.fresh_id()));
    let short = |text: &str| clean_line(text).chars().take(MAX_LINE_CHARS).collect::<String>();
    let write = move |tx: &mut WriteTx<'_>| {
        let before = match id {
            Some(id) => Some(store::speakers::get(tx, id)?.ok_or_else(|| missing(Noun::Speaker, id))?),
            None => None,
        };
        if before.as_ref().is_some_and(|before| !may_schedule(&catalogue, &by, &before.organisation)) {
            return Err(ActionError::Forbidden);
        }
        let name = short(&typed.name);
        if name.is_empty() {
            return Err(ActionError::invalid("name", "speaker-name", "Hãy ghi họ tên báo cáo viên."));
        }
        let topic = |text: &String| TopicId::parse(text).ok().filter(|id| catalogue.topic(id).is_some());
        let area = |text: &String| AreaId::parse(text).ok().filter(|id| catalogue.area(id).is_some());
        let speaker = Speaker {
            id: id.unwrap_or(fresh),
            name,
            organisation: centre(&catalogue, &by, &typed.organisation)?,
            belongs: typed.belongs,
            title: short(&typed.title),
            topics: typed.topics.iter().filter_map(topic).collect(),
            areas: typed.areas.iter().filter_map(area).take(MAX_AREAS).collect(),
            phone: short(&typed.phone),
            retired: typed.retired,
        };
        store::speakers::put(tx, &speaker)?;
        tx.record_at(&speaker.organisation, "speaker", speaker.id.to_string(), &["name"]);
        Ok::<_, ActionError>(speaker.id)
    };
    Ok(context.store.write("speaker.write", context.stamp_by(actor), write).await?.value)
}

/// Shows a speaker to whoever may change the entry.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn show(context: &Context, actor: &Actor, id: SpeakerId) -> Result<SpeakerLine, ActionError> {
    let all = list(context, actor, &Wanted::default()).await?;
    all.into_iter().find(|one| one.speaker.id == id).ok_or_else(|| missing(Noun::Speaker, id))
}

/// Whether somebody can look into a speaker's calendar by its address.
///
/// # Errors
/// When the store fails.
pub async fn has_calendar(context: &Context, id: SpeakerId) -> Result<bool, ActionError> {
    let read = move |tx: &dyn ReadTx| Ok(store::speakers::calendar_secret(tx, id)?.is_some());
    context.store.read("speaker.has_calendar", read).await
}

/// Makes the secret of the address of a speaker's calendar, shown this once; one that was made before opens no more.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn open_calendar(context: &Context, actor: &Actor, id: SpeakerId) -> Result<String, ActionError> {
    let fresh = secrets::fresh(Purpose::SpeakerCalendar, "")?;
    set_calendar(context, actor, id, Some(fresh.hash)).await?;
    Ok(fresh.secret)
}

/// Has the address of a speaker's calendar open nothing any more.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn close_calendar(context: &Context, actor: &Actor, id: SpeakerId) -> Result<(), ActionError> {
    set_calendar(context, actor, id, None).await
}

async fn set_calendar(
    context: &Context,
    actor: &Actor,
    id: SpeakerId,
    secret: Option<SecretHash>,
) -> Result<(), ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let name = if secret.is_some() { "speaker.open_calendar" } else { "speaker.close_calendar" };
    let write = move |tx: &mut WriteTx<'_>| {
        let speaker = store::speakers::get(tx, id)?.ok_or_else(|| missing(Noun::Speaker, id))?;
        if !may_schedule(&catalogue, &by, &speaker.organisation) {
            return Err(ActionError::Forbidden);
        }
        store::speakers::put_calendar_secret(tx, id, secret.as_ref());
        tx.record_at(&speaker.organisation, "speaker", id.to_string(), &["calendar"]);
        Ok::<_, ActionError>(())
    };
    context.store.write(name, context.stamp_by(actor), write).await?;
    Ok(())
}
