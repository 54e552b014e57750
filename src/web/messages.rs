//! What can go wrong, by stable codes: programs may rely on them, so none is ever taken away.

use axum::http::StatusCode;
use std::sync::LazyLock;

/// A failure as callers see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    /// Stable, for programs.
    pub(super) code: &'static str,
    pub(super) status: StatusCode,
    pub(super) title: &'static str,
    /// What to do.
    pub(super) detail: &'static str,
}

/// A failure inside, for which nobody but us can do anything.
static INTERNAL: Message = Message {
    code: "internal",
    status: StatusCode::INTERNAL_SERVER_ERROR,
    title: "Có lỗi ở phía máy chủ",
    detail: "Lỗi đã được ghi lại. Nếu lặp lại, hãy báo cho chúng tôi kèm mã bên dưới.",
};

/// Every failure that a caller can do something about.
static MESSAGES: LazyLock<Vec<Message>> = LazyLock::new(|| lines().filter_map(parse).collect());

fn lines() -> impl Iterator<Item = &'static str> {
    include_str!("words/messages.tsv").lines().filter(|line| !line.starts_with('#'))
}

/// Code, status, title and what to do, parted by tabs.
fn parse(line: &'static str) -> Option<Message> {
    let mut parts = line.split('\t');
    let (code, status) = (parts.next()?, parts.next()?.parse().ok()?);
    let (title, detail) = (parts.next()?, parts.next()?);
    Some(Message { code, status: StatusCode::from_u16(status).ok()?, title, detail })
}

/// Every failure of the service.
pub(super) fn all() -> impl Iterator<Item = &'static Message> {
    MESSAGES.iter().chain([&INTERNAL])
}

/// The message with a code.
pub(super) fn find(code: &str) -> Option<&'static Message> {
    all().find(|message| message.code == code)
}

/// The message with a code; the one for inner failures where there is none.
pub(super) fn by_code(code: &str) -> &'static Message {
    find(code).unwrap_or(&INTERNAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_failure_of_its_own_and_says_what_to_do() {
        assert_eq!(MESSAGES.len(), lines().count());
        let codes: std::collections::BTreeSet<_> = all().map(|message| message.code).collect();
        assert_eq!(codes.len(), all().count());
        assert!(all().all(|message| !message.title.is_empty() && message.detail.ends_with(['.', '?', '!'])));
    }

    #[test]
    fn codes_are_never_taken_away() {
        let codes: Vec<_> = all().map(|message| (message.code, message.status.as_u16())).collect();
        insta::assert_debug_snapshot!(codes);
    }
}
