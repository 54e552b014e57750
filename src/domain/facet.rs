//! What a search may be narrowed by.

/// A property of materials that results are counted and narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    Topic,
    Organisation,
    Area,
    Kind,
    Language,
    Level,
    Audience,
    Year,
}

/// Stands in [`Facet::Area`] for materials that are about no area in particular, or about the whole province: they are for
/// everywhere.
pub const EVERYWHERE: &str = "everywhere";

impl Facet {
    /// Every facet, in the order of the result page.
    pub const ALL: [Self; 8] = [
        Self::Topic,
        Self::Organisation,
        Self::Kind,
        Self::Area,
        Self::Audience,
        Self::Level,
        Self::Language,
        Self::Year,
    ];

    /// The facet's name in the index and the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Organisation => "organisation",
            Self::Area => "area",
            Self::Kind => "kind",
            Self::Language => "language",
            Self::Level => "level",
            Self::Audience => "audience",
            Self::Year => "year",
        }
    }

    /// Finds the facet with a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.code() == code)
    }
}
