//! Nothing unpublished leaks: state × role × surface, on a real server. A leak names its cell.

use super::staff::{House, act};
use crate::support::http::{Answer, Browser, get_with};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Where a material of the matrix stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Draft,
    InReview,
    Scheduled,
    Published,
    Withdrawn,
    /// The version beside the public one of a published material.
    NewerDraft,
    /// The public version of that material.
    BesideDraft,
    /// An old version that readers may not see any more.
    Old,
    /// An old version that is marked as readable.
    KeptOld,
}

const STATES: [State; 9] = [
    State::Draft,
    State::InReview,
    State::Scheduled,
    State::Published,
    State::Withdrawn,
    State::NewerDraft,
    State::BesideDraft,
    State::Old,
    State::KeptOld,
];

/// A version of the matrix: every word of it tells it from all others.
struct Subject {
    state: State,
    id: String,
    version: u32,
    /// In its title, summary, text and file name.
    word: &'static str,
    /// No other material has it.
    topic: &'static str,
    file: String,
}

/// Who looks.
enum Role {
    Visitor,
    Person(&'static str, Browser),
    Token(&'static str, String),
}

impl Role {
    fn name(&self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Person(name, _) | Self::Token(name, _) => name,
        }
    }

    /// Whether the role sees what is not published, where there is a way to.
    fn is_inside(&self) -> bool {
        ["own author", "reviewer above", "administrator"].contains(&self.name())
    }

    fn get(&mut self, base: &str, path: &str) -> Answer {
        match self {
            Self::Visitor => get_with(&format!("{base}{path}"), &[]),
            Self::Person(_, browser) => browser.get(path),
            Self::Token(_, token) => {
                get_with(&format!("{base}{path}"), &[("authorization", &format!("Bearer {token}"))])
            }
        }
    }
}

/// What a surface shows to: everyone what is public, or insiders everything.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    /// Only what searches, lists and counts may hold: the public versions.
    Found,
    /// What has an address of its own: public and marked old versions.
    Addressed,
    /// Files: as addressed, and everything for insiders who have signed in.
    Files,
    /// Staff pages.
    Staff,
}

/// A surface: its name, whom it is for, the address that is asked for a subject.
type Surface = (&'static str, For, fn(&Subject) -> String);

const SURFACES: [Surface; 31] = [
    ("page", For::Found, |s| format!("/hoc-lieu/{}/x", s.id)),
    ("page's text", For::Found, |s| format!("/hoc-lieu/{}/x?trang=1", s.id)),
    ("whole text to print", For::Found, |s| format!("/hoc-lieu/{}/in", s.id)),
    ("page without title", For::Found, |s| format!("/hoc-lieu/{}", s.id)),
    ("version's page", For::Addressed, |s| format!("/hoc-lieu/{}/ban/{}", s.id, s.version)),
    ("search", For::Found, |s| format!("/tim?q={}", s.word)),
    ("search by topic", For::Found, |s| format!("/tim?chu-de={}", s.topic)),
    ("snippet", For::Found, |s| format!("/api/v1/search?q={}", s.word)),
    ("suggestion", For::Found, |s| format!("/api/v1/suggest?q={}", s.word)),
    ("facet count", For::Found, |_| "/api/v1/search?limit=50".to_owned()),
    ("feed", For::Found, |_| "/tim.atom".to_owned()),
    ("feed of a search", For::Found, |s| format!("/tim.atom?q={}", s.word)),
    ("complaint form", For::Found, |s| format!("/hoc-lieu/{}/phan-anh", s.id)),
    ("sitemap", For::Found, |_| "/sitemap.xml".to_owned()),
    ("API item", For::Found, |s| format!("/api/v1/materials/{}", s.id)),
    ("API list", For::Found, |_| "/api/v1/materials?limit=100".to_owned()),
    ("API page", For::Found, |s| format!("/api/v1/materials/{}/pages/1", s.id)),
    ("API file", For::Addressed, |s| format!("/api/v1/files/{}", s.file)),
    ("file link", For::Files, |s| format!("/tep/{}/x.txt", s.file)),
    ("home and newest", For::Found, |_| "/".to_owned()),
    ("list of newest", For::Found, |_| "/hoc-lieu".to_owned()),
    ("counts by topic", For::Found, |_| "/api/v1/topics".to_owned()),
    ("page of a topic", For::Found, |s| format!("/chu-de/{}", s.topic)),
    ("staff page", For::Staff, |s| format!("/quan-ly/hoc-lieu/{}", s.id)),
    ("staff preview", For::Staff, |s| format!("/quan-ly/hoc-lieu/{}/ban/{}", s.id, s.version)),
    ("staff list", For::Staff, |s| format!("/quan-ly/hoc-lieu?ten={}", s.word)),
    ("comparison", For::Staff, |s| format!("/quan-ly/hoc-lieu/{}/so-sanh?truoc={}&sau={}", s.id, s.version, s.version)),
    ("statistics", For::Staff, |_| "/quan-ly/co-quan/cc-ttbvtv/so-lieu".to_owned()),
    ("statistics above", For::Staff, |_| "/quan-ly/co-quan/so-nnmt/so-lieu?truc-thuoc=1".to_owned()),
    ("statistics file above", For::Staff, |_| {
        "/quan-ly/co-quan/so-nnmt/so-lieu.csv?bang=hoc-lieu&truc-thuoc=1".to_owned()
    }),
    ("audit trail", For::Staff, |s| format!("/quan-ly/nhat-ky?hoc-lieu={}", s.id)),
];

/// Whether an answer tells of a subject: its word, or a count under its topic.
fn tells(surface: &str, subject: &Subject, answer: &Answer) -> bool {
    let text = answer.text();
    match surface {
        "facet count" | "counts by topic" => counted(&answer.json(), subject.topic),
        // A page repeats what was asked; only what was found counts.
        "search" => text.contains(&format!("<mark>{}</mark>", subject.word)),
        "snippet" | "suggestion" => answer.json()["items"].to_string().contains(subject.word),
        "feed of a search" => text.split("<entry").skip(1).any(|entry| entry.contains(subject.word)),
        "staff list" => text.contains(&subject.id),
        "comparison" => answer.status == 200,
        // Every version of a material has one address, and one trail.
        "page without title" => answer.header("location").contains(subject.word),
        "sitemap" => text.contains(&format!("/{}", subject.word)),
        "page of a topic" | "search by topic" => text.contains(&format!("/hoc-lieu/{}/", subject.id)),
        _ => answer.status == 200 && text.contains(subject.word),
    }
}

/// Whether something is counted under a topic anywhere in an answer.
fn counted(value: &Value, topic: &str) -> bool {
    match value {
        Value::Object(fields) => {
            let is_it = fields.get("id").and_then(Value::as_str) == Some(topic);
            is_it && fields.get("count").and_then(Value::as_u64).unwrap_or(0) > 0
                || fields.values().any(|value| counted(value, topic))
        }
        Value::Array(list) => list.iter().any(|value| counted(value, topic)),
        _ => false,
    }
}

/// Whether a role may learn of a subject on a surface.
fn expected(subject: &Subject, role: &Role, surface: &str, whom: For) -> bool {
    let is_public = matches!(subject.state, State::Published | State::BesideDraft);
    let kept = subject.state == State::KeptOld;
    // Of a material with two versions, a page of staff shows the latest.
    let is_latest = !matches!(subject.state, State::BesideDraft | State::Old | State::KeptOld);
    match whom {
        For::Found => is_public,
        For::Addressed if surface == "version's page" => kept,
        For::Addressed => is_public || kept,
        For::Files => is_public || kept || role.is_inside() && matches!(role, Role::Person(..)),
        // The trail tells from what to what each version was written anew.
        For::Staff if ["staff preview", "comparison", "audit trail"].contains(&surface) => role.is_inside(),
        // One row for each material: what the public sees of it, else the latest. The unit's own people see no more than it.
        For::Staff if surface.starts_with("statistics") => {
            let is_told = !matches!(subject.state, State::NewerDraft | State::Old | State::KeptOld);
            role.is_inside() && is_told && (surface == "statistics" || role.name() != "own author")
        }
        For::Staff => role.is_inside() && is_latest,
    }
}

/// Words that no dictionary has and no two of which look alike.
const WORDS: [&str; 11] = [
    "zuquabim", "hexovaty", "kimudero", "pafilotu", "goxenyra", "sytobawe", "dulomiki", "wavurexo", "nebitoza",
    "tycozelu", "ropujiva",
];
const TOPICS: [&str; 11] = [
    "agri.rice",
    "agri.veg",
    "agri.pig",
    "agri.bee",
    "law.land",
    "health.ncd",
    "env.flood",
    "trade.cook",
    "lang.lao",
    "biz.tax",
    "sci.water",
];

fn fields(house: &House, at: usize) -> Value {
    let word = WORDS[at];
    let file = format!("{word}.txt");
    std::fs::write(house.path().join(&file), format!("Nội dung riêng {word} của bản này.")).unwrap();
    json!({
        "title": format!("{word} tiêu đề"), "summary": format!("Tóm tắt {word}"), "topics": [TOPICS[at]],
        "file": file, "organisation": "cc-ttbvtv", "authors": [format!("Tác giả {word}")]
    })
}

fn subject(admin: &mut Browser, (at, id, version): (usize, &str, u32)) -> Subject {
    let page = admin.get(&format!("/quan-ly/hoc-lieu/{id}/ban/{version}"));
    assert_eq!(page.status, 200, "{:?}: {}", STATES[at], page.text());
    let text = page.text();
    let file = text.split("/tep/").nth(1).unwrap_or_else(|| panic!("{text}")).split('/').next().unwrap().to_owned();
    Subject { state: STATES[at], id: id.to_owned(), version, word: WORDS[at], topic: TOPICS[at], file }
}

/// The subjects of the matrix, made as staff make them.
fn subjects(house: &House, admin: &mut Browser) -> Vec<Subject> {
    let mut made = Vec::new();
    for (at, state) in STATES.into_iter().enumerate().take(5) {
        let is_public = matches!(state, State::Published | State::Withdrawn);
        let id = house.import(!is_public, &fields(house, at));
        match state {
            State::InReview => act(admin, &id, "send", &[]),
            State::Scheduled => act(admin, &id, "schedule", &[("ngay", &in_a_month())]),
            State::Withdrawn => act(admin, &id, "withdraw", &[("loi-nhan", "Sai số liệu")]),
            _ => {}
        }
        made.push((at, id, 1));
    }
    // The same row with other words is the next version of the same material.
    let versions = |first: usize, second: usize, draft: bool| {
        let mut row = fields(house, first);
        row["id"] = json!(format!("ma-{first}"));
        let id = house.import(false, &row);
        let mut row = fields(house, second);
        row["id"] = json!(format!("ma-{first}"));
        house.import(draft, &row);
        id
    };
    let beside = versions(6, 5, true);
    made.push((6, beside.clone(), 1));
    made.push((5, beside, 2));
    for (at, later, is_marked) in [(7, 9, false), (8, 10, true)] {
        let id = versions(at, later, false);
        if is_marked {
            let kept = admin.post(&format!("/quan-ly/hoc-lieu/{id}/ban/1"), &[("cho-doc", "1")]);
            assert_eq!(kept.status, 303, "{}", kept.text());
        }
        made.push((at, id, 1));
    }
    made.into_iter().map(|(at, id, version)| subject(admin, (at, &id, version))).collect()
}

fn in_a_month() -> String {
    let day = hoclieu::clock::Clock::system().today() + chrono::Days::new(30);
    day.to_string()
}

/// Waits until searches and suggestions see the public subject.
fn settle(house: &House) {
    let started = Instant::now();
    let word = WORDS[3];
    while house.visit(&format!("/api/v1/search?q={word}")).json()["total"] == 0
        || !house.visit(&format!("/api/v1/suggest?q={word}")).text().contains(word)
    {
        assert!(started.elapsed() < Duration::from_mins(1), "the index and the suggestions follow");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn nothing_unpublished_is_seen_by_who_must_not_see_it_on_any_surface_and_the_public_is_seen_by_all() {
    let house = House::new(&["--rate-limit-per-minute", "0"]);
    let mut admin = house.person("quantri", "admin", "he-thong");
    let subjects = subjects(&house, &mut admin);
    let token = |login: &str| {
        let said =
            house.command(&["token", "create", login, "--scope", "materials:read", "--scope", "materials:write"]);
        said.out.lines().last().unwrap().to_owned()
    };
    let mut roles = vec![
        Role::Visitor,
        Role::Person("another organisation's author", house.person("khac", "author", "so-yt")),
        Role::Person("another organisation's manager", house.person("quanly", "manager", "cdc")),
        Role::Person("author above", house.person("tren", "author", "so-nnmt")),
        Role::Person("own author", house.person("lan", "author", "cc-ttbvtv")),
        Role::Person("reviewer above", house.person("duyet", "reviewer", "so-nnmt")),
    ];
    roles.push(Role::Token("another organisation's token", token("khac")));
    roles.push(Role::Person("administrator", admin));
    settle(&house);
    let (mut wrong, mut cells) = (Vec::new(), 0);
    for subject in &subjects {
        for role in &mut roles {
            for (surface, whom, path) in SURFACES {
                let answer = role.get(&house.server.url, &path(subject));
                let (seen, wanted) = (tells(surface, subject, &answer), expected(subject, role, surface, whom));
                cells += 1;
                if seen != wanted {
                    let what = if seen { "LEAK" } else { "missing" };
                    wrong.push(format!(
                        "{what}: {:?} × {} × {surface} ({})",
                        subject.state,
                        role.name(),
                        answer.status
                    ));
                }
            }
        }
    }
    assert_eq!(cells, STATES.len() * 8 * SURFACES.len());
    let public = house.visit("/api/v1/materials?limit=100").text();
    assert!(wrong.is_empty(), "{} of {cells} cells are wrong:\n{}", wrong.len(), wrong.join("\n") + "\n" + &public);
    related_and_export(&house, &subjects);
}

/// Two surfaces that have no address for each subject: what stands beside a public material, and what the machine's
/// operator takes out.
fn related_and_export(house: &House, subjects: &[Subject]) {
    let public = subjects.iter().find(|subject| subject.state == State::Published).unwrap();
    let page = house.visit(&format!("/hoc-lieu/{}/x", public.id)).text();
    let json_ld = page.split("application/ld+json").nth(1).unwrap().split("</script>").next().unwrap();
    assert!(json_ld.contains(public.word));
    for subject in subjects.iter().filter(|other| !matches!(other.state, State::Published | State::BesideDraft)) {
        assert!(!page.contains(subject.word), "LEAK: {:?} × visitor × similar", subject.state);
        assert!(!json_ld.contains(subject.word), "LEAK: {:?} × visitor × JSON-LD", subject.state);
    }
    // A word is put right only by words that everyone may know.
    for subject in subjects.iter().filter(|other| !matches!(other.state, State::Published | State::BesideDraft)) {
        let slip = format!("{}q", subject.word);
        let text = house.visit(&format!("/tim?q={slip}")).text().replace(&slip, "");
        assert!(!text.contains(subject.word), "LEAK: {:?} × visitor × spelling", subject.state);
    }
    let out = house.path().join("ra");
    house.command(&["export", &out.to_string_lossy()]);
    let lines = std::fs::read_to_string(out.join("materials.jsonl")).unwrap();
    assert!(lines.contains(public.word), "the operator of the machine has everything");
}
