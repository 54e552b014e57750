//! Classes: one run of what is taught, at a centre, with others where several have it together.

use super::course::Teaching;
use super::meeting::Recipe;
use crate::domain::id::{ClassId, CourseId, OrganisationId, SpeakerId, VenueId};
use crate::domain::words::words;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

words! {
    /// Where a class stands between planning and its end.
    ClassState {
        Draft = "draft", "Đang soạn";
        Published = "published", "Đã đăng";
        Closed = "closed", "Đã kết thúc";
        Cancelled = "cancelled", "Đã hủy";
    }
}
words! {
    /// How people come to a class.
    RegistrationMode {
        None = "none", "Không cần đăng ký, cứ đến";
        Open = "open", "Bà con tự đăng ký";
        Approve = "approve", "Tự đăng ký, cán bộ duyệt";
        Staff = "staff", "Cán bộ ghi tên";
    }
}
words! {
    /// How those who come are counted.
    CountMode {
        Names = "names", "Theo tên người học";
        // Prisons and groups whose members must not be known.
        Totals = "totals", "Chỉ đếm số người, không ghi tên, không đăng công khai";
    }
}
words! {
    /// What can be done with a class as a whole.
    ClassAct {
        Publish = "publish", "Đăng lớp";
        Close = "close", "Kết thúc lớp";
        Cancel = "cancel", "Hủy lớp";
        Reopen = "reopen", "Mở lại";
    }
}

/// The most people that a class may be for.
pub const MAX_CAPACITY: u32 = 2_000;
/// The most bodies that have a class together with its centre.
pub const MAX_CO_ORGANISERS: usize = 10;

/// One run of a course.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    pub id: ClassId,
    /// The centre: who keeps the class and its people.
    pub organisation: OrganisationId,
    /// Who has it together with the centre; counted in their own figures, too.
    #[serde(default)]
    pub co_organisers: Vec<OrganisationId>,
    #[serde(default)]
    pub course: Option<CourseId>,
    pub teaching: Teaching,
    /// The most people; none where there is no limit.
    #[serde(default)]
    pub capacity: Option<u32>,
    pub registration: RegistrationMode,
    pub count: CountMode,
    /// How to ask about the class, such as a telephone number of the centre.
    #[serde(default)]
    pub contact: String,
    /// How the meetings were planned; none as long as they are not.
    #[serde(default)]
    pub plan: Option<Plan>,
    pub state: ClassState,
    /// Why it was cancelled.
    #[serde(default)]
    pub reason: Option<String>,
    /// Invented, to show how it looks.
    #[serde(default)]
    pub sample: bool,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    #[serde(default)]
    pub published_at: Option<DateTime<Utc>>,
}

/// How the meetings of a class are planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub recipe: Recipe,
    #[serde(default)]
    pub venue: Option<VenueId>,
    #[serde(default)]
    pub speakers: Vec<SpeakerId>,
}

impl Class {
    /// Everyone whose class it is, the centre first.
    pub fn organisers(&self) -> impl Iterator<Item = &OrganisationId> {
        std::iter::once(&self.organisation).chain(&self.co_organisers)
    }

    /// Whether everyone may see it and it is not over.
    pub fn is_coming(&self) -> bool {
        self.is_public() && self.state == ClassState::Published
    }

    /// Whether several bodies have it together.
    pub fn is_joint(&self) -> bool {
        !self.co_organisers.is_empty()
    }

    /// Whether everyone may see it.
    pub fn is_public(&self) -> bool {
        self.state != ClassState::Draft && self.count == CountMode::Names
    }

    /// Whether anything may still be changed about it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ClassState::Draft | ClassState::Published)
    }

    /// How many more people have a place when so many are in; none without a limit.
    pub fn seats_left(&self, taken: u32) -> Option<u32> {
        self.capacity.map(|capacity| capacity.saturating_sub(taken))
    }

    /// Where an act leads from the present state; none where it is impossible.
    pub const fn after(&self, act: ClassAct) -> Option<ClassState> {
        match (act, self.state) {
            (ClassAct::Publish, ClassState::Draft) | (ClassAct::Reopen, ClassState::Closed) => {
                Some(ClassState::Published)
            }
            (ClassAct::Close, ClassState::Published) => Some(ClassState::Closed),
            (ClassAct::Cancel, ClassState::Draft | ClassState::Published) => Some(ClassState::Cancelled),
            _ => None,
        }
    }

    /// The acts that are possible now.
    pub fn acts(&self) -> impl Iterator<Item = ClassAct> {
        ClassAct::ALL.iter().copied().filter(|act| self.after(*act).is_some())
    }

    /// What stands in the way of how a class counts and takes people in; none when all is well.
    pub fn contradiction(&self) -> Option<&'static str> {
        let named = matches!(self.registration, RegistrationMode::Open | RegistrationMode::Approve);
        (self.count == CountMode::Totals && named).then_some(
            "Lớp chỉ đếm số người thì không nhận đăng ký có tên. Hãy chọn “Không cần đăng ký” hoặc “Cán bộ ghi tên”.",
        )
    }
}

#[cfg(test)]
pub(in crate::domain) fn sample() -> Class {
    use super::course::ClassType;
    Class {
        id: ClassId(uuid::Uuid::from_u128(1)),
        organisation: OrganisationId::parse("tthtcd.cam-lo").unwrap(),
        co_organisers: vec![OrganisationId::parse("hoi-lhpn").unwrap()],
        course: None,
        teaching: Teaching {
            title: "Trồng ném".to_owned(),
            summary: String::new(),
            class_type: ClassType::TopicTalk,
            topics: Vec::new(),
            audiences: Vec::new(),
            languages: Vec::new(),
            materials: Vec::new(),
        },
        capacity: Some(20),
        registration: RegistrationMode::Open,
        count: CountMode::Names,
        contact: String::new(),
        plan: None,
        state: ClassState::Draft,
        reason: None,
        sample: false,
        created_at: DateTime::<Utc>::UNIX_EPOCH,
        changed_at: DateTime::<Utc>::UNIX_EPOCH,
        published_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_from_every_state() {
        let mut lines = Vec::new();
        for state in ClassState::ALL {
            let class = Class { state: *state, ..sample() };
            for act in class.acts() {
                let after = class.after(act).map_or("", ClassState::code);
                lines.push(format!("{} {} {after}", state.code(), act.code()));
            }
        }
        let wanted = [
            "draft publish published",
            "draft cancel cancelled",
            "published close closed",
            "published cancel cancelled",
            "closed reopen published",
        ];
        assert_eq!(lines, wanted);
    }

    #[test]
    fn a_class_that_counts_totals_is_never_public_and_takes_no_names() {
        let class = Class { state: ClassState::Published, count: CountMode::Totals, ..sample() };
        assert!(!class.is_public() && class.contradiction().is_some());
        assert!(Class { state: ClassState::Cancelled, ..sample() }.is_public(), "who came to know it learns its end");
        assert!(!sample().is_public());
    }

    #[test]
    fn seats_never_go_below_none() {
        assert_eq!([0, 20, 21].map(|taken| sample().seats_left(taken)), [Some(20), Some(0), Some(0)]);
        assert_eq!(Class { capacity: None, ..sample() }.seats_left(5), None);
    }
}
