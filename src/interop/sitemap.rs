//! A list of addresses for search engines.

/// The most addresses of one list, as the format allows.
pub const MAX_ENTRIES: usize = 50_000;

/// Addresses as a sitemap.
pub fn sitemap(addresses: &[String]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for address in addresses.iter().take(MAX_ENTRIES) {
        let address = address.replace('&', "&amp;").replace('<', "&lt;");
        out.push_str(&format!("<url><loc>{address}</loc></url>\n"));
    }
    out.push_str("</urlset>\n");
    out
}
