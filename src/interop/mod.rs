//! Wire formats: pure functions from plain values to text.

pub mod atom;
pub mod ical;
pub mod schema_course;
pub mod schema_org;
pub mod sitemap;
pub mod webvtt;
