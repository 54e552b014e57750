//! How classes are counted: once in the province however many bodies have one together, and once in the figures of each
//! of these with a mark that it is joint.

use super::class::{Class, ClassState};
use crate::domain::id::{ClassId, OrganisationId};
use std::collections::BTreeSet;

/// What classes come to in some time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    pub classes: usize,
    /// Of these, had by several bodies together.
    pub joint: usize,
    /// Of these, kept by the body itself; all of them in the province.
    pub led: usize,
    /// Meetings that took place or are planned.
    pub meetings: usize,
}

/// Counts classes, each given with how many of its meetings stand, for one body or, without one, for the province.
///
/// A class that is named twice counts once; drafts, cancelled classes and those without a meeting count nothing.
pub fn count<'a>(classes: impl IntoIterator<Item = (&'a Class, usize)>, body: Option<&OrganisationId>) -> Figures {
    let (mut figures, mut seen) = (Figures::default(), BTreeSet::<ClassId>::new());
    for (class, meetings) in classes {
        let counts = matches!(class.state, ClassState::Published | ClassState::Closed) && meetings > 0;
        let theirs = body.is_none_or(|body| class.organisers().any(|one| one == body));
        if !counts || !theirs || !seen.insert(class.id) {
            continue;
        }
        figures.classes += 1;
        figures.joint += usize::from(class.is_joint());
        figures.led += usize::from(body.is_none_or(|body| class.organisation == *body));
        figures.meetings += meetings;
    }
    figures
}

#[cfg(test)]
mod tests {
    use super::super::class::sample;
    use super::*;
    use uuid::Uuid;

    fn body(id: &str) -> OrganisationId {
        OrganisationId::parse(id).unwrap()
    }

    #[test]
    fn a_class_of_three_organisers_is_one_in_the_province_and_one_joint_class_in_each_bodys_figures() {
        let joint = Class {
            organisation: body("tthtcd.a-doi"),
            co_organisers: vec![body("bdbp"), body("hoi-lhpn")],
            state: ClassState::Published,
            ..sample()
        };
        let alone = Class {
            id: ClassId(Uuid::from_u128(2)),
            organisation: body("tthtcd.a-doi"),
            co_organisers: Vec::new(),
            state: ClassState::Closed,
            ..sample()
        };
        let draft = Class { id: ClassId(Uuid::from_u128(3)), ..sample() };
        // Found under each of its organisers.
        let all = [(&joint, 30), (&alone, 2), (&joint, 30), (&draft, 9), (&joint, 30)];
        let wanted = |classes, joint, led, meetings| Figures { classes, joint, led, meetings };
        assert_eq!(count(all, None), wanted(2, 1, 2, 32));
        assert_eq!(count(all, Some(&body("tthtcd.a-doi"))), wanted(2, 1, 2, 32));
        for partner in ["bdbp", "hoi-lhpn"] {
            assert_eq!(count(all, Some(&body(partner))), wanted(1, 1, 0, 30), "{partner}");
        }
        assert_eq!(count(all, Some(&body("so-yt"))), Figures::default());
        assert_eq!(count([(&joint, 0)], None), Figures::default(), "no meeting took place");
    }
}
