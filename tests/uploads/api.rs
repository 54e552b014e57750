//! Files from programs: `POST /api/v1/materials` and `PUT …/file`, with tokens made on the command line.

use super::{Office, ask, fixture, post, wait_for};
use crate::support::http::{encode, get, get_with};
use serde_json::{Value, json};

const WRITE: &[&str] = &["materials:write"];

fn materials(office: &Office) -> String {
    format!("{}/api/v1/materials", office.url())
}

fn shown(office: &Office, id: &Value, token: &str) -> Value {
    let url = format!("{}/{}", materials(office), id.as_str().unwrap());
    get_with(&url, &[("authorization", &format!("Bearer {token}"))]).json()
}

#[test]
fn a_file_becomes_a_draft_that_only_its_organisation_sees_and_the_same_file_again_leads_to_it() {
    let office = Office::open(&[]);
    let token = office.token("lan", "author", "so-nnmt", WRITE);
    let stranger = office.token("minh", "author", "so-yt", WRITE);
    let metadata = json!({"title": "Trồng ném trên cát", "topics": ["agri.rice"], "languages": ["vi"], "licence": "unknown", "la": 1});
    let metadata = metadata.to_string();
    let file = "# Trồng ném\n\nNém trồng trên đất cát thì thoát nước tốt.\n".as_bytes();
    let parts = [("file", Some("ném.md"), file), ("metadata", None, metadata.as_bytes())];
    let made = post("POST", &materials(&office), &token, &parts);
    assert_eq!(made.status, 201, "{}", made.text());
    let made_json = made.json();
    assert_eq!((&made_json["state"], &made_json["existing"]), (&json!("draft"), &json!(false)));
    assert_eq!(made_json["warnings"][0]["code"], "field-ignored");
    let id = made_json["id"].clone();
    assert_eq!(made.header("location"), format!("/api/v1/materials/{}", id.as_str().unwrap()));
    wait_for("the draft's text", || shown(&office, &id, &token)["processing"] == "done");
    let draft = shown(&office, &id, &token);
    assert_eq!((&draft["title"], &draft["licence"]), (&json!("Trồng ném trên cát"), &json!("unknown")));
    assert_eq!(draft["files"][0]["name"], "ném.md");
    // Nobody else sees it, and nothing of it is found.
    assert_eq!(get(&format!("{}/{}", materials(&office), id.as_str().unwrap())).status, 404);
    assert_eq!(shown(&office, &id, &stranger)["code"], "material-missing");
    assert_eq!(get(&format!("{}/api/v1/search?q={}", office.url(), encode("trồng ném"))).json()["total"], 0);
    let file_url = draft["files"][0]["url"].as_str().unwrap();
    assert_eq!(get(&format!("{}{file_url}", office.url())).status, 404);
    // The same bytes under another name: told where they are, no second draft.
    let again = post("POST", &materials(&office), &token, &[("file", Some("khác.md"), file)]);
    assert_eq!((again.status, &again.json()["id"], &again.json()["existing"]), (200, &id, &json!(true)));
    // Whoever may not see the draft is told nothing of it and has one of their own.
    let other = post("POST", &materials(&office), &stranger, &[("file", Some("ném.md"), file)]);
    assert_eq!(other.status, 201);
    assert_ne!(other.json()["id"], id);
}

#[test]
fn a_reviewer_publishes_at_once_and_what_an_author_would_publish_is_sent_to_review() {
    let office = Office::open(&[]);
    let author = office.token("lan", "author", "so-nnmt", WRITE);
    let reviewer = office.token("binh", "reviewer", "so-nnmt", WRITE);
    let url = format!("{}?publish=1", materials(&office));
    let file = "Ném trồng trên đất cát ven biển thì thoát nước tốt, ít sâu bệnh.".as_bytes();
    let parts = [("file", Some("Trồng_ném.txt"), file)];
    let metadata = json!({"title": "Trồng tràm", "topics": ["agri.rice"], "languages": ["vi"]}).to_string();
    let other = "Tràm trồng trên đất phèn.".as_bytes();
    let whole = [("file", Some("tràm.txt"), other), ("metadata", None, metadata.as_bytes())];
    let sent = post("POST", &url, &author, &whole);
    assert_eq!((sent.status, &sent.json()["state"]), (201, &json!("in_review")), "{}", sent.text());
    assert_eq!(sent.json()["warnings"][0]["code"], "not-published");
    assert_eq!(shown(&office, &sent.json()["id"], &reviewer)["state"], "in_review");
    let bare = post("POST", &url, &author, &[("file", Some("ong.txt"), "Nuôi ong lấy mật.".as_bytes())]);
    assert_eq!((bare.status, &bare.json()["state"]), (201, &json!("draft")));
    let said = bare.json()["warnings"][0]["detail"].as_str().unwrap().to_owned();
    assert!(said.contains("còn thiếu tiêu đề, ít nhất một chủ đề, ngôn ngữ"), "{said}");
    let made = post("POST", &url, &reviewer, &parts);
    assert_eq!((made.status, &made.json()["state"]), (201, &json!("published")), "{}", made.text());
    let search = format!("{}/api/v1/search?q={}", office.url(), encode("trồng trên đất cát"));
    wait_for("the published file", || get(&search).json()["total"] == 1);
    let page = made.json()["url"].as_str().unwrap().to_owned();
    assert!(page.starts_with("/hoc-lieu/"), "{page}");
    assert_eq!(get(&format!("{}{page}", office.url())).status, 200);
    // What everyone may read, everyone is told of.
    let again = post("POST", &materials(&office), &author, &parts);
    assert_eq!((again.status, &again.json()["url"]), (200, &json!(page)));
}

#[test]
fn an_author_publishes_at_once_where_the_province_lets_the_organisation() {
    let office = Office::open(&[]);
    let author = office.token("lan", "author", "so-nnmt", WRITE);
    let mut admin = office.person("tinh", "admin", "so-nnmt");
    let url = format!("{}?publish=1", materials(&office));
    super::let_publish(&mut admin);
    let file = [("file", Some("ném.txt"), "Ném trồng trên đất cát ven biển.".as_bytes())];
    let made = post("POST", &url, &author, &file);
    assert_eq!((made.status, &made.json()["state"]), (201, &json!("published")), "{}", made.text());
    assert_eq!(made.json()["warnings"], json!([]));
}

#[test]
fn a_new_file_makes_the_next_version_and_what_is_public_stays_until_it_is_published() {
    let office = Office::open(&[]);
    let token = office.token("binh", "reviewer", "so-nnmt", WRITE);
    let first = "Bản thứ nhất nói về cây ném trên cát.".as_bytes();
    let made = post("POST", &format!("{}?publish=1", materials(&office)), &token, &[("file", Some("a.txt"), first)]);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let file = format!("{}/{id}/file", materials(&office));
    let same = post("PUT", &file, &token, &[("file", Some("a.txt"), first)]);
    assert_eq!((same.status, &same.json()["existing"]), (200, &json!(true)));
    let second = "Bản thứ hai nói về cây tràm trên đất phèn.".as_bytes();
    let next = post("PUT", &file, &token, &[("file", Some("a.txt"), second)]);
    assert_eq!((next.status, &next.json()["version"]), (201, &json!(2)), "{}", next.text());
    assert_eq!(next.json()["state"], "draft", "the new version's own state");
    let public = format!("{}/{id}", materials(&office));
    assert_eq!(get(&public).json()["version"], 1);
    let third = post(
        "PUT",
        &format!("{file}?publish=1"),
        &token,
        &[("file", Some("a.txt"), fixture("article.docx").as_slice())],
    );
    assert_eq!((third.status, &third.json()["state"]), (201, &json!("published")));
    assert_eq!(get(&public).json()["version"], 3);
    let stranger = office.token("minh", "author", "so-yt", WRITE);
    assert_eq!(post("PUT", &file, &stranger, &[("file", Some("a.txt"), first)]).status, 403);
    let nobody = format!("{}/00000000-0000-7000-8000-000000000000/file", materials(&office));
    assert_eq!(post("PUT", &nobody, &token, &[("file", Some("a.txt"), first)]).status, 404);
}

#[test]
fn what_cannot_be_used_is_refused_with_a_stable_code_and_leaves_nothing() {
    let office = Office::open(&["--file-mb", "1"]);
    let token = office.token("lan", "author", "so-nnmt", WRITE);
    let reading = office.token("doc", "author", "so-nnmt", &["materials:read"]);
    let reader = office.token("xem", "reader", "so-nnmt", WRITE);
    let url = materials(&office);
    let text = "Một đoạn văn bản bình thường.".as_bytes();
    let file = ("file", Some("a.txt"), text);
    let large = vec![b'a'; 3 << 20];
    let unknown_topic = json!({"title": "x", "topics": ["khong-co"]}).to_string();
    let elsewhere = json!({"organisation": "so-yt"}).to_string();
    let cases: [(&str, u16, &str, Vec<super::Part<'_>>); 10] = [
        ("", 401, "sign-in-required", vec![file]),
        ("hoclieu_sai", 401, "token-invalid", vec![file]),
        (&reading, 403, "not-allowed", vec![file]),
        (&reader, 403, "not-allowed", vec![file]),
        (&token, 400, "file-part-missing", vec![("metadata", None, b"{}")]),
        (&token, 400, "metadata-not-object", vec![file, ("metadata", None, b"[1]")]),
        (&token, 400, "topic-unknown", vec![file, ("metadata", None, unknown_topic.as_bytes())]),
        (&token, 403, "not-allowed", vec![file, ("metadata", None, elsewhere.as_bytes())]),
        (&token, 413, "file-too-large", vec![("file", Some("a.txt"), &large)]),
        (&token, 415, "file-unsupported", vec![("file", Some("a.pdf"), b"MZ\x90\x00\x03\x00\x00\x00")]),
    ];
    for (token, status, code, parts) in cases {
        let refused = post("POST", &url, token, &parts);
        assert_eq!((refused.status, &refused.json()["code"]), (status, &json!(code)), "{}", refused.text());
        assert_eq!(refused.header("content-type"), "application/problem+json", "{code}");
    }
    let bearer = format!("Bearer {token}");
    let broken = ask("POST", &url, &[("authorization", &bearer), ("content-type", "text/plain")], b"x");
    assert_eq!((broken.status, &broken.json()["code"]), (400, &json!("multipart-invalid")));
    assert_eq!(super::kept(&office.data()), (0, 0), "nothing is left behind");
}

#[test]
fn an_author_of_several_organisations_says_for_which_one() {
    let office = Office::open(&[]);
    let token = office.token("lan", "admin", "so-nnmt", WRITE);
    let text = "Một đoạn văn bản bình thường.".as_bytes();
    let unsaid = post("POST", &materials(&office), &token, &[("file", Some("a.txt"), text)]);
    assert_eq!((unsaid.status, &unsaid.json()["code"]), (400, &json!("organisation-required")));
    let metadata = json!({"organisation": "so-yt"}).to_string();
    let said = post(
        "POST",
        &materials(&office),
        &token,
        &[("metadata", None, metadata.as_bytes()), ("file", Some("a.txt"), text)],
    );
    assert_eq!(said.status, 201);
    assert_eq!(shown(&office, &said.json()["id"], &token)["organisation"]["id"], "so-yt");
}
