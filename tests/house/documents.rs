//! README and docs are true today.

use super::files::{below, root};
use crate::support::http::get;
use crate::support::program::PROGRAM;
use crate::support::seeded::url;
use hoclieu::config::Options;
use std::fs;
use std::process::Command;

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_command_of_the_readme_is_one_that_the_program_knows() {
    let readme = read("README.md");
    let commands: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("$ hoclieu ")).collect();
    assert!(commands.len() >= 5, "{commands:?}");
    for command in commands {
        let words = command.split('#').next().unwrap_or_default().split_whitespace();
        let output = Command::new(PROGRAM).args(words).arg("--help").output().unwrap();
        assert!(output.status.success(), "hoclieu {command}: {}", String::from_utf8_lossy(&output.stderr));
    }
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
fn every_code_of_an_import_is_explained_and_no_other() {
    let sources = below("src/actions/import", &[".rs"]).into_iter().chain(below("src/extract/error.rs", &[".rs"]));
    let is_code = |text: &&str| {
        text.contains('-')
            && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
            && !["he-thong", "kebab-case"].contains(text)
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
    for document in ["README.md", "docs/ARCHITECTURE.md", "docs/OPERATING.md", "docs/RELEVANCE.md"] {
        let folder = root().join(document).parent().map(std::path::Path::to_owned).unwrap();
        for part in read(document).split("](").skip(1) {
            let link = part.split(')').next().unwrap_or_default();
            if !link.starts_with("http") {
                assert!(folder.join(link).exists(), "{document}: {link}");
            }
        }
    }
}
