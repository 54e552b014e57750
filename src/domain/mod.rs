//! Nouns and rules of the library: pure values, no I/O; the present time is always a parameter.

pub mod area;
pub mod catalogue;
pub mod facet;
pub mod file;
pub mod id;
pub mod job;
pub mod language;
pub mod material;
pub mod organisation;
pub mod page;
pub mod topic;
pub mod usage;
