//! A recording and its captions as one draft, and materials that lie on other sites.

use super::{BOUNDARY, Office, Part, form, post, wait_for};
use crate::support::http::{Answer, Browser};
use serde_json::json;

const RECORDING: &[u8] = include_bytes!("../../seed-content/materials/phat-thanh-sau-lu.ogg");
const CAPTIONS: &[u8] = "WEBVTT\n\n00:01.000 --> 00:03.000\nNém trồng trên cát ven biển.\n".as_bytes();
const WRITE: &[&str] = &["materials:write"];

/// The id in the address of a draft on a page of uploads, the first of them.
fn drafts(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in page.split("href=\"/quan-ly/hoc-lieu/").skip(1) {
        let id: String = part.chars().take(36).collect();
        if id.contains('-') && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

fn text_of(person: &mut Browser, id: &str) -> String {
    person.get(&format!("/quan-ly/hoc-lieu/{id}/ban/1")).text()
}

/// Sends files from a page.
#[track_caller]
fn send_files(person: &mut Browser, page: &str, files: &[(&str, &[u8])]) -> Answer {
    let parts: Vec<Part<'_>> = files.iter().map(|(name, bytes)| ("tep", Some(*name), *bytes)).collect();
    person.post_body(page, &format!("multipart/form-data; boundary={BOUNDARY}"), &form(&parts))
}

#[test]
fn a_recording_and_captions_of_its_name_become_one_draft_in_either_order_and_captions_come_and_go() {
    let office = Office::open(&[]);
    let mut lan = office.person("lan", "author", "so-nnmt");
    for (first, second) in [("moi.ogg", "moi.vtt"), ("hai.vi.srt", "hai.ogg")] {
        let mut recording = RECORDING.to_vec();
        // Other bytes at the end: the same file again would lead to the first draft.
        recording.extend(first.as_bytes());
        let srt = "1\n00:00:01,000 --> 00:00:03,000\nNém trồng trên cát ven biển, bản hai.\n".as_bytes();
        let captions = if first == "moi.ogg" { CAPTIONS } else { srt };
        let bytes = |name: &str| if name.contains(".ogg") { recording.clone() } else { captions.to_vec() };
        let (one, two) = (bytes(first), bytes(second));
        let sent = send_files(&mut lan, "/quan-ly/tai-len", &[(first, &one), (second, &two)]);
        let page = sent.text();
        let vua_gui = page.split("id=\"da-gui\"").next().unwrap().to_owned();
        let ids = drafts(&vua_gui);
        assert_eq!(ids.len(), 1, "{vua_gui}");
        wait_for("the captions' text", || text_of(&mut lan, &ids[0]).contains("Ném trồng trên cát"));
        let files = lan.get(&format!("/quan-ly/hoc-lieu/{}/tep", ids[0])).text();
        assert!(files.contains(first) && files.contains(second), "{files}");
        assert!(lan.get(&format!("/quan-ly/hoc-lieu/{}", ids[0])).text().contains("Thêm tệp phụ đề"));
    }
    let page = lan.get("/quan-ly/tai-len").text();
    let id = drafts(&page).last().unwrap().clone();
    let files = format!("/quan-ly/hoc-lieu/{id}/tep");
    let away = lan.get(&files).text();
    let away =
        away.split("action=\"").find(|part| part.contains("/bo\"")).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(lan.post(&away, &[]).status, 303);
    assert!(!text_of(&mut lan, &id).contains("Ném trồng trên cát"));
    let refused = send_files(&mut lan, &files, &[("anh.ogg", &[RECORDING, b"x"].concat())]);
    assert!(refused.status == 415 && refused.text().contains("chỉ nhận tệp phụ đề"), "{}", refused.text());
    assert_eq!(send_files(&mut lan, &files, &[("bat-ky.vtt", CAPTIONS)]).status, 303);
    wait_for("the captions' text", || text_of(&mut lan, &id).contains("Ném trồng trên cát"));
    let mut khac = office.person("khac", "author", "so-yt");
    assert_eq!(khac.get(&files).status, 404);
}

#[test]
fn what_lies_on_another_site_is_begun_on_the_page_and_by_programs() {
    let office = Office::open(&[]);
    let mut lan = office.person("lan", "author", "so-nnmt");
    let link = [("co-quan", "so-nnmt"), ("tieu-de", "Phim trồng ném"), ("lien-ket", "youtube"), ("tom-tat", "Ném.")];
    let refused = lan.post("/quan-ly/tai-len/lien-ket", &link);
    assert!(refused.status == 400 && refused.text().contains("Phim trồng ném"), "{}", refused.text());
    let link = [link[0], link[1], ("lien-ket", "https://www.youtube.com/watch?v=a"), link[3]];
    let begun = lan.post("/quan-ly/tai-len/lien-ket", &link);
    assert_eq!(begun.status, 303);
    assert!(lan.get(begun.header("location")).text().contains("Phim trồng ném"));

    let token = office.token("may", "author", "so-nnmt", WRITE);
    let url = format!("{}/api/v1/materials", office.url());
    let whole = json!({"title": "Phim", "summary": "Nói về ném.", "links": ["https://vidu.vn/phim"]}).to_string();
    let made = post("POST", &url, &token, &[("metadata", None, whole.as_bytes())]);
    assert_eq!((made.status, &made.json()["state"]), (201, &json!("draft")), "{}", made.text());
    let bare = json!({"title": "Phim"}).to_string();
    let refused = post("POST", &url, &token, &[("metadata", None, bare.as_bytes())]);
    assert_eq!((refused.status, &refused.json()["code"]), (400, &json!("file-part-missing")), "{}", refused.text());
    let bare = json!({"title": "Phim", "links": ["https://vidu.vn/phim"]}).to_string();
    let refused = post("POST", &url, &token, &[("metadata", None, bare.as_bytes())]);
    assert_eq!(refused.json()["code"], "content-missing", "{}", refused.text());
}
