//! No query makes a search panic; a word after a minus keeps its document out, and what is shown is escaped.
#![no_main]

use hoclieu_index::{Answer, Document, Library, Options, Request};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let library = Library::in_memory(Options::default()).unwrap();
    let mut writer = library.writer().unwrap();
    for title in ["Trồng lúa bị đạo ôn", "Nuôi tôm trên cát", "Quyết định 1373/QĐ-TTg", "Nhận biết lừa đảo"] {
        writer.put(Document { id: title.to_owned(), title: title.to_owned(), ..Document::default() }).unwrap();
    }
    writer.commit(1).unwrap();
    library
});

fn ask(query: &str) -> Answer {
    LIBRARY.search(&Request::new(query)).unwrap()
}

fuzz_target!(|typed: &str| {
    for query in [typed.to_owned(), format!("\"{typed}\""), format!("-{typed}")] {
        for hit in ask(&query).hits {
            let bare = hit.title_html.replace("<mark>", "").replace("</mark>", "");
            assert_eq!(bare, hit.title, "{query}");
        }
    }
    // Few signs, so that none is past the most that are taken for such.
    let few = typed.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()).count() < 30;
    if few && !typed.contains(['"', '“', '”', '«', '»', '^', '(', '+', '&']) && typed.contains("tôm") {
        let hits = ask(&format!("{typed} -tôm")).hits;
        assert!(hits.iter().all(|hit| !hit.title.contains("tôm")), "{typed}");
    }
});
