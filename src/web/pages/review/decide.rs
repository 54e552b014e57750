//! What whoever decides about a material can do, beside what the decision is about.

use crate::actions::review::history::{Compared, SideBySide};
use crate::actions::review::{Desk, Difference, Seen};
use crate::domain::material::State;
use crate::domain::review::Act;
use crate::web::links;

/// The form of a page on which nothing else is sent.
const OWN_FORM: &str = "quyet-dinh";

/// The decisions that wait for the reader.
#[derive(Debug, Clone)]
pub(in crate::web::pages) struct DecideView {
    pub(in crate::web::pages) lead: String,
    pub(in crate::web::pages) url: String,
    pub(in crate::web::pages) seen: Seen,
    /// The form that the buttons send.
    pub(in crate::web::pages) form: &'static str,
    pub(in crate::web::pages) publishes: bool,
    pub(in crate::web::pages) takes_back: bool,
    pub(in crate::web::pages) ways: Vec<(String, &'static str)>,
}

impl DecideView {
    /// The decisions about the latest version; none where the reader has none to take.
    pub(in crate::web::pages) fn of(desk: &Desk) -> Option<Self> {
        let may = |act| desk.acts.contains(&act);
        let (id, number) = (desk.material.id, desk.version.number);
        let mut ways = vec![
            (links::staff_material(id), "Mô tả và trao đổi"),
            (links::staff_preview(id, number, 1), "Xem như người đọc"),
        ];
        if number > 1 {
            ways.push((links::staff_comparison(id, number - 1, number), "So với bản trước"));
        }
        let state = desk.material.working_state();
        may(Act::Return).then(|| Self {
            lead: match state {
                State::Scheduled => format!("Bản {number} đã hẹn ngày công bố."),
                _ => format!("Bản {number} đang chờ duyệt."),
            },
            url: links::staff_material(id),
            seen: Seen { version: number, edition: desk.version.edition },
            form: OWN_FORM,
            publishes: may(Act::Publish),
            takes_back: may(Act::TakeBack),
            ways,
        })
    }

    /// The same where the buttons belong to another form of the page, which sends what was typed along.
    pub(super) fn within(self, form: &'static str) -> Self {
        Self { form, ways: Vec::new(), ..self }
    }
}

/// What is different on two sides.
pub(super) struct Changes {
    /// What stands on either side.
    pub(super) sides: (String, String),
    /// Absent where only texts are compared.
    pub(super) fields: Option<Vec<Difference>>,
    pub(super) text: SideBySide,
}

impl Changes {
    pub(super) fn of(compared: Compared) -> Self {
        Self {
            sides: (format!("Bản {}", compared.before), format!("Bản {}", compared.after)),
            fields: Some(compared.fields),
            text: compared.text,
        }
    }
}

#[cfg(test)]
pub(in crate::web::pages) fn sample() -> DecideView {
    DecideView {
        lead: "<thử>".to_owned(),
        url: "/".to_owned(),
        seen: Seen { version: 1, edition: 2 },
        form: OWN_FORM,
        publishes: true,
        takes_back: true,
        ways: vec![("/".to_owned(), "Xem")],
    }
}
