//! Which room may know which: the table of the architecture, held against every `use` and path in the code.

use super::files::below;

/// A room and the rooms of ours that its code may name.
const ROOMS: [(&str, &[&str]); 23] = [
    ("domain", &["domain"]),
    ("clock", &["clock", "domain"]),
    ("config", &["config"]),
    ("store", &["store", "domain"]),
    ("blobs", &["blobs", "domain"]),
    ("archive", &["archive", "domain"]),
    ("sheets", &["sheets", "domain"]),
    ("inbox", &["inbox", "domain"]),
    ("extract", &["extract", "domain"]),
    ("search", &["search", "domain"]),
    ("secrets", &["secrets", "domain"]),
    ("vault", &["vault", "domain"]),
    ("identity", &["identity", "domain"]),
    ("mail", &["mail", "domain"]),
    ("antivirus", &["antivirus"]),
    ("press", &["press", "domain"]),
    ("interop", &["interop", "domain"]),
    (
        "actions",
        &[
            "actions",
            "domain",
            "store",
            "blobs",
            "archive",
            "sheets",
            "inbox",
            "search",
            "extract",
            "secrets",
            "vault",
            "identity",
            "mail",
            "antivirus",
            "press",
            "clock",
        ],
    ),
    ("jobs", &["jobs", "actions", "store", "domain"]),
    ("web", &["web", "actions", "domain", "interop"]),
    (
        "app",
        &[
            "app",
            "actions",
            "jobs",
            "web",
            "store",
            "blobs",
            "inbox",
            "search",
            "extract",
            "identity",
            "mail",
            "antivirus",
            "vault",
            "clock",
            "config",
            "domain",
        ],
    ),
    ("cli", &["cli", "app", "config", "actions", "domain"]),
    ("lib.rs", &[]),
];

/// Outside things and the only places whose code may name them.
const OUTSIDE: [(&str, &[&str]); 23] = [
    // The last three name our own module of that name.
    ("redb::", &["src/store/redb.rs", "src/store/mod.rs", "src/store/migrate.rs", "src/store/writer.rs"]),
    ("tantivy::", &["index/"]),
    ("hoclieu_index::", &["src/search/", "src/extract/language.rs", "src/extract/legacy.rs", "index/"]),
    ("axum::", &["src/web/", "src/app/listener.rs"]),
    ("askama::", &["src/web/"]),
    ("lettre::", &["src/mail.rs"]),
    ("clap::", &["src/cli/", "src/config/options.rs"]),
    ("indicatif::", &["src/cli/"]),
    ("hayro", &["src/extract/"]),
    ("similar::{", &["src/domain/text/comparison.rs"]),
    ("argon2::", &["src/secrets/"]),
    ("totp_rs::", &["src/secrets/"]),
    ("getrandom::", &["src/secrets/", "src/vault/"]),
    ("chacha20poly1305::", &["src/vault/"]),
    ("openidconnect::", &["src/identity.rs"]),
    ("ureq::", &["src/identity.rs"]),
    ("calamine::", &["src/sheets/", "src/extract/"]),
    ("rust_xlsxwriter::", &["src/sheets/"]),
    ("tar::", &["src/archive/"]),
    ("rustix::", &["src/blobs/", "src/extract/"]),
    ("fast_qr::", &["src/web/", "src/press/"]),
    ("typst", &["src/press/"]),
    ("tokio_rustls::", &["src/app/listener.rs"]),
];

fn room_of(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    let room = inside.split('/').next().unwrap_or(inside);
    room.strip_suffix(".rs").filter(|name| *name != "lib" && *name != "main").unwrap_or(room)
}

/// The code of a file without its comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_room_names_only_the_rooms_it_may() {
    let mut broken = Vec::new();
    for (path, text) in below("src", &[".rs"]) {
        let room = room_of(&path);
        if room == "main.rs" || room == "lib.rs" {
            continue;
        }
        let allowed = ROOMS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            broken.push(format!("{path}: the room `{room}` is not in the table"));
            continue;
        };
        for part in code(&text).split("crate::").skip(1) {
            let named: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !named.is_empty() && !allowed.contains(&named.as_str()) {
                broken.push(format!("{path}: `{room}` names `{named}`"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn outside_things_are_named_in_their_one_place() {
    let mut broken = Vec::new();
    for (path, text) in below("src", &[".rs"]).into_iter().chain(below("index/src", &[".rs"])) {
        let text = code(&text);
        for (thing, places) in OUTSIDE {
            if text.contains(thing) && !places.iter().any(|place| path.starts_with(place)) {
                broken.push(format!("{path} names {thing}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_domain_and_the_index_know_no_clock_no_files_and_no_network() {
    let forbidden = ["std::fs", "std::net", "std::env", "SystemTime", "Utc::now", "tokio::"];
    let mut broken = Vec::new();
    for (path, text) in below("src/domain", &[".rs"]) {
        let text = code(&text);
        broken.extend(forbidden.iter().filter(|word| text.contains(*word)).map(|word| format!("{path}: {word}")));
    }
    for (path, text) in below("index/src", &[".rs"]) {
        let text = code(&text);
        let words = ["std::env", "SystemTime", "tokio::", "axum", "redb"];
        broken.extend(words.iter().filter(|word| text.contains(*word)).map(|word| format!("{path}: {word}")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
