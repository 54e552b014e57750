//! The names of areas and organisations that a query may hold, old and new, as the catalogue knows them.

use super::words::{Word, plain, words};
use crate::domain::area::{Area, AreaLevel};
use crate::domain::catalogue::Catalogue;
use crate::domain::id::{AreaId, OrganisationId};
use crate::domain::organisation::{Organisation, OrganisationKind};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Names that are also everyday words.
const ORDINARY: &str = include_str!("ordinary.txt");
/// The name of an organisation is also known without its province from so many words on.
const TELLING_WORDS: usize = 3;
/// The most letters of an abbreviation, as one word.
const MAX_ABBREVIATION: usize = 24;

/// Every name, by its form without marks.
#[derive(Debug, Default)]
pub struct Names {
    areas: HashMap<String, Vec<AreaName>>,
    organisations: HashMap<String, OrganisationName>,
    /// Abbreviations written as one word, such as `sonnptnt`.
    abbreviations: HashMap<String, OrganisationName>,
    /// The most words of a name.
    longest: usize,
    ordinary: HashSet<String>,
}

/// An area under its bare name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct AreaName {
    pub(super) id: AreaId,
    pub(super) name: String,
    pub(super) words: Vec<Word>,
    pub(super) level: AreaLevel,
    pub(super) full_name: String,
    pub(super) exists: bool,
    pub(super) parent: Option<AreaId>,
    /// The areas of today that cover it.
    pub(super) today: BTreeSet<AreaId>,
}

/// What leads to one set of organisations.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct OrganisationName {
    pub(super) words: Vec<Word>,
    /// The organisations of today behind the name.
    pub(super) today: BTreeSet<OrganisationId>,
}

impl Names {
    /// Takes the names out of a catalogue.
    pub fn of(catalogue: &Catalogue) -> Self {
        let mut names = Self { ordinary: ordinary(), ..Self::default() };
        for area in catalogue.areas().filter(|area| area.level != AreaLevel::Village) {
            names.add_area(catalogue, area);
        }
        let provinces: Vec<Vec<Word>> =
            catalogue.areas().filter(|area| area.level == AreaLevel::Province).map(|area| words(&area.name)).collect();
        let mut organisations = Organisations::default();
        for organisation in
            catalogue.organisations().filter(|organisation| organisation.kind != OrganisationKind::System)
        {
            organisations.add(catalogue, organisation, &provinces);
        }
        names.organisations = organisations.full.clear_ones();
        names.abbreviations = organisations.short.clear_ones();
        let lengths = names.areas.values().flatten().map(|name| name.words.len());
        names.longest = lengths.chain(names.organisations.values().map(|name| name.words.len())).max().unwrap_or(0);
        names
    }

    fn add_area(&mut self, catalogue: &Catalogue, area: &Area) {
        let former = area.former_names.iter().map(|former| (&former.name, false));
        for (text, in_use) in former.chain([(&area.name, area.valid_to.is_none())]) {
            let name = AreaName {
                id: area.id.clone(),
                name: text.clone(),
                level: area.level,
                full_name: area.full_name.clone(),
                exists: in_use,
                parent: area.parent.clone(),
                today: catalogue.areas_today(&area.id),
                words: words(text),
            };
            self.areas.entry(plain(&name.words)).or_default().push(name);
        }
    }

    /// The most words of a name.
    pub(super) const fn longest(&self) -> usize {
        self.longest
    }

    /// The areas whose bare name some typed words may be.
    pub(super) fn areas(&self, typed: &[Word]) -> Vec<&AreaName> {
        let found = self.areas.get(&plain(typed)).map_or(&[][..], Vec::as_slice);
        found.iter().filter(|name| may_be(typed, &name.words)).collect()
    }

    /// The organisations that some typed words may name, in full, in part or by an abbreviation.
    pub(super) fn organisation(&self, typed: &[Word]) -> Option<&OrganisationName> {
        let full = self.organisations.get(&plain(typed)).filter(|name| may_be(typed, &name.words));
        full.or_else(|| {
            let letters: String = typed.iter().map(|word| word.plain.as_str()).collect();
            self.abbreviations.get(&letters).filter(|_| letters.len() <= MAX_ABBREVIATION)
        })
    }

    /// Whether a name, as it was typed, is rather everyday words.
    pub(super) fn is_ordinary(&self, typed: &[Word], name: &[Word]) -> bool {
        let lacks_marks = typed.iter().zip(name).any(|(typed, name)| typed.lacks_marks_of(name));
        let unmarked = typed.iter().all(|word| !word.has_marks);
        let with_marks: String = name.iter().map(|word| word.marked_form().to_owned() + " ").collect();
        self.ordinary.contains(with_marks.trim_end())
            || (lacks_marks || unmarked) && self.ordinary.contains(&format!("?{}", plain(name)))
    }
}

fn may_be(typed: &[Word], name: &[Word]) -> bool {
    typed.len() == name.len() && typed.iter().zip(name).all(|(typed, name)| typed.may_be(name))
}

/// The lines of the table; those without marks are told by a question mark.
fn ordinary() -> HashSet<String> {
    let lines = ORDINARY.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let line = |line: &str| {
        let words = words(line);
        if words.iter().any(|word| word.has_marks) {
            words.iter().map(Word::marked_form).collect::<Vec<_>>().join(" ")
        } else {
            format!("?{}", plain(&words))
        }
    };
    lines.filter(|line| !line.is_empty()).map(line).collect()
}

/// Ways to name organisations while they are gathered.
#[derive(Default)]
struct Organisations {
    full: Ways,
    short: Ways,
}

/// Each way of naming with all sets of organisations that it leads to.
#[derive(Default)]
struct Ways(BTreeMap<String, (Vec<Word>, BTreeSet<BTreeSet<OrganisationId>>)>);

impl Ways {
    fn add(&mut self, form: String, words: &[Word], today: &BTreeSet<OrganisationId>) {
        self.0.entry(form).or_insert_with(|| (words.to_vec(), BTreeSet::new())).1.insert(today.clone());
    }

    /// Those that lead to one set only.
    fn clear_ones(self) -> HashMap<String, OrganisationName> {
        let clear = self.0.into_iter().filter_map(|(form, (words, sets))| {
            let mut sets = sets.into_iter();
            let today = sets.next()?;
            sets.next().is_none().then_some((form, OrganisationName { words, today }))
        });
        clear.collect()
    }
}

impl Organisations {
    fn add(&mut self, catalogue: &Catalogue, organisation: &Organisation, provinces: &[Vec<Word>]) {
        let today: BTreeSet<OrganisationId> =
            catalogue.organisation_successors_today(&organisation.id).into_iter().collect();
        if today.is_empty() {
            return;
        }
        for name in &organisation.names {
            // What stands in brackets tells organisations of one name apart.
            let name_words = words(name.name.split('(').next().unwrap_or_default());
            for way in ways(&name_words, organisation.kind, provinces) {
                self.full.add(plain(&way), &way, &today);
            }
            if let Some(short) = &name.short_name {
                let short = words(short);
                self.short.add(short.iter().map(|word| word.plain.as_str()).collect(), &short, &today);
            }
        }
    }
}

/// The ways in which people say an organisation's name: whole, without its province, begun, begun and with its province.
fn ways(name: &[Word], kind: OrganisationKind, provinces: &[Vec<Word>]) -> Vec<Vec<Word>> {
    let mut ways = vec![name.to_vec()];
    let place = provinces.iter().find(|place| ends_with(name, place)).map_or(&[][..], Vec::as_slice);
    let own = name.get(..name.len() - place.len()).unwrap_or_default();
    let base = match own {
        [base @ .., level] if !place.is_empty() && level.plain == "tinh" => base,
        whole => whole,
    };
    let begun_from = match kind {
        OrganisationKind::Department => TELLING_WORDS,
        OrganisationKind::SubDepartment => TELLING_WORDS + 1,
        _ => usize::MAX,
    };
    for length in 1..=base.len() {
        let begun = base.get(..length).unwrap_or_default();
        if length >= begun_from || length == base.len() && length >= TELLING_WORDS {
            ways.push(begun.to_vec());
        }
        if !place.is_empty() {
            ways.push([begun, place].concat());
        }
    }
    if own.len() > base.len() {
        ways.push(own.to_vec());
    }
    ways
}

fn ends_with(name: &[Word], place: &[Word]) -> bool {
    let tail = name.len().checked_sub(place.len()).and_then(|from| name.get(from..)).unwrap_or_default();
    !place.is_empty() && tail.len() < name.len() && may_be(tail, place)
}
