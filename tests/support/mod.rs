//! What tests share.

pub mod browser;
pub mod http;
pub mod program;
pub mod seeded;
