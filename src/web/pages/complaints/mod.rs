//! Pages about complaints: sending one, reading its answer, and answering it.

pub(in crate::web) mod answer;
pub(in crate::web) mod send;

use super::accounts::{Refusal, go};
#[cfg(test)]
use super::rendered;
use super::{Frame, html};
use crate::domain::complaint::{ComplaintAnswer, Reason};
use crate::web::session::Answer;

/// A reason to choose from.
struct ReasonChoice {
    code: &'static str,
    label: &'static str,
    selected: bool,
}

fn reasons(chosen: &str) -> Vec<ReasonChoice> {
    let choice = |reason: &Reason| ReasonChoice {
        code: reason.code(),
        label: reason.label(),
        selected: reason.code() == chosen,
    };
    Reason::ALL.iter().map(choice).collect()
}

/// An answer in words.
struct AnswerView {
    outcome: &'static str,
    text: String,
    at: String,
}

fn answer_view(answer: &ComplaintAnswer) -> AnswerView {
    let text = if answer.text.is_empty() {
        "Lời trả lời không còn được lưu.".to_owned()
    } else {
        answer.text.clone()
    };
    AnswerView { outcome: answer.outcome.label(), text, at: super::view::moment(answer.at) }
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    let mut all = send::samples();
    all.extend(answer::samples());
    all
}
