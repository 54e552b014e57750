//! What happens to topics: they begin, get other labels, move and merge. Ids stay: one that is left leads on to the one
//! that took its place.

use super::{Changes, MAX_NAME_CHARS, Refusal, Replaced, is_same_name, line, optional};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{MAX_SLUG_ID_CHARS, TopicId};
use crate::domain::topic::Topic;

/// The longest sentence about a topic, in characters.
pub const MAX_DESCRIPTION_CHARS: usize = 300;
/// A free id is looked for among so many.
const TRIES: u32 = 1_000;

/// What readers see of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicWords {
    pub label: String,
    pub description: Option<String>,
}

impl TopicWords {
    /// Reads what was typed.
    ///
    /// # Errors
    /// `label-invalid`, `description-invalid`.
    pub fn parse(label: &str, description: &str) -> Result<Self, Refusal> {
        let label = line(label, MAX_NAME_CHARS).ok_or_else(|| {
            Refusal::new("label", "label-invalid", format!("Hãy ghi tên chủ đề, không quá {MAX_NAME_CHARS} ký tự."))
        })?;
        let description = optional(description, MAX_DESCRIPTION_CHARS, ("description", "description-invalid"))?;
        Ok(Self { label, description })
    }
}

/// Plans a topic that begins, last among its siblings; `own` is the part of its id that is its own.
///
/// # Errors
/// When the topic above is unknown or of the second level, or the label is taken.
pub fn begin(
    catalogue: &Catalogue,
    parent: Option<&TopicId>,
    own: &str,
    words: &TopicWords,
) -> Result<Changes, Refusal> {
    is_first_level(catalogue, parent)?;
    is_free(catalogue, parent, &words.label, None)?;
    let after = Topic {
        id: free_id(catalogue, parent, own, None)?,
        label: words.label.clone(),
        description: words.description.clone(),
        order: last_place(catalogue, parent),
        forward: None,
        former_labels: Vec::new(),
    };
    Ok(Changes { topics: vec![Replaced { before: None, after }], ..Changes::default() })
}

/// Plans another label; the old one is still found.
///
/// # Errors
/// When the topic is unknown or the label is taken.
pub fn rename(catalogue: &Catalogue, id: &TopicId, words: &TopicWords) -> Result<Changes, Refusal> {
    let before = live(catalogue, id)?;
    is_free(catalogue, id.parent().as_ref(), &words.label, Some(id))?;
    let mut after = before.clone();
    (after.label, after.description) = (words.label.clone(), words.description.clone());
    if before.label != after.label {
        after.former_labels.push(before.label.clone());
    }
    after.former_labels.retain(|former| *former != words.label);
    let topics = if after == *before { Vec::new() } else { vec![Replaced { before: Some(before.clone()), after }] };
    Ok(Changes { topics, ..Changes::default() })
}

/// Plans another place: below another topic, or on the first level. The topic gets a new id; the old one leads there.
///
/// # Errors
/// When it has topics below it, stands there already, or the place is no topic of the first level.
pub fn shift(catalogue: &Catalogue, id: &TopicId, parent: Option<&TopicId>) -> Result<Changes, Refusal> {
    let before = live(catalogue, id)?;
    is_leaf(catalogue, before)?;
    is_first_level(catalogue, parent)?;
    if parent == Some(id) || id.parent().as_ref() == parent {
        let reason = "Chủ đề đang ở chỗ đó; hãy chọn chỗ khác.";
        return Err(Refusal::new("parent", "topic-unmoved", reason));
    }
    is_free(catalogue, parent, &before.label, Some(id))?;
    let own = id.as_str().rsplit('.').next().unwrap_or_default();
    let moved = free_id(catalogue, parent, own, Some(id))?;
    let left = Topic { forward: Some(moved.clone()), ..before.clone() };
    let revived = catalogue.topic_row(&moved).cloned();
    let after = Topic { id: moved, order: last_place(catalogue, parent), ..before.clone() };
    let topics = vec![Replaced { before: revived, after }, Replaced { before: Some(before.clone()), after: left }];
    Ok(Changes { topics, ..Changes::default() })
}

/// Plans a merger: the topic's id leads to another, which is found by its labels too.
///
/// # Errors
/// When it has topics below it, or the other is itself or unknown.
pub fn merge(catalogue: &Catalogue, id: &TopicId, into: &TopicId) -> Result<Changes, Refusal> {
    let (before, heir) = (live(catalogue, id)?, live(catalogue, into)?);
    if id == into {
        return Err(Refusal::new("topic", "topic-into-itself", "Hãy chọn một chủ đề khác để gộp vào."));
    }
    is_leaf(catalogue, before)?;
    let left = Topic { forward: Some(into.clone()), ..before.clone() };
    let mut after = heir.clone();
    for label in before.former_labels.iter().chain([&before.label]) {
        if !after.former_labels.contains(label) && *label != after.label {
            after.former_labels.push(label.clone());
        }
    }
    let rows = [(before, left), (heir, after)];
    let topics = rows.into_iter().map(|(before, after)| Replaced { before: Some(before.clone()), after }).collect();
    Ok(Changes { topics, ..Changes::default() })
}

/// The topic under its own id, which leads nowhere else.
fn live<'a>(catalogue: &'a Catalogue, id: &TopicId) -> Result<&'a Topic, Refusal> {
    let found = catalogue.topic_row(id).filter(|topic| topic.forward.is_none());
    found.ok_or_else(|| Refusal::new("topic", "topic-unknown", "Hãy chọn chủ đề trong danh sách."))
}

fn is_first_level(catalogue: &Catalogue, parent: Option<&TopicId>) -> Result<(), Refusal> {
    let Some(parent) = parent else { return Ok(()) };
    live(catalogue, parent)?;
    if parent.parent().is_none() {
        return Ok(());
    }
    Err(Refusal::new("parent", "topic-too-deep", "Chủ đề chỉ có hai cấp: hãy chọn một chủ đề cấp một."))
}

fn is_leaf(catalogue: &Catalogue, topic: &Topic) -> Result<(), Refusal> {
    if catalogue.topics_below(Some(&topic.id)).is_empty() {
        return Ok(());
    }
    let reason = format!("“{}” còn chủ đề con. Hãy chuyển hoặc gộp các chủ đề con trước.", topic.label);
    Err(Refusal::new("topic", "topic-has-children", reason))
}

fn is_free(catalogue: &Catalogue, parent: Option<&TopicId>, label: &str, own: Option<&TopicId>) -> Result<(), Refusal> {
    let siblings = catalogue.topics_below(parent);
    if siblings.iter().any(|other| Some(&other.id) != own && is_same_name(&other.label, label)) {
        return Err(Refusal::new("label", "label-taken", format!("Chỗ đó đã có chủ đề “{label}”.")));
    }
    Ok(())
}

fn last_place(catalogue: &Catalogue, parent: Option<&TopicId>) -> u32 {
    catalogue.topics_below(parent).iter().map(|topic| topic.order).max().unwrap_or(0).saturating_add(1)
}

/// An id in a place that nothing bears, or one that leads to `back` and so may be taken up again.
fn free_id(
    catalogue: &Catalogue,
    parent: Option<&TopicId>,
    own: &str,
    back: Option<&TopicId>,
) -> Result<TopicId, Refusal> {
    let begin = parent.map(|parent| format!("{parent}.")).unwrap_or_default();
    let room = MAX_SLUG_ID_CHARS.saturating_sub(begin.len() + 5);
    let own: String = own.replace('.', "-").chars().take(room).collect();
    let candidates =
        (1..TRIES).map(|number| if number == 1 { format!("{begin}{own}") } else { format!("{begin}{own}-{number}") });
    let is_free = |id: &TopicId| match catalogue.topic_row(id) {
        None => true,
        Some(row) => back.is_some() && row.forward.is_some() && catalogue.topic(id).map(|topic| &topic.id) == back,
    };
    let found = candidates.filter_map(|text| TopicId::parse(&text).ok()).find(is_free);
    found.ok_or_else(|| Refusal::new("label", "label-invalid", "Hãy đặt tên chủ đề bằng chữ."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> TopicId {
        TopicId::parse(text).unwrap()
    }

    fn catalogue(topics: &[(&str, &str)]) -> Catalogue {
        let topic = |(order, (name, label)): (u32, &(&str, &str))| Topic {
            id: id(name),
            label: (*label).to_owned(),
            description: None,
            order,
            forward: None,
            former_labels: Vec::new(),
        };
        Catalogue::default().with_topics((1..).zip(topics).map(topic).collect())
    }

    fn after(catalogue: &Catalogue, changes: &Changes) -> Catalogue {
        let mut rows: Vec<Topic> = catalogue.topic_rows().cloned().collect();
        for row in &changes.topics {
            rows.retain(|topic| topic.id != row.after.id);
            rows.push(row.after.clone());
        }
        Catalogue::default().with_topics(rows)
    }

    const TOPICS: [(&str, &str); 5] =
        [("agri", "Nông"), ("agri.bee", "Ong"), ("agri.rice", "Lúa"), ("env", "Môi trường"), ("env.waste", "Rác")];

    #[test]
    fn a_moved_topic_is_reached_by_its_old_id_and_moves_back_to_it() {
        let first = catalogue(&TOPICS);
        let moved = after(&first, &shift(&first, &id("agri.bee"), Some(&id("env"))).unwrap());
        assert_eq!(moved.topic(&id("agri.bee")).unwrap().id, id("env.bee"));
        assert_eq!(moved.topics_below(Some(&id("agri"))).len(), 1);
        let back = after(&moved, &shift(&moved, &id("env.bee"), Some(&id("agri"))).unwrap());
        assert_eq!(back.topic(&id("env.bee")).unwrap().id, id("agri.bee"));
        assert_eq!(back.topic(&id("agri.bee")).unwrap().label, "Ong");
        let up = after(&first, &shift(&first, &id("agri.bee"), None).unwrap());
        assert_eq!(up.topic(&id("agri.bee")).unwrap().id, id("bee"));
    }

    #[test]
    fn a_merged_topic_leads_on_however_often_and_its_labels_are_kept() {
        let first = catalogue(&TOPICS);
        let one = after(&first, &merge(&first, &id("agri.bee"), &id("agri.rice")).unwrap());
        let two = after(&one, &merge(&one, &id("agri.rice"), &id("env.waste")).unwrap());
        let heir = two.topic(&id("agri.bee")).unwrap();
        assert_eq!((heir.id.as_str(), heir.former_labels.join(",")), ("env.waste", "Ong,Lúa".to_owned()));
    }

    #[test]
    fn two_levels_and_no_circles() {
        let all = catalogue(&TOPICS);
        let code = |result: Result<Changes, Refusal>| result.map_err(|refusal| refusal.code).map(|_| ());
        let words = |label: &str| TopicWords::parse(label, "").unwrap();
        assert_eq!(code(begin(&all, Some(&id("agri.bee")), "x", &words("X"))), Err("topic-too-deep"));
        assert_eq!(code(begin(&all, Some(&id("agri")), "x", &words("ong"))), Err("label-taken"));
        assert_eq!(code(begin(&all, Some(&id("khong")), "x", &words("X"))), Err("topic-unknown"));
        assert_eq!(code(shift(&all, &id("agri"), Some(&id("env")))), Err("topic-has-children"));
        assert_eq!(code(shift(&all, &id("agri.bee"), Some(&id("agri.rice")))), Err("topic-too-deep"));
        assert_eq!(code(shift(&all, &id("agri.bee"), Some(&id("agri")))), Err("topic-unmoved"));
        assert_eq!(code(merge(&all, &id("agri.bee"), &id("agri.bee"))), Err("topic-into-itself"));
        assert_eq!(code(merge(&all, &id("agri"), &id("agri.bee"))), Err("topic-has-children"));
        let merged = after(&all, &merge(&all, &id("agri.bee"), &id("agri.rice")).unwrap());
        assert_eq!(code(merge(&merged, &id("agri.rice"), &id("agri.bee"))), Err("topic-unknown"));
        let new = begin(&all, Some(&id("agri")), "bee", &words("Ong mật")).unwrap();
        assert_eq!(new.topics[0].after.id, id("agri.bee-2"), "an id is never given twice");
    }

    #[test]
    fn a_label_that_comes_back_is_no_former_one() {
        let all = catalogue(&TOPICS);
        let one = after(&all, &rename(&all, &id("agri.bee"), &TopicWords::parse("Ong, nấm", "").unwrap()).unwrap());
        assert_eq!(one.topic(&id("agri.bee")).unwrap().former_labels, ["Ong"]);
        let two = after(&one, &rename(&one, &id("agri.bee"), &TopicWords::parse("Ong", "").unwrap()).unwrap());
        assert_eq!(two.topic(&id("agri.bee")).unwrap().former_labels, ["Ong, nấm"]);
    }
}
