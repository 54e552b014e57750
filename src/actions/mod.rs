//! Verbs of the library: one function a use case, called by pages, the API, commands and background work.

pub mod accounts;
pub mod administration;
pub mod advice;
pub mod areas;
pub mod audit;
pub mod backup;
pub mod bulk;
pub mod calendar;
mod cards;
pub mod complaints;
pub mod context;
pub mod doctor;
pub mod error;
pub mod explain;
pub mod export;
pub mod extraction;
pub mod files;
pub mod import;
pub mod indexing;
pub mod letters;
pub mod likeness;
pub mod materials;
pub mod organisations;
pub mod progress;
pub mod review;
pub mod search;
pub mod seed;
pub mod space;
pub mod statistics;
pub mod suggestions;
pub mod topics;
pub mod usage;
pub mod versions;
pub mod work;

pub use context::Context;
pub use error::ActionError;
