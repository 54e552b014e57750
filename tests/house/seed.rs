//! The seed keeps its promises: formats, topics, lengths, and a plain word on every page that it is a sample.

use super::files::root;
use crate::support::http::get;
use crate::support::seeded::url;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// What every material says of itself.
const NOTE: &str = "không phải ấn phẩm của cơ quan";

fn materials() -> Vec<Value> {
    let lines = fs::read_to_string(root().join("seed-content/materials.jsonl")).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts<'a>(material: &'a Value, field: &str) -> Vec<&'a str> {
    material[field].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

fn source(material: &Value) -> String {
    let id = material["id"].as_str().unwrap();
    fs::read_to_string(root().join(format!("seed-content/sources/{id}.md"))).unwrap()
}

/// The values of JSON in a seed file.
fn list(name: &str) -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(root().join("seed-content").join(name)).unwrap()).unwrap()
}

#[test]
fn every_format_that_agencies_use_is_there_often_enough() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for material in materials() {
        let first = material["file"].as_str().or(material["files"][0].as_str()).unwrap();
        let path = root().join("seed-content").join(first);
        assert!(path.is_file(), "{}", path.display());
        *counts.entry(path.extension().unwrap().to_string_lossy().into_owned()).or_default() += 1;
    }
    let wanted = [
        ("pdf", 15),
        ("docx", 15),
        ("pptx", 4),
        ("xlsx", 3),
        ("odt", 3),
        ("epub", 2),
        ("doc", 2),
        ("html", 1),
        ("md", 1),
        ("txt", 1),
        ("ogg", 1),
    ];
    for (ending, least) in wanted {
        assert!(counts.get(ending).is_some_and(|count| *count >= least), "{ending}: {counts:?}");
    }
    assert!(counts.values().sum::<usize>() >= 60);
}

#[test]
fn all_topics_kinds_of_bodies_and_wanted_languages_are_covered() {
    let materials = materials();
    let mut by_topic: BTreeMap<&str, usize> = BTreeMap::new();
    for material in &materials {
        let topics: BTreeSet<&str> =
            texts(material, "topics").into_iter().map(|topic| topic.split('.').next().unwrap()).collect();
        for topic in topics {
            *by_topic.entry(topic).or_default() += 1;
        }
    }
    assert_eq!(by_topic.len(), 13, "{by_topic:?}");
    assert!(by_topic.values().all(|count| *count >= 3), "{by_topic:?}");
    let bodies = list("organisations.json");
    let kind = |id: &str| bodies.iter().find(|body| body["id"] == id).unwrap_or_else(|| panic!("{id}"))["kind"].clone();
    let used: BTreeSet<String> =
        materials.iter().map(|material| kind(material["organisation"].as_str().unwrap()).to_string()).collect();
    let all: BTreeSet<String> = bodies.iter().map(|body| body["kind"].to_string()).collect();
    let missing: Vec<_> = all
        .difference(&used)
        .filter(|kind| !["\"system\"", "\"district_committee\""].contains(&kind.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let languages: BTreeSet<Vec<&str>> = materials.iter().map(|material| texts(material, "languages")).collect();
    for wanted in [vec!["en"], vec!["vi", "en"], vec!["vi", "lo"]] {
        assert!(languages.contains(&wanted), "{languages:?}");
    }
}

#[test]
fn every_text_has_its_length_its_sources_and_its_note() {
    for material in materials() {
        let id = material["id"].as_str().unwrap();
        let text = source(&material);
        let body = text.splitn(3, "---\n").nth(2).unwrap();
        let words = body.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
        assert!((400..=2_000).contains(&words), "{id}: {words} words");
        assert_eq!(material["sample"], true, "{id}");
        assert!(body.contains(NOTE) || body.contains("not a publication") || body.contains("not the agency"), "{id}");
        assert!(!texts(&material, "sources").is_empty(), "{id}: no sources");
        assert!(material["licence"].is_string() && material["issued_on"].is_string(), "{id}");
    }
}

#[test]
fn names_that_differ_by_a_mark_alone_make_ranking_honest() {
    let all: String = materials().iter().map(source).collect::<String>().to_lowercase();
    for words in [["trong ", "trồng ", "trống"], ["nghề may", "sửa máy", "xe máy"], ["trồng ném", "nem chua", "ném "]]
    {
        assert!(words.iter().all(|word| all.contains(word)), "{words:?}");
    }
}

#[test]
fn today_s_communes_their_former_units_and_every_succession_are_whole() {
    let rows = |name: &str| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(root().join("seed-content").join(name)).unwrap();
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    };
    let areas = rows("areas.csv");
    let count =
        |level: &str, ended: bool| areas.iter().filter(|row| row[3] == level && row[8].is_empty() != ended).count();
    // Of the 266, 265 ended with the resolution of 2025 and one had ended in the year before.
    assert_eq!([count("commune", false), count("commune", true), count("district", true)], [78, 266, 18]);
    let ids: BTreeSet<&str> = areas.iter().map(|row| row[0].as_str()).collect();
    let mut succeeded = BTreeSet::new();
    for event in rows("area_events.csv") {
        for id in event[2].split(';').chain(event[3].split(';')).filter(|id| !id.is_empty()) {
            assert!(ids.contains(id), "{id}");
        }
        succeeded.extend(event[2].split(';').map(str::to_owned));
    }
    let ended: BTreeSet<String> = areas.iter().filter(|row| !row[8].is_empty()).map(|row| row[0].clone()).collect();
    assert_eq!(succeeded, ended, "every unit that ended has an event, and no other");
    bodies_succeed_each_other();
}

fn bodies_succeed_each_other() {
    let bodies = list("organisations.json");
    let find = |id: &Value| bodies.iter().find(|body| body["id"] == *id).unwrap_or_else(|| panic!("{id}"));
    let mut succeeded = BTreeSet::new();
    for event in list("organisation_events.json") {
        let day = event["date"].as_str().unwrap();
        for id in event["to"].as_array().unwrap() {
            let body = find(id);
            let begins = body["names"][0]["from"].as_str().unwrap_or("0000");
            assert!(begins <= day && body["ended_on"].as_str().is_none_or(|end| end >= day), "{id} on {day}");
        }
        succeeded.extend(event["from"].as_array().unwrap().iter().map(ToString::to_string));
        for id in event["from"].as_array().unwrap() {
            assert!(!find(id)["ended_on"].is_null() || event["kind"] == "transfer_function", "{id} goes on");
        }
    }
    let ended: Vec<_> =
        bodies.iter().filter(|body| !body["ended_on"].is_null()).map(|body| body["id"].to_string()).collect();
    assert!(ended.iter().all(|id| succeeded.contains(id)), "a body ended without a successor: {ended:?}");
    let committees = bodies.iter().filter(|body| body["kind"] == "commune_committee").count();
    assert_eq!(committees, 78);
}

#[test]
fn some_originals_are_scans_and_some_books_are_long() {
    let list = get(&format!("{}/api/v1/materials?limit=100", url())).json();
    let (mut scans, mut long) = (Vec::new(), 0);
    for item in list["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let material = get(&format!("{}/api/v1/materials/{id}", url())).json();
        let first = get(&format!("{}/api/v1/materials/{id}/pages/1", url())).json();
        if first["scan"].is_object() {
            scans.push(item["external_id"].as_str().unwrap().to_owned());
        }
        let name = material["files"][0]["name"].as_str().unwrap();
        let is_pdf = Path::new(name).extension().is_some_and(|ending| ending == "pdf");
        long += usize::from(is_pdf && material["pages"].as_u64() >= Some(10));
        let page = get(&format!("{}{}", url(), item["url"].as_str().unwrap())).text();
        assert!(page.contains(NOTE), "{id} does not say on its page that it is a sample");
    }
    assert_eq!(scans.len(), 2, "{scans:?}");
    assert!(long >= 3, "{long} PDFs of ten pages or more");
}
