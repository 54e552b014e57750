//! Topics as their administrator sees and changes them.

use super::{Agreement, allowed, amend, fresh_id};
use crate::actions::error::Noun;
use crate::actions::topics::{TopicNode, tree};
use crate::actions::{ActionError, Context};
use crate::domain::actor::Actor;
use crate::domain::amendment::topics::{TopicWords, begin, merge, rename, shift};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::TopicId;
use crate::domain::topic::Topic;
use crate::search::fold;

/// The topics, or the groups in which a present or former label contains a text.
///
/// # Errors
/// `Forbidden` to all but administrators.
pub async fn list(context: &Context, actor: &Actor, text: &str) -> Result<Vec<TopicNode>, ActionError> {
    allowed(actor)?;
    let wanted = fold(text.trim());
    let bears = |topic: &Topic| {
        wanted.is_empty()
            || topic.id.as_str() == text.trim()
            || topic.former_labels.iter().chain([&topic.label]).any(|label| fold(label).contains(&wanted))
    };
    let mut groups = tree(context).await?;
    for group in &mut groups {
        if !bears(&group.topic) {
            group.children.retain(|child| bears(&child.topic));
        }
    }
    groups.retain(|group| bears(&group.topic) || !group.children.is_empty());
    Ok(groups)
}

/// A topic with what administrators see of it.
#[derive(Debug, Clone)]
pub struct ManagedTopic {
    pub node: TopicNode,
    pub parent: Option<Topic>,
    /// Ids that lead here.
    pub former_ids: Vec<TopicId>,
}

/// Shows a topic to its administrator; an id that was left shows the one that took its place.
///
/// # Errors
/// `Forbidden` to all but administrators; `NotFound` when there is none.
pub async fn show(context: &Context, actor: &Actor, id: &TopicId) -> Result<ManagedTopic, ActionError> {
    allowed(actor)?;
    let catalogue = context.catalogue();
    let missing = || ActionError::NotFound { noun: Noun::Topic, id: id.to_string() };
    let topic = catalogue.topic(id).ok_or_else(missing)?;
    let nodes = tree(context).await?;
    let all = nodes.into_iter().flat_map(|node| {
        let children = node.children.clone();
        [node].into_iter().chain(children)
    });
    let leads_here = |row: &&Topic| row.forward.is_some() && catalogue.topic_id(&row.id) == topic.id;
    Ok(ManagedTopic {
        node: all.into_iter().find(|node| node.topic.id == topic.id).ok_or_else(missing)?,
        parent: topic.id.parent().and_then(|parent| catalogue.topic(&parent)).cloned(),
        former_ids: catalogue.topic_rows().filter(leads_here).map(|row| row.id.clone()).collect(),
    })
}

/// Enters a topic, last among its siblings; `parent` is empty for the first level. Answers its id.
///
/// # Errors
/// `Forbidden` to all but administrators; `Invalid` for what cannot be.
pub async fn add(
    context: &Context,
    actor: &Actor,
    parent: &str,
    (label, description): (&str, &str),
) -> Result<TopicId, ActionError> {
    allowed(actor)?;
    let (words, parent) = (TopicWords::parse(label, description)?, place(parent)?);
    let planner = move |catalogue: &Catalogue| {
        // Whether the id is free is seen to where the place is known.
        let own = fresh_id("", &words.label, |_| false);
        Ok(begin(catalogue, parent.as_ref(), &own, &words)?)
    };
    let done = amend(context, (actor, "topic.add"), Agreement::default(), planner).await?;
    let made = done.and_then(|plan| plan.changes.topics.into_iter().next().map(|row| row.after.id));
    made.ok_or_else(|| ActionError::invalid("label", "label-invalid", "Không có gì được thêm."))
}

/// Gives a topic other words.
///
/// # Errors
/// As [`add`].
pub async fn relabel(
    context: &Context,
    actor: &Actor,
    id: &TopicId,
    (label, description): (&str, &str),
) -> Result<(), ActionError> {
    allowed(actor)?;
    let (words, id) = (TopicWords::parse(label, description)?, id.clone());
    let planner = move |catalogue: &Catalogue| Ok(rename(catalogue, &id, &words)?);
    amend(context, (actor, "topic.rename"), Agreement::default(), planner).await?;
    Ok(())
}

/// Moves a topic below another, or to the first level where `parent` is empty; answers its new id.
///
/// # Errors
/// As [`add`].
pub async fn move_below(context: &Context, actor: &Actor, id: &TopicId, parent: &str) -> Result<TopicId, ActionError> {
    allowed(actor)?;
    let (parent, moved) = (place(parent)?, id.clone());
    let planner = move |catalogue: &Catalogue| Ok(shift(catalogue, &moved, parent.as_ref())?);
    amend(context, (actor, "topic.move"), Agreement::default(), planner).await?;
    Ok(context.catalogue().topic_id(id))
}

/// Merges a topic into another.
///
/// # Errors
/// As [`add`].
pub async fn merge_into(context: &Context, actor: &Actor, id: &TopicId, into: &str) -> Result<TopicId, ActionError> {
    allowed(actor)?;
    let heir = place(into)?.ok_or_else(unknown)?;
    let (merged, into) = (id.clone(), heir.clone());
    let planner = move |catalogue: &Catalogue| Ok(merge(catalogue, &merged, &into)?);
    amend(context, (actor, "topic.merge"), Agreement::default(), planner).await?;
    Ok(heir)
}

fn unknown() -> ActionError {
    ActionError::invalid("topic", "topic-unknown", "Hãy chọn chủ đề trong danh sách.")
}

fn place(text: &str) -> Result<Option<TopicId>, ActionError> {
    (!text.is_empty()).then(|| TopicId::parse(text).map_err(|_error| unknown())).transpose()
}
