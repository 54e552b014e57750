//! Reads areas and organisations out of a query: longest names first, old and new, with marks or without.
//!
//! What is read here is a guess with a strength; `narrow` decides what comes of it.
//!
//! * A name is **said** when a word tells that a place is meant: a kind before it (xã, huyện, thị trấn …), or "ở", "tại",
//!   "địa bàn". Names of one syllable, numbers and names that are also everyday words (`ordinary.txt`) are read only with
//!   their kind: "văn hóa" is culture, "xã Văn Hóa" was a commune.
//! * It is **plain** when it stands alone and its marks are as the catalogue writes them (hỏi and ngã are one).
//! * It is **weak** when it was typed without marks: "cua tung" is Cửa Tùng, and "của từng".
//! * An organisation is plain at the beginning or the end of the query or after "của", "do", "từ", "theo": the query then
//!   asks for what it has published. After "cho", "ở", "gửi" … or in the middle it is weak: the query then asks about it.
//! * Between quotation marks and after a minus nothing is read.
//!
//! The province as a whole is never read: the whole library is about it.

use super::names::{AreaName, Names, OrganisationName};
use super::words::{Word, words};
use crate::domain::area::AreaLevel;
use crate::domain::catalogue::Catalogue;
use crate::domain::facet::Facet;
use crate::domain::id::AreaId;
use crate::domain::organisation::Organisation;
use crate::search::syllables;
use std::collections::BTreeSet;
use std::ops::Range;

/// In longer queries nothing is read: they are texts, not wishes.
const MAX_WORDS: usize = 40;

/// Words that tell what kind of area follows.
const KINDS: [(&str, AreaLevel); 10] = [
    ("thị trấn", AreaLevel::Commune),
    ("đặc khu", AreaLevel::Commune),
    ("phường", AreaLevel::Commune),
    ("xã", AreaLevel::Commune),
    ("thành phố", AreaLevel::District),
    ("thị xã", AreaLevel::District),
    ("huyện", AreaLevel::District),
    ("tp", AreaLevel::District),
    ("tx", AreaLevel::District),
    ("tỉnh", AreaLevel::Province),
];
/// Words that tell that a place follows.
const PLACES: [&str; 3] = ["địa bàn", "ở", "tại"];
/// Words that tell that a publisher follows.
const BY: [&str; 4] = ["của", "do", "từ", "theo"];
/// Words after which an organisation is spoken of, not heard.
const TO: [&str; 10] = ["cho", "ở", "tại", "với", "gửi", "đến", "tới", "lên", "vào", "về"];

/// How sure it is that a name is meant; the least is surest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    Said,
    Plain,
    Weak,
}

/// A name as it stands in a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spoken {
    /// As typed.
    pub(super) typed: String,
    /// As the catalogue writes it, where that is known.
    pub(super) written: Option<String>,
    /// Its words, with their marks.
    pub(super) words: Vec<Word>,
}

impl Spoken {
    /// The catalogue's spelling, where another was typed.
    pub(super) fn respelled(&self) -> Option<&str> {
        let keys = |text: &str| syllables(text).into_iter().map(|word| word.key.to_string()).collect::<Vec<_>>();
        self.written.as_deref().filter(|written| keys(written) != keys(&self.typed))
    }

    /// Whether its spelling is sure: the catalogue's is known, or it was typed with all its marks.
    pub(super) fn is_known(&self) -> bool {
        let typed = words(&self.typed);
        self.written.is_some() || !typed.iter().zip(&self.words).any(|(typed, name)| typed.lacks_marks_of(name))
    }
}

/// A name in a query, as a filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// `Area` or `Organisation`.
    pub(super) facet: Facet,
    /// Alternatives of the filter.
    pub(super) values: Vec<String>,
    /// What it was read as, for people.
    pub(super) label: String,
    /// The one area or organisation that tells most about it.
    pub(super) page: String,
    /// The words that it was read from, as typed.
    pub(super) typed: String,
    pub(super) strength: Strength,
    pub(super) names: Vec<Spoken>,
    /// What leaves the query with it: the name, its kind, the word that leads to it.
    pub(super) cut: Vec<Range<usize>>,
}

impl Reading {
    /// The values as filters of a search.
    pub(super) fn filters(&self) -> impl Iterator<Item = (Facet, String)> {
        self.values.iter().map(|value| (self.facet, value.clone()))
    }
}

/// Reads at most one filter by area and one by organisation; facets in `unread` are left alone.
pub(super) fn read(names: &Names, catalogue: &Catalogue, query: &str, unread: &[Facet]) -> Vec<Reading> {
    let typed = words(query);
    if typed.len() > MAX_WORDS {
        return Vec::new();
    }
    let reader = Reader { names, catalogue, query, literal: literal(query, &typed), typed: &typed };
    let (areas, organisations) = reader.scan();
    let area = reader.area(areas).filter(|_| !unread.contains(&Facet::Area));
    let organisation = reader.organisation(organisations).filter(|_| !unread.contains(&Facet::Organisation));
    area.into_iter().chain(organisation).collect()
}

/// The query without what some readings took out of it.
pub(super) fn rest(query: &str, readings: &[&Reading]) -> String {
    let cuts: Vec<Range<usize>> = readings.iter().flat_map(|reading| reading.cut.iter().cloned()).collect();
    without(query, &cuts)
}

/// A text without some of its parts, tidied.
pub(super) fn without(query: &str, cuts: &[Range<usize>]) -> String {
    let mut cuts = cuts.to_vec();
    cuts.sort_by_key(|cut| cut.start);
    let (mut kept, mut at) = (String::new(), 0);
    for cut in cuts {
        kept.push_str(query.get(at..cut.start).unwrap_or_default());
        kept.push(' ');
        at = at.max(cut.end);
    }
    kept.push_str(query.get(at..).unwrap_or_default());
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    kept.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '.' | '-' | '–' | '(' | ')'))
        .to_owned()
}

/// Which words stand between quotation marks or after a minus.
fn literal(query: &str, typed: &[Word]) -> Vec<bool> {
    let is_literal = |word: &Word| {
        let before = query.get(..word.place.start).unwrap_or_default();
        let quotes = before.chars().filter(|c| matches!(c, '"' | '“' | '”' | '„')).count();
        let piece = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        quotes % 2 == 1 || piece.starts_with(['-', '−'])
    };
    typed.iter().map(is_literal).collect()
}

struct Reader<'a> {
    names: &'a Names,
    catalogue: &'a Catalogue,
    query: &'a str,
    typed: &'a [Word],
    literal: Vec<bool>,
}

/// Areas of one name at a place of the query.
struct AreaMatch<'a> {
    span: Range<usize>,
    /// With the words that lead to it.
    whole: Range<usize>,
    strength: Strength,
    level: Option<AreaLevel>,
    found: Vec<&'a AreaName>,
}

struct OrganisationMatch<'a> {
    whole: Range<usize>,
    span: Range<usize>,
    strength: Strength,
    found: &'a OrganisationName,
}

impl<'a> Reader<'a> {
    /// Every name from left to right, the longest at each place; none overlaps another.
    fn scan(&self) -> (Vec<AreaMatch<'a>>, Vec<OrganisationMatch<'a>>) {
        let (mut areas, mut organisations) = (Vec::new(), Vec::new());
        let (mut at, mut free) = (0, 0);
        while at < self.typed.len() {
            let longest = self.names.longest().min(self.typed.len() - at);
            let spans = (1..=longest).rev().map(|length| at..at + length);
            let mut spans = spans.filter(|span| !self.literal.get(span.clone()).unwrap_or_default().contains(&true));
            let end = spans.find_map(|span| {
                let end = span.end;
                if let Some(organisation) = self.organisation_at(span.clone(), free) {
                    organisations.push(organisation);
                    return Some(end);
                }
                areas.push(self.area_at(span, free)?);
                Some(end)
            });
            at = end.unwrap_or(at + 1);
            free = end.unwrap_or(free);
        }
        (areas, organisations)
    }

    fn words(&self, span: &Range<usize>) -> &'a [Word] {
        self.typed.get(span.clone()).unwrap_or_default()
    }

    /// Where a phrase begins that ends before `end` and not before `free`; marks that were typed must agree.
    fn phrase_before(&self, phrase: &str, end: usize, free: usize) -> Option<usize> {
        let phrase = words(phrase);
        let start = end.checked_sub(phrase.len()).filter(|start| *start >= free)?;
        let typed = self.words(&(start..end));
        typed.iter().zip(&phrase).all(|(typed, word)| typed.may_be(word)).then_some(start)
    }

    fn area_at(&self, span: Range<usize>, free: usize) -> Option<AreaMatch<'a>> {
        let typed = self.words(&span);
        let found = self.names.areas(typed);
        let name = &found.first()?.words;
        let kind = KINDS.iter().find_map(|(kind, level)| Some((self.phrase_before(kind, span.start, free)?, *level)));
        let start = kind.map_or(span.start, |(start, _)| start);
        let place = PLACES.iter().find_map(|place| self.phrase_before(place, start, free));
        let short = span.len() == 1;
        // "cấp xã thuận tiện" does not speak of the former commune of Thuận.
        let ends = self.typed.get(span.end).is_none_or(|next| self.follows_a_comma(next));
        let strength = match kind {
            Some(_) if !short || ends => Strength::Said,
            _ if short || self.names.is_ordinary(typed, name) => return None,
            _ if place.is_some() => Strength::Said,
            _ if self.is_unmarked(typed, name) => Strength::Weak,
            _ => Strength::Plain,
        };
        let level = kind.map(|(_, level)| level);
        Some(AreaMatch { whole: place.unwrap_or(start)..span.end, span, strength, level, found })
    }

    fn follows_a_comma(&self, word: &Word) -> bool {
        self.query.get(..word.place.start).is_some_and(|before| before.trim_end().ends_with([',', ';']))
    }

    /// Whether a name was typed without its marks, or by someone who types none.
    fn is_unmarked(&self, typed: &[Word], name: &[Word]) -> bool {
        let lacks = typed.iter().zip(name).any(|(typed, name)| typed.lacks_marks_of(name));
        lacks || self.typed.iter().all(|word| !word.has_marks)
    }

    fn organisation_at(&self, span: Range<usize>, free: usize) -> Option<OrganisationMatch<'a>> {
        let typed = self.words(&span);
        let found = self.names.organisation(typed)?;
        if self.names.is_ordinary(typed, &found.words) {
            return None;
        }
        let before = |phrases: &[&str]| phrases.iter().find_map(|word| self.phrase_before(word, span.start, free));
        let (by, to) = (before(&BY), before(&TO));
        let at_an_end = span.start == 0 || span.end == self.typed.len();
        let telling = span.len() > 2 || !self.is_unmarked(typed, &found.words);
        let plain = telling && to.is_none() && (by.is_some() || at_an_end);
        let strength = if plain { Strength::Plain } else { Strength::Weak };
        Some(OrganisationMatch { whole: by.or(to).unwrap_or(span.start)..span.end, span, strength, found })
    }

    fn text(&self, span: &Range<usize>) -> String {
        let place = self.place(span);
        self.query.get(place).unwrap_or_default().to_owned()
    }

    fn place(&self, span: &Range<usize>) -> Range<usize> {
        let words = self.words(span);
        let start = words.first().map_or(0, |word| word.place.start);
        start..words.last().map_or(start, |word| word.place.end)
    }

    /// Joins what was read of areas: the surest of them, each with the district that it is said to lie in.
    fn area(&self, matches: Vec<AreaMatch<'a>>) -> Option<Reading> {
        let matches = within_districts(matches);
        let surest = matches.iter().map(|one| one.strength).min()?;
        let mut reading = Reading {
            facet: Facet::Area,
            values: Vec::new(),
            label: String::new(),
            page: String::new(),
            typed: String::new(),
            strength: surest,
            names: Vec::new(),
            cut: Vec::new(),
        };
        let (mut values, mut labels, mut typed) = (BTreeSet::new(), Vec::new(), Vec::new());
        for one in matches.iter().filter(|one| one.strength == surest) {
            let Some(chosen) = chosen(&one.found, one.level) else { continue };
            values.extend(chosen.iter().flat_map(|area| area.today.iter().chain([&area.id])).map(AreaId::to_string));
            labels.push(self.area_label(&chosen));
            if let (Some(first), true) = (chosen.first(), reading.page.is_empty()) {
                let own = first.level != AreaLevel::Commune || first.exists;
                let page = if own { Some(&first.id) } else { first.today.first() };
                reading.page = page.unwrap_or(&first.id).to_string();
            }
            typed.push(self.text(&one.span));
            reading.names.extend(chosen.first().map(|area| Spoken {
                typed: self.text(&one.span),
                written: Some(area.name.clone()),
                words: area.words.clone(),
            }));
            reading.cut.push(self.place(&one.whole));
        }
        reading.values = values.into_iter().collect();
        reading.label = labels.join("; ");
        reading.typed = typed.join(", ");
        (!reading.values.is_empty()).then_some(reading)
    }

    /// What was read: an area of today by its name, a former one by what it has become.
    fn area_label(&self, chosen: &[&AreaName]) -> String {
        let is_part = |area: &&AreaName| area.level == AreaLevel::Commune;
        if let [first, others @ ..] = chosen
            && (first.exists || !is_part(first))
        {
            let past = if first.exists { "" } else { " cũ" };
            let wider = others.iter().map(|area| format!(" và vùng {} cũ", lower_first(&area.full_name)));
            return format!("{}{past}{}", first.full_name, wider.collect::<String>());
        }
        let today: BTreeSet<&AreaId> = chosen.iter().flat_map(|area| &area.today).collect();
        let names = today.into_iter().filter_map(|id| self.catalogue.area(id)).map(|area| area.full_name.as_str());
        names.collect::<Vec<_>>().join(", ")
    }

    fn organisation(&self, matches: Vec<OrganisationMatch<'a>>) -> Option<Reading> {
        let one = matches.into_iter().min_by_key(|one| one.strength)?;
        let organisations = one.found.today.iter().filter_map(|id| self.catalogue.organisation(id));
        Some(Reading {
            facet: Facet::Organisation,
            values: one.found.today.iter().map(ToString::to_string).collect(),
            label: organisations.map(Organisation::latest_name).collect::<Vec<_>>().join(", "),
            page: one.found.today.first().map(ToString::to_string).unwrap_or_default(),
            typed: self.text(&one.span),
            strength: one.strength,
            names: vec![Spoken { typed: self.text(&one.span), written: None, words: one.found.words.clone() }],
            cut: vec![self.place(&one.whole)],
        })
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// A name followed by that of its former district keeps only the areas that lay there: "Hải Phú, Hải Lăng".
fn within_districts(matches: Vec<AreaMatch<'_>>) -> Vec<AreaMatch<'_>> {
    let mut joined: Vec<AreaMatch<'_>> = Vec::new();
    for next in matches {
        if let Some(last) = joined.last_mut().filter(|last| last.whole.end == next.whole.start) {
            let districts = next.found.iter().filter(|area| area.level == AreaLevel::District);
            let districts: Vec<&AreaId> = districts.map(|district| &district.id).collect();
            let inside = |area: &&&AreaName| area.parent.as_ref().is_some_and(|parent| districts.contains(&parent));
            let inside: Vec<&AreaName> = last.found.iter().filter(inside).copied().collect();
            if !inside.is_empty() {
                last.found = inside;
                last.whole.end = next.whole.end;
                last.strength = last.strength.min(next.strength);
                continue;
            }
        }
        joined.push(next);
    }
    joined
}

/// Which of the areas of one name are meant. A commune of today goes before a former one of the same name; without a kind
/// before it, the former district of the name is meant too. None where the whole province is.
fn chosen<'a>(found: &[&'a AreaName], level: Option<AreaLevel>) -> Option<Vec<&'a AreaName>> {
    let of_level = |level: AreaLevel| found.iter().copied().filter(move |area| area.level == level);
    let is_whole_library = of_level(AreaLevel::Province).any(|area| area.exists);
    if is_whole_library && matches!(level, None | Some(AreaLevel::Province)) {
        return None;
    }
    let communes: Vec<&AreaName> = {
        let today: Vec<&AreaName> = of_level(AreaLevel::Commune).filter(|area| area.exists).collect();
        if today.is_empty() { of_level(AreaLevel::Commune).collect() } else { today }
    };
    let districts: Vec<&AreaName> = of_level(AreaLevel::District).collect();
    let provinces: Vec<&AreaName> = of_level(AreaLevel::Province).collect();
    let chosen = match level {
        Some(AreaLevel::Province) => provinces,
        Some(AreaLevel::District) if !districts.is_empty() => districts,
        Some(_) => communes,
        None if communes.iter().any(|area| area.exists) => [communes, districts].concat(),
        None if !districts.is_empty() => districts,
        None if !communes.is_empty() => communes,
        None => provinces,
    };
    (!chosen.is_empty()).then_some(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actions::seed::catalogue_of_the_seed;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static SEED: LazyLock<(Catalogue, Names)> = LazyLock::new(|| {
        let catalogue = catalogue_of_the_seed();
        let names = Names::of(&catalogue);
        (catalogue, names)
    });

    fn readings(query: &str) -> Vec<Reading> {
        read(&SEED.1, &SEED.0, query, &[])
    }

    /// The one reading of a query, with what is left.
    #[track_caller]
    fn one(query: &str) -> (Reading, String) {
        let found = readings(query);
        assert_eq!(found.len(), 1, "{query}: {found:?}");
        let rest = rest(query, &[&found[0]]);
        (found.into_iter().next().unwrap(), rest)
    }

    #[track_caller]
    fn assert_read(query: &str, typed: &str, (label, strength): (&str, Strength), left: &str) -> Reading {
        let (reading, rest) = one(query);
        assert_eq!(
            (reading.typed.as_str(), reading.label.as_str(), reading.strength),
            (typed, label, strength),
            "{query}"
        );
        assert_eq!(rest, left, "{query}");
        reading
    }

    #[test]
    fn a_former_commune_is_read_as_what_it_has_become() {
        let read = assert_read("lớp học ở Gio Châu", "Gio Châu", ("Xã Gio Linh", Strength::Said), "lớp học");
        assert!(read.values.contains(&"qt.gio-linh".to_owned()), "{read:?}");
        assert_read("lop hoc o xa gio chau", "gio chau", ("Xã Gio Linh", Strength::Said), "lop hoc");
        assert_read("Gio Châu: lúa hè thu", "Gio Châu", ("Xã Gio Linh", Strength::Plain), "lúa hè thu");
    }

    #[test]
    fn places_of_the_queries_that_people_type_are_read_with_their_strength() {
        let said = ("Xã Cửa Tùng", Strength::Said);
        assert_read("lớp học ở Cửa Tùng tháng ni", "Cửa Tùng", said, "lớp học tháng ni");
        assert_read("lam nuoc mam cua tung", "cua tung", ("Xã Cửa Tùng", Strength::Weak), "lam nuoc mam");
        assert_read("ca phe khe sanh tai canh", "khe sanh", ("Xã Khe Sanh", Strength::Weak), "ca phe tai canh");
        assert_read("lop xoa mu chu a doi", "a doi", ("Xã A Dơi", Strength::Weak), "lop xoa mu chu");
        let (read, left) = one("trồng ớt xuất khẩu trieu phong");
        assert_eq!((read.strength, left.as_str()), (Strength::Weak, "trồng ớt xuất khẩu"));
        assert_read("nước mắm Cữa Tùng", "Cữa Tùng", ("Xã Cửa Tùng", Strength::Plain), "nước mắm");
    }

    #[test]
    fn everyday_words_are_no_places() {
        for query in [
            "văn hóa đọc",
            "van hoa doc",
            "an ninh mạng",
            "thuyết tiến hóa",
            "phong thủy nhà ở",
            "nghĩa vụ của từng hộ",
            "ky thuat trong hoa",
            "tranh minh hoa",
            "giao thong duong thuy",
            "lop hoc mo o dau",
            "gio an cua tre",
            "con co nuoi duoc khong",
            "thi dau hai truong",
            "cấp xã thuận tiện",
            "thanh niên khởi nghiệp",
            "lịch sử Quảng Trị",
            "tinh quang tri",
            "lúa ở tỉnh Quảng Trị",
            "ủy ban nhân dân",
            "sở thích của trẻ",
            "hội",
        ] {
            assert_eq!(readings(query), [], "{query}");
        }
    }

    #[test]
    fn a_kind_before_an_everyday_word_makes_it_a_place() {
        assert_read("lớp học xã Văn Hóa", "Văn Hóa", ("Xã Tuyên Hóa", Strength::Said), "lớp học");
        let (read, left) = one("lớp học ở xã Thuận");
        assert_eq!((read.typed.as_str(), left.as_str()), ("Thuận", "lớp học"));
        assert_eq!(one("chợ phường Quảng Trị").0.label, "Phường Quảng Trị");
    }

    #[test]
    fn a_former_district_is_all_that_its_communes_have_become() {
        let read = assert_read("lúa huyện Gio Linh", "Gio Linh", ("Huyện Gio Linh cũ", Strength::Said), "lúa");
        for id in ["qt.gio-linh", "qt.cua-viet", "qt.con-tien", "huyen.gio-linh"] {
            assert!(read.values.contains(&id.to_owned()), "{id}: {read:?}");
        }
        assert!(!read.values.contains(&"qt.cam-lo".to_owned()));
        let (bare, _) = one("lúa Gio Linh");
        assert_eq!(bare.label, "Xã Gio Linh và vùng huyện Gio Linh cũ");
        assert_eq!(one("cá Quảng Bình").0.label, "Tỉnh Quảng Bình cũ");
    }

    #[test]
    fn of_two_places_of_one_name_todays_is_meant_unless_the_district_is_said() {
        let values = |query: &str| one(query).0.values;
        assert_eq!(values("ném Mỹ Thủy"), ["qt.my-thuy"]);
        assert!(values("ném Mỹ Thủy, Lệ Thủy").contains(&"qt.tan-my".to_owned()));
        assert!(!values("ném Mỹ Thủy, Lệ Thủy").contains(&"qt.my-thuy".to_owned()));
        let both = one("ném Hải Phú").0.label;
        let there = one("ném xã Hải Phú huyện Hải Lăng").0.label;
        assert!(both.contains(", ") && both.contains(&there) && !there.contains(", "), "{both} / {there}");
        assert_eq!(one("lúa Gio Linh, Cam Lộ").0.typed, "Gio Linh, Cam Lộ");
    }

    #[test]
    fn organisations_are_read_by_every_name_and_led_to_those_of_today() {
        let agriculture = "Sở Nông nghiệp và Môi trường tỉnh Quảng Trị";
        for typed in ["Sở NN&PTNT", "sở nn và ptnt", "so nnptnt", "sở nông nghiệp", "Sở Nông nghiệp & PTNN tỉnh"]
        {
            let (read, left) = one(&format!("{typed} nuôi lợn"));
            assert_eq!(read.label, agriculture, "{typed}");
            assert!(left.ends_with("nuôi lợn"), "{left}");
        }
        let station = "Báo và Phát thanh, Truyền hình Quảng Trị";
        let read = ("đài quảng bình", (station, Strength::Plain));
        assert_read("đài quảng bình dạy tiếng bru", read.0, read.1, "dạy tiếng bru");
        let of_health = ("Sở Y tế tỉnh Quảng Trị", Strength::Plain);
        assert_read("tài liệu của Sở Y tế về sốt rét", "Sở Y tế", of_health, "tài liệu về sốt rét");
        assert_eq!(one("nộp hồ sơ cho sở tư pháp").0.strength, Strength::Weak, "asked about, not published by");
        assert_eq!(one("Sở LĐTBXH dạy nghề").0.label, "Sở Nội vụ tỉnh Quảng Trị");
    }

    #[test]
    fn a_place_and_an_organisation_are_read_side_by_side() {
        let query = "Hội Nông dân vay vốn ở Cam Lộ";
        let found = readings(query);
        assert_eq!(found.iter().map(|one| one.facet).collect::<Vec<_>>(), [Facet::Area, Facet::Organisation]);
        assert_eq!(rest(query, &found.iter().collect::<Vec<_>>()), "vay vốn");
        let areas = read(&SEED.1, &SEED.0, query, &[Facet::Organisation]);
        assert_eq!(areas.iter().map(|one| one.facet).collect::<Vec<_>>(), [Facet::Area]);
    }

    #[test]
    fn quoted_and_excluded_words_are_left_alone() {
        for query in ["\"Gio Châu\" lúa", "lúa -\"Gio Châu\"", "lúa “ở Gio Châu”", "lúa -Cam Lộ"] {
            assert_eq!(readings(query), [], "{query}");
        }
    }

    proptest! {
        #[test]
        fn anything_may_be_read_and_what_is_left_is_part_of_it(
            parts in proptest::collection::vec(
                prop_oneof![
                    Just("xã"), Just("Gio Châu"), Just("ở"), Just("của"), Just("Sở NN&PTNT"), Just("\""), Just("-"),
                    Just("huyện Hải Lăng"), Just("hải phú"), Just("quảng bình"), Just("lúa"), Just("Đo\u{302}ng Ha\u{300}"),
                ],
                0..9,
            ),
            noise in ".{0,12}",
        ) {
            let query = format!("{} {noise}", parts.join(" "));
            let found = readings(&query);
            let left = rest(&query, &found.iter().collect::<Vec<_>>());
            prop_assert!(left.split_whitespace().all(|word| query.contains(word)), "{left}");
            for reading in &found {
                prop_assert!(!reading.values.is_empty() && !reading.label.is_empty() && !reading.page.is_empty());
                prop_assert!(reading.cut.iter().all(|cut| query.get(cut.clone()).is_some()));
            }
        }
    }

    #[test]
    fn every_line_of_the_table_of_everyday_words_is_a_name_of_the_catalogue() {
        let lines = include_str!("ordinary.txt").lines().map(|line| line.split('#').next().unwrap_or_default().trim());
        for line in lines.filter(|line| !line.is_empty()) {
            let typed = words(line);
            assert!(!SEED.1.areas(&typed).is_empty() || SEED.1.organisation(&typed).is_some(), "{line}");
        }
    }
}
