//! A class as schema.org's `Course` with its `CourseInstance` and an `Event` for each meeting.

use serde_json::{Value, json};

/// What is told of a class.
#[derive(Debug, Clone, Default)]
pub struct Instance {
    pub address: String,
    pub name: String,
    pub description: String,
    pub provider: String,
    pub provider_address: String,
    /// Who has the class together with the provider.
    pub partners: Vec<String>,
    /// BCP 47.
    pub languages: Vec<String>,
    pub topics: Vec<String>,
    pub audiences: Vec<String>,
    pub capacity: Option<u32>,
    pub occasions: Vec<Occasion>,
}

/// One meeting.
#[derive(Debug, Clone, Default)]
pub struct Occasion {
    /// RFC 3339.
    pub starts_at: String,
    pub ends_at: String,
    /// `EventScheduled`, `EventRescheduled` or `EventCancelled`.
    pub status: &'static str,
    /// When it was to begin before it was moved.
    pub previous_start: Option<String>,
    pub place: Option<String>,
    pub address: String,
    /// Latitude and longitude.
    pub geo: Option<(f64, f64)>,
    pub speakers: Vec<String>,
}

/// JSON-LD that may stand inside a page: `<` is escaped.
pub fn course(class: &Instance) -> String {
    let provider = json!({"@type": "Organization", "name": class.provider, "url": class.provider_address});
    let partners = class.partners.iter().map(|name| json!({"@type": "Organization", "name": name}));
    let organisers: Vec<Value> = std::iter::once(provider.clone()).chain(partners).collect();
    let mut instance = json!({
        "@type": "CourseInstance",
        "name": class.name,
        "url": class.address,
        "courseMode": "onsite",
        "inLanguage": class.languages,
        "organizer": organisers,
        "isAccessibleForFree": true,
    });
    let standing = || class.occasions.iter().filter(|one| one.status != "EventCancelled");
    let mut add = |name: &str, wanted: Option<Value>| {
        if let Some(wanted) = wanted {
            instance[name] = wanted;
        }
    };
    add("startDate", standing().next().map(|one| json!(one.starts_at)));
    add("endDate", standing().next_back().map(|one| json!(one.ends_at)));
    add("maximumAttendeeCapacity", class.capacity.map(|seats| json!(seats)));
    let events: Vec<Value> = class.occasions.iter().map(|one| event(class, one, &organisers)).collect();
    add("subEvent", Some(Value::from(events)));
    let audiences = class.audiences.iter().map(|name| json!({"@type": "Audience", "audienceType": name}));
    let value = json!({
        "@context": "https://schema.org",
        "@type": "Course",
        "name": class.name,
        "description": class.description,
        "url": class.address,
        "provider": provider,
        "inLanguage": class.languages,
        "about": class.topics,
        "audience": audiences.collect::<Vec<_>>(),
        "hasCourseInstance": instance,
    });
    value.to_string().replace('<', "\\u003c")
}

fn event(class: &Instance, one: &Occasion, organisers: &[Value]) -> Value {
    let mut event = json!({
        "@type": "Event",
        "name": class.name,
        "url": class.address,
        "startDate": one.starts_at,
        "endDate": one.ends_at,
        "eventStatus": format!("https://schema.org/{}", one.status),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "organizer": organisers,
        "performer": one.speakers.iter().map(|name| json!({"@type": "Person", "name": name})).collect::<Vec<_>>(),
    });
    if let Some(previous) = &one.previous_start {
        event["previousStartDate"] = json!(previous);
    }
    if let Some(place) = &one.place {
        event["location"] = json!({"@type": "Place", "name": place, "address": one.address});
        if let Some((latitude, longitude)) = one.geo {
            event["location"]["geo"] = json!({"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude});
        }
    }
    event
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_a_course_with_one_event_a_meeting_and_ends_with_the_last_that_stands() {
        let occasion = |day: &str, status| Occasion {
            starts_at: format!("{day}T19:00:00+07:00"),
            ends_at: format!("{day}T21:00:00+07:00"),
            status,
            place: Some("Nhà văn hóa".to_owned()),
            geo: Some((16.8, 107.1)),
            ..Occasion::default()
        };
        let class = Instance {
            name: "</script>".to_owned(),
            capacity: Some(20),
            occasions: vec![
                occasion("2026-12-01", "EventScheduled"),
                occasion("2026-12-08", "EventRescheduled"),
                occasion("2026-12-15", "EventCancelled"),
            ],
            ..Instance::default()
        };
        let text = course(&class);
        assert!(!text.contains('<'));
        let value: Value = serde_json::from_str(&text).unwrap();
        let instance = &value["hasCourseInstance"];
        assert_eq!(instance["startDate"], "2026-12-01T19:00:00+07:00");
        assert_eq!(instance["endDate"], "2026-12-08T21:00:00+07:00");
        assert_eq!(instance["subEvent"][2]["eventStatus"], "https://schema.org/EventCancelled");
        assert_eq!(instance["subEvent"][0]["location"]["geo"]["latitude"], 16.8);
    }
}
