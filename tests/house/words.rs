//! Words that do not belong in the project's files.

use super::files::below;

/// Marks of unfinished work and of leftovers.
const UNFINISHED: [&str; 6] = ["todo!", "unimplemented!", "dbg!", "FIXME", "XXX", "TODO"];

#[test]
fn no_unfinished_work_is_committed() {
    let mut broken = Vec::new();
    let code = below("src", &[".rs", ".html", ".css", ".js"]).into_iter().chain(below("index", &[".rs"]));
    for (path, text) in code {
        broken.extend(UNFINISHED.iter().filter(|word| text.contains(*word)).map(|word| format!("{path}: {word}")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn pages_load_nothing_from_elsewhere() {
    let mut broken = Vec::new();
    for (path, text) in below("src/web", &[".html", ".css", ".js"]) {
        for part in ["src=\"http", "href=\"//", "url(http", "@import", "<script>"] {
            if text.contains(part) {
                broken.push(format!("{path}: {part}"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_template_has_its_page() {
    let rust: String = below("src/web", &[".rs"]).into_iter().map(|(_, text)| text).collect();
    let html: Vec<_> = below("src/web/templates", &[".html"]);
    let all: String = html.iter().map(|(_, text)| text.as_str()).collect();
    let orphans: Vec<_> = html
        .iter()
        .filter_map(|(path, _)| path.strip_prefix("src/web/templates/"))
        .filter(|name| !rust.contains(&format!("\"{name}\"")) && !all.contains(&format!("\"{name}\"")))
        .collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}

#[test]
fn every_act_in_the_log_has_words_for_people() {
    let (_, words) = below("src/web/words", &["audit.tsv"]).remove(0);
    let known: Vec<&str> = words.lines().filter_map(|line| line.split('\t').next()).collect();
    let mut missing = Vec::new();
    for (path, text) in below("src/actions", &[".rs"]) {
        let calls =
            [".write(", ".write_blocking(", ".write_behind("].into_iter().flat_map(|call| text.split(call).skip(1));
        let names = calls.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
        let acts = names.filter(|name| !name.starts_with("test."));
        missing.extend(acts.filter(|name| !known.contains(name)).map(|name| format!("{path}: {name}")));
    }
    assert!(missing.is_empty(), "src/web/words/audit.tsv has no words for {missing:#?}");
}
