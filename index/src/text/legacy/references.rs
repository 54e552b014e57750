//! Numeric character references that were never turned into characters.

/// No reference is longer: `&#x10FFFF;`.
const LONGEST: usize = 10;

/// Replaces each numeric reference by its character; anything else stays.
pub(super) fn decode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("&#") {
        out.push_str(before);
        if let Some((sign, tail)) = reference(after) {
            out.push(sign);
            rest = tail;
        } else {
            out.push_str("&#");
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// The character of a reference whose `&#` is passed, and what follows it.
fn reference(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let (digits, tail) = (text.get(..end)?, text.get(end + 1..)?);
    let point = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(point).filter(|sign| !sign.is_control()).map(|sign| (sign, tail))
}
