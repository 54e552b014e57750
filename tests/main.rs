//! Tests of the whole program, with real parts: real store, real index, real browser.
//!
//! This page is the table of contents.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]
#![expect(clippy::zombie_processes, reason = "a watcher ends what statics cannot drop")]

/// What tests share: the program, a running server, a browser.
mod support;

/// The rooms of the house: arrows, budgets, words, documents that are true.
mod house;

/// Rules of the domain, measured on real texts.
mod rules;

/// Reading text out of files, friendly and hostile.
mod extract;

/// The store and its log, on every engine.
mod store;

/// Promised work, retried and parked.
mod jobs;

/// What is read in a query, and what is offered when nothing fits.
mod search;

/// Suggestions while someone types, from the API to the keyboard.
mod suggest;

/// Accounts: signing in, roles, tokens, the audit trail, friendly and hostile.
mod accounts;
/// The administrator's pages: organisations, areas, topics and what else is the province's.
mod administration;
/// The way to the public and back, and what must not leak on it.
mod review;

/// Who was at their meetings.
mod attendance;
/// Classes: planned by centres, found by everyone.
mod classes;
/// What is printed or read aloud of them.
mod press;
/// Uploads: from programs, in pieces, from pages; friendly and hostile.
mod uploads;
/// What is counted of the library's use, and what is not.
mod usage;

/// Running it: room on the disk, backup and restore.
mod operate;

/// The command line, imports, and what survives a crash.
mod cli;

/// Formats for other programs.
mod interop;

/// The JSON API.
mod api;

/// Pages as they are sent.
mod pages;

/// A person's ways through the pages, in a real browser.
mod browser;
