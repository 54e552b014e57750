//! Checks the store, the files, the index and their agreement, and says what to do.

use crate::actions::progress::Progress;
use crate::actions::space::{self, RoomState};
use crate::actions::vault;
use crate::actions::{ActionError, Context};
use crate::domain::job::{JobState, Work};
use crate::domain::language::Language;
use crate::domain::material::Material;
use crate::extract::Recogniser;
use crate::store::{self, ReadTx};
use std::collections::BTreeSet;
use tokio::runtime::Handle;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether all is well.
    pub good: bool,
    /// What was found, in Vietnamese, and what to do when it is not well.
    pub text: String,
}

impl Finding {
    /// All is well.
    pub fn good(text: String) -> Self {
        Self { good: true, text }
    }

    /// Something is to be done.
    pub fn bad(text: String) -> Self {
        Self { good: false, text }
    }
}

/// How many names of a kind a finding lists.
const SHOWN: usize = 5;

/// Looks at everything; blocks, and must be called from a thread that a runtime gave for blocking.
///
/// # Errors
/// When a part cannot be looked at at all, such as a store that cannot be read.
pub fn examine(context: &Context, progress: &dyn Progress) -> Result<Vec<Finding>, ActionError> {
    let mut findings = vec![store_finding(context)?, row_finding(context, progress)?, catalogue_finding(context)];
    findings.extend(file_findings(context, progress)?);
    findings.push(vault::finding(context)?);
    findings.push(space_finding(context)?);
    findings.push(job_finding(context)?);
    findings.push(reader_finding(context));
    findings.push(recognition_finding(context)?);
    findings.extend(index_findings(context)?);
    Ok(findings)
}

/// How many materials are read in one transaction.
const STEP: usize = 500;

/// Whether every material has its versions, their pages and their files.
fn row_finding(context: &Context, progress: &dyn Progress) -> Result<Finding, ActionError> {
    progress.begin("Kiểm tra kho", None);
    let (mut after, mut read, mut broken) = (None, 0_usize, Vec::new());
    loop {
        let from = after;
        let part = context.store.read_blocking("doctor.rows", move |tx| {
            let part = store::materials::list(tx, from, STEP)?;
            let checked = part.into_iter().map(|material| Ok((material.id, is_whole(tx, &material)?)));
            checked.collect::<Result<Vec<_>, ActionError>>()
        })?;
        let Some((last, _)) = part.last() else { break };
        after = Some(*last);
        read += part.len();
        progress.advance(u64::try_from(part.len()).unwrap_or(u64::MAX));
        broken.extend(part.into_iter().filter(|(_, whole)| !whole).map(|(id, _)| id.to_string()));
    }
    if broken.is_empty() {
        return Ok(Finding::good(format!("Kho: đủ phiên bản, trang và tệp của {read} học liệu.")));
    }
    let shown = broken.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    let text = format!(
        "Kho: {} học liệu thiếu phiên bản, trang hoặc tệp ({shown}). Hãy khôi phục từ bản sao lưu hoặc nhập lại chúng.",
        broken.len()
    );
    Ok(Finding::bad(text))
}

fn is_whole(tx: &dyn ReadTx, material: &Material) -> Result<bool, ActionError> {
    for number in BTreeSet::from_iter([Some(material.latest_version), material.public_version()]).into_iter().flatten()
    {
        let Some(version) = store::versions::get(tx, material.id, number)? else { return Ok(false) };
        let pages = store::pages::list(tx, material.id, number)?;
        if u32::try_from(pages.len()).ok() != Some(version.page_count) {
            return Ok(false);
        }
        for file in &version.files {
            if store::files::get(tx, *file)?.is_none() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Whether files can be read, and what confines the child that reads them.
fn reader_finding(context: &Context) -> Finding {
    let asked = Handle::try_current().map(|runtime| runtime.block_on(context.extractor.confinement()));
    match asked {
        Ok(Ok(layers)) if layers.is_full() => {
            Finding::good("Đọc tệp: tiến trình con bị giam đủ ba lớp (rlimit, landlock, seccomp).".to_owned())
        }
        Ok(Ok(layers)) => {
            let all = [(layers.limits, "rlimit"), (layers.files, "landlock"), (layers.calls, "seccomp")];
            let missing: Vec<_> = all.into_iter().filter(|(holds, _)| !holds).map(|(_, name)| name).collect();
            let missing = missing.join(", ");
            Finding::bad(format!(
                "Đọc tệp: nhân hệ điều hành thiếu lớp giam {missing}. Hãy dùng Linux 5.13 trở lên; đến khi đó chỉ nhập tệp đáng tin."
            ))
        }
        Ok(Err(error)) => Finding::bad(format!("Đọc tệp: {}", error.message_vi())),
        Err(error) => Finding::bad(format!("Đọc tệp: không kiểm tra được ({error}).")),
    }
}

fn store_finding(context: &Context) -> Result<Finding, ActionError> {
    let (schema, revision, materials) = context.store.read_blocking("doctor.store", |tx| {
        let schema = store::meta::schema_version(tx)?;
        Ok::<_, ActionError>((schema, store::log::latest(tx)?, store::materials::count(tx)?.0))
    })?;
    Ok(Finding::good(format!("Kho: lược đồ {schema}, lần ghi thứ {revision}, {materials} học liệu.")))
}

fn catalogue_finding(context: &Context) -> Finding {
    let catalogue = context.catalogue();
    let topics = catalogue.topics_below(None).len();
    let (organisations, areas) = (catalogue.organisations().count(), catalogue.areas().count());
    if topics == 0 || organisations == 0 {
        Finding::good("Danh mục: chưa có chủ đề hoặc cơ quan; `hoclieu seed` nạp danh mục có sẵn.".to_owned())
    } else {
        Finding::good(format!("Danh mục: {topics} nhóm chủ đề, {organisations} cơ quan, {areas} địa bàn."))
    }
}

fn file_findings(context: &Context, progress: &dyn Progress) -> Result<Vec<Finding>, ActionError> {
    let named =
        context.store.read_blocking("doctor.files", |tx| Ok::<_, ActionError>(store::files::blobs_in_use(tx)?))?;
    progress.begin("Kiểm tra tệp", u64::try_from(named.len()).ok());
    let (mut missing, mut damaged) = (Vec::new(), Vec::new());
    for hash in &named {
        match context.blobs.verify(hash) {
            Ok(true) => {}
            Ok(false) => damaged.push(hash.as_str()),
            Err(_) => missing.push(hash.as_str()),
        }
        progress.advance(1);
    }
    let stored: BTreeSet<_> = context.blobs.list()?.into_iter().collect();
    let unused = stored.difference(&named).count();
    let mut findings = Vec::new();
    if missing.is_empty() && damaged.is_empty() {
        findings.push(Finding::good(format!("Tệp: {} tệp, mã băm đều đúng.", named.len())));
    }
    for (list, what) in [(missing, "mất"), (damaged, "hỏng")] {
        if !list.is_empty() {
            let shown = list.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
            let count = list.len();
            let text = format!("Tệp: {count} tệp bị {what} ({shown}). Hãy chép lại thư mục blobs từ bản sao lưu.");
            findings.push(Finding::bad(text));
        }
    }
    if unused > 0 {
        findings
            .push(Finding::good(format!("Tệp: {unused} tệp không còn được dùng (vô hại, còn lại sau lần nhập dở).")));
    }
    Ok(findings)
}

fn space_finding(context: &Context) -> Result<Finding, ActionError> {
    let room = space::room(context)?;
    let words = room.words();
    Ok(match room.state() {
        RoomState::Enough => Finding::good(format!("Ổ đĩa: {words}.")),
        RoomState::Low => Finding::bad(format!("Ổ đĩa: sắp đầy, {words}. Hãy thêm chỗ hoặc dọn bớt.")),
        RoomState::Full => Finding::bad(format!(
            "Ổ đĩa: {words}, ít hơn disk_floor_mb; tệp mới bị từ chối. Hãy thêm chỗ, hoặc hạ disk_floor_mb."
        )),
    })
}

fn job_finding(context: &Context) -> Result<Finding, ActionError> {
    let jobs = context.store.read_blocking("doctor.jobs", |tx| Ok::<_, ActionError>(store::jobs::all(tx)?))?;
    let parked: Vec<_> = jobs.iter().filter(|job| job.state == JobState::Parked).collect();
    if parked.is_empty() {
        return Ok(Finding::good(format!("Việc nền: {} việc đang chờ, không có việc bị treo.", jobs.len())));
    }
    let reason = parked.iter().find_map(|job| job.last_error.clone()).unwrap_or_default();
    let count = parked.len();
    Ok(Finding::bad(format!(
        "Việc nền: {count} việc bị treo sau nhiều lần thử ({reason}). Hãy khắc phục rồi khởi động lại máy chủ: các việc này sẽ được thử lại."
    )))
}

/// Whether scans can be read; what is missing there breaks nothing.
fn recognition_finding(context: &Context) -> Result<Finding, ActionError> {
    let waiting = context.store.read_blocking("doctor.scans", |tx| {
        let mut waiting = Vec::new();
        for job in store::jobs::all(tx)? {
            if let Work::Ocr { material, version } = job.work {
                let version = store::versions::get(tx, material, version)?;
                waiting.push(version.map(|version| version.description.languages).unwrap_or_default());
            }
        }
        Ok::<_, ActionError>(waiting)
    })?;
    let runtime = Handle::try_current().map_err(ActionError::internal)?;
    let (models, lacking) = runtime.block_on(async {
        let mut lacking = BTreeSet::new();
        for languages in waiting.iter().chain([&vec![Language::vietnamese()]]) {
            if let Recogniser::Lacks(packages) = context.extractor.recogniser(languages).await {
                lacking.extend(packages);
            }
        }
        (context.extractor.ocr_models().await, lacking)
    });
    let count = waiting.len();
    let scans = if lacking.is_empty() {
        let models: Vec<String> = models.into_iter().filter(|model| model != "osd").collect();
        format!("Bản quét: đọc được chữ ({}), {count} tệp đang chờ.", models.join(", "))
    } else {
        let packages = lacking.into_iter().collect::<Vec<_>>().join(" ");
        format!("Bản quét: {count} tệp đang chờ; để máy đọc được chữ, hãy cài: apt-get install {packages}")
    };
    Ok(Finding::good(scans))
}

fn index_findings(context: &Context) -> Result<Vec<Finding>, ActionError> {
    let latest = context.store.read_blocking("doctor.log", |tx| Ok::<_, ActionError>(store::log::latest(tx)?))?;
    let public =
        context.store.read_blocking("doctor.public", |tx| Ok::<_, ActionError>(store::materials::count(tx)?.1))?;
    if let Err(error) = context.search.check() {
        return Ok(vec![Finding::bad(format!("Chỉ mục: không đọc được ({error}). Hãy chạy `hoclieu reindex`."))]);
    }
    let (documents, passages) = context.search.size();
    let revision = context.search.revision();
    let mut findings =
        vec![Finding::good(format!("Chỉ mục: {documents} học liệu, {passages} đoạn, lần ghi {revision}."))];
    if revision < latest {
        let behind = latest - revision;
        findings.push(Finding::good(format!("Chỉ mục: còn {behind} lần ghi chưa áp dụng; máy chủ sẽ tự làm tiếp.")));
    } else if documents != public {
        let text = format!("Chỉ mục: có {documents} học liệu nhưng kho có {public}. Hãy chạy `hoclieu reindex`.");
        findings.push(Finding::bad(text));
    }
    Ok(findings)
}
