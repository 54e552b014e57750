//! Writing all materials out in the form that `import` reads, files included.

use crate::actions::import::LINES_FILE;
use crate::actions::materials::read_page;
use crate::actions::progress::Progress;
use crate::actions::{ActionError, Context};
use crate::domain::file::File;
use crate::domain::id::MaterialId;
use crate::domain::material::{Extraction, Material, State, Version};
use crate::domain::page::{Page, typed};
use crate::store::{self, pages::PageRow};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

/// How many materials are read in one transaction.
const PART: usize = 200;

type Rows = (Material, Version, Vec<File>, Vec<PageRow>);

/// Writes every material into a new or empty folder: what the public sees and, after it, what is newer; blocks. Answers
/// how many versions there were.
///
/// # Errors
/// `Invalid` when the folder has content already; others when a tool or the disk fails.
pub fn export(context: &Context, folder: &Path, progress: &dyn Progress) -> Result<u64, ActionError> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        let reason = format!("Thư mục {} đã có nội dung; hãy chọn thư mục trống.", folder.display());
        return Err(ActionError::Invalid { field: "path", code: "folder-not-empty", reason });
    }
    let mut lines = BufWriter::new(fs::File::create(folder.join(LINES_FILE))?);
    progress.begin("Xuất học liệu", None);
    let (mut after, mut count) = (None, 0);
    loop {
        let part = rows(context, after)?;
        let Some((last, ..)) = part.last() else { break };
        after = Some(last.id);
        for (material, version, files, pages) in part {
            let line = line(context, &material, &version, pages, &files)?;
            serde_json::to_writer(&mut lines, &line).map_err(ActionError::internal)?;
            lines.write_all(b"\n")?;
            for file in &files {
                copy(context, folder, file)?;
            }
            count += 1;
            progress.advance(1);
        }
    }
    lines.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(count)
}

fn rows(context: &Context, after: Option<MaterialId>) -> Result<Vec<Rows>, ActionError> {
    context.store.read_blocking("export.rows", move |tx| {
        let mut found = Vec::new();
        for material in store::materials::list(tx, after, PART)? {
            let id = material.id;
            let numbers: BTreeSet<u32> =
                material.public_version().into_iter().chain([material.latest_version]).collect();
            for number in numbers {
                let Some(version) = store::versions::get(tx, id, number)? else { continue };
                let (files, pages) = (store::files::list(tx, id, number)?, store::pages::list(tx, id, number)?);
                found.push((material.clone(), version, files, pages));
            }
        }
        Ok::<_, ActionError>(found)
    })
}

fn line(
    context: &Context,
    material: &Material,
    version: &Version,
    pages: Vec<PageRow>,
    files: &[File],
) -> Result<Value, ActionError> {
    let mut line = serde_json::to_value(&version.description).map_err(ActionError::internal)?;
    line["material_id"] = json!(material.id);
    line["organisation"] = json!(material.organisation);
    // A version newer than the public one is nobody's to read yet, whatever the material's state.
    let is_newer = material.public_version().is_some_and(|public| public != version.number);
    line["state"] = json!(if is_newer { State::Draft.code() } else { material.state.code() });
    if let Some(id) = &material.external_id {
        line["id"] = json!(id);
    }
    if !files.is_empty() {
        line["files"] = files.iter().map(|file| json!(path(file))).collect();
    }
    // Extracted text is read out of the files again; what was given or put right has no other home.
    let is_given = version.extraction == Extraction::Given;
    let homeless = pages.into_iter().filter(|row| is_given || row.is_corrected());
    let homeless: Vec<Page> = homeless.map(|row| read_page(context, version, row)).collect::<Result<_, _>>()?;
    if is_given || !homeless.is_empty() {
        line["pages"] = homeless.iter().map(if is_given { page } else { corrected }).collect();
    }
    Ok(line)
}

fn page(page: &Page) -> Value {
    // Blank lines part paragraphs, as the import reads them.
    let paragraphs: Vec<String> = page.blocks.iter().map(crate::domain::page::Block::text).collect();
    let mut value = json!({ "text": paragraphs.join("\n\n") });
    if let Some(heading) = &page.heading {
        value["heading"] = json!(heading);
    }
    if let Some(label) = &page.label {
        value["id"] = json!(label);
    }
    value
}

/// A page that a person put right, among pages that are read out of the file.
fn corrected(corrected: &Page) -> Value {
    let mut value = page(corrected);
    value["text"] = json!(typed::write(&corrected.blocks));
    value["number"] = json!(corrected.number);
    value["origin"] = json!(corrected.origin);
    value
}

/// Where a file lies in the export: one folder for each, so that equal names do not meet.
fn path(file: &File) -> String {
    format!("files/{}/{}", file.id, file.name)
}

fn copy(context: &Context, folder: &Path, file: &File) -> Result<(), ActionError> {
    let target = folder.join(path(file));
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut out = fs::File::create(target)?;
    context.blobs.copy_to(&file.blob, &mut out)?;
    Ok(())
}
