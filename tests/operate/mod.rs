mod backup;
mod batches;
mod complaints;
mod space;
mod statistics;

use crate::accounts::{PASSWORD, make, sign_in};
use crate::support::http::Browser;
use crate::support::program::run;
use std::fs;
use std::path::Path;

/// A colleague at the department of agriculture, signed in.
#[track_caller]
fn colleague(admin: &mut Browser, login: &str, role: &str) -> Browser {
    let (_, link) = make(admin, login, role);
    let mut browser = Browser::new(&admin.base);
    assert_eq!(browser.post(&link, &[("mat-khau-moi", PASSWORD)]).status, 303);
    assert_eq!(sign_in(&mut browser, login, PASSWORD), 303);
    browser
}

/// Imports rows for the department of agriculture.
#[track_caller]
fn import_rows(folder: &Path, rows: &str) {
    let lines = folder.join("rows.jsonl");
    fs::write(&lines, rows).unwrap();
    let said = run(&folder.join("data"), &["import", "--organisation", "so-nnmt", &lines.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{said:?}");
}
