//! The blocks of a page as accessible HTML.

use crate::domain::page::{Block, cue as moment};

/// Writes blocks: headings below the page's own, lists grouped, tables with scoped headers, lines of a transcript with
/// a link to the `address` of their moment.
pub(super) fn html(blocks: &[Block], address: impl Fn(u64) -> String) -> String {
    let mut out = String::new();
    let mut list: Option<bool> = None;
    let mut outer = 1;
    for block in blocks {
        let wanted = match block {
            Block::ListItem { ordered, .. } => Some(*ordered),
            _ => None,
        };
        if list != wanted {
            out.push_str(list.map_or("", |ordered| if ordered { "</ol>" } else { "</ul>" }));
            out.push_str(wanted.map_or("", |ordered| if ordered { "<ol>" } else { "<ul>" }));
            list = wanted;
        }
        if let Block::Cue { start_ms, text, .. } = block {
            cue(*start_ms, &address(*start_ms), text, &mut out);
        } else {
            push(block, &mut outer, &mut out);
        }
    }
    out.push_str(list.map_or("", |ordered| if ordered { "</ol>" } else { "</ul>" }));
    out
}

/// Writes one block; a heading goes at most one level below the one before it (`outer`), as readers by ear expect.
fn push(block: &Block, outer: &mut u8, out: &mut String) {
    match block {
        Block::Heading { level, text } => {
            let level = level.saturating_add(1).clamp(2, 6).min(*outer + 1);
            *outer = level;
            element(&format!("h{level}"), "", text, out);
        }
        Block::Paragraph { text } | Block::Cue { text, .. } => element("p", "", text, out),
        Block::ListItem { text, .. } => element("li", "", text, out),
        Block::Table { header, rows } => table(*header, rows, out),
    }
}

fn cue(start_ms: u64, address: &str, text: &str, out: &mut String) {
    let seconds = format!("{}.{:03}", start_ms / 1_000, start_ms % 1_000);
    out.push_str("<p class=\"cue\">");
    element("a", &format!(" href=\"{address}\" data-t=\"{seconds}\""), &moment::label(start_ms), out);
    out.push(' ');
    element("span", "", text, out);
    out.push_str("</p>");
}

fn table(header: bool, rows: &[Vec<String>], out: &mut String) {
    out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Bảng\"><table>");
    for (at, row) in rows.iter().enumerate() {
        out.push_str("<tr>");
        for cell in row {
            if header && at == 0 && !cell.trim().is_empty() {
                element("th", " scope=\"col\"", cell, out);
            } else {
                element("td", "", cell, out);
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</table></div>");
}

fn element(name: &str, attributes: &str, text: &str, out: &mut String) {
    out.push_str(&format!("<{name}{attributes}>"));
    escape(text, out);
    out.push_str(&format!("</{name}>"));
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_transcript_leads_to_its_moment() {
        let cue = Block::Cue { start_ms: 83_450, end_ms: 90_000, text: "rửa <tay>".to_owned() };
        assert_eq!(
            html(&[cue], |at_ms| format!("?t={}", at_ms / 1_000)),
            "<p class=\"cue\"><a href=\"?t=83\" data-t=\"83.450\">1:23</a> <span>rửa &lt;tay&gt;</span></p>"
        );
    }

    #[test]
    fn lists_are_grouped_headings_lowered_and_text_escaped() {
        let item = |ordered, text: &str| Block::ListItem { ordered, level: 0, text: text.to_owned() };
        let blocks = [
            Block::Heading { level: 1, text: "A <b>".to_owned() },
            item(false, "x"),
            item(false, "y"),
            item(true, "z"),
            Block::Table { header: true, rows: vec![vec!["c".to_owned()], vec!["d".to_owned()]] },
        ];
        let out = html(&blocks, |_at| String::new());
        assert!(out.starts_with("<h2>A &lt;b&gt;</h2><ul><li>x</li><li>y</li></ul><ol><li>z</li></ol><div"), "{out}");
        assert!(out.contains("<th scope=\"col\">c</th>") && out.contains("<td>d</td>"));
    }
}
