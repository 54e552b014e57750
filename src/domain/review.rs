//! From a draft to the public and back: the acts, from which state each is possible, and who may.
//!
//! A material that was published once is written anew beside its public version: [`Material::working_state`] tells
//! where that version stands, [`Material::state`] what readers get meanwhile.

use crate::domain::actor::Actor;
use crate::domain::id::AccountId;
use crate::domain::language::Language;
use crate::domain::material::{Description, Material, State};
use crate::domain::permission::{Object, Verb, may};
use crate::domain::words::words;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// What is done with a material on its way.
    Act {
        Send = "send", "gửi duyệt";
        TakeBack = "take_back", "lấy lại để sửa";
        Return = "return", "trả lại";
        Publish = "publish", "công bố";
        Schedule = "schedule", "hẹn ngày công bố";
        Withdraw = "withdraw", "rút khỏi thư viện";
        Restore = "restore", "đưa trở lại thư viện";
        Revise = "revise", "soạn phiên bản mới";
        Discard = "discard", "bỏ bản nháp";
    }
}

words! {
    /// What a description must have before it is sent to review or published.
    Required {
        Title = "title", "tiêu đề";
        Topic = "topics", "ít nhất một chủ đề";
        Language = "languages", "ngôn ngữ";
    }
}

impl Act {
    /// The states from which it is possible: of the latest version, or of the material before the public where
    /// [`Act::concerns_the_public`].
    pub const fn from(self) -> &'static [State] {
        match self {
            Self::Send | Self::Discard => &[State::Draft],
            Self::TakeBack | Self::Return => &[State::InReview, State::Scheduled],
            Self::Publish | Self::Schedule => &[State::Draft, State::InReview, State::Scheduled],
            Self::Withdraw => &[State::Published],
            Self::Restore => &[State::Withdrawn],
            Self::Revise => &[State::Published, State::Withdrawn],
        }
    }

    /// The state that it leads to; none where nothing is left.
    pub const fn to(self) -> Option<State> {
        Some(match self {
            Self::Send => State::InReview,
            Self::TakeBack | Self::Return | Self::Revise => State::Draft,
            Self::Publish | Self::Restore => State::Published,
            Self::Schedule => State::Scheduled,
            Self::Withdraw => State::Withdrawn,
            Self::Discard => return None,
        })
    }

    /// Whether it changes what readers get now, whatever is written beside it.
    pub const fn concerns_the_public(self) -> bool {
        matches!(self, Self::Withdraw | Self::Restore)
    }

    /// Whether whoever does it must say why.
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::Return | Self::Withdraw)
    }

    /// Whether the description must be complete for it.
    pub const fn needs_complete(self) -> bool {
        matches!(self, Self::Send | Self::Publish | Self::Schedule)
    }

    const fn verb(self) -> Verb {
        match self {
            Self::Send | Self::TakeBack | Self::Revise | Self::Discard => Verb::Write,
            Self::Return => Verb::Review,
            Self::Publish | Self::Schedule => Verb::Publish,
            Self::Withdraw | Self::Restore => Verb::Withdraw,
        }
    }
}

/// Whether an act is possible as a material stands.
pub fn is_possible(act: Act, material: &Material) -> bool {
    let (state, working) = (material.state, material.working_state());
    match act {
        Act::Revise => !material.has_newer() && act.from().contains(&state),
        Act::Restore => material.published_version.is_some() && act.from().contains(&state),
        act if act.concerns_the_public() => act.from().contains(&state),
        act => act.from().contains(&working),
    }
}

/// Whether an actor may do something with a material that stands so. `unreviewed` tells whether its organisation was
/// allowed to publish its own drafts without review.
pub fn may_do(actor: &Actor, act: Act, material: &Material, object: &Object, unreviewed: bool) -> bool {
    let publishes = matches!(act, Act::Publish | Act::Schedule);
    let own_draft = publishes && unreviewed && material.working_state() == State::Draft;
    may(actor, act.verb(), object) || own_draft && may(actor, Verb::PublishUnreviewed, object)
}

/// Whether an actor may change what the latest version says: its writers while it is a draft, reviewers also while it
/// waits for them. What is published or has a day is not touched any more.
pub fn may_edit(actor: &Actor, material: &Material, object: &Object) -> bool {
    match material.working_state() {
        State::Draft => may(actor, Verb::Write, object),
        State::InReview => may(actor, Verb::Review, object),
        State::Scheduled | State::Published | State::Withdrawn => false,
    }
}

/// Whether an actor may put the text of its latest version right: its writers while it is a draft; what waits, has a day or is
/// public, those alone who decide what readers get.
pub fn may_correct(actor: &Actor, material: &Material, object: &Object) -> bool {
    let verb = if material.working_state() == State::Draft { Verb::Write } else { Verb::Review };
    may(actor, verb, object)
}

/// Changes where a material stands, as a possible act does; [`Act::Discard`] and the new version of [`Act::Revise`]
/// are the caller's. `on` is the day of [`Act::Schedule`].
pub fn advance(material: &mut Material, act: Act, on: Option<NaiveDate>, at: DateTime<Utc>) {
    material.worked_at = Some(at);
    let Some(to) = act.to() else { return };
    if act.concerns_the_public() {
        // What was withdrawn does not come back by itself on a day that was set before.
        if act == Act::Withdraw && material.newer == Some(State::Scheduled) {
            material.newer = Some(State::Draft);
            material.publish_on = None;
        }
        material.state = to;
        material.changed_at = at;
        return;
    }
    material.publish_on = on.filter(|_| to == State::Scheduled);
    if to == State::Published {
        material.state = to;
        material.newer = None;
        material.published_version = Some(material.latest_version);
        material.published_at = material.published_at.or(Some(at));
        material.changed_at = at;
    } else if material.has_newer() {
        material.newer = Some(to);
    } else {
        material.state = to;
    }
}

/// What a description still lacks before others may be troubled with it.
pub fn lacks(description: &Description) -> Vec<Required> {
    let named = |language: &Language| *language != Language::undetermined();
    let has = |required: &Required| match required {
        Required::Title => !description.title.trim().is_empty(),
        Required::Topic => !description.topics.is_empty(),
        Required::Language => description.languages.iter().any(named),
    };
    Required::ALL.iter().copied().filter(|required| !has(required)).collect()
}

/// What someone said about a material on its way, kept for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub at: DateTime<Utc>,
    /// Absent where the program acted by itself.
    pub by: Option<AccountId>,
    /// What was done; absent for a mere comment.
    pub act: Option<Act>,
    /// The version that it is about.
    pub version: u32,
    pub text: String,
    /// Who has taken note of a comment, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noted: Option<Noted>,
}

impl Remark {
    /// A remark that nobody has taken note of yet.
    pub fn new(at: DateTime<Utc>, by: Option<AccountId>, act: Option<Act>, (version, text): (u32, String)) -> Self {
        Self { at, by, act, version, text, noted: None }
    }

    /// Whether it is a comment that nobody has taken note of.
    pub fn waits_for_notice(&self) -> bool {
        self.act.is_none() && self.noted.is_none()
    }
}

/// That someone has taken note of a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    pub at: DateTime<Utc>,
    pub by: Option<AccountId>,
}

/// The longest remark, in characters.
pub const MAX_REMARK_CHARS: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Grant;
    use crate::domain::actor::Holder;
    use crate::domain::catalogue::Catalogue;
    use crate::domain::id::{MaterialId, OrganisationId};
    use crate::domain::permission::Role;
    use uuid::Uuid;

    fn organisation() -> OrganisationId {
        OrganisationId::parse("so").unwrap()
    }

    fn material(state: State) -> Material {
        let mut material = Material::draft(MaterialId(Uuid::nil()), organisation(), DateTime::UNIX_EPOCH);
        material.latest_version = 1;
        material.state = state;
        if matches!(state, State::Published | State::Withdrawn) {
            material.published_version = Some(1);
        }
        material
    }

    /// A published material with a newer version beside it.
    fn newer(state: State) -> Material {
        Material { latest_version: 2, newer: Some(state), ..material(State::Published) }
    }

    fn shown(material: &Material) -> String {
        let beside =
            if material.has_newer() { format!(" + {}", material.working_state().code()) } else { String::new() };
        format!("{}{beside}", material.state.code())
    }

    #[test]
    fn every_act_from_every_state_and_who_may() {
        let object = Object::of(&Catalogue::default(), &organisation());
        let actor = |role| {
            Actor::Account(Holder {
                account: AccountId(Uuid::nil()),
                grants: vec![Grant { organisation: organisation(), role }],
            })
        };
        let all = State::ALL.iter().map(|state| material(*state));
        let beside = [State::Draft, State::InReview, State::Scheduled].map(newer);
        let mut lines = Vec::new();
        for before in all.chain(beside) {
            for act in Act::ALL.iter().filter(|act| is_possible(**act, &before)) {
                let mut after = before.clone();
                if *act == Act::Revise {
                    after.latest_version += 1;
                }
                advance(&mut after, *act, None, DateTime::UNIX_EPOCH);
                let to = if *act == Act::Discard { "-".to_owned() } else { shown(&after) };
                let who = |unreviewed| {
                    let roles = Role::ALL.iter().filter(|r| may_do(&actor(**r), *act, &before, &object, unreviewed));
                    roles.map(|role| role.code()).next().unwrap_or("nobody")
                };
                let alone =
                    if who(true) == who(false) { String::new() } else { format!(" ({} unreviewed)", who(true)) };
                lines.push(format!("{:22} {:10} → {to:22} from {}{alone}", shown(&before), act.code(), who(false)));
                assert!(!may_do(&Actor::Visitor, *act, &before, &object, true));
            }
        }
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn what_readers_get_changes_only_when_something_is_published_or_withdrawn() {
        let mut material = newer(State::InReview);
        for act in [Act::Return, Act::Send, Act::Schedule] {
            advance(&mut material, act, NaiveDate::from_ymd_opt(2027, 1, 1), DateTime::UNIX_EPOCH);
            assert_eq!(material.public_version(), Some(1), "{act:?}");
        }
        assert!(material.publish_on.is_some());
        advance(&mut material, Act::Withdraw, None, DateTime::UNIX_EPOCH);
        assert_eq!((material.public_version(), material.working_state()), (None, State::Draft));
        advance(&mut material, Act::Publish, None, DateTime::UNIX_EPOCH);
        assert_eq!((material.public_version(), material.publish_on), (Some(2), None));
    }

    #[test]
    fn a_draft_is_edited_by_its_writers_and_what_waits_by_reviewers_alone() {
        let object = Object::of(&Catalogue::default(), &organisation());
        let least = |material: &Material| {
            let may = |role: &&Role| {
                let grants = vec![Grant { organisation: organisation(), role: **role }];
                may_edit(&Actor::Account(Holder { account: AccountId(Uuid::nil()), grants }), material, &object)
            };
            Role::ALL.iter().find(may).copied()
        };
        assert_eq!(least(&material(State::Draft)), Some(Role::Author));
        assert_eq!(least(&newer(State::InReview)), Some(Role::Reviewer));
        for closed in [material(State::Published), material(State::Withdrawn), newer(State::Scheduled)] {
            assert_eq!(least(&closed), None);
        }
    }
}
