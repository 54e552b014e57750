//! Browsing by topic.

use crate::actions::{ActionError, Context};
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::Facet;
use crate::domain::id::TopicId;
use crate::domain::topic::Topic;
use crate::search::Counts;

/// A topic with the number of published materials under it (children included).
#[derive(Debug, Clone)]
pub struct TopicNode {
    pub topic: Topic,
    pub count: usize,
    pub children: Vec<TopicNode>,
}

/// All topics as a tree, in their order, with counts.
pub async fn tree(context: &Context) -> Result<Vec<TopicNode>, ActionError> {
    let counts = context.counts().await?;
    Ok(nodes(&context.catalogue(), &counts, None))
}

fn nodes(catalogue: &Catalogue, counts: &Counts, parent: Option<&TopicId>) -> Vec<TopicNode> {
    let node = |topic: &Topic| TopicNode {
        count: count_of(counts, Facet::Topic, topic.id.as_str()),
        // Topics have two levels: what lies below a child is not asked for.
        children: if parent.is_none() { nodes(catalogue, counts, Some(&topic.id)) } else { Vec::new() },
        topic: topic.clone(),
    };
    catalogue.topics_below(parent).into_iter().map(node).collect()
}

/// The id that took the place of a topic's that was moved or merged; none for one in use.
pub fn moved_to(context: &Context, id: &str) -> Option<TopicId> {
    let id = TopicId::parse(id).ok()?;
    context.catalogue().topic(&id).map(|topic| topic.id.clone()).filter(|now| *now != id)
}

/// How many published materials bear a value.
pub(super) fn count_of(counts: &Counts, facet: Facet, id: &str) -> usize {
    counts.get(facet.code()).and_then(|values| values.get(id)).copied().unwrap_or(0)
}
