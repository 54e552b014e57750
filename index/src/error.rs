//! What can go wrong in the index.

/// Says why the index did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder holds an index of another schema: build a new one beside it.
    #[error("the index has fingerprint {found}, this program makes {expected}")]
    FingerprintMismatch {
        /// What the folder says.
        found: String,
        /// What this version would make.
        expected: String,
    },
    /// A facet was asked for that the index does not have.
    #[error("unknown facet field `{0}`")]
    UnknownFacet(String),
    /// The index is damaged or cannot be used.
    #[error(transparent)]
    Tantivy(#[from] tantivy::TantivyError),
    /// Its folder cannot be read or written.
    #[error("index folder: {0}")]
    Folder(#[from] std::io::Error),
}
