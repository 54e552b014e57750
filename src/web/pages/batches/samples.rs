//! The pages of batches filled in, for the test that draws every template.

use super::{OnePage, StartPage, one_page};
use crate::actions::batches::{self, Line, Preview, Progressing, Waiting};
use crate::actions::import::Problem as RowProblem;
use crate::domain::batch::{Batch, BatchState};
use crate::domain::id::{AccountId, BatchId, OrganisationId};
use crate::web::error::Problem;
use crate::web::pages::accounts::Refusal;
use crate::web::pages::view::Link;
use crate::web::pages::{Frame, rendered};
use crate::web::session::Reader;
use chrono::DateTime;
use uuid::Uuid;

fn sample_start() -> StartPage {
    StartPage {
        frame: Frame::new("Nhập"),
        refusal: Refusal::of(Problem::of("value-invalid")).unwrap_or_default(),
        organisations: vec![("so".to_owned(), "<thử>".to_owned())],
        limit: 5,
        batches: vec![(Link::to("/".to_owned(), "<thử>"), "<thử>".to_owned(), String::new())],
    }
}

pub(in crate::web::pages) fn samples() -> Vec<String> {
    let problem = || RowProblem {
        file: "<thử>".to_owned(),
        line: 2,
        column: Some("<thử>".to_owned()),
        code: "topic-unknown".into(),
        reason: "<thử>".to_owned(),
    };
    let line = |problems, known| Line {
        file: "<thử>".to_owned(),
        captions: Vec::new(),
        line: 2,
        title: "<thử>".to_owned(),
        topics: vec!["<thử>".to_owned()],
        size_bytes: 1,
        problems,
        lacks: vec!["<thử>".to_owned()],
        known,
        organisation: None,
        external_id: None,
    };
    let known = batches::Known { material: None, title: "<thử>".to_owned() };
    let preview = || Preview {
        lines: vec![line(vec![problem()], None), line(Vec::new(), Some(known.clone())), line(Vec::new(), None)],
        problems: vec![problem()],
        has_table: false,
    };
    let of = |state| Waiting {
        batch: Batch {
            id: BatchId(Uuid::nil()),
            account: AccountId(Uuid::nil()),
            organisation: OrganisationId::parse("so").unwrap(),
            name: "<thử>".to_owned(),
            size_bytes: 1,
            failures: 0,
            state,
            created_at: DateTime::UNIX_EPOCH,
            changed_at: DateTime::UNIX_EPOCH,
        },
        organisation: "<thử>".to_owned(),
        preview: Some(preview()),
        publishable: true,
        progress: Some(Progressing { label: "<thử>".to_owned(), done: 1, total: Some(2) }),
    };
    let states = [
        BatchState::Received,
        BatchState::Previewed { good: 1, bad: 2, known: 1 },
        BatchState::Confirmed { publish: true },
        BatchState::Done { taken: 1, unchanged: 0, refused: 0, published: true, drafts: 1 },
        BatchState::Failed { reason: "<thử>".to_owned() },
    ];
    let pages: Vec<OnePage> =
        states.into_iter().map(|state| one_page(&of(state), Reader::default(), Refusal::default())).collect();
    [rendered(&pages), rendered(&[sample_start()])].concat()
}
