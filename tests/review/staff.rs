//! A running library with people in it: accounts with roles at several organisations, signed in.

use crate::accounts::PASSWORD;
use crate::support::http::{Answer, Browser, get_with};
use crate::support::program::{Said, Server, run, seed_content};
use serde_json::{Value, json};
use std::path::Path;

/// A server whose store knows the organisations, and the ways into it.
pub(crate) struct House {
    pub(crate) server: Server,
    folder: tempfile::TempDir,
}

impl House {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        Self::start(&[], arguments)
    }

    /// The same with the sample classes of the seed.
    pub(crate) fn with_classes() -> Self {
        Self::start(&["classes.json"], &[])
    }

    fn start(more: &[&str], arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seed = folder.path().join("seed");
        std::fs::create_dir(&seed).unwrap();
        let catalogue =
            ["topics.json", "organisations.json", "organisation_events.json", "areas.csv", "area_events.csv"];
        for name in catalogue.iter().chain(more) {
            std::fs::copy(seed_content().join(name), seed.join(name)).unwrap();
        }
        // Without a list of materials, an empty one, the lists of the catalogue would be taken for materials.
        std::fs::write(seed.join("materials.jsonl"), "").unwrap();
        let seed = seed.to_string_lossy().into_owned();
        let mut all = vec!["--seed-content", &seed];
        all.extend(arguments);
        let server = Server::start(&folder.path().join("data"), &all);
        Self { server, folder }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a command through the server.
    pub(crate) fn command(&self, arguments: &[&str]) -> Said {
        let said = run(&self.folder.path().join("data"), arguments);
        assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
        said
    }

    /// Makes an account and signs in.
    pub(crate) fn person(&self, login: &str, role: &str, organisation: &str) -> Browser {
        self.person_with(login, &["--role", role, "--organisation", organisation])
    }

    /// The same with other words of the command.
    pub(crate) fn person_with(&self, login: &str, words: &[&str]) -> Browser {
        let name = format!("Nguyễn Thị {login}");
        let mut all = vec!["account", "add", login, "--name", &name];
        all.extend(words);
        let said = self.command(&all);
        let link = said.out.lines().last().unwrap();
        let path = format!("/{}", link.splitn(4, '/').nth(3).unwrap());
        let mut browser = Browser::new(&self.server.url);
        assert_eq!(browser.post(&path, &[("mat-khau-moi", PASSWORD)]).status, 303);
        assert_eq!(browser.post("/dang-nhap", &[("ten", login), ("mat-khau", PASSWORD)]).status, 303);
        browser
    }

    /// Imports one material of an organisation; its id.
    pub(crate) fn import(&self, draft: bool, fields: &Value) -> String {
        let id = hoclieu::clock::Clock::system().fresh_id().to_string();
        let mut row = json!({
            "material_id": id, "title": "Trồng ném trên cát", "topics": ["agri.veg"], "languages": ["vi"],
            "organisation": "so-nnmt"
        });
        for (name, value) in fields.as_object().unwrap() {
            row[name] = value.clone();
        }
        let path = self.folder.path().join(format!("{id}.jsonl"));
        std::fs::write(&path, row.to_string()).unwrap();
        let path = path.to_string_lossy().into_owned();
        let mut arguments = vec!["import", &path];
        arguments.extend(draft.then_some("--draft"));
        self.command(&arguments);
        id
    }

    /// Fetches without any account.
    #[track_caller]
    pub(crate) fn visit(&self, path: &str) -> Answer {
        get_with(&format!("{}{path}", self.server.url), &[])
    }
}

/// Does something with a material on its page.
#[track_caller]
pub(crate) fn act(browser: &mut Browser, id: &str, act: &str, more: &[(&str, &str)]) {
    let mut fields = vec![("viec", act)];
    fields.extend(more);
    let page = format!("/quan-ly/hoc-lieu/{id}");
    let done = browser.post(&page, &fields);
    assert_eq!(done.status, 303, "{act}: {}", done.text());
    assert!(done.header("location").ends_with(&format!("?da={act}")), "{act}: {}", done.header("location"));
}
