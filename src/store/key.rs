//! Keys whose byte order is the order of their parts.
//!
//! Numbers are big-endian; texts end with a zero byte, and the bytes 0 and 1 inside are written `01 01` and `01 02`, so
//! that a text sorts before every longer text that it begins and no two keys of the same parts are equal.

use uuid::Uuid;

/// A key under construction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Key(Vec<u8>);

impl Key {
    /// An empty key: the beginning of every key.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        for byte in text.bytes() {
            match byte {
                0 | 1 => self.0.extend([1, byte + 1]),
                other => self.0.push(other),
            }
        }
        self.0.push(0);
        self
    }

    /// Adds a number.
    #[must_use]
    pub fn u32(mut self, number: u32) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    /// Adds a long number.
    #[must_use]
    pub fn u64(mut self, number: u64) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    /// Adds an identifier.
    #[must_use]
    pub fn uuid(mut self, id: Uuid) -> Self {
        self.0.extend(id.as_bytes());
        self
    }

    /// The key's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The key's bytes, taken.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Reads the identifier that begins at a place of a key.
pub fn uuid_at(key: &[u8], place: usize) -> Option<Uuid> {
    let bytes = key.get(place..place + 16)?;
    Uuid::from_slice(bytes).ok()
}

/// Reads the number that begins at a place of a key.
pub fn u32_at(key: &[u8], place: usize) -> Option<u32> {
    let bytes: [u8; 4] = key.get(place..place + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes))
}

/// Reads the text that begins at a place of a key; answers it with the place after it.
pub fn text_at(key: &[u8], place: usize) -> Option<(String, usize)> {
    let (mut text, mut at) = (Vec::new(), place);
    loop {
        match key.get(at)? {
            0 => return Some((String::from_utf8(text).ok()?, at + 1)),
            1 => {
                at += 1;
                text.push(key.get(at)?.checked_sub(1)?);
            }
            other => text.push(*other),
        }
        at += 1;
    }
}

/// Reads the long number that begins at a place of a key.
pub fn u64_at(key: &[u8], place: usize) -> Option<u64> {
    let bytes: [u8; 8] = key.get(place..place + 8)?.try_into().ok()?;
    Some(u64::from_be_bytes(bytes))
}

/// The first key after all keys that begin with `prefix`; `None` when there is none.
pub fn after_prefix(prefix: &[u8]) -> Option<Vec<u8>> {
    let kept = prefix.iter().rposition(|byte| *byte != 0xFF)?;
    let mut end = prefix.get(..=kept)?.to_vec();
    if let Some(last) = end.last_mut() {
        *last += 1;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_sort_as_their_parts(a in any::<(String, u32)>(), b in any::<(String, u32)>()) {
            let key = |(text, number): &(String, u32)| Key::new().text(text).u32(*number);
            let by_parts = (a.0.as_bytes(), a.1).cmp(&(b.0.as_bytes(), b.1));
            prop_assert_eq!(key(&a).bytes().cmp(key(&b).bytes()), by_parts);
        }

        #[test]
        fn keys_with_signs_that_end_texts_sort_as_their_parts(
            a in ("[\u{0}\u{1}\u{2}a]{0,4}", any::<u32>()),
            b in ("[\u{0}\u{1}\u{2}a]{0,4}", any::<u32>()),
        ) {
            let key = |(text, number): &(String, u32)| Key::new().text(text).u32(*number);
            prop_assert_eq!(key(&a).bytes().cmp(key(&b).bytes()), a.cmp(&b));
        }

        #[test]
        fn every_key_with_a_prefix_lies_before_its_end(prefix in proptest::collection::vec(any::<u8>(), 0..6), rest in any::<Vec<u8>>()) {
            if let Some(end) = after_prefix(&prefix) {
                let mut key = prefix.clone();
                key.extend(rest);
                prop_assert!(prefix <= key && key < end);
            }
        }

        #[test]
        fn parts_are_read_back(
            text in "[\u{0}\u{1}\u{2}a-zđ]{0,8}",
            small in any::<u32>(),
            number in any::<u64>(),
            id in any::<u128>(),
        ) {
            let id = Uuid::from_u128(id);
            let head = Key::new().text(&text).bytes().len();
            let key = Key::new().text(&text).u64(number).uuid(id).u32(small);
            prop_assert_eq!(text_at(key.bytes(), 0), Some((text, head)));
            prop_assert_eq!(u32_at(key.bytes(), head + 24), Some(small));
            prop_assert_eq!(u64_at(key.bytes(), head), Some(number));
            prop_assert_eq!(uuid_at(key.bytes(), head + 8), Some(id));
        }
    }
}
