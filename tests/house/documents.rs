//! README and docs are true today.

use super::files::root;
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
fn links_of_the_documents_lead_to_files() {
    for document in ["README.md", "docs/API.md", "docs/ARCHITECTURE.md", "docs/OPERATING.md", "docs/RELEVANCE.md"] {
        let folder = root().join(document).parent().map(std::path::Path::to_owned).unwrap();
        for part in read(document).split("](").skip(1) {
            let link = part.split(')').next().unwrap_or_default();
            if !link.starts_with("http") {
                assert!(folder.join(link).exists(), "{document}: {link}");
            }
        }
    }
}
