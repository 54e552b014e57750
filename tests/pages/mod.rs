//! Pages as they are sent, without a browser: what they show and where they lead.

use crate::support::http::{Answer, encode, get, get_with};
use crate::support::program::Server;
use crate::support::seeded::url;

/// A page of the seeded library, with its signs unescaped as a reader sees them.
#[track_caller]
fn page(path: &str) -> String {
    let answer = get(&format!("{}{path}", url()));
    assert_eq!(answer.status, 200, "{path}");
    shown(&answer)
}

fn shown(answer: &Answer) -> String {
    answer.text().replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&").replace("&amp;", "&")
}

/// The part of a page from a text to another.
#[track_caller]
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let rest = page.split_once(from).unwrap_or_else(|| panic!("no {from} on the page")).1;
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

/// The addresses that a part of a page leads to.
fn links(part: &str) -> Vec<&str> {
    part.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_first_page_begins_with_a_search_then_topics_with_counts_then_what_is_new() {
    let page = page("/");
    let search = page.find("type=\"search\"").unwrap();
    let topics = page.find("class=\"tiles\"").unwrap();
    let newest = page.find("Mới nhất").unwrap();
    assert!(search < topics && topics < newest);
    let tiles = between(&page, "class=\"tiles\"", "</ul>");
    assert_eq!(tiles.matches("/chu-de/").count(), 13, "{tiles}");
    assert_eq!(tiles.matches(" học liệu").count(), 13);
    assert!(
        links(between(&page, "Mới nhất", "</main>")).iter().filter(|link| link.contains("/hoc-lieu/")).count() >= 5
    );
}

#[test]
fn topics_are_browsed_on_two_levels() {
    let all = page("/chu-de");
    assert_eq!(all.matches("<section>").count(), 13);
    let agriculture = page("/chu-de/agri");
    let children = between(&agriculture, "class=\"chips\"", "</ul>");
    assert!(links(children).contains(&"/chu-de/agri.rice"), "{children}");
    let rice = page("/chu-de/agri.rice");
    assert!(rice.contains("href=\"/chu-de/agri\""), "a way up");
    assert!(rice.contains("Phòng trừ bệnh đạo ôn trên cây lúa"));
    assert!(!rice.contains("Nuôi ong"));
}

#[test]
fn an_agency_is_found_by_an_old_name_and_shows_what_became_of_it() {
    let found = page(&format!("/co-quan?ten={}", encode("Sở Nông nghiệp và Phát triển nông thôn")));
    let names = between(&found, "<main", "</main>");
    assert!(names.contains("/co-quan/so-nnmt") && names.contains("/co-quan/so-nnptnt"), "{names}");
    let old = page("/co-quan/so-nnptnt");
    assert!(between(&old, "Nay là", "</dd>").contains("/co-quan/so-nnmt"), "{old}");
    let new = page("/co-quan/so-nnmt");
    assert!(between(&new, "Tiếp nối", "</dd>").contains("/co-quan/so-nnptnt"), "{new}");
    // Both lead to what was published under the old name.
    for body in [&old, &new] {
        let all = page(links(between(body, "<main", "</main>")).iter().find(|link| link.starts_with("/tim?")).unwrap());
        assert!(all.contains("OCOP"), "{all}");
    }
}

#[test]
fn a_commune_is_found_by_the_name_of_a_former_unit_and_lists_its_former_units() {
    let found = page(&format!("/dia-ban?ten={}", encode("gio my")));
    assert!(found.contains("Xã Gio Mỹ") && found.contains("Nay là: Xã Gio Linh"), "{found}");
    let today = page("/dia-ban/qt.gio-linh");
    for former in ["Thị trấn Gio Linh", "Xã Gio Mỹ", "Xã Gio Quang", "Xã Phong Bình"] {
        assert!(between(&today, "Gồm các đơn vị cũ", "</dd>").contains(former), "{former}");
    }
    assert_eq!(between(&page("/dia-ban"), "<main", "</main>").matches("/dia-ban/qt.").count(), 78);
    assert!(page("/dia-ban?ten=khongco").contains("Không tìm thấy tên nào"));
}

#[test]
fn kinds_lead_to_their_materials() {
    let kinds = page("/loai");
    let slides = links(&kinds).into_iter().find(|link| link.contains("loai=slides")).unwrap();
    let found = page(slides);
    assert!(found.contains("4 học liệu") && found.contains("bỏ lọc"), "{found}");
}

#[test]
fn a_material_tells_who_wrote_it_then_and_who_carries_on_and_how_it_may_be_used() {
    let found = get(&format!("{}/api/v1/search?kind=slides&q={}", url(), encode("lừa đảo người cao tuổi"))).json();
    let page = page(found["items"][0]["url"].as_str().unwrap());
    let facts = between(&page, "<dl", "</dl>");
    for (name, value) in [
        ("Trong lĩnh vực của", "Sở Thông tin và Truyền thông"),
        ("Nay là", "Sở Khoa học và Công nghệ"),
        ("Ngày ban hành", "25/09/2024"),
        ("Chủ đề", "An toàn, lừa đảo mạng"),
        ("Ngôn ngữ", "Tiếng Việt"),
        ("Độ dài", "15 trang"),
        ("Giấy phép", "CC BY 4.0"),
    ] {
        assert!(between(facts, &format!("<dt>{name}</dt>"), "</dd>").contains(value), "{name}: {facts}");
    }
    assert!(page.contains("không phải ấn phẩm của cơ quan"));
    let json = between(&page, "application/ld+json\">", "</script>");
    let resource: serde_json::Value = serde_json::from_str(json).unwrap();
    assert_eq!(resource["@type"], "LearningResource");
    assert!(resource["license"].as_str().unwrap().contains("creativecommons.org"));
    assert!(between(&page, "Học liệu liên quan", "</section>").matches("/hoc-lieu/").count() >= 2);
    // A citation on paper must lead back: the address is whole even where none is configured.
    let citation = between(&page, "Cách trích dẫn", "</div>");
    assert!(citation.contains("(2024)") && citation.contains(&format!("{}/hoc-lieu/", url())), "{citation}");
    assert!(resource["url"].as_str().unwrap().starts_with(url()));
    assert!(get(&format!("{}/robots.txt", url())).text().contains(&format!("Sitemap: {}/sitemap.xml", url())));
}

#[test]
fn a_search_is_narrowed_widened_and_ordered_by_addresses_alone() {
    let all = page("/tim?q=an+toan");
    let health =
        links(&all).into_iter().find(|link| link.contains("chu-de=health") && !link.contains("health.")).unwrap();
    let narrowed = page(health);
    let chip = between(&narrowed, "class=\"chips on", "</ul>");
    assert!(chip.contains("Sức khỏe"), "{chip}");
    assert_eq!(links(chip), ["/tim?q=an%20toan"]);
    let newest = links(&narrowed).into_iter().find(|link| link.contains("xep=moi")).unwrap();
    assert!(newest.contains("chu-de=health"), "the filter stays: {newest}");
    // Searching other words keeps the filters and the order.
    let form = page(newest);
    let form = between(&form, "<form class=\"find\"", "</form>");
    assert!(form.contains("name=\"chu-de\" value=\"health\"") && form.contains("name=\"xep\" value=\"moi\""), "{form}");
}

#[test]
fn values_of_a_facet_beyond_the_first_are_one_link_away() {
    let all = page("/tim");
    let more = links(&all).into_iter().find(|link| link.contains("mo=co-quan")).unwrap();
    let whole = page(more.split('#').next().unwrap());
    let values = |page: &str| page.matches("co-quan=").count();
    assert!(values(&whole) > values(&all), "{} {}", values(&whole), values(&all));
    assert!(!whole.contains("mo=co-quan"), "nothing is left out");
}

#[test]
fn results_are_paged_and_a_page_beyond_the_last_says_so() {
    let first = page("/tim");
    let second = links(&first).into_iter().find(|link| link.contains("sau=10")).unwrap();
    let second = page(second);
    assert!(second.contains("start=\"11\""));
    assert!(links(&second).iter().any(|link| *link == "/tim" || link.contains("sau=0")), "a way back");
    let beyond = page("/tim?sau=5000");
    assert!(beyond.contains("Không có trang kết quả này") && beyond.contains("Về trang kết quả đầu"), "{beyond}");
    assert!(page("/tim?sau=999999").contains("nên đây là trang đầu"));
}

#[test]
fn a_search_in_vain_says_what_to_do() {
    let page = page("/tim?q=zzzzzz&chu-de=khong.co");
    for advice in ["0 học liệu", "ít từ hơn", "Xem theo chủ đề", "Không có chủ đề nào mang mã «khong.co»"]
    {
        assert!(page.contains(advice), "{advice}: {page}");
    }
}

#[test]
fn wrong_addresses_lead_back_to_a_search() {
    let list = get(&format!("{}/api/v1/materials?limit=1", url())).json();
    let material = list["items"][0]["url"].as_str().unwrap();
    let beyond = format!("{material}?trang=9999");
    for (path, words) in [
        ("/khong-co", "Không có trang này"),
        ("/hoc-lieu/nope/x", "Không tìm thấy học liệu này"),
        (beyond.as_str(), "Học liệu không có trang này"),
        ("/chu-de/nope", "Không có chủ đề này"),
        ("/co-quan/..%2F..%2Fetc", "Không có cơ quan này"),
        ("/dia-ban/%E2%80%AE", "Không có địa bàn này"),
        ("/tep/nope/x.pdf", "Không tìm thấy tệp này"),
    ] {
        let answer = get(&format!("{}{path}", url()));
        assert_eq!(answer.status, 404, "{path}");
        let page = shown(&answer);
        assert!(page.contains(words) && page.contains("role=\"search\""), "{path}: {page}");
    }
}

#[test]
fn the_operator_is_named_on_the_contact_page() {
    let folder = tempfile::tempdir().unwrap();
    let settings = ["--seed-content", "/nonexistent", "--contact", "Phòng Giáo dục thường xuyên; hoclieu@vidu.vn"];
    let server = Server::start(&folder.path().join("data"), &settings);
    let page = shown(&get_with(&format!("{}/lien-he", server.url), &[]));
    assert!(page.contains("Phòng Giáo dục thường xuyên") && page.contains("href=\"mailto:hoclieu@vidu.vn\""), "{page}");
}

#[test]
fn a_whole_material_is_printed_with_page_numbers_and_headings_from_a_link_beside_its_text() {
    let found = get(&format!("{}/api/v1/search?q={}&limit=1", url(), encode("phòng trừ bệnh đạo ôn"))).json();
    let id = found["items"][0]["id"].as_str().unwrap();
    let count = get(&format!("{}/api/v1/materials/{id}", url())).json()["pages"].as_u64().unwrap();
    assert!(count > 1);
    let reading = page(&format!("/hoc-lieu/{id}/phong-tru-benh-dao-on-tren-cay-lua"));
    assert!(links(&reading).contains(&format!("/hoc-lieu/{id}/in").as_str()), "{reading}");
    let printed = page(&format!("/hoc-lieu/{id}/in"));
    for number in 1..=count {
        assert!(printed.contains(&format!("Trang {number} / {count}")), "page {number}");
        assert!(printed.contains(&format!("id=\"trang-{number}\"")));
    }
    assert!(printed.contains("Cách trích dẫn") && printed.contains("name=\"robots\" content=\"noindex\""));
    for far in ["9999", "0", "x"] {
        assert_eq!(get(&format!("{}/hoc-lieu/{id}/in?tu={far}", url())).status, 404, "{far}");
    }
}
