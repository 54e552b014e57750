//! Registrations: without an account by learners, and by staff of the class's centre.

pub(in crate::web) mod learner;
pub(in crate::web) mod many;
pub(in crate::web) mod own;
pub(in crate::web) mod roll;

#[cfg(test)]
use super::rendered;
use super::view::{date, moment};
use super::{Frame, html};
use crate::actions::schedule::registration::typed::TypedPerson;
use crate::domain::learner::{ConsentHow, Sex};
use crate::domain::meeting::{Slot, weekday_name};
use crate::domain::registration::{Ending, Registration, RegistrationState};
use crate::web::forms::Form;
use chrono::Datelike;

/// Reads a person from a form.
fn typed_person(form: &Form) -> TypedPerson {
    let typed = |name: &str| form.value(name).to_owned();
    TypedPerson {
        name: typed("ho-ten"),
        birth_year: typed("nam-sinh"),
        sex: typed("gioi-tinh"),
        village: typed("thon"),
        phone: typed("dien-thoai"),
        guardian: typed("giam-ho"),
    }
}

/// A choice of a short list: its code, its words, whether it is chosen.
type Pick = (&'static str, &'static str, bool);

fn sexes(chosen: &str) -> Vec<Pick> {
    Sex::ALL.iter().map(|one| (one.code(), one.label(), one.code() == chosen)).collect()
}

/// How staff hear that someone agrees.
fn consents(chosen: &str) -> Vec<Pick> {
    let all = [ConsentHow::Spoken, ConsentHow::Paper];
    all.iter().map(|one| (one.code(), one.label(), one.code() == chosen)).collect()
}

fn slot_words(slot: &Slot) -> String {
    let weekday = weekday_name(slot.day.weekday().number_from_monday());
    format!("{weekday}, {}, {} – {}", date(slot.day), slot.from.format("%H:%M"), slot.to.format("%H:%M"))
}

/// How a registration stands, for whom it is about.
fn standing(one: &Registration, before: usize) -> String {
    match (one.state, one.ended) {
        (RegistrationState::Confirmed, _) => "Bạn đã có chỗ trong lớp.".to_owned(),
        (RegistrationState::Requested, _) => "Trung tâm đang xem đăng ký của bạn.".to_owned(),
        (RegistrationState::Waiting, _) if before == 0 => {
            "Lớp đã đủ người. Bạn là người đầu tiên trong danh sách chờ.".to_owned()
        }
        (RegistrationState::Waiting, _) => format!("Lớp đã đủ người. Trước bạn còn {before} người chờ."),
        (RegistrationState::Offered, _) => {
            let until = one.offered_until.map(moment).unwrap_or_default();
            format!("Có chỗ trống dành cho bạn, giữ đến {until}. Hãy bấm “Nhận chỗ” nếu bạn đi học.")
        }
        (_, Some(Ending::Learner)) => "Bạn đã hủy đăng ký này.".to_owned(),
        (_, Some(Ending::Lapsed)) => "Chỗ dành cho bạn đã hết hạn giữ. Muốn học, hãy hỏi trung tâm.".to_owned(),
        (_, Some(Ending::Declined)) => "Trung tâm không nhận đăng ký này. Hãy hỏi trung tâm để biết vì sao.".to_owned(),
        _ => "Trung tâm đã hủy đăng ký này. Hãy hỏi trung tâm để biết vì sao.".to_owned(),
    }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    own::samples().into_iter().chain(roll::samples()).chain(learner::samples()).chain(many::samples()).collect()
}
