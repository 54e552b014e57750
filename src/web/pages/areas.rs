//! Browsing by area, with former units.

use super::topics::newest_with;
use super::view::{Line, LinesPage, Link, PlacePage, cards, date, fact, grouped};
use super::{Frame, Page, html};
use crate::actions::areas::{self, AreaLine};
use crate::actions::search::{self, Facet};
use crate::actions::suggestions::SuggestionKind;
use crate::domain::area::{Area, AreaLevel};
use crate::domain::id::AreaId;
use crate::web::error::Problem;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::Reader;
use crate::web::state::AppState;
use axum::extract::{Path, State};

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, reader: Reader) -> Page {
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let lines = areas::list(&state.context, &text).await?;
    html(&LinesPage {
        frame: Frame::new("Địa bàn").for_reader(reader),
        title: "Địa bàn",
        action: "/dia-ban",
        kind: SuggestionKind::Area.code(),
        label: "Tên xã, phường, cũ hoặc mới",
        text,
        groups: grouped(lines.iter().map(|found| (heading(&found.area), line(found)))),
    })
}

/// The heading under which the list shows an area.
fn heading(area: &Area) -> &'static str {
    match area.level {
        _ if area.valid_to.is_some() => "Đơn vị trước đây",
        AreaLevel::Province => "Tỉnh",
        AreaLevel::District | AreaLevel::Commune => "Xã, phường, đặc khu",
        AreaLevel::Village => "Thôn, bản, khu phố",
    }
}

fn line(line: &AreaLine) -> Line {
    let names = |list: &[Area]| list.iter().map(|area| area.full_name.clone()).collect::<Vec<_>>().join(", ");
    let mut notes = Vec::new();
    if let Some(day) = line.area.valid_to {
        let today =
            if line.successors.is_empty() { String::new() } else { format!(" Nay là: {}", names(&line.successors)) };
        notes.push(format!("Đến hết {}.{today}", date(day)));
    }
    if !line.former.is_empty() {
        notes.push(format!("Gồm các đơn vị cũ: {}", names(&line.former)));
    }
    Line { url: links::area(line.area.id.as_str()), name: line.area.full_name.clone(), count: line.count, notes }
}

pub(in crate::web) async fn show(State(state): State<AppState>, Path(id): Path<String>, reader: Reader) -> Page {
    let id = AreaId::parse(&id).map_err(|_error| Problem::of("area-missing"))?;
    let view = areas::area(&state.context, &id).await?;
    let found = search::search(&state.context, newest_with(Facet::Area, id.as_str())).await?;
    let items: Vec<_> = found.items.into_iter().map(|item| item.card).collect();
    let named = |list: &[Area]| -> Vec<Link> {
        list.iter().map(|area| Link::to(links::area(area.id.as_str()), &area.full_name)).collect()
    };
    let area = &view.line.area;
    let past = [
        fact("Tồn tại đến", area.valid_to.iter().map(|day| Link::bare(date(*day))).collect()),
        fact("Nay là", named(&view.line.successors)),
    ];
    let facts = [
        fact("Tên cũ", area.former_names.iter().rev().map(|former| Link::bare(former.full_name.as_str())).collect()),
        fact("Gồm các đơn vị cũ", named(&view.line.former)),
        fact("Thuộc", named(view.parent.as_slice())),
        fact("Căn cứ", area.legal_basis.iter().map(Link::bare).collect()),
    ];
    html(&PlacePage {
        frame: Frame::new(&area.full_name).for_reader(reader),
        above: Link::to("/dia-ban".to_owned(), "Địa bàn"),
        name: area.full_name.clone(),
        past: past.into_iter().flatten().collect(),
        facts: facts.into_iter().flatten().collect(),
        count: view.line.count,
        items: cards(&items),
        all: links::filtered(Facet::Area, id.as_str()),
    })
}
