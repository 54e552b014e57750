//! Every address that the service gives out.

mod administration;
mod classes;
mod pages;
mod registrations;

pub(super) use administration::*;
pub(super) use classes::*;
pub(super) use pages::{
    api_page_image, captions, draft_file_away, draft_files, material_moment, page_at_work, page_at_work_image,
    page_image,
};
pub(super) use registrations::*;

use crate::actions::search::{Facet, SearchRequest, Sort};
use crate::domain::account::link::printed_code;
use crate::domain::file::File;
use crate::domain::id::{AccountId, BatchId, ComplaintId, MaterialId, OrganisationId, RequestId, UploadId};

/// The list of addresses for search engines.
pub(super) const SITEMAP: &str = "/sitemap.xml";

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

/// The code of an order in the API; none for the usual one.
const fn sort_code(sort: Sort) -> Option<&'static str> {
    match sort {
        Sort::Relevance => None,
        Sort::Newest => Some("newest"),
        Sort::Oldest => Some("oldest"),
    }
}

/// The name of the wish to search exactly what was typed, in the addresses of pages.
pub(super) const EXACT: &str = "dung-chu";

/// What is named where words of time are to stay words, in the addresses of pages.
pub(super) const TIME: &str = "thoi-gian";
/// The same for programs.
pub(super) const API_TIME: &str = "time";

/// A search's result page.
pub(super) fn search(request: &SearchRequest) -> String {
    let mut parameters = Vec::new();
    if !request.query.is_empty() {
        parameters.push(("q", request.query.as_str()));
    }
    parameters.extend(request.filters.iter().map(|(facet, value)| (facet_parameter(*facet), value.as_str())));
    parameters.extend(request.unread.iter().map(|facet| ("khong-doc", facet_parameter(*facet))));
    parameters.extend(request.any_time.then_some(("khong-doc", TIME)));
    parameters.extend(sort_parameter(request.sort).map(|sort| ("xep", sort)));
    parameters.extend(request.exact.then_some((EXACT, "1")));
    parameters.extend(request.cursor.as_deref().map(|cursor| ("sau", cursor)));
    format!("/tim{}", query(&parameters))
}

/// A search's result page with every value of one facet to choose from.
pub(super) fn search_with_all_values(request: &SearchRequest, facet: Facet) -> String {
    let address = search(request);
    let sign = if address.contains('?') { '&' } else { '?' };
    format!("{address}{sign}mo={}#thu-hep", facet_parameter(facet))
}

/// What makes the feed of a search: its words and filters, in an order that does not depend on how they were chosen.
pub(super) fn feed_parameters(request: &SearchRequest) -> Vec<(&'static str, &str)> {
    let mut parameters: Vec<_> =
        request.filters.iter().map(|(facet, value)| (facet_parameter(*facet), value.as_str())).collect();
    parameters.extend(request.unread.iter().map(|facet| ("khong-doc", facet_parameter(*facet))));
    parameters.extend(request.exact.then_some((EXACT, "1")));
    if !request.query.is_empty() {
        parameters.push(("q", request.query.as_str()));
    }
    parameters.sort_unstable();
    parameters
}

/// The feed of what is new among what a search finds.
pub(super) fn feed(request: &SearchRequest) -> String {
    let mut parameters = feed_parameters(request);
    parameters.extend(request.cursor.as_deref().map(|cursor| ("sau", cursor)));
    format!("/tim.atom{}", query(&parameters))
}

/// The same search of the API.
pub(super) fn api_search(request: &SearchRequest) -> String {
    let mut parameters = vec![("q", request.query.as_str())];
    parameters.extend(request.filters.iter().map(|(facet, value)| (facet.code(), value.as_str())));
    parameters.extend(request.exact.then_some(("exact", "true")));
    parameters.extend(request.unread.iter().map(|facet| ("unread", facet.code())));
    parameters.extend(request.any_time.then_some(("unread", API_TIME)));
    parameters.extend(sort_code(request.sort).map(|code| ("sort", code)));
    let limit = (request.limit > 0).then(|| request.limit.to_string());
    parameters.extend(limit.as_deref().map(|limit| ("limit", limit)));
    format!("/api/v1/search{}", query(&parameters))
}

/// Everything with one facet value.
pub(super) fn filtered(facet: Facet, value: &str) -> String {
    format!("/tim{}", query(&[(facet_parameter(facet), value)]))
}

/// A material's page; its title is in the address for people only.
pub(super) fn material(id: MaterialId, title: &str) -> String {
    format!("{}{}", material_root(id), slug(title))
}

/// The address that leads to a material's page whatever its title.
pub fn plain_material(id: MaterialId) -> String {
    format!("/hoc-lieu/{id}")
}

/// What all addresses of a material's page begin with.
pub(super) fn material_root(id: MaterialId) -> String {
    format!("/hoc-lieu/{id}/")
}

/// Where anyone says what is not right about a material, or about one of its pages.
pub(super) fn complain(id: MaterialId, page: Option<u32>) -> String {
    let page = page.map(|page| page.to_string());
    let asked: Vec<(&str, &str)> = page.iter().map(|page| ("trang", page.as_str())).collect();
    format!("/hoc-lieu/{id}/{COMPLAIN}{}", query(&asked))
}

/// The whole text of a material on one page to be printed; very long ones from a page on.
pub(super) fn printout(id: MaterialId, from: u32) -> String {
    let from = if from > 1 { format!("?tu={from}") } else { String::new() };
    format!("/hoc-lieu/{id}/{PRINT}{from}")
}

/// The parts of such addresses that no title may have.
const COMPLAIN: &str = "phan-anh";
const PRINT: &str = "in";

/// The complaints that wait.
pub(super) const COMPLAINTS: &str = "/quan-ly/phan-anh";
/// The audit trail.
pub(super) const AUDIT: &str = "/quan-ly/nhat-ky";
/// The organisations whose statistics someone may see.
pub(super) const STATISTICS: &str = "/quan-ly/so-lieu";

/// Where many documents are brought in one go.
pub(super) const BATCHES: &str = "/quan-ly/nhap-hang-loat";

/// A batch of documents.
pub(super) fn batch(id: BatchId) -> String {
    format!("{BATCHES}/{id}")
}

/// A complaint as those see it who answer it.
pub(super) fn complaint(id: ComplaintId) -> String {
    format!("{COMPLAINTS}/{id}")
}

/// A part of the list of complaints.
pub(super) fn complaints(filter: &str, organisation: &str, offset: usize) -> String {
    let offset = if offset == 0 { String::new() } else { offset.to_string() };
    let all = [("loc", filter), ("co-quan", organisation), ("tu", offset.as_str())];
    let given: Vec<(&str, &str)> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    format!("{COMPLAINTS}{}", query(&given))
}

/// An organisation's own statistics, or a file of them by its ending.
pub(super) fn statistics(organisation: &OrganisationId, ending: &str, given: &[(&'static str, String)]) -> String {
    let given: Vec<(&str, &str)> = given.iter().map(|(name, value)| (*name, value.as_str())).collect();
    format!("/quan-ly/co-quan/{organisation}/so-lieu{ending}{}", query(&given))
}

/// A page of a material's text.
pub(super) fn material_page(id: MaterialId, title: &str, page: u32) -> String {
    format!("{}?trang={page}#noi-dung", material(id, title))
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

/// The page of the account that one has signed in to.
pub(super) const PROFILE: &str = "/tai-khoan";
/// The list of accounts.
pub(super) const ACCOUNTS: &str = "/quan-ly/tai-khoan";

/// What waits for someone who works here.
pub(super) const STAFF: &str = "/quan-ly";
/// The list of materials in every state.
pub(super) const STAFF_MATERIALS: &str = "/quan-ly/hoc-lieu";

/// A material as its staff see it.
pub fn staff_material(id: MaterialId) -> String {
    format!("{STAFF_MATERIALS}/{id}")
}

/// A request for a speaker.
pub fn request(id: RequestId) -> String {
    format!("{REQUESTS}/{id}")
}

/// A part of the list of materials in every state.
pub(super) fn staff_materials(parameters: &[(&str, &str)]) -> String {
    format!("{STAFF_MATERIALS}{}", query(parameters))
}

/// A version as readers would see it, from a page on.
pub(super) fn staff_preview(id: MaterialId, version: u32, page: u32) -> String {
    let page = if page > 1 { format!("?trang={page}#noi-dung") } else { String::new() };
    format!("{}/ban/{version}{page}", staff_material(id))
}

/// All versions of a material.
pub(super) fn staff_versions(id: MaterialId) -> String {
    format!("{}/cac-ban", staff_material(id))
}

/// Two versions side by side.
pub(super) fn staff_comparison(id: MaterialId, before: u32, after: u32) -> String {
    format!("{}/so-sanh?truoc={before}&sau={after}", staff_material(id))
}

/// A material beside another that says nearly the same.
pub(super) fn staff_beside(id: MaterialId, other: MaterialId) -> String {
    format!("{}/giong/{other}", staff_material(id))
}

/// Who may see a material, since when and why.
pub(super) fn staff_access(id: MaterialId) -> String {
    format!("{}/ai-xem", staff_material(id))
}

/// An old version that readers may still see, from a page on.
pub(super) fn old_version(id: MaterialId, version: u32, page: u32) -> String {
    let page = if page > 1 { format!("?trang={page}#noi-dung") } else { String::new() };
    format!("{}ban/{version}{page}", material_root(id))
}

/// The page where files are uploaded.
pub(super) const UPLOADS: &str = "/quan-ly/tai-len";

/// Where the next file of a material is sent.
pub(super) fn new_file(id: MaterialId) -> String {
    format!("{UPLOADS}{}", query(&[("hoc-lieu", &id.to_string())]))
}

/// An upload in pieces.
pub(super) fn upload(id: UploadId) -> String {
    format!("{UPLOADS}/tus/{id}")
}

/// A material of the API.
pub(super) fn api_material(id: MaterialId) -> String {
    format!("/api/v1/materials/{id}")
}

/// A page of one's account that says what was just done.
pub(super) fn done(page: &str, what: &str) -> String {
    format!("{page}{}", query(&[("da", what)]))
}

/// Where to sign in before going to a page.
pub(super) fn sign_in(back: &str) -> String {
    format!("/dang-nhap{}", query(&[("ve", back)]))
}

/// Where the second step of signing in is taken.
pub(super) fn second_step(back: &str) -> String {
    format!("/dang-nhap/buoc-hai{}", query(&[("ve", back)]))
}

/// An account as managers see it.
pub(super) fn account(id: AccountId) -> String {
    format!("{ACCOUNTS}/{id}")
}

/// A part of the list of accounts.
pub(super) fn accounts(parameters: &[(&str, &str)]) -> String {
    format!("{ACCOUNTS}{}", query(parameters))
}

/// A part of an audit trail; `of` is the parameter that says whose, with its value.
pub(super) fn audit(of: Option<(&str, &str)>, before: Option<u64>) -> String {
    let before = before.map(|revision| revision.to_string());
    let mut parameters: Vec<(&str, &str)> = of.into_iter().collect();
    parameters.extend(before.as_deref().map(|revision| ("truoc", revision)));
    format!("{AUDIT}{}", query(&parameters))
}

/// What a licence allows.
pub(super) fn licence(code: &str) -> String {
    format!("/giay-phep#{code}")
}

/// A path on this service; `None` for anything that might lead elsewhere.
pub(super) fn local(path: &str) -> Option<&str> {
    let plain = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
    (plain && path.chars().all(|c| c.is_ascii_graphic() && c != '\\')).then_some(path)
}

/// Where the first administrator is made.
pub fn first_administrator() -> &'static str {
    "/bat-dau"
}

/// Where people begin to sign in at another's identity provider.
pub(super) fn identity_start(back: &str) -> String {
    format!("/dang-nhap/danh-tinh{}", query(&[("ve", back)]))
}

/// Where another's identity provider sends people back to.
pub fn identity_return() -> &'static str {
    "/dang-nhap/danh-tinh/ve"
}

/// Where a one-time code is used.
pub fn one_time_code(code: &str) -> String {
    format!("/mo-tai-khoan/{}", printed_code(code))
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
    match slug.as_str() {
        "" => "hoc-lieu".to_owned(),
        COMPLAIN | PRINT => format!("hoc-lieu-{slug}"),
        _ => slug,
    }
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
            cut: false,
            filters: vec![(Facet::Topic, "agri.rice".to_owned()), (Facet::Year, "2025".to_owned())],
            unread: vec![Facet::Area],
            any_time: true,
            sort: Sort::Newest,
            limit: 0,
            cursor: Some("10".to_owned()),
            exact: false,
        };
        assert_eq!(
            search(&request),
            "/tim?q=l%C3%BAa%20%26%20ng%C3%B4&chu-de=agri.rice&nam=2025&khong-doc=dia-ban&khong-doc=thoi-gian&xep=moi&sau=10"
        );
    }

    #[test]
    fn nothing_leads_to_another_site() {
        assert_eq!(local("/tim?q=a"), Some("/tim?q=a"));
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil",
            "/a\r\nSet-Cookie: x",
            "",
            "/\t/evil",
            "javascript:alert(1)",
        ] {
            assert_eq!(local(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn slugs_are_short_plain_words() {
        assert_eq!(slug("Phòng trừ bệnh đạo ôn: vụ Đông Xuân!"), "phong-tru-benh-dao-on-vu-dong-xuan");
        assert_eq!(slug("ລາວ"), "hoc-lieu");
        assert_eq!(slug("Phản ánh"), "hoc-lieu-phan-anh", "that address is taken");
        assert!(slug(&"dài ".repeat(100)).len() <= MAX_SLUG_CHARS);
    }
}
