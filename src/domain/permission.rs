//! Who may do what: the whole matrix is [`may`].
//!
//! A role is held at an organisation. An object belongs to organisations; whoever carries on an ended one's work has
//! its objects too. A body above may do what [`Verb::needs`] says, chiefly review; nobody else may anything, but an
//! administrator everything everywhere.

use crate::domain::account::token::Scope;
use crate::domain::account::{Account, Grant};
use crate::domain::actor::{Actor, Holder};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::OrganisationId;
use crate::domain::words::words;
use std::collections::BTreeSet;

words! {
    /// What someone may do at an organisation; each may all that those before it may.
    Role {
        Reader = "reader", "Người đọc nội bộ";
        Author = "author", "Người soạn";
        Reviewer = "reviewer", "Người duyệt";
        Manager = "manager", "Người quản lý";
        Admin = "admin", "Quản trị viên tỉnh";
    }
}

words! {
    /// What can be done that not everyone may.
    Verb {
        ReadUnpublished = "read_unpublished", "xem học liệu chưa công bố";
        Write = "write", "soạn và sửa học liệu";
        Review = "review", "duyệt và trả lại học liệu";
        Publish = "publish", "công bố học liệu";
        PublishUnreviewed = "publish_unreviewed", "công bố không qua duyệt, nơi được phép";
        Withdraw = "withdraw", "rút học liệu";
        AnswerReports = "answer_reports", "trả lời phản ánh";
        ReadStatistics = "read_statistics", "xem số liệu của cơ quan";
        ReadHistory = "read_history", "xem quá trình của một học liệu";
        Schedule = "schedule", "mở lớp, xếp lịch, giữ địa điểm";
        Enrol = "enrol", "ghi danh, xem học viên của lớp";
        ReadAudit = "read_audit", "xem nhật ký của cơ quan";
        ManageAccounts = "manage_accounts", "quản lý tài khoản";
        Explain = "explain", "xem vì sao có kết quả";
        ManageCatalogue = "manage_catalogue", "quản lý danh mục và cài đặt của tỉnh";
        ManageAdministrators = "manage_administrators", "quản lý quản trị viên";
        Operate = "operate", "sao lưu, phục hồi, nhập thay cho cơ quan khác";
    }
}

/// How an actor's role stands to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Held at another organisation.
    Elsewhere,
    /// Held at a body above the object's organisation.
    Above,
    /// Held at the object's organisation.
    At,
}

impl Relation {
    /// Every relation, the farthest first.
    pub const ALL: [Self; 3] = [Self::Elsewhere, Self::Above, Self::At];
}

impl Verb {
    /// The least role that may do it in a relation; `None` where only an administrator may.
    pub const fn needs(self, relation: Relation) -> Option<Role> {
        use Relation::{Above, At, Elsewhere};
        match (self, relation) {
            (Self::ReadUnpublished | Self::ReadStatistics, At) => Some(Role::Reader),
            (Self::ReadUnpublished | Self::ReadStatistics, Above) => Some(Role::Reviewer),
            (Self::Write | Self::PublishUnreviewed | Self::ReadHistory | Self::Schedule | Self::Enrol, At) => {
                Some(Role::Author)
            }
            (Self::ReadHistory | Self::Schedule | Self::Enrol, Above) => Some(Role::Reviewer),
            (Self::Review | Self::Publish | Self::Withdraw | Self::AnswerReports, At | Above) => Some(Role::Reviewer),
            (Self::ReadAudit | Self::ManageAccounts, At | Above) => Some(Role::Manager),
            (Self::Explain, At | Above | Elsewhere) => Some(Role::Reader),
            _ => None,
        }
    }

    /// The scopes of which a token must have one for it; none where no token is enough.
    pub const fn scopes(self) -> &'static [Scope] {
        match self {
            // Who writes must see what became of it.
            Self::ReadUnpublished => &[Scope::MaterialsRead, Scope::MaterialsWrite],
            Self::Write | Self::Review | Self::Publish | Self::PublishUnreviewed | Self::Withdraw => {
                &[Scope::MaterialsWrite]
            }
            Self::ReadStatistics => &[Scope::StatisticsRead],
            _ => &[],
        }
    }
}

/// What is acted on, by whose it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    own: BTreeSet<OrganisationId>,
    above: BTreeSet<OrganisationId>,
}

impl Object {
    /// What belongs to the whole province.
    pub fn province() -> Self {
        Self::default()
    }

    /// What belongs to an organisation.
    pub fn of(catalogue: &Catalogue, organisation: &OrganisationId) -> Self {
        Self::of_any(catalogue, [organisation])
    }

    /// What several organisations have together: a role at any of them counts.
    pub fn of_any<'a>(catalogue: &Catalogue, organisations: impl IntoIterator<Item = &'a OrganisationId>) -> Self {
        let (mut own, mut lineage) = (BTreeSet::new(), BTreeSet::new());
        for organisation in organisations {
            own.extend(catalogue.organisation_heirs(organisation));
            lineage.extend(catalogue.organisation_lineage(organisation));
        }
        let above = lineage.difference(&own).cloned().collect();
        Self { own, above }
    }

    /// Whether an organisation is one that it belongs to, or a body above one.
    pub fn is_under(&self, organisation: &OrganisationId) -> bool {
        self.own.contains(organisation) || self.above.contains(organisation)
    }

    fn relation(&self, grant: &Grant) -> Relation {
        if self.own.contains(&grant.organisation) {
            Relation::At
        } else if self.above.contains(&grant.organisation) {
            Relation::Above
        } else {
            Relation::Elsewhere
        }
    }
}

/// Whether an actor may do something with an object: every decision of the service is this one.
pub fn may(actor: &Actor, verb: Verb, object: &Object) -> bool {
    match actor {
        Actor::Visitor => false,
        Actor::System => true,
        Actor::Account(holder) => holder_may(holder, verb, object),
        Actor::Token { holder, scopes, .. } => {
            verb.scopes().iter().any(|scope| scopes.contains(scope)) && holder_may(holder, verb, object)
        }
    }
}

fn holder_may(holder: &Holder, verb: Verb, object: &Object) -> bool {
    holder.grants.iter().any(|grant| {
        let needed = verb.needs(object.relation(grant));
        grant.role == Role::Admin || needed.is_some_and(|needed| grant.role >= needed)
    })
}

/// Whether an actor may give or take a grant.
pub fn may_grant(actor: &Actor, grant: &Grant, catalogue: &Catalogue) -> bool {
    let verb = if grant.role == Role::Admin { Verb::ManageAdministrators } else { Verb::ManageAccounts };
    may(actor, verb, &Object::of(catalogue, &grant.organisation))
}

/// Whether an actor may change an account as a whole: all of its roles must be in the actor's hand, or a new password
/// would open more than the actor has.
pub fn may_manage(actor: &Actor, account: &Account, catalogue: &Catalogue) -> bool {
    let all = account.grants.iter().all(|grant| may_grant(actor, grant, catalogue));
    let homeless = account.grants.is_empty();
    if homeless { may(actor, Verb::ManageAdministrators, &Object::province()) } else { all }
}

/// Whether an actor may see an account: some of its roles is in the actor's hand, or it is the actor's own.
pub fn may_see(actor: &Actor, account: &Account, catalogue: &Catalogue) -> bool {
    let some = account.grants.iter().any(|grant| may_grant(actor, grant, catalogue));
    some || actor.account() == Some(account.id) || may_manage(actor, account, catalogue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{AccountId, TokenId};
    use crate::domain::organisation::{Organisation, OrganisationEvent, OrganisationEventKind, OrganisationKind};
    use chrono::NaiveDate;
    use uuid::Uuid;

    fn id(text: &str) -> OrganisationId {
        OrganisationId::parse(text).unwrap()
    }

    fn organisation(name: &str, parent: Option<&str>) -> Organisation {
        Organisation {
            id: id(name),
            kind: OrganisationKind::Department,
            parent: parent.map(id),
            names: Vec::new(),
            created_on: None,
            ended_on: None,
            area: None,
            website: None,
            publishes_unreviewed: false,
        }
    }

    /// A department, its sub-unit, the body that was merged into the sub-unit, and a stranger.
    fn catalogue() -> Catalogue {
        let all = vec![
            organisation("so", None),
            organisation("chi-cuc", Some("so")),
            organisation("chi-cuc-cu", Some("so-cu")),
            organisation("so-cu", None),
            organisation("khac", None),
        ];
        let event = OrganisationEvent {
            date: NaiveDate::from_ymd_opt(2025, 7, 1).unwrap(),
            kind: OrganisationEventKind::Merge,
            from: vec![id("chi-cuc-cu")],
            to: vec![id("chi-cuc")],
            functions: Vec::new(),
            legal_basis: None,
        };
        Catalogue::default().with_organisations(all, vec![event])
    }

    fn holder(role: Role, at: &str) -> Holder {
        Holder { account: AccountId(Uuid::from_u128(1)), grants: vec![Grant { organisation: id(at), role }] }
    }

    fn account(role: Role, at: &str) -> Actor {
        Actor::Account(holder(role, at))
    }

    /// The object of the matrix belongs to the sub-unit.
    fn place(relation: Relation) -> &'static str {
        match relation {
            Relation::At => "chi-cuc",
            Relation::Above => "so",
            Relation::Elsewhere => "khac",
        }
    }

    #[test]
    fn the_whole_matrix() {
        let object = Object::of(&catalogue(), &id("chi-cuc"));
        let mut lines = vec![format!("{:22} {:30} {:30} {}", "", "at", "above", "elsewhere")];
        for verb in Verb::ALL {
            let cell = |relation| -> String {
                let allowed = Role::ALL.iter().filter(|role| may(&account(**role, place(relation)), *verb, &object));
                let names: Vec<_> = allowed.map(|role| role.code().chars().take(4).collect::<String>()).collect();
                names.join(" ")
            };
            let cells = [Relation::At, Relation::Above, Relation::Elsewhere].map(cell);
            let [at, above, elsewhere] = cells;
            lines.push(format!("{:22} {at:30} {above:30} {elsewhere}", verb.code()));
            assert!(!may(&Actor::Visitor, *verb, &object) && may(&Actor::System, *verb, &object), "{verb:?}");
        }
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn a_token_may_what_both_its_scopes_and_its_owner_may() {
        let object = Object::of(&catalogue(), &id("chi-cuc"));
        let mut lines = Vec::new();
        for scope in Scope::ALL {
            let token = |role| Actor::Token {
                holder: holder(role, "chi-cuc"),
                token: TokenId(Uuid::nil()),
                scopes: [*scope].into(),
            };
            for role in [Role::Author, Role::Admin] {
                let verbs = Verb::ALL.iter().filter(|verb| may(&token(role), **verb, &object));
                let verbs: Vec<_> = verbs.map(|verb| verb.code()).collect();
                lines.push(format!("{} of {}: {}", scope.code(), role.code(), verbs.join(" ")));
            }
        }
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn who_carries_on_an_ended_body_has_its_objects_and_a_successors_parent_is_above_them() {
        let object = Object::of(&catalogue(), &id("chi-cuc-cu"));
        assert!(may(&account(Role::Author, "chi-cuc"), Verb::Write, &object));
        assert!(may(&account(Role::Reviewer, "so"), Verb::Review, &object));
        assert!(!may(&account(Role::Author, "so"), Verb::Write, &object));
        let new = Object::of(&catalogue(), &id("chi-cuc"));
        assert!(!may(&account(Role::Manager, "chi-cuc-cu"), Verb::Write, &new), "an ended body has nothing new");
    }

    #[test]
    fn what_several_have_together_is_in_the_hand_of_each() {
        let object = Object::of_any(&catalogue(), [&id("khac"), &id("chi-cuc")]);
        assert!(may(&account(Role::Author, "khac"), Verb::Write, &object));
        assert!(may(&account(Role::Reviewer, "so"), Verb::Review, &object));
        assert!(!may(&account(Role::Manager, "so-cu"), Verb::ReadUnpublished, &object));
    }

    #[test]
    fn nobody_gets_hold_of_an_account_that_can_do_more() {
        let catalogue = catalogue();
        let grant = |role, at: &str| Grant { organisation: id(at), role };
        let account_with = |grants: Vec<Grant>| Account {
            id: AccountId(Uuid::from_u128(2)),
            login: None,
            name: String::new(),
            email: None,
            phone: None,
            email_vouched: false,
            external: None,
            grants,
            state: crate::domain::account::AccountState::Active,
            created_at: chrono::DateTime::UNIX_EPOCH,
        };
        let (manager, admin) = (account(Role::Manager, "so"), account(Role::Admin, "khac"));
        let below = account_with(vec![grant(Role::Manager, "chi-cuc")]);
        let partly = account_with(vec![grant(Role::Author, "chi-cuc"), grant(Role::Author, "khac")]);
        let higher = account_with(vec![grant(Role::Admin, "chi-cuc")]);
        let homeless = account_with(Vec::new());
        let managed =
            |actor: &Actor| [&below, &partly, &higher, &homeless].map(|account| may_manage(actor, account, &catalogue));
        assert_eq!(managed(&manager), [true, false, false, false]);
        assert_eq!(managed(&admin), [true; 4]);
        assert_eq!(managed(&account(Role::Reviewer, "so")), [false; 4]);
        assert!(may_see(&manager, &partly, &catalogue) && !may_see(&manager, &higher, &catalogue));
        assert!(!may_grant(&manager, &grant(Role::Admin, "so"), &catalogue));
    }
}
