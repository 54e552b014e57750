mod classes;
mod help;
mod ladder;
mod names;
mod readings;
mod relevance;

use crate::support::http::{encode, get};
use crate::support::seeded::url;

#[test]
fn a_materials_page_names_others_like_it_and_never_itself() {
    for (query, alike) in [
        ("phòng trừ bệnh đạo ôn", "Sâu bệnh hại lúa vụ hè thu"),
        ("nhận diện lừa đảo trên mạng", "Phòng, chống lừa đảo trên mạng cho người cao tuổi"),
    ] {
        let found = get(&format!("{}/api/v1/search?q={}", url(), encode(query))).json();
        let (id, title) = (found["items"][0]["id"].as_str().unwrap(), found["items"][0]["title"].as_str().unwrap());
        let page = get(&format!("{}/hoc-lieu/{id}/x", url())).text();
        let related = page.split("<h2>Học liệu liên quan</h2>").nth(1).unwrap().split("</section>").next().unwrap();
        assert!(related.contains(alike), "{query}: {related}");
        assert!(!related.contains(title), "{query}");
        assert!((2..=4).contains(&related.matches("<li>").count()), "{query}");
    }
}
