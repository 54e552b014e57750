//! Reading a title, a summary, a number, a date and an audience out of a text, as people who know such papers would.

use crate::domain::material::Audience;
use crate::domain::page::{Block, Page};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Where official papers say what they are: so many characters from their beginning.
const HEAD_CHARS: usize = 1_500;
/// A summary has so many characters at most.
const SUMMARY_CHARS: usize = 320;
/// A sentence that says something has so many at least.
const SENTENCE_CHARS: usize = 40;
/// A title has so many at most.
const TITLE_CHARS: usize = 250;
/// So often a text must speak of those whom it is for; in its title once is enough.
const MENTIONS: usize = 3;
/// No more audiences than these are proposed.
const MOST_AUDIENCES: usize = 2;

/// What official papers are called; such a heading is no title without the line below it.
const PAPERS: [&str; 13] = [
    "quyết định",
    "thông tư",
    "nghị định",
    "nghị quyết",
    "kế hoạch",
    "hướng dẫn",
    "công văn",
    "thông báo",
    "báo cáo",
    "chỉ thị",
    "tờ trình",
    "quy định",
    "đề án",
];
/// What stands on every official paper and says nothing of this one.
const FORMULAS: [&str; 9] = [
    "cộng hòa xã hội",
    "cộng hoà xã hội",
    "độc lập - tự do",
    "độc lập – tự do",
    "căn cứ ",
    "kính gửi",
    "nơi nhận",
    "số:",
    "mục lục",
];

/// The texts of the first blocks in reading order, one line each.
fn lines(pages: &[Page]) -> impl Iterator<Item = (bool, String)> + '_ {
    pages.iter().take(4).flat_map(|page| &page.blocks).filter_map(|block| match block {
        Block::Table { .. } => None,
        other => Some((matches!(other, Block::Heading { .. }), one_line(&other.text()))),
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The title: the file's own where it is one, else its first heading that says something.
pub(super) fn title(own: Option<&str>, pages: &[Page]) -> Option<String> {
    let own = own.map(one_line).filter(|title| is_title(title) && !is_left_by_a_program(title));
    own.or_else(|| {
        let mut all = lines(pages);
        while let Some((is_heading, line)) = all.next() {
            if !is_heading || is_formula(&line) {
                continue;
            }
            if PAPERS.contains(&line.to_lowercase().as_str()) {
                let about = all.find(|(_, line)| !is_formula(line)).map(|(_, line)| line).unwrap_or_default();
                let title = format!("{} {about}", capitalised(&line.to_lowercase()));
                return Some(title.trim().to_owned()).filter(|title| is_title(title));
            }
            if is_title(&line) {
                return Some(line);
            }
        }
        None
    })
}

fn is_title(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 4 && line.chars().count() <= TITLE_CHARS && line.split(' ').count() >= 2
}

/// Programs that make files write such things where a title should be.
fn is_left_by_a_program(title: &str) -> bool {
    let lower = title.to_lowercase();
    let endings = [".doc", ".docx", ".pdf", ".ppt", ".pptx", ".xls", ".xlsx", ".odt", ".indd", ".cdr", ".pub"];
    lower.starts_with("microsoft ")
        || lower.starts_with("powerpoint ")
        || lower.contains("untitled")
        || lower.starts_with("document")
        || endings.iter().any(|ending| lower.ends_with(ending))
}

fn is_formula(line: &str) -> bool {
    let lower = line.to_lowercase();
    FORMULAS.iter().any(|formula| lower.starts_with(formula))
}

fn capitalised(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map(|first| first.to_uppercase().chain(signs).collect()).unwrap_or_default()
}

/// The first sentences that say something which the title does not.
pub(super) fn summary(title: &str, pages: &[Page]) -> Option<String> {
    let mut summary = String::new();
    for (is_heading, line) in lines(pages) {
        if is_heading || is_formula(&line) || is_shouted(&line) || title.contains(&line) {
            continue;
        }
        for sentence in sentences(&line) {
            let length = sentence.chars().count();
            if length < SENTENCE_CHARS && summary.is_empty() {
                continue;
            }
            if summary.chars().count() + length > SUMMARY_CHARS {
                return Some(summary).filter(|summary| !summary.is_empty()).or_else(|| Some(cut(sentence)));
            }
            if !summary.is_empty() {
                summary.push(' ');
            }
            summary.push_str(sentence);
        }
        if !summary.is_empty() {
            break;
        }
    }
    Some(summary).filter(|summary| !summary.is_empty())
}

/// A sentence that is too long, as far as its last whole word.
fn cut(sentence: &str) -> String {
    let mut words = String::new();
    for word in sentence.split(' ') {
        if words.chars().count() + word.chars().count() >= SUMMARY_CHARS {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words.push('…');
    words
}

/// Parts a line at the marks that end sentences, where a blank and a capital follow.
fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let ends = rest.match_indices(['.', '!', '?', '…']).find(|(at, mark)| {
            let mut after = rest.get(at + mark.len()..).unwrap_or_default().chars();
            after.next().is_none_or(|blank| blank == ' ' && after.next().is_none_or(char::is_uppercase))
        });
        let at = ends.map_or(rest.len(), |(at, mark)| at + mark.len());
        let (sentence, left) = rest.split_at_checked(at)?;
        rest = left.trim_start();
        Some(sentence)
    })
}

/// Whether a line is mostly capitals, as letterheads are.
fn is_shouted(line: &str) -> bool {
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = line.chars().filter(|c| c.is_uppercase()).count();
    capitals * 2 > letters
}

/// The beginning of a text, where official papers say what they are.
fn head(pages: &[Page]) -> String {
    let text = pages.iter().take(2).map(Page::text).collect::<Vec<_>>().join("\n");
    text.chars().take(HEAD_CHARS).collect()
}

/// The paper's own number: the one behind the word `Số`, never one that it refers to.
pub(super) fn document_number(pages: &[Page]) -> Option<String> {
    let head = head(pages).replace(':', " : ");
    let words: Vec<&str> = head.split_whitespace().collect();
    let mut behind = words.iter().enumerate().filter(|(_, word)| word.to_lowercase() == "số");
    behind.find_map(|(at, _)| {
        let rest = words.get(at + 1..)?;
        let rest = rest.strip_prefix(&[":"]).unwrap_or(rest);
        // Blanks around the stroke are common where numbers are filled in by hand.
        let joined = rest.iter().take(3).copied().collect::<Vec<_>>().join(" ").replace(" /", "/").replace("/ ", "/");
        let first = joined.split(' ').next().unwrap_or_default();
        let number = first.trim_matches(|c: char| !c.is_alphanumeric());
        is_number(number).then(|| number.to_owned())
    })
}

/// Digits, perhaps a year, and a symbol of capitals: `12/QĐ-UBND`, `04/2012/TT-BNNPTNT`.
fn is_number(text: &str) -> bool {
    let parts: Vec<&str> = text.split('/').collect();
    let is_digits = |part: &str| (1..=5).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_symbol = |part: &str| {
        part.starts_with(char::is_uppercase)
            && part.chars().count() <= 30
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '–' | '&' | '.'))
    };
    match parts.as_slice() {
        [digits, symbol] => is_digits(digits) && is_symbol(symbol),
        [digits, middle, symbol] => is_digits(digits) && (is_digits(middle) || is_symbol(middle)) && is_symbol(symbol),
        _ => false,
    }
}

/// The day of issue: the first `ngày … tháng … năm …` of the beginning.
pub(super) fn issued_on(pages: &[Page]) -> Option<NaiveDate> {
    let head = head(pages).to_lowercase();
    let words: Vec<&str> = head.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(6).find_map(|words| match words {
        ["ngày", day, "tháng", month, "năm", year] => {
            let year = year.parse().ok().filter(|year| (1945..=2100).contains(year))?;
            NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
        }
        _ => None,
    })
}

/// Whom the text says it is for.
pub(super) fn audiences(title: &str, pages: &[Page]) -> Vec<Audience> {
    let title = title.to_lowercase();
    let text = pages.iter().take(20).map(|page| page.text().to_lowercase()).collect::<Vec<_>>().join("\n");
    let mut counts: BTreeMap<Audience, usize> = BTreeMap::new();
    let lines = include_str!("audiences.tsv").lines().filter(|line| !line.starts_with('#'));
    for (code, phrase) in lines.filter_map(|line| line.split_once('\t')) {
        let Some(audience) = Audience::from_code(code) else { continue };
        let in_title = if title.contains(phrase) { MENTIONS } else { 0 };
        *counts.entry(audience).or_default() += text.matches(phrase).count() + in_title;
    }
    let mut found: Vec<_> = counts.into_iter().filter(|(_, count)| *count >= MENTIONS).collect();
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found.into_iter().take(MOST_AUDIENCES).map(|(audience, _)| audience).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(blocks: &[(&str, &str)]) -> Vec<Page> {
        let block = |(kind, text): &(&str, &str)| match *kind {
            "h" => Block::Heading { level: 1, text: (*text).to_owned() },
            _ => Block::Paragraph { text: (*text).to_owned() },
        };
        let mut page = Page::from_text(1, None, "");
        page.blocks = blocks.iter().map(block).collect();
        vec![page]
    }

    /// An official paper as offices write it.
    fn paper() -> Vec<Page> {
        page(&[
            ("p", "ỦY BAN NHÂN DÂN TỈNH QUẢNG TRỊ"),
            ("p", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"),
            ("p", "Số: 1234 /QĐ-UBND"),
            ("p", "Quảng Trị, ngày 05 tháng 8 năm 2026"),
            ("h", "QUYẾT ĐỊNH"),
            ("p", "Về việc hỗ trợ giống cây trồng vụ Đông Xuân"),
            ("p", "Căn cứ Nghị định số 15/2020/NĐ-CP ngày 03 tháng 02 năm 2020 của Chính phủ;"),
            (
                "p",
                "Hỗ trợ 70 % giá giống lúa, ngô cho hộ nghèo ở các xã bị hạn. Mức hỗ trợ không quá 2 triệu đồng một hộ. Không hỗ trợ hai lần.",
            ),
        ])
    }

    #[test]
    fn an_official_paper_says_its_own_number_and_day_not_those_it_refers_to() {
        assert_eq!(document_number(&paper()).as_deref(), Some("1234/QĐ-UBND"));
        assert_eq!(issued_on(&paper()), NaiveDate::from_ymd_opt(2026, 8, 5));
        let referring = page(&[("p", "Theo Thông tư 04/2012/TT-BNNPTNT thì bà con làm như sau.")]);
        assert_eq!(document_number(&referring), None);
        let full = page(&[("p", "Số 04/2012/TT-BNNPTNT, Hà Nội")]);
        assert_eq!(document_number(&full).as_deref(), Some("04/2012/TT-BNNPTNT"));
    }

    #[test]
    fn letterheads_are_neither_title_nor_summary() {
        let title = title(Some("Microsoft Word - QD 1234.doc"), &paper()).unwrap();
        assert_eq!(title, "Quyết định Về việc hỗ trợ giống cây trồng vụ Đông Xuân");
        let summary = summary(&title, &paper()).unwrap();
        assert!(summary.starts_with("Hỗ trợ 70 % giá giống lúa") && summary.ends_with("hai lần."), "{summary}");
    }

    #[test]
    fn a_summary_ends_at_a_sentence_and_a_number_with_a_point_is_no_end() {
        let line = "Bón 1.5 kg đạm cho một sào. Tưới đủ nước! xong rồi";
        assert_eq!(sentences(line).collect::<Vec<_>>(), ["Bón 1.5 kg đạm cho một sào.", "Tưới đủ nước! xong rồi"]);
        let long = format!("{} hết.", "một câu rất dài ".repeat(40).trim());
        let cut = summary("", &page(&[("p", &long)])).unwrap();
        assert!(cut.chars().count() <= SUMMARY_CHARS + 1 && cut.ends_with('…'), "{cut}");
    }

    #[test]
    fn those_spoken_of_often_or_in_the_title_are_the_audience() {
        let text = page(&[("p", "Nông dân làm đất. Nông dân gieo hạt. Bà con nông dân bón phân. Trẻ em đi học.")]);
        assert_eq!(audiences("", &text), [Audience::Farmer]);
        assert_eq!(audiences("Sổ tay cho ngư dân", &page(&[])), [Audience::Fisher]);
    }
}
