//! Rows of the store as bytes of an archive: each part with its length in four bytes before it, the greatest first.

use crate::store::snapshot::AnyRow;
use crate::store::tables::Table;
use std::io::{self, Read};

/// The longest part that is believed: no row of the store is nearly as long.
const MAX_PART_BYTES: u32 = 1 << 30;

/// Adds a row.
pub(super) fn encode(out: &mut Vec<u8>, table: Table, key: &[u8], value: &[u8]) {
    for part in [table.name().as_bytes(), key, value] {
        out.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend(part);
    }
}

/// The next row; `None` at the end.
pub(super) fn decode(content: &mut dyn Read) -> io::Result<Option<AnyRow>> {
    let Some(name) = part(content)? else { return Ok(None) };
    let table = std::str::from_utf8(&name).ok().and_then(Table::named);
    let table = table.ok_or_else(|| invalid("a table that this program does not know"))?;
    let (Some(key), Some(value)) = (part(content)?, part(content)?) else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    Ok(Some(AnyRow { table, key, value }))
}

fn part(content: &mut dyn Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if content.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    content.read_exact(&mut length[1..])?;
    let length = u32::from_be_bytes(length);
    if length > MAX_PART_BYTES {
        return Err(invalid("a row longer than any row is"));
    }
    let mut bytes = Vec::new();
    content.take(u64::from(length)).read_to_end(&mut bytes)?;
    if u32::try_from(bytes.len()).ok() == Some(length) {
        Ok(Some(bytes))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn invalid(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were_and_half_a_row_is_none() {
        let mut bytes = Vec::new();
        encode(&mut bytes, Table::Materials, b"khoa", b"{}");
        let first_length = bytes.len();
        encode(&mut bytes, Table::Log, b"", &[0, 255]);
        let mut rest = bytes.as_slice();
        let first = decode(&mut rest).unwrap().unwrap();
        assert_eq!(
            (first.table, first.key.as_slice(), first.value.as_slice()),
            (Table::Materials, &b"khoa"[..], &b"{}"[..])
        );
        assert_eq!(decode(&mut rest).unwrap().unwrap().value, [0, 255]);
        assert_eq!(decode(&mut rest).unwrap(), None);
        for length in 1..first_length {
            assert!(decode(&mut &bytes[..length]).is_err(), "{length}");
        }
        let strange = [&[0, 0, 0, 1][..], b"x", &[0, 0, 0, 0], &[0, 0, 0, 0]].concat();
        assert!(decode(&mut strange.as_slice()).is_err());
        assert!(decode(&mut [255_u8; 8].as_slice()).is_err());
    }
}
