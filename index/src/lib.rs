#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod document;
mod error;
mod facet;
mod lexicon;
mod library;
mod numbers;
mod query;
pub mod rank;
mod row;
mod schema;
mod score;
mod similar;
mod snippet;
pub mod suggest;
mod term;
pub mod text;
mod tokens;
mod writer;

pub use document::{Document, Passage};
pub use error::Error;
pub use facet::FacetCount;
pub use library::{Library, Options, Stats};
pub use query::{Answer, Filter, Hit, HitPassage, Request, Sort};
pub use schema::FacetField;
pub use score::{Explanation, Part};
pub use writer::{Tidying, Writer};
