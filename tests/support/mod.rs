//! What tests share.

pub(crate) mod browser;
pub(crate) mod http;
pub(crate) mod identity;
pub(crate) mod library;
pub(crate) mod mail;
pub(crate) mod paper;
pub(crate) mod program;
pub(crate) mod recogniser;
pub(crate) mod seeded;
