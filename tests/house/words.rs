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

/// The first column of a table of words.
fn first_column(name: &str) -> Vec<String> {
    let (_, words) = below("src/web/words", &[name]).remove(0);
    words.lines().filter_map(|line| line.split('\t').next().map(str::to_owned)).collect()
}

/// Words with dashes that are no codes: keys of the store, ids, media types, names of fields and folders.
const NO_CODES: [&str; 12] = [
    "calendar-day",
    "chuyen-de",
    "he-thong",
    "hoc-lieu",
    "hoi-lhpn",
    "likeness-revision",
    "ms-excel",
    "second-factor",
    "seed-content",
    "tai-lieu",
    "usage-tidied-through",
    "vault-proof",
];

#[test]
fn every_code_of_a_failure_stands_in_a_table() {
    let is_code = |text: &&str| {
        text.contains('-')
            && text.split('-').all(|part| part.chars().all(|c| c.is_ascii_lowercase()) && !part.is_empty())
    };
    let mut known = first_column("messages.tsv");
    known.extend(first_column("queues.tsv"));
    let (_, operating) = below("docs", &["OPERATING.md"]).remove(0);
    let imports = operating.split("## What an import says").nth(1).unwrap().split("\n## ").next().unwrap();
    known.extend(imports.split('`').filter(is_code).map(str::to_owned));
    let mut missing = Vec::new();
    for (path, text) in below("src/actions", &[".rs"]).into_iter().chain(below("src/domain", &[".rs"])) {
        let code = text.split("mod tests").next().unwrap_or_default();
        // Lists of words name their codes as `Name = "code", "label";`.
        let lines =
            code.lines().filter(|line| !line.trim_start().starts_with(char::is_uppercase) || !line.contains(" = \""));
        let found = lines.flat_map(|line| line.split('"').filter(is_code));
        let strange = found.filter(|code| !NO_CODES.contains(code) && !known.iter().any(|other| other == code));
        missing.extend(strange.map(|code| format!("{path}: {code}")));
    }
    for (path, text) in below("src/web", &[".rs"]) {
        let of = text.split("Problem::of(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let invalid = text.split("ActionError::invalid(").skip(1).filter_map(|rest| rest.split('"').nth(3));
        let strange = of.chain(invalid).filter(|code| !known.iter().any(|other| other == code) && *code != "internal");
        missing.extend(strange.map(|code| format!("{path}: {code}")));
    }
    assert!(missing.is_empty(), "in no table of codes: {missing:#?}");
}

/// The paths of all routes, with `{}` for what differs.
fn routes() -> Vec<String> {
    let sources: String = below("src/web", &[".rs"]).into_iter().map(|(_, text)| text).collect();
    let constant = |name: &str| {
        let rest = sources.split(&format!("const {name}: &str = \"")).nth(1);
        rest.and_then(|rest| rest.split('"').next()).map(str::to_owned)
    };
    let (_, table) = below("src/web/mod.rs", &[".rs"]).remove(0);
    let paths = table.split(".route(").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        match rest.strip_prefix('"') {
            Some(path) => path.split('"').next().map(str::to_owned),
            None => constant(rest.split([',', ' ']).next()?.rsplit("::").next()?),
        }
    });
    paths.collect()
}

/// Whether an address of a template, with `{}` for what it fills in, is answered by a route.
fn is_answered(address: &str, route: &str) -> bool {
    let (address, route): (Vec<&str>, Vec<&str>) = (address.split('/').collect(), route.split('/').collect());
    let fits = |(own, of): (&&str, &&str)| own == of || of.contains('{') || own.contains("{}");
    address.len() == route.len() && address.iter().zip(&route).all(fits)
}

#[test]
fn every_address_written_in_a_template_is_a_route() {
    let routes = routes();
    assert!(routes.len() > 100, "{routes:?}");
    let mut strange = Vec::new();
    for (path, text) in below("src/web", &[".html"]) {
        for attribute in ["href=\"/", "action=\"/", "src=\"/"] {
            for rest in text.split(attribute).skip(1) {
                let mut address = String::from("/");
                let mut rest = rest.split('"').next().unwrap_or_default();
                while let Some((before, after)) = rest.split_once("{{") {
                    address.push_str(before);
                    address.push_str("{}");
                    rest = after.split_once("}}").map_or("", |(_, after)| after);
                }
                address.push_str(rest);
                let address = address.split(['?', '#']).next().unwrap_or_default();
                if !routes.iter().any(|route| is_answered(address, route)) {
                    strange.push(format!("{path}: {address}"));
                }
            }
        }
    }
    assert!(strange.is_empty(), "no route answers {strange:#?}");
    assert!(is_answered("/chu-de/{}", "/chu-de/{id}") && !is_answered("/chu-de/agri/x", "/chu-de/{id}"));
}
