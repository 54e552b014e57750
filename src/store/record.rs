//! Rows as bytes: JSON with the version of its shape, `{"v":1,…}`, so that an operator can read them.

use super::StoreError;
use super::tables::Table;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version that is written.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Out<'a, T> {
    v: u32,
    #[serde(flatten)]
    value: &'a T,
}

#[derive(Deserialize)]
struct Head {
    v: u32,
}

/// Writes a value as a row.
pub(super) fn encode<T: Serialize>(table: Table, value: &T) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(&Out { v: VERSION, value }).map_err(|error| corrupt(table, &error))
}

/// Reads a value from a row.
pub(super) fn decode<T: DeserializeOwned>(table: Table, bytes: &[u8]) -> Result<T, StoreError> {
    serde_json::from_slice(bytes).map_err(|error| match serde_json::from_slice::<Head>(bytes) {
        Ok(Head { v }) if v != VERSION => {
            StoreError::Corrupt { table: table.name(), reason: format!("row of unknown version {v}") }
        }
        _ => corrupt(table, &error),
    })
}

fn corrupt(table: Table, error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { table: table.name(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::TopicId;
    use crate::domain::topic::Topic;

    #[test]
    fn rows_are_readable_json_with_a_version() {
        let topic = Topic {
            id: TopicId::parse("agri").unwrap(),
            label: "Nông nghiệp".to_owned(),
            description: None,
            order: 1,
            forward: None,
            former_labels: Vec::new(),
        };
        let bytes = encode(Table::Topics, &topic).unwrap();
        assert!(bytes.starts_with(br#"{"v":1,"id":"agri""#), "{}", String::from_utf8_lossy(&bytes));
        assert_eq!(decode::<Topic>(Table::Topics, &bytes).unwrap(), topic);
    }

    #[test]
    fn a_row_of_a_later_shape_is_named_as_such() {
        let error = decode::<Topic>(Table::Topics, br#"{"v":2,"name":"x"}"#).unwrap_err();
        assert!(error.to_string().contains("version 2"), "{error}");
    }
}
