//! The keys for what names persons: held against the store that they belong to.

use crate::actions::doctor::Finding;
use crate::actions::progress::Progress;
use crate::actions::schedule::people;
use crate::actions::{ActionError, Context};
use crate::domain::sealed::Sealed;
use crate::store::{self, ReadTx, WriteTx};
use crate::vault::{Keys, Place, VaultError};
use std::sync::Arc;

/// Under this name the store keeps a text that only its own keys open.
const PROOF: &str = "vault-proof";
/// What that text says.
const PROOF_TEXT: &str = "hoclieu";
/// Where that text lies.
const PROOF_PLACE: Place<'static> = Place { table: "meta-1", row: PROOF, field: "text" };

/// The keys, to seal with: made where nothing was sealed before, refused where they are not those of the store.
pub(in crate::actions) async fn ready(context: &Context) -> Result<Arc<Keys>, ActionError> {
    let vault = &context.vault;
    if vault.is_proven() {
        return Ok(vault.keys()?);
    }
    let proof = context.store.read("vault.proof", |tx| Ok::<_, ActionError>(store::meta::get(tx, PROOF)?)).await?;
    let keys = if let Some(proof) = proof {
        let keys = vault.keys()?;
        keys.open(PROOF_PLACE, &Sealed(proof))?;
        keys
    } else {
        let making = vault.clone();
        let keys = tokio::task::spawn_blocking(move || making.keys_or_make()).await??;
        let proof = keys.seal(PROOF_PLACE, PROOF_TEXT)?;
        let put = move |tx: &mut WriteTx<'_>| {
            if store::meta::get(tx, PROOF)?.is_none() {
                store::meta::put(tx, PROOF, &proof.0);
            }
            Ok::<_, ActionError>(())
        };
        context.store.write("vault.begin", context.stamp(), put).await?;
        keys
    };
    vault.prove();
    Ok(keys)
}

/// Whether anything was ever sealed, so that there is something to open.
///
/// # Errors
/// `Locked` where the keys for it are not there.
pub(in crate::actions) async fn is_begun(context: &Context) -> Result<bool, ActionError> {
    if context.vault.is_proven() {
        return Ok(true);
    }
    let read = |tx: &dyn ReadTx| Ok::<_, ActionError>(store::meta::get(tx, PROOF)?.is_some());
    if !context.store.read("vault.proof", read).await? {
        return Ok(false);
    }
    ready(context).await.map(|_keys| true)
}

/// Whether the keys open what the store holds.
fn state(context: &Context) -> Result<Option<Result<Arc<Keys>, VaultError>>, ActionError> {
    let proof = |tx: &dyn ReadTx| Ok::<_, ActionError>(store::meta::get(tx, PROOF)?);
    let Some(proof) = context.store.read_blocking("vault.proof", proof)? else { return Ok(None) };
    let opened = context.vault.keys().and_then(|keys| keys.open(PROOF_PLACE, &Sealed(proof)).map(|_text| keys));
    Ok(Some(opened))
}

/// Looks at the keys; blocks.
///
/// # Errors
/// When the store cannot be read.
pub fn finding(context: &Context) -> Result<Finding, ActionError> {
    let file = context.vault.place();
    let shown = file.display();
    Ok(match state(context)? {
        None => Finding::good(format!("Khóa học viên: chưa cần đến; khi cần sẽ được tạo ở {shown}.")),
        Some(Ok(_)) if context.vault.is_exposed() => {
            Finding::bad(format!("Khóa học viên: người khác trên máy đọc được {shown}. Hãy chạy: chmod 600 {shown}"))
        }
        Some(Ok(_)) => Finding::good(format!(
            "Khóa học viên: mở được tên và số điện thoại; khóa ở {shown}, hãy giữ một bản sao ở nơi khác."
        )),
        Some(Err(VaultError::Absent(_))) => Finding::bad(format!(
            "Khóa học viên: không thấy {shown}, nên không mở được tên và số điện thoại. Hãy đặt lại tệp khóa (có trong tệp .keys của bản sao lưu) rồi khởi động lại."
        )),
        Some(Err(VaultError::Broken { reason, .. })) => Finding::bad(format!(
            "Khóa học viên: không đọc được {shown} ({reason}). Hãy lấy lại tệp khóa từ tệp .keys của bản sao lưu."
        )),
        Some(Err(_)) => Finding::bad(format!(
            "Khóa học viên: khóa ở {shown} không phải của kho này. Hãy kiểm tra --vault-key và đặt đúng tệp khóa."
        )),
    })
}

/// So many rows are sealed anew in one transaction, so that whoever writes meanwhile does not wait.
const STEP: usize = 200;

/// Seals everything with a fresh key, beside everything else that goes on, and lets the old one go; one that was
/// interrupted goes on where a key is left over. Answers how many rows were sealed anew. Blocks, and must be called from a
/// thread that a runtime gave for blocking.
///
/// # Errors
/// `Locked` when the keys are not those of the store, or their file cannot be written; then the old ones stay.
pub fn rotate(context: &Context, progress: &dyn Progress) -> Result<u64, ActionError> {
    let Some(opened) = state(context)? else { return Ok(0) };
    // Actions fetch the keys inside their transactions: what the steps below read was sealed before, and what they do
    // not read is sealed with the new key.
    if opened?.count() < 2 {
        context.vault.add_key()?;
    }
    progress.begin("Mã hóa lại bằng khóa mới", None);
    let mut sealed = 0_u64;
    let mut after = None;
    while let Some((last, count)) = step(context, move |tx, keys| people::reseal_learners(tx, keys, after, STEP))? {
        (after, sealed) = (Some(last), sealed + count);
        progress.advance(count);
    }
    let mut after = None;
    while let Some((last, count)) = step(context, move |tx, keys| people::reseal_codes(tx, keys, after, STEP))? {
        (after, sealed) = (Some(last), sealed + count);
        progress.advance(count);
    }
    step(context, |tx, keys| {
        store::meta::put(tx, PROOF, &keys.seal(PROOF_PLACE, PROOF_TEXT)?.0);
        tx.record("vault", "vault".to_owned(), &["key"]);
        Ok(())
    })?;
    context.vault.drop_old_keys()?;
    Ok(sealed)
}

/// Runs one step of a rotation with the key in force.
fn step<T: Send + 'static>(
    context: &Context,
    act: impl FnOnce(&mut WriteTx<'_>, &Keys) -> Result<T, ActionError> + Send + 'static,
) -> Result<T, ActionError> {
    let vault = context.vault.clone();
    let write = move |tx: &mut WriteTx<'_>| act(tx, &*vault.keys()?);
    Ok(context.store.write_blocking("vault.rotate", context.stamp(), write)?.value)
}
