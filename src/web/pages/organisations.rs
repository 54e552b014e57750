//! Browsing by organisation, under old and new names.

use super::topics::newest_with;
use super::view::{Fact, Line, LinesPage, Link, PlacePage, cards, date, fact, grouped};
use super::{Frame, Page, html};
use crate::actions::administration::may_manage;
use crate::actions::audit;
use crate::actions::materials::Named;
use crate::actions::organisations::{self, OrganisationLine};
use crate::actions::search::{self, Facet};
use crate::actions::suggestions::SuggestionKind;
use crate::domain::id::OrganisationId;
use crate::domain::organisation::Organisation;
use crate::web::error::Problem;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::session::Reader;
use crate::web::state::AppState;
use axum::extract::{Path, State};

pub(in crate::web) async fn list(State(state): State<AppState>, parameters: Parameters, reader: Reader) -> Page {
    let text = parameters.first("ten").unwrap_or_default().to_owned();
    let lines = organisations::list(&state.context, &text).await?;
    html(&LinesPage {
        frame: Frame::new("Cơ quan, đơn vị").for_reader(reader),
        title: "Cơ quan, đơn vị",
        action: "/co-quan",
        kind: SuggestionKind::Organisation.code(),
        label: "Tên cơ quan, cũ hoặc mới",
        text,
        groups: grouped(lines.iter().map(|found| (heading(&found.organisation), line(found)))),
    })
}

/// The heading under which the list shows an organisation.
fn heading(organisation: &Organisation) -> &'static str {
    if organisation.ended_on.is_some() {
        return "Cơ quan trước đây";
    }
    organisation.kind.label()
}

fn line(line: &OrganisationLine) -> Line {
    let names = |list: &[Named<OrganisationId>]| list.iter().map(|o| o.name.clone()).collect::<Vec<_>>().join(", ");
    let mut notes = Vec::new();
    if let Some(day) = line.organisation.ended_on {
        notes.push(format!("Hoạt động đến {}. Nay là: {}", date(day), names(&line.successors)));
    }
    if !line.predecessors.is_empty() {
        notes.push(format!("Tiếp nối: {}", names(&line.predecessors)));
    }
    Line {
        url: links::organisation(line.organisation.id.as_str()),
        name: line.organisation.latest_name().to_owned(),
        count: line.count,
        notes,
    }
}

pub(in crate::web) async fn show(State(state): State<AppState>, Path(id): Path<String>, reader: Reader) -> Page {
    let id = OrganisationId::parse(&id).map_err(|_error| Problem::of("organisation-missing"))?;
    let view = organisations::organisation(&state.context, &id).await?;
    let found = search::search(&state.context, newest_with(Facet::Organisation, id.as_str())).await?;
    let items: Vec<_> = found.items.into_iter().map(|item| item.card).collect();
    let named = |list: &[Named<OrganisationId>]| -> Vec<Link> {
        list.iter().map(|o| Link::to(links::organisation(o.id.as_str()), &o.name)).collect()
    };
    let organisation = &view.line.organisation;
    let older = organisation.names.iter().rev().skip(1).map(|name| Link::bare(name.name.as_str()));
    let ended = organisation.ended_on.iter().map(|day| Link::bare(date(*day)));
    let basis = view.events.iter().filter_map(|event| event.legal_basis.as_deref()).map(Link::bare);
    let past = [fact("Hoạt động đến", ended.collect()), fact("Nay là", named(&view.line.successors))];
    let facts = [
        fact("Tiếp nối", named(&view.line.predecessors)),
        fact("Tên cũ", older.collect()),
        fact("Trực thuộc", named(view.parent.as_slice())),
        fact("Đơn vị trực thuộc", named(&view.sub_units)),
        fact("Căn cứ", basis.collect()),
    ];
    let staff = for_staff(&state, &reader, &id);
    html(&PlacePage {
        frame: Frame::new(organisation.latest_name()).for_reader(reader),
        above: Link::to("/co-quan".to_owned(), "Cơ quan, đơn vị"),
        name: organisation.latest_name().to_owned(),
        past: past.into_iter().flatten().collect(),
        facts: facts.into_iter().chain([staff]).flatten().collect(),
        count: view.line.count,
        items: cards(&items),
        all: links::filtered(Facet::Organisation, id.as_str()),
    })
}

/// What whoever looks after the organisation may see beside what everyone sees.
fn for_staff(state: &AppState, reader: &Reader, id: &OrganisationId) -> Option<Fact> {
    let actor = &reader.signed_in.as_ref()?.actor;
    let mut all = Vec::new();
    if audit::may_read_of_organisation(&state.context, actor, id) {
        all.push(Link::to(links::audit(Some(("co-quan", id.as_str())), None), "nhật ký"));
    }
    if may_manage(actor) {
        all.push(Link::to(links::managed_organisation(id.as_str()), "quản lý"));
    }
    fact("Dành cho cán bộ", all)
}
