//! Nouns and rules of the library: pure values, no I/O; the present time is always a parameter.

pub mod account;
pub mod actor;
pub mod alteration;
pub mod amendment;
pub mod area;
pub mod catalogue;
pub mod day;
pub mod facet;
pub mod file;
pub mod id;
pub mod job;
pub mod language;
pub mod letter;
pub mod material;
pub mod organisation;
pub mod page;
pub mod permission;
pub mod proposal;
pub mod review;
mod schedule;
pub mod sealed;
mod sent;
pub mod synonym;
pub mod text;
pub mod topic;
pub mod upload;
pub mod usage;
pub mod validity;
mod words;

pub use schedule::{
    attendance, certificate, class, consent, course, figures, holiday, learner, lunar, meeting, registration, request,
    speaker, spoken, storm, venue,
};
pub use sent::{batch, complaint};
