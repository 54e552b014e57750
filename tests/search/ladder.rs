//! The ladder of spellings: each step passes or fails.

use crate::support::http::{encode, get};
use crate::support::seeded::url;
use unicode_normalization::UnicodeNormalization;

/// The whole matches of a query, best first.
fn matches(query: &str) -> Vec<String> {
    let found = get(&format!("{}/api/v1/search?limit=50&q={}", url(), encode(query))).json();
    let whole = found["items"].as_array().unwrap().iter().filter(|item| item["partial"] == false);
    whole.map(|item| item["external_id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_step_of_the_ladder_of_spellings_is_climbed() {
    let mut fallen = Vec::new();
    for line in include_str!("ladder.tsv").lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let (typed, kind, wanted, unwanted) = (next(), next(), next(), next());
        let query = match typed.strip_prefix('(').and_then(|typed| typed.strip_suffix(')')) {
            Some(typed) => typed.nfd().collect(),
            None => typed.to_owned(),
        };
        let found = matches(&query);
        let place = |id: &str| found.iter().position(|other| other == id);
        let is_there = match kind {
            "first" => place(wanted) == Some(0),
            _ => wanted.split(' ').all(|id| place(id).is_some()),
        };
        let is_kept_out = unwanted.is_empty() || place(unwanted).is_none_or(|at| kind == "first" && at > 0);
        if !is_there || !is_kept_out {
            fallen.push((query, found));
        }
    }
    assert!(fallen.is_empty(), "{fallen:#?}");
}
