//! Wire formats: pure functions from plain values to text.

pub mod schema_org;
pub mod sitemap;
