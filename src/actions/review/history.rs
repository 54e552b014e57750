//! Versions set beside each other, and which old ones readers may still see.

use super::told::{Difference, differences};
use super::{name_of_version, visible};
use crate::actions::materials::read_page;
use crate::actions::{ActionError, Context, audit};
use crate::domain::actor::Actor;
use crate::domain::alteration::Alteration;
use crate::domain::id::MaterialId;
use crate::domain::material::Version;
use crate::domain::permission::{Verb, may};
use crate::domain::text::comparison;
use crate::store::pages::PageRow;
use crate::store::{self, ReadTx, WriteTx};

/// Two texts side by side, with the words that differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SideBySide {
    pub rows: Vec<SideRow>,
    /// So many paragraphs are the same in both.
    pub n_same: usize,
    /// Only the beginnings were compared.
    pub cut: bool,
}

/// What stands beside what, as pieces of text with whether each is not in the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SideRow {
    pub left: Vec<(String, bool)>,
    pub right: Vec<(String, bool)>,
    pub same: bool,
}

impl SideBySide {
    /// Compares two texts.
    pub fn of(left: &str, right: &str) -> Self {
        let compared = comparison::compare(left, right);
        let spans = |spans: &[comparison::Span<'_>]| {
            spans.iter().map(|span| (span.text.to_owned(), span.changed)).collect::<Vec<_>>()
        };
        let row = |row: &comparison::Row<'_>| SideRow {
            left: spans(&row.left),
            right: spans(&row.right),
            same: row.is_same(),
        };
        let rows: Vec<SideRow> = compared.rows.iter().map(row).collect();
        Self { n_same: rows.iter().filter(|row| row.same).count(), rows, cut: compared.cut }
    }

    /// Paragraphs that differ; those that are the same are only counted.
    pub fn changed(&self) -> impl Iterator<Item = &SideRow> {
        self.rows.iter().filter(|row| !row.same)
    }
}

/// What changed from one version to another.
#[derive(Debug, Clone)]
pub struct Compared {
    pub title: String,
    pub before: u32,
    pub after: u32,
    pub fields: Vec<Difference>,
    pub text: SideBySide,
}

/// Sets two versions of a material side by side.
///
/// # Errors
/// `NotFound` for what the actor may not see.
pub async fn compare(
    context: &Context,
    actor: &Actor,
    id: MaterialId,
    (before, after): (u32, u32),
) -> Result<Compared, ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let read = move |tx: &dyn ReadTx| {
        visible(tx, &by, id, &catalogue)?;
        let version = |number: u32| -> Result<Rows, ActionError> {
            let found = store::versions::get(tx, id, number)?;
            let version = found.ok_or_else(|| ActionError::missing_material(id))?;
            Ok((version, store::pages::list(tx, id, number)?))
        };
        let (left, right) = (version(before)?, version(after)?);
        Ok::<_, ActionError>((name_of_version(tx, &right.0)?, left, right))
    };
    let (title, left, right) = context.store.read("material.compare", read).await?;
    let (context, catalogue) = (context.clone(), context.catalogue());
    let compared = tokio::task::spawn_blocking(move || {
        let fields = differences(&catalogue, &left.0.description, &right.0.description);
        let text = SideBySide::of(&text(&context, left)?, &text(&context, right)?);
        Ok::<_, ActionError>(Compared { title, before, after, fields, text })
    });
    compared.await?
}

type Rows = (Version, Vec<PageRow>);

/// The whole text of a version, page by page; blocks.
pub(in crate::actions) fn text(context: &Context, (version, rows): Rows) -> Result<String, ActionError> {
    let mut text = String::new();
    for row in rows {
        text.push_str(&read_page(context, &version, row)?.text());
        text.push('\n');
    }
    Ok(text)
}

/// Lets readers see an old version though a later one is public, or no longer.
///
/// # Errors
/// `NotFound` for what the actor may not see, `Forbidden` for who may not publish; `Invalid` for a version that is not
/// older than the one that was published last.
pub async fn keep_readable(
    context: &Context,
    actor: &Actor,
    id: MaterialId,
    (number, readable): (u32, bool),
) -> Result<(), ActionError> {
    let (catalogue, by) = (context.catalogue(), actor.clone());
    let write = move |tx: &mut WriteTx<'_>| {
        let (material, object) = visible(tx, &by, id, &catalogue)?;
        if !may(&by, Verb::Publish, &object) {
            return Err(ActionError::Forbidden);
        }
        let version = store::versions::get(tx, id, number)?.ok_or_else(|| ActionError::missing_material(id))?;
        if material.published_version.is_none_or(|published| number >= published) {
            let reason = "Chỉ phiên bản cũ hơn phiên bản đang công bố mới cần cho đọc riêng.";
            return Err(ActionError::invalid("version", "version-not-old", reason));
        }
        if version.stays_readable != readable {
            store::versions::put(tx, &Version { stays_readable: readable, ..version })?;
            let who = |readable| format!("phiên bản {number}: {}", if readable { "mọi người" } else { "chỉ cán bộ" });
            let told = Alteration::new("stays_readable", &who(!readable), &who(readable));
            audit::record_material(tx, &material, &["version"], vec![told])?;
        }
        Ok(())
    };
    context.store.write("material.keep-readable", context.stamp_by(actor), write).await?;
    Ok(())
}
