//! Every address that the service gives out.

use crate::actions::search::{Facet, SearchRequest, Sort};
use crate::domain::file::File;
use crate::domain::id::MaterialId;

/// The longest decorative part of an address, in characters.
const MAX_SLUG_CHARS: usize = 60;

/// The name of a facet in the addresses of pages.
pub(super) const fn facet_parameter(facet: Facet) -> &'static str {
    match facet {
        Facet::Topic => "chu-de",
        Facet::Organisation => "co-quan",
        Facet::Area => "dia-ban",
        Facet::Kind => "loai",
        Facet::Language => "ngon-ngu",
        Facet::Level => "trinh-do",
        Facet::Audience => "doi-tuong",
        Facet::Year => "nam",
    }
}

/// The code of an order in the addresses of pages; none for the usual one.
pub(super) const fn sort_parameter(sort: Sort) -> Option<&'static str> {
    match sort {
        Sort::Relevance => None,
        Sort::Newest => Some("moi"),
        Sort::Oldest => Some("cu"),
    }
}

/// A search's result page.
pub(super) fn search(request: &SearchRequest) -> String {
    let mut parameters = Vec::new();
    if !request.query.is_empty() {
        parameters.push(("q", request.query.as_str()));
    }
    parameters.extend(request.filters.iter().map(|(facet, value)| (facet_parameter(*facet), value.as_str())));
    parameters.extend(sort_parameter(request.sort).map(|sort| ("xep", sort)));
    parameters.extend(request.cursor.as_deref().map(|cursor| ("sau", cursor)));
    format!("/tim{}", query(&parameters))
}

/// The same search of the API.
pub(super) fn api_search(request: &SearchRequest) -> String {
    let mut parameters = vec![("q", request.query.as_str())];
    parameters.extend(request.filters.iter().map(|(facet, value)| (facet.code(), value.as_str())));
    format!("/api/v1/search{}", query(&parameters))
}

/// Everything with one facet value.
pub(super) fn filtered(facet: Facet, value: &str) -> String {
    format!("/tim{}", query(&[(facet_parameter(facet), value)]))
}

/// A material's page; its title is in the address for people only.
pub(super) fn material(id: MaterialId, title: &str) -> String {
    format!("/hoc-lieu/{id}/{}", slug(title))
}

/// A page of a material's text.
pub(super) fn material_page(id: MaterialId, title: &str, page: u32) -> String {
    format!("{}?trang={page}#noi-dung", material(id, title))
}

/// The picture of a page of a version's text; the version keeps browsers from showing an older one.
pub(super) fn page_image(id: MaterialId, version: u32, page: u32) -> String {
    format!("/anh-trang/{id}/{page}?ban={version}")
}

/// The same of the API.
pub(super) fn api_page_image(id: &str, page: u32) -> String {
    format!("/api/v1/materials/{id}/pages/{page}/image")
}

/// A topic's page.
pub(super) fn topic(id: &str) -> String {
    format!("/chu-de/{id}")
}

/// An organisation's page.
pub(super) fn organisation(id: &str) -> String {
    format!("/co-quan/{id}")
}

/// An area's page.
pub(super) fn area(id: &str) -> String {
    format!("/dia-ban/{id}")
}

/// An original.
pub(super) fn file(file: &File) -> String {
    format!("/tep/{}/{}", file.id, encode(&file.name))
}

/// A title in plain letters parted by hyphens.
pub(super) fn slug(title: &str) -> String {
    let plain = crate::actions::search::plain_letters(title);
    let words = plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.len() + word.len() >= MAX_SLUG_CHARS {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "hoc-lieu".to_owned() } else { slug }
}

fn query(parameters: &[(&str, &str)]) -> String {
    let parts: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

/// Percent-encodes what is not a plain letter, digit or one of `-._~`.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_state_of_a_search_is_in_its_address() {
        let request = SearchRequest {
            query: "lúa & ngô".to_owned(),
            filters: vec![(Facet::Topic, "agri.rice".to_owned()), (Facet::Year, "2025".to_owned())],
            sort: Sort::Newest,
            limit: 0,
            cursor: Some("10".to_owned()),
        };
        assert_eq!(search(&request), "/tim?q=l%C3%BAa%20%26%20ng%C3%B4&chu-de=agri.rice&nam=2025&xep=moi&sau=10");
    }

    #[test]
    fn slugs_are_short_plain_words() {
        assert_eq!(slug("Phòng trừ bệnh đạo ôn: vụ Đông Xuân!"), "phong-tru-benh-dao-on-vu-dong-xuan");
        assert_eq!(slug("ລາວ"), "hoc-lieu");
        assert!(slug(&"dài ".repeat(100)).len() <= MAX_SLUG_CHARS);
    }
}
