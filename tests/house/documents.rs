//! README and docs are true today.

use super::files::{below, root};
use crate::support::http::{encode, get};
use crate::support::program::PROGRAM;
use crate::support::seeded::url;
use hoclieu::config::Options;
use std::fs;
use std::process::Command;

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let row = "{\"id\":\"1\",\"title\":\"Trồng lúa\",\"text\":\"Ruộng lúa bị đạo ôn thì ngừng bón đạm.\"}\n";
    fs::write(folder.path().join("tai-lieu.jsonl"), row).unwrap();
    fs::create_dir(folder.path().join("thu-muc")).unwrap();
    fs::write(folder.path().join("thu-muc/nem.md"), "# Trồng ném\n\nNém trên đất cát, thoát nước tốt.").unwrap();
    let readme = read("README.md");
    let commands: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("$ hoclieu ")).collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let words = command.split('#').next().unwrap_or_default().split_whitespace();
        let mut run = Command::new(PROGRAM);
        run.args(words).current_dir(folder.path()).env("HOCLIEU_DATA", "data");
        let output = run.env("HOCLIEU_SEED_CONTENT", root().join("seed-content")).output().unwrap();
        assert!(output.status.success(), "hoclieu {command}: {output:?}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("ra/materials.jsonl")).unwrap().lines().count(), 2);
}

#[test]
fn the_commands_for_backup_and_restore_do_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let operating = read("docs/OPERATING.md");
    let part = operating.split("## Backup and restore").nth(1).unwrap().split("\n## ").next().unwrap();
    let commands: Vec<&str> = part.lines().filter_map(|line| line.strip_prefix("$ hoclieu ")).collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    // There must be something to copy.
    let row = folder.path().join("lua.jsonl");
    fs::write(&row, "{\"id\":\"1\",\"title\":\"Trồng lúa\",\"text\":\"Ngừng bón đạm.\"}\n").unwrap();
    let said = crate::support::program::run(&folder.path().join("data"), &["import", &row.to_string_lossy()]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    for command in commands {
        let mut run = Command::new(PROGRAM);
        run.args(command.split_whitespace()).current_dir(folder.path()).env("HOCLIEU_DATA", "data");
        let output = run.output().unwrap();
        assert!(output.status.success(), "hoclieu {command}: {output:?}");
    }
}

#[test]
fn the_search_that_the_readme_shows_is_answered_as_it_shows() {
    let readme = read("README.md");
    let query = readme.split("Gõ `").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
    let title = readme.split("> **").nth(1).and_then(|rest| rest.split("**").next()).unwrap();
    let page = readme.split("** · trang ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    let excerpt = readme.split("… Khi ruộng **").nth(1).and_then(|rest| rest.split("**").next()).unwrap();
    let found = get(&format!("{}/api/v1/search?q={}", url(), encode(query))).json();
    let first = &found["items"][0];
    assert_eq!(first["title"], title);
    assert_eq!(first["passages"][0]["page"].to_string(), page);
    assert!(first["passages"][0]["html"].as_str().unwrap().contains(&format!("<mark>{excerpt}</mark>")), "{first}");
}

#[test]
fn every_address_of_the_readme_and_of_the_page_for_programs_is_answered() {
    let page = get(&format!("{}/api", url())).text();
    let readme = read("README.md");
    let given = readme.lines().chain(page.lines()).filter_map(|line| line.split("curl ").nth(1));
    let addresses: Vec<&str> = given
        .filter_map(|rest| rest.split(['\'', '"', '<']).find(|part| part.contains("/api/")))
        .filter_map(|address| address.find("/api/").and_then(|at| address.get(at..)))
        .collect();
    assert!(addresses.len() >= 2, "{addresses:?}");
    for address in addresses {
        let answer = get(&format!("{}{}", url(), address.replace("&amp;", "&")));
        assert_eq!(answer.status, 200, "{address}");
        assert!(answer.json().is_object(), "{address}");
    }
}

#[test]
fn make_lines_of_the_readme_stand_in_the_makefile_and_ci_runs_the_test_command() {
    let (readme, makefile) = (read("README.md"), read("Makefile"));
    let targets: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("$ make "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(targets, ["run", "test"]);
    for target in targets {
        assert!(makefile.contains(&format!("\n{target}:")), "{target}");
    }
    assert!(read(".ci/run").contains("\nmake test\n"));
}

#[test]
fn the_setup_says_what_it_does_and_needs_no_root_when_nothing_is_missing() {
    let output = Command::new(root().join(".ci/install")).arg("sh:dash").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("không cài gì thêm"), "{output:?}");
    // Nobody may install: the reader is told what is missing and how to get it.
    let missing =
        "command() { [ \"$2\" != sudo ] && [ \"$2\" != la-la ]; }; id() { echo 1000; }; set -- la-la:goi-la\n";
    let script = format!("{missing}{}", read(".ci/install"));
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && said.contains("apt-get install goi-la"), "{output:?}");
}

#[test]
fn the_table_of_settings_names_every_setting_and_no_other() {
    let told: Vec<String> = read("docs/OPERATING.md")
        .lines()
        .filter(|line| line.starts_with("| `--"))
        .filter_map(|line| line.split('`').nth(3).map(str::to_owned))
        .collect();
    let mut known: Vec<String> = Options::VARIABLES.iter().map(|name| (*name).to_owned()).collect();
    let mut listed = told.clone();
    known.sort();
    listed.sort();
    assert_eq!(listed, known);
}

#[test]
fn the_schema_that_the_documents_name_is_the_stores() {
    assert!(read("docs/STORAGE.md").contains(&format!("The schema is {}.", hoclieu::store::SCHEMA_VERSION)));
}

#[test]
fn every_code_of_an_import_is_explained_and_no_other() {
    let sources = below("src/actions/import", &[".rs"])
        .into_iter()
        .chain(below("src/actions/batches/look.rs", &[".rs"]))
        .chain(below("src/extract/error.rs", &[".rs"]))
        .chain(below("src/actions/intake", &[".rs"]));
    let is_code = |text: &&str| {
        text.contains('-')
            && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            && !["he-thong", "kebab-case", "metadata-not-object", "value-invalid"].contains(text)
    };
    let mut used: Vec<String> = sources
        .flat_map(|(_, text)| {
            let code = text.split("mod tests").next().unwrap_or_default().to_owned();
            code.split('"').filter(is_code).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let operating = read("docs/OPERATING.md");
    let part = operating.split("## What an import says").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = part.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|line| line.split('|').nth(1));
    let mut told: Vec<String> = cells.flat_map(|cell| cell.split('`')).filter(is_code).map(str::to_owned).collect();
    for list in [&mut used, &mut told] {
        list.sort();
        list.dedup();
    }
    assert_eq!(told, used);
}

#[test]
fn links_of_the_documents_lead_to_files() {
    for (document, _) in below("docs", &[".md"]).into_iter().chain(below("README.md", &[".md"])) {
        let folder = root().join(&document).parent().map(std::path::Path::to_owned).unwrap();
        for part in read(&document).split("](").skip(1) {
            let link = part.split(')').next().unwrap_or_default();
            if !link.starts_with("http") {
                assert!(folder.join(link).exists(), "{document}: {link}");
            }
        }
    }
}

#[test]
fn nouns_of_the_glossary_stand_in_the_code_and_on_the_pages() {
    let sources = below("src", &[".rs"]);
    let code: String = sources.iter().map(|(_, text)| text.as_str()).collect();
    let templates: String = below("src/web/templates", &[".html"]).into_iter().map(|(_, text)| text).collect();
    let glossary = read("docs/GLOSSARY.md");
    let rows: Vec<Vec<&str>> = glossary
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect();
    assert!(rows.len() >= 20, "{rows:?}");
    for row in rows {
        let [_, noun, words, address, ..] = row.as_slice() else { panic!("{row:?}") };
        let in_domain = sources.iter().any(|(path, _)| path.contains(&format!("/{noun}")));
        let is_type =
            code.contains(&format!("enum {} ", capital(noun))) || code.contains(&format!("struct {} ", capital(noun)));
        assert!(in_domain || is_type || code.contains(&format!("{noun}: u64")), "{noun} is no file, type or field");
        assert!(address.is_empty() || code.contains(address), "{noun}: {address}");
        for word in words.split(", ").filter(|word| !word.is_empty()) {
            assert!(templates.to_lowercase().contains(word) || code.to_lowercase().contains(word), "{noun}: {word}");
        }
    }
}

fn capital(noun: &str) -> String {
    let mut letters = noun.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
