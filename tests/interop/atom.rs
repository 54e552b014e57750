use crate::support::browser::Page;
use crate::support::http::{encode, get, get_with};
use crate::support::program::{Server, run};
use crate::support::seeded::url;
use serde_json::json;
use std::fs;
use std::path::Path;

/// The texts of some elements of a feed, read by a strict XML parser.
fn texts(xml: &str, wanted: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut inside, mut found) = (false, Vec::new());
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(start) => {
                inside = start.name().as_ref() == wanted.as_bytes();
                if inside {
                    found.push(String::new());
                }
            }
            quick_xml::events::Event::Text(text) if inside => *found.last_mut().unwrap() += &text.decode().unwrap(),
            quick_xml::events::Event::End(_) => inside = false,
            quick_xml::events::Event::Eof => return found,
            _ => {}
        }
    }
}

fn import(data: &Path, folder: &Path, id: &str, title: &str) {
    let lines = folder.join("a.jsonl");
    fs::write(&lines, json!({"id": id, "title": title, "text": "Ruộng lúa cần nước."}).to_string() + "\n").unwrap();
    assert_eq!(run(data, &["import", &lines.to_string_lossy()]).code, Some(0));
}

#[test]
fn what_is_new_comes_first_under_ids_that_last() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let settings = ["--seed-content", "/nonexistent", "--public-url", "https://hoclieu.vn"];
    let server = Server::start(&data, &settings);
    for (id, title) in [("1", "Lúa <một> & nước"), ("2", "Lúa hai"), ("3", "Lúa ba")] {
        import(&data, folder.path(), id, title);
        // Changes are told apart by the second.
        std::thread::sleep(std::time::Duration::from_millis(1_100));
    }
    let feed = || get(&format!("{}/tim.atom?q=l%C3%BAa", server.url));
    let first = feed().text();
    assert_eq!(
        texts(&first, "title"),
        ["Học liệu mới: lúa", "Lúa ba", "Lúa hai", "Lúa  nước"].map(|t| {
            // References are events of their own to this reader.
            if t == "Lúa  nước" { "Lúa một  nước".to_owned() } else { t.to_owned() }
        })
    );
    assert!(first.contains("<title>Lúa &lt;một&gt; &amp; nước</title>"), "{first}");
    assert!(first.contains("href=\"https://hoclieu.vn/hoc-lieu/"), "{first}");
    let ids = texts(&first, "id");
    let updated = texts(&first, "updated");
    assert_eq!(updated[0], updated[1], "a feed is as new as its latest entry");
    import(&data, folder.path(), "1", "Lúa một, sửa lại");
    let second = feed().text();
    let changed = texts(&second, "id");
    assert_eq!(changed[0], ids[0], "the feed");
    assert_eq!([&changed[1], &changed[2], &changed[3]], [&ids[3], &ids[1], &ids[2]], "the changed one is new again");
    server.stop();
    let server = Server::start(&data, &["--seed-content", "/nonexistent"]);
    let elsewhere = get(&format!("{}/tim.atom?q=l%C3%BAa", server.url)).text();
    assert_eq!(texts(&elsewhere, "id"), changed, "another address changes no id");
}

#[test]
fn a_known_feed_is_not_sent_again_and_a_feed_follows_its_search() {
    let address = format!("{}/tim.atom?q={}&chu-de=agri", url(), encode("lúa"));
    let first = get(&address);
    assert_eq!(first.header("content-type"), "application/atom+xml; charset=utf-8");
    let again = get_with(&address, &[("if-none-match", first.header("etag"))]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let total = get(&format!("{}/api/v1/search?q={}&topic=agri", url(), encode("lúa"))).json()["total"].as_u64();
    assert_eq!(texts(&first.text(), "entry").len() as u64, total.unwrap().min(20));
    assert!(first.text().contains("<title>Học liệu mới: lúa, Nông, lâm, ngư nghiệp</title>"), "{}", first.text());
    let turned = get(&format!("{}/tim.atom?chu-de=agri&q={}", url(), encode("lúa")));
    assert_eq!(texts(&turned.text(), "id")[0], texts(&first.text(), "id")[0]);
    // An answer of one is filled up with what bears a part of the words; a feed is not.
    let few = format!("{}/tim.atom?q={}", url(), encode("dệt zèng Pa Kô"));
    let total = get(&format!("{}/api/v1/search?q={}", url(), encode("dệt zèng Pa Kô"))).json()["total"].as_u64();
    assert_eq!(texts(&get(&few).text(), "entry").len() as u64, total.unwrap());
    assert_ne!(texts(&get(&format!("{few}&dung-chu=1")).text(), "id")[0], texts(&get(&few).text(), "id")[0]);
    let none = get(&format!("{}/tim.atom?q=zzqq", url())).text();
    assert_eq!(texts(&none, "updated"), ["1970-01-01T00:00:00Z"]);
    assert_eq!(get(&format!("{}/tim.atom?sau=abc", url())).status, 400);
}

#[test]
fn parts_of_a_feed_lead_through_everything_once_and_no_further_than_its_bound() {
    let (mut address, mut seen, mut parts) = ("/tim.atom".to_owned(), Vec::new(), 0);
    loop {
        let path = address.strip_prefix(url()).unwrap_or(&address);
        let part = get(&format!("{}{path}", url())).text();
        let ids = texts(&part, "id");
        seen.extend(ids.into_iter().skip(1));
        parts += 1;
        let Some(rest) = part.split("<link rel=\"next\"").nth(1) else { break };
        address = rest.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        assert!(parts < 20, "{address}");
    }
    let total = get(&format!("{}/api/v1/search?limit=1", url())).json()["total"].as_u64().unwrap();
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((seen.len() as u64, distinct.len()), (total.min(200), seen.len()));
    assert!(texts(&get(&format!("{}/tim.atom?sau=9000", url())).text(), "entry").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_finds_the_feed_of_a_result_page_and_reads_it_strictly() {
    let base = tokio::task::spawn_blocking(url).await.unwrap();
    let mut page = Page::open(1280, 900).await;
    page.goto(&format!("{base}/tim?q={}&loai=text", encode("lúa & “ngô”"))).await;
    let link = "document.querySelector('link[type=\"application/atom+xml\"]')";
    assert!(page.text(&format!("{link}.title")).await.starts_with("Học liệu mới: lúa & “ngô”"));
    let read = format!(
        "fetch({link}.href).then(r => r.text()).then(t => {{
            const feed = new DOMParser().parseFromString(t, 'application/xml');
            const atom = 'http://www.w3.org/2005/Atom';
            if (feed.querySelector('parsererror')) return feed.documentElement.textContent;
            const required = ['id', 'title', 'updated'];
            const lacking = [feed.documentElement, ...feed.getElementsByTagNameNS(atom, 'entry')]
                .filter(e => required.some(name => !e.getElementsByTagNameNS(atom, name).length));
            return lacking.length + ' ' + feed.documentElement.namespaceURI;
        }})"
    );
    assert_eq!(page.text(&read).await, "0 http://www.w3.org/2005/Atom");
    for path in ["/", "/hoc-lieu"] {
        page.goto(&format!("{base}{path}")).await;
        assert!(page.text(&format!("{link}.getAttribute('href')")).await == "/tim.atom", "{path}");
    }
}
