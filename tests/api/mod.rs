mod recordings;
mod scans;

use crate::support::http::{Browser, encode, get, get_with, head};
use crate::support::seeded::url;

#[test]
fn rice_blast_comes_first_with_and_without_marks() {
    for query in ["trong lua bi dao on", "trồng lúa bị đạo ôn"] {
        let found = get(&format!("{}/api/v1/search?q={}", url(), encode(query))).json();
        let first = &found["items"][0];
        assert_eq!(first["external_id"], "lua-dao-on", "{query}");
        let html = first["passages"][0]["html"].as_str().unwrap();
        assert!(html.contains("<mark>trồng lúa bị đạo ôn</mark>"), "{html}");
        assert!(first["passages"][0]["page"].as_u64().unwrap() >= 1);
        assert_eq!(found["interpretation"]["typed"], query);
    }
}

#[test]
fn fraud_does_not_bring_the_rice_blast_leaflet_first() {
    let found = get(&format!("{}/api/v1/search?q={}", url(), encode("lừa đảo"))).json();
    assert!(
        found["items"][0]["external_id"].as_str().unwrap().contains("lua-dao-tren-mang")
            || found["items"][0]["external_id"].as_str().unwrap().contains("slide-lua-dao")
    );
}

#[test]
fn filters_narrow_and_counts_agree_with_results() {
    let all = get(&format!("{}/api/v1/search", url())).json();
    let topics = all["facets"]["topic"].as_array().unwrap();
    let agri = topics.iter().find(|value| value["id"] == "agri").unwrap();
    let narrowed = get(&format!("{}/api/v1/search?topic=agri", url())).json();
    assert_eq!(narrowed["total"], agri["count"]);
    assert!(narrowed["total"].as_u64() < all["total"].as_u64());
    let several = get(&format!("{}/api/v1/search?topic=agri.rice&topic=agri.bee&kind=text", url())).json();
    assert_eq!(several["interpretation"]["filters"].as_array().unwrap().len(), 3);
    assert!(several["total"].as_u64().unwrap() >= 2, "values of one facet are alternatives");
}

#[test]
fn cursors_walk_through_every_result_once() {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = get(&format!("{}/api/v1/search?limit=7{cursor}", url())).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let total = get(&format!("{}/api/v1/search", url())).json()["total"].as_u64().unwrap();
    assert_eq!(seen.len() as u64, total);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len() as u64, total);
}

#[test]
fn an_old_agency_leads_to_its_successor_and_both_find_its_materials() {
    let found = get(&format!("{}/api/v1/organisations?name={}", url(), encode("so nong nghiep va phat trien"))).json();
    let ids: Vec<_> = found["items"].as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.contains(&"so-nnptnt".to_owned()) && ids.contains(&"so-nnmt".to_owned()), "{ids:?}");
    let old = get(&format!("{}/api/v1/search?organisation=so-ldtbxh", url())).json();
    let new = get(&format!("{}/api/v1/search?organisation=so-nv&limit=50", url())).json();
    let id = &old["items"][0]["id"];
    assert!(new["items"].as_array().unwrap().iter().any(|item| item["id"] == *id));
}

#[test]
fn every_seed_material_can_be_read_and_its_file_fetched_in_parts() {
    let list = get(&format!("{}/api/v1/materials?limit=100", url())).json();
    for item in list["items"].as_array().unwrap() {
        let id = item["id"].as_str().unwrap();
        let material = get(&format!("{}/api/v1/materials/{id}", url())).json();
        assert!(material["pages"].as_u64().unwrap() >= 1, "{}", item["title"]);
        let page = get(&format!("{}/api/v1/materials/{id}/pages/1", url())).json();
        // A scan may still be waiting for its turn.
        if page["scan"]["state"] != "waiting" {
            assert!(page["text"].as_str().unwrap().chars().count() > 40, "{}", item["title"]);
        }
        let file = material["files"][0]["url"].as_str().unwrap();
        let part = get_with(&format!("{}{file}", url()), &[("range", "bytes=0-9")]);
        assert_eq!((part.status, part.body.len()), (206, 10));
        assert_eq!(part.header("x-content-type-options"), "nosniff");
        assert!(part.header("content-security-policy").contains("sandbox"));
    }
}

#[test]
fn bad_input_gets_a_problem_with_a_stable_code() {
    let years = (1900..1950).map(|year| format!("&year={year}")).collect::<Vec<_>>().concat();
    let many = format!("/api/v1/search?q=lua{years}");
    let list = get(&format!("{}/api/v1/materials?limit=1", url())).json();
    let known = list["items"][0]["id"].as_str().unwrap();
    let [beyond, zeroth, worded] = ["9999", "0", "hai"].map(|page| format!("/api/v1/materials/{known}/pages/{page}"));
    let cases = [
        ("/api/v1/search?cursor=abc", 400, "cursor-invalid"),
        ("/api/v1/search?cursor=10001", 400, "cursor-invalid"),
        ("/api/v1/search?limit=nhieu", 400, "limit-invalid"),
        ("/api/v1/search?limit=0", 400, "limit-invalid"),
        ("/api/v1/materials?limit=-3", 400, "limit-invalid"),
        ("/api/v1/search?sort=dep", 400, "sort-unknown"),
        ("/api/v1/search?topic=khong.co", 400, "filter-unknown"),
        ("/api/v1/search?kind=phim&q=lua", 400, "filter-unknown"),
        ("/api/v1/search?year=nay", 400, "filter-unknown"),
        (many.as_str(), 400, "filters-too-many"),
        ("/api/v1/materials/nope", 404, "material-missing"),
        ("/api/v1/materials?cursor=zzz", 400, "cursor-invalid"),
        ("/api/v1/files/nope", 404, "file-missing"),
        (beyond.as_str(), 404, "material-page-missing"),
        (zeroth.as_str(), 404, "material-page-missing"),
        (worded.as_str(), 404, "material-page-missing"),
        ("/api/v1/nothing", 404, "page-missing"),
        ("/api/v1/materials/%FF", 400, "request-malformed"),
    ];
    for (path, status, code) in cases {
        let answer = get(&format!("{}{path}", url()));
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["code"], code, "{path}");
        assert_eq!(problem["status"], status, "{path}");
        assert!(problem["title"].as_str().unwrap().contains(' ') && !problem["detail"].as_str().unwrap().is_empty());
    }
}

#[test]
fn what_the_framework_refuses_has_a_page_in_vietnamese_too() {
    for path in ["/dia-ban/%FF", "/hoc-lieu/%FF/x"] {
        let answer = get(&format!("{}{path}", url()));
        assert_eq!((answer.status, answer.header("content-type")), (400, "text/html; charset=utf-8"), "{path}");
        assert!(answer.text().contains("Yêu cầu không đọc được"), "{path}");
    }
    let long = "x".repeat(70_000);
    let answer = Browser::new(url()).post("/dang-nhap", &[("ten", &long)]);
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("Nội dung gửi lên quá lớn"));
}

#[test]
fn an_address_that_only_reads_refuses_to_write_in_the_same_words() {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut answer = agent.delete(format!("{}/api/v1/topics", url())).call().unwrap();
    assert_eq!(answer.status().as_u16(), 405);
    assert_eq!(answer.headers()["allow"], "GET,HEAD");
    let problem: serde_json::Value = serde_json::from_reader(answer.body_mut().as_reader()).unwrap();
    assert_eq!(problem["code"], "method-not-allowed");
}

#[test]
fn strange_queries_are_answered_and_never_an_error() {
    let long = encode(&"lúa đạo ôn ".repeat(900));
    for query in [long.as_str(), "%22%28%29%2A%3A%7E%5E", "%00", "%E0%B8", "a:b", "-", "%F0%9F%90%9D"] {
        for path in ["/tim", "/api/v1/search"] {
            assert_eq!(get(&format!("{}{path}?q={query}", url())).status, 200, "{path} {query}");
        }
    }
    // Whoever asked is told what of it could not be used.
    for (query, told) in [(long.as_str(), "quá dài"), ("%21%3F%2A", "chỉ gồm ký hiệu")] {
        let answer = get(&format!("{}/api/v1/search?q={query}", url())).json();
        let hints = answer["interpretation"]["hints"].as_array().unwrap();
        assert!(hints.len() == 1 && hints[0].as_str().unwrap().contains(told), "{hints:?}");
    }
}

#[test]
fn a_known_answer_is_not_sent_again() {
    let address = format!("{}/api/v1/topics", url());
    let first = get(&address);
    let again = get_with(&address, &[("if-none-match", first.header("etag"))]);
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn a_search_page_is_small_safe_and_complete_in_one_request() {
    let page = get_with(&format!("{}/tim?q=lua", url()), &[("accept-encoding", "br")]);
    assert!(page.body.len() <= 14 * 1024, "{} bytes", page.body.len());
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let text = get(&format!("{}/tim?q=%3Cscript%3Ealert(1)%3C/script%3E", url())).text();
    assert!(!text.contains("<script>alert"), "escaped");
    assert!(!text.contains("<link rel=\"stylesheet\""), "the style is inlined");
}

/// The API's description of the seed's material with an id.
fn material(id: &str) -> serde_json::Value {
    let all = get(&format!("{}/api/v1/materials?limit=100", url())).json();
    let item = all["items"].as_array().unwrap().iter().find(|item| item["external_id"] == id).unwrap().clone();
    get(&format!("{}/api/v1/materials/{}", url(), item["id"].as_str().unwrap())).json()
}

#[test]
fn originals_of_text_say_that_they_are_utf_8_and_others_say_nothing() {
    for (id, kind) in [
        ("ky-nang-bao-cao-vien", "text/markdown; charset=utf-8"),
        ("xkld-han-quoc", "text/plain; charset=utf-8"),
        ("so-tay-quan-ly-tthtcd", "application/pdf"),
    ] {
        let file = material(id)["files"][0]["url"].as_str().unwrap().to_owned();
        let sent = get(&format!("{}{file}", url()));
        assert_eq!(sent.header("content-type"), kind, "{id}");
        let part = get_with(&format!("{}{file}", url()), &[("range", "bytes=0-9")]);
        assert_eq!((part.header("content-type"), &part.body[..]), (kind, &sent.body[..10]), "{id}");
    }
}

#[test]
fn the_head_of_an_answer_is_that_of_the_answer() {
    for path in ["/api/v1/topics", "/api/v1/search?q=lua", "/tim?q=lua", "/"] {
        let (whole, alone) = (get(&format!("{}{path}", url())), head(&format!("{}{path}", url())));
        assert_eq!((alone.status, alone.body.len()), (200, 0), "{path}");
        for name in ["etag", "content-type", "cache-control"] {
            assert_eq!(alone.header(name), whole.header(name), "{path}: {name}");
        }
        assert!(!alone.header("etag").is_empty(), "{path}");
    }
}

#[test]
fn samples_are_cited_as_the_work_of_those_who_wrote_them() {
    let told = material("trong-cam");
    let page = get(&format!("{}/hoc-lieu/{}/x", url(), told["id"].as_str().unwrap())).text();
    let citation = page.split("Cách trích dẫn</h2>").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(citation.starts_with("<p>Nhóm phát triển hoclieu ("), "{citation}");
    assert!(citation.contains("tài liệu mẫu trong lĩnh vực của "), "{citation}");
    let json = page.split("application/ld+json\">").nth(1).unwrap().split("</script>").next().unwrap();
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(json["publisher"]["name"], "Nhóm phát triển hoclieu");
    let feed = get(&format!("{}/tim.atom?q=cam", url())).text();
    assert!(feed.contains("<name>Nhóm phát triển hoclieu</name>"), "{feed}");
    assert!(get(&format!("{}/lien-he", url())).text().contains("không phải của cơ quan ấy"));
}

#[test]
fn only_a_page_with_text_can_be_heard() {
    for id in ["phong-chay-rung", "trong-rung-fsc", "xkld-han-quoc"] {
        let told = material(id);
        let id = told["id"].as_str().unwrap();
        let text = get(&format!("{}/api/v1/materials/{id}/pages/1", url())).json()["text"].to_string();
        let page = get(&format!("{}/hoc-lieu/{id}/x", url())).text();
        assert_eq!(page.contains("id=\"nghe\""), text.len() > 2, "{id}: {text}");
    }
}
