//! Bounds the nesting of a page before it is parsed: building a tree takes the square of its depth.

use std::borrow::Cow;

/// Elements within more others than this lose their tags, and keep their text.
const DEEPEST: usize = 400;
/// Elements that end without a tag of their own do not nest.
const UNNESTED: [&str; 29] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p",
    "li", "dt", "dd", "option", "optgroup", "thead", "tbody", "tfoot", "tr", "td", "th", "rt", "rp", "colgroup",
];
/// What closes others within these is no markup; what opens some may be, inside a drawing.
const RAW: [&str; 4] = ["script", "style", "textarea", "title"];

/// The page without the tags of elements that are nested too deep.
pub(super) fn bounded(html: &str) -> Cow<'_, str> {
    let mut open: Vec<&str> = Vec::new();
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(tag) = next_tag(html, at) {
        at = tag.end;
        let raw = open.iter().rfind(|name| is_one_of(name, &RAW));
        let known = open.iter().rposition(|name| name.eq_ignore_ascii_case(tag.name));
        match known {
            _ if !tag.closes && open.len() < DEEPEST => {
                open.push(tag.name);
                continue;
            }
            Some(place) if tag.closes => {
                if raw.is_none_or(|raw| raw.eq_ignore_ascii_case(tag.name)) {
                    open.truncate(place);
                }
                continue;
            }
            _ if raw.is_some() && tag.closes => continue,
            _ => {}
        }
        // It opens one element too many, or closes what is not open.
        out.push_str(html.get(copied..tag.start).unwrap_or_default());
        copied = tag.end;
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// A tag of an element that nests.
struct Tag<'a> {
    name: &'a str,
    start: usize,
    end: usize,
    closes: bool,
}

/// The next such tag from a place on, outside of comments.
fn next_tag(html: &str, mut at: usize) -> Option<Tag<'_>> {
    loop {
        let start = at + html.get(at..)?.find('<')?;
        let rest = html.get(start + 1..)?;
        if let Some(comment) = rest.strip_prefix("!--") {
            let is_empty = comment.starts_with('>') || comment.starts_with("->");
            at = start + 4 + if is_empty { 0 } else { comment.find("-->")? };
            continue;
        }
        let closes = rest.starts_with('/');
        let name = rest.get(usize::from(closes)..)?;
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        at = start + 1;
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            at += tag_length(rest)?;
            if !is_one_of(name, &UNNESTED) {
                return Some(Tag { name, start, end: at, closes });
            }
        }
    }
}

/// How far a tag reaches; a sign within the quotes of a value does not end it. None for one that never ends.
fn tag_length(rest: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in rest.char_indices() {
        match quote {
            Some(sign) if c == sign => quote = None,
            Some(_) => {}
            None if c == '>' => return Some(at + 1),
            None if before == '=' && matches!(c, '"' | '\'') => quote = Some(c),
            None => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    None
}

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|other| name.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_pages_stay_as_they_are() {
        let items = "<p>x<li>y".repeat(2_000);
        let page = format!("<html><body>{items}<div title=\"a > b\">a<br>b</div><!-- <div> --><script>a</b</script>");
        assert!(matches!(bounded(&page), Cow::Borrowed(_)));
    }

    #[test]
    fn text_nested_too_deep_is_kept_without_its_tags() {
        for hidden in ["", "</x>", "<!--</div>-->", "<!-->"] {
            let page = format!("{}lúa<p>ngô", format!("<div a='</div>'>{hidden}").repeat(20_000));
            let bounded = bounded(&page);
            assert!(bounded.matches("<div").count() <= DEEPEST, "{hidden}");
            assert!(bounded.contains("lúa") && bounded.ends_with("<p>ngô"), "{hidden}");
        }
    }

    proptest! {
        #[test]
        fn anything_may_stand_in_a_page(html in "[<>/a-c!\\-='\" ]{0,300}") {
            prop_assert!(bounded(&html).len() <= html.len());
        }
    }
}
