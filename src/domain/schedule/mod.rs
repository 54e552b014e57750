//! What is taught, when, where and by whom: the nouns of classes.
//!
//! ```text
//! course ─< class ─< meeting >─ venue ─< venue block
//!                       └────── speaker ─< request
//! ```
//!
//! A course is what is taught, a class one run of it at a centre with its co-organisers, a meeting one date of a class and a
//! row of its own. The recipe of a class says how its meetings were planned; whatever is shown, counted or sent to
//! calendars reads the meetings. Whoever comes is registered for the class and marked at its meetings; a speaker is
//! asked for meetings: those nouns name the rows here and change nothing of them.

pub mod attendance;
pub mod certificate;
pub mod class;
pub mod consent;
pub mod course;
pub mod figures;
pub mod holiday;
pub mod learner;
pub mod lunar;
pub mod meeting;
pub mod registration;
pub mod request;
pub mod speaker;
pub mod spoken;
pub mod storm;
pub mod venue;
