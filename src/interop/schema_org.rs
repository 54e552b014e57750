//! A material as schema.org's `LearningResource`, for search engines.

use serde_json::{Value, json};

/// What is told of a material.
#[derive(Debug, Clone, Default)]
pub struct Resource {
    pub address: String,
    pub name: String,
    pub description: String,
    pub publisher: String,
    pub topics: Vec<String>,
    /// BCP 47.
    pub languages: Vec<String>,
    /// As `2026-11-23`.
    pub date_published: Option<String>,
    /// The last day of its validity, as `2026-11-23`.
    pub expires: Option<String>,
    /// That it has had its day: `expired` or `replaced`.
    pub status: Option<String>,
    /// A Creative Commons licence such as `CC-BY-4.0`.
    pub licence: Option<String>,
    pub level: Option<String>,
    pub audiences: Vec<String>,
    /// Address and media type of each file.
    pub files: Vec<(String, String)>,
}

/// JSON-LD that may stand inside a page: `<` is escaped.
pub fn learning_resource(resource: &Resource) -> String {
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": resource.name,
        "url": resource.address,
        "publisher": {"@type": "Organization", "name": resource.publisher},
        "inLanguage": resource.languages,
        "about": resource.topics,
        "isAccessibleForFree": true,
    });
    let mut add = |name: &str, wanted: Option<Value>| {
        if let Some(wanted) = wanted {
            value[name] = wanted;
        }
    };
    add("description", Some(&resource.description).filter(|text| !text.is_empty()).map(|text| json!(text)));
    add("datePublished", resource.date_published.as_ref().map(|day| json!(day)));
    add("expires", resource.expires.as_ref().map(|day| json!(day)));
    add("creativeWorkStatus", resource.status.as_ref().map(|status| json!(status)));
    add("license", resource.licence.as_deref().and_then(licence_address).map(|address| json!(address)));
    add("educationalLevel", resource.level.as_ref().map(|level| json!(level)));
    let audiences = resource.audiences.iter().map(|name| json!({"@type": "Audience", "audienceType": name}));
    add("audience", Some(audiences.collect::<Vec<_>>()).filter(|list| !list.is_empty()).map(Value::from));
    let files = resource.files.iter();
    let files = files.map(|(url, kind)| json!({"@type": "MediaObject", "contentUrl": url, "encodingFormat": kind}));
    add("encoding", Some(files.collect::<Vec<_>>()).filter(|list| !list.is_empty()).map(Value::from));
    value.to_string().replace('<', "\\u003c")
}

/// The address of a licence's text.
fn licence_address(code: &str) -> Option<String> {
    let rest = code.strip_prefix("CC-")?.to_ascii_lowercase();
    let (kind, version) = rest.rsplit_once('-')?;
    Some(format!("https://creativecommons.org/licenses/{kind}/{version}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_title_cannot_end_the_script() {
        let resource = Resource {
            name: "</script><b>".to_owned(),
            licence: Some("CC-BY-SA-4.0".to_owned()),
            ..Resource::default()
        };
        let text = learning_resource(&resource);
        assert!(!text.contains('<'));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["name"], "</script><b>");
        assert_eq!(value["license"], "https://creativecommons.org/licenses/by-sa/4.0/");
    }
}
