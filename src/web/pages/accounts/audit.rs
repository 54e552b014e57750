//! The audit trail in words: who did what, to what, and when.

#[cfg(test)]
use super::rendered;
use super::{Answer, Frame, html};
use crate::actions::audit::{self, Line, Of, Thing, Who};
use crate::domain::alteration::Alteration;
use crate::domain::id::{AccountId, MaterialId, OrganisationId};
use crate::web::error::Problem;
use crate::web::forms::Parameters;
use crate::web::links;
use crate::web::pages::view::{Link, moment};
use crate::web::session::Staff;
use crate::web::state::AppState;
use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Names of acts, kinds and fields with their words for people, parted by a tab.
static WORDS: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let lines = include_str!("../../words/audit.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// The words for a name; the name itself where there are none.
pub(in crate::web::pages) fn words(name: &str) -> String {
    WORDS.get(name).map_or_else(|| name.to_owned(), |words| (*words).to_owned())
}

#[derive(Template)]
#[template(path = "accounts/audit.html", config = "src/web/askama.toml")]
struct AuditPage {
    frame: Frame,
    title: String,
    organisations: Vec<super::Choice>,
    lines: Vec<Row>,
    next: Option<String>,
}

struct Row {
    at: String,
    who: Link,
    act: String,
    things: Vec<ThingRow>,
    more: usize,
}

struct ThingRow {
    link: Link,
    /// Names of fields of which nothing more is known.
    fields: String,
    altered: Vec<AlteredRow>,
}

/// A field that says something else: what it said and says, each empty where that was nothing.
struct AlteredRow {
    field: String,
    before: String,
    after: String,
    untold: bool,
}

fn who(who: &Who) -> Link {
    match who {
        Who::Visitor => Link::bare("Khách"),
        Who::System => Link::bare("Hệ thống"),
        Who::Account { id, name, token } => {
            let name = if name.is_empty() { "Tài khoản đã xóa" } else { name.as_str() };
            let via = if token.is_some() { " (bằng mã truy cập)" } else { "" };
            Link::to(links::account(*id), &format!("{name}{via}"))
        }
    }
}

fn thing(thing: &Thing) -> ThingRow {
    let name = if thing.name.is_empty() { thing.id.as_str() } else { thing.name.as_str() };
    let label = format!("{} “{name}”", words(&thing.kind));
    let account = AccountId::parse(&thing.id).ok().filter(|_| thing.kind == "account" && !thing.name.is_empty());
    let link = account.map_or_else(|| Link::bare(label.as_str()), |id| Link::to(links::account(id), &label));
    let fields: Vec<String> = thing.fields.iter().map(|field| words(field)).collect();
    ThingRow { link, fields: fields.join(", "), altered: thing.altered.iter().map(altered).collect() }
}

fn altered(one: &Alteration) -> AlteredRow {
    let (before, after) = one.excerpts();
    let name = words(&one.field);
    let field = one.number.map_or_else(|| name.clone(), |number| format!("{name} {number}"));
    AlteredRow { field, before, after, untold: one.is_untold() }
}

fn row(line: &Line) -> Row {
    Row {
        at: moment(line.at),
        who: who(&line.who),
        act: words(&line.act),
        things: line.things.iter().map(thing).collect(),
        more: line.more,
    }
}

/// The parameter that says whose trail is wanted, with its value.
type Asked = Option<(&'static str, String)>;

/// Whose trail an address asks for.
fn asked(parameters: &Parameters) -> Result<(Of, Asked), Problem> {
    let given = |name: &str| parameters.first(name).filter(|value| !value.is_empty()).map(str::to_owned);
    if let Some(id) = given("hoc-lieu") {
        let material = MaterialId::parse(&id).map_err(|_error| Problem::of("material-missing"))?;
        return Ok((Of::Material(material), Some(("hoc-lieu", id))));
    }
    if let Some(id) = given("tai-khoan") {
        let account = AccountId::parse(&id).map_err(|_error| Problem::of("account-missing"))?;
        return Ok((Of::Account(account), Some(("tai-khoan", id))));
    }
    if let Some(id) = given("co-quan") {
        let organisation = OrganisationId::parse(&id).map_err(|_error| Problem::of("organisation-missing"))?;
        return Ok((Of::Organisation(organisation), Some(("co-quan", id))));
    }
    Ok((Of::Everything, None))
}

pub(in crate::web) async fn show(State(state): State<AppState>, parameters: Parameters, staff: Staff) -> Answer {
    let (asked, mut parameter) = asked(&parameters)?;
    let of = audit::scope(&staff.signed_in.actor, asked)?;
    if let Of::Organisation(id) = &of {
        parameter = Some(("co-quan", id.to_string()));
    }
    let chosen = parameter.as_ref().filter(|(name, _)| *name == "co-quan").map(|(_, id)| id.clone());
    let (organisations, _) = super::list::choices(&state, &staff, chosen.as_deref().unwrap_or_default(), "");
    let before = parameters.first("truoc").and_then(|revision| revision.parse().ok());
    let trail = audit::trail(&state.context, &staff.signed_in.actor, of, before).await?;
    let parameter = parameter.as_ref().map(|(name, value)| (*name, value.as_str()));
    let page = AuditPage {
        frame: Frame::new("Nhật ký").for_reader(staff.reader),
        title: trail.title,
        organisations,
        lines: trail.lines.iter().map(row).collect(),
        next: trail.next.map(|revision| links::audit(parameter, Some(revision))),
    };
    Ok(html(&page)?.into_response())
}

#[cfg(test)]
pub(super) fn samples() -> Vec<String> {
    use chrono::DateTime;
    use uuid::Uuid;
    let id = AccountId(Uuid::nil());
    let line = |who| Line {
        revision: 1,
        at: DateTime::UNIX_EPOCH,
        who,
        act: "account.create".to_owned(),
        things: vec![Thing {
            kind: "account".to_owned(),
            id: id.to_string(),
            name: "<thử>".to_owned(),
            fields: vec!["grants".to_owned(), "không-tên".to_owned()],
            altered: vec![
                Alteration::new("title", "<thử>", "b"),
                Alteration::untold("page", Some(3)),
                Alteration::new("publish_on", "<thử>", ""),
            ],
        }],
        more: 3,
    };
    let all = [Who::Visitor, Who::System, Who::Account { id, name: "<thử>".to_owned(), token: None }];
    let page = |lines| AuditPage {
        frame: Frame::new("Nhật ký"),
        title: "<thử>".to_owned(),
        organisations: vec![super::Choice { value: "so".to_owned(), label: "<thử>".to_owned(), selected: true }],
        lines,
        next: Some("/".to_owned()),
    };
    rendered(&[page(all.map(|who| row(&line(who))).into()), page(Vec::new())])
}
