//! Addresses of registrations: for learners, and for staff of a centre.

use super::{class, staff_class};
use crate::domain::id::{ClassId, LearnerId, RegistrationId};

/// Where a slip's code is typed.
pub(in crate::web) const OWN: &str = "/dang-ky-hoc";

/// Where people register for a class.
pub(in crate::web) fn register(id: ClassId) -> String {
    format!("{}/dang-ky", class(id))
}

/// Who learns in a class.
pub(in crate::web) fn roll(id: ClassId) -> String {
    format!("{}/hoc-vien", staff_class(id))
}

/// Where many are written down at once.
pub(in crate::web) fn many_learners(id: ClassId) -> String {
    format!("{}/nhieu", roll(id))
}

/// Where something is done with a registration.
pub(in crate::web) fn registration(class: ClassId, id: RegistrationId) -> String {
    format!("{}/{id}", roll(class))
}

/// A learner's file.
pub(in crate::web) fn learner(id: LearnerId) -> String {
    format!("/quan-ly/hoc-vien/{id}")
}

/// The slip of a registration.
pub(in crate::web) fn slip(class: ClassId, id: RegistrationId) -> String {
    format!("{}/phieu", registration(class, id))
}
