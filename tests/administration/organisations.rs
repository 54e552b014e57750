use crate::accounts::{Library, grant};
use crate::support::library::code;
use chrono::TimeDelta;
use hoclieu::actions::accounts::{AccountRules, links, manage, roles};
use hoclieu::actions::administration::grounds::{self, TypedGround};
use hoclieu::actions::administration::organisations::{
    self as organisations, NewOrganisation, TypedChange, TypedDetails, TypedHeir,
};
use hoclieu::actions::administration::{Agreement, areas, taking_back, topics};
use hoclieu::actions::audit::{self, Of};
use hoclieu::domain::actor::Actor;
use hoclieu::domain::id::{AreaId, OrganisationId, TopicId};
use hoclieu::domain::organisation::OrganisationEventKind as Kind;
use hoclieu::domain::permission::{Object, Role, Verb, may};
use std::net::IpAddr;

fn id(text: &str) -> OrganisationId {
    OrganisationId::parse(text).unwrap()
}

fn heir(id: &str, name: &str) -> TypedHeir {
    TypedHeir { id: id.to_owned(), name: name.to_owned(), short_name: String::new() }
}

fn typed(kind: Kind, of: &str, others: &[&str], heirs: Vec<TypedHeir>) -> TypedChange {
    TypedChange {
        kind,
        of: id(of),
        others: others.iter().map(|id| (*id).to_owned()).collect(),
        heirs,
        functions: String::new(),
        date: "2026-11-01".to_owned(),
        legal_basis: "Nghị quyết 12/NQ-HĐND".to_owned(),
    }
}

/// Does a change as it was shown.
async fn change(library: &Library, by: &Actor, typed: &TypedChange) -> &'static str {
    let context = &library.context;
    match organisations::preview_change(context, by, typed).await {
        Ok(plan) => {
            let agreement = Agreement { mark: Some(plan.mark), ..Agreement::default() };
            code(organisations::change(context, by, typed, agreement).await)
        }
        Err(error) => code::<()>(Err(error)),
    }
}

async fn roles_of(library: &Library, by: &Actor, login: hoclieu::domain::id::AccountId) -> Vec<String> {
    let view = manage::show(&library.context, by, login).await.unwrap();
    view.account.grants.iter().map(|grant| format!("{} {}", grant.role.code(), grant.organisation)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_go_where_their_body_goes_after_it_was_shown_and_the_trail_tells_of_each() {
    let library = Library::new(AccountRules::default()).await;
    let context = &library.context;
    let admin = library.administrator().await;
    let lan = library.account(&admin, "lan", Role::Author, "so-vhttdl").await;
    let hoa = library.account(&admin, "hoa", Role::Reviewer, "so-vhttdl").await;
    roles::give(context, &admin, hoa, grant(Role::Manager, "so-gddt")).await.unwrap();
    let merger = typed(Kind::Merge, "so-vhttdl", &["so-gddt"], vec![heir("", "Sở Giáo dục và Văn hóa")]);
    let plan = organisations::preview_change(context, &admin, &merger).await.unwrap();
    assert_eq!(plan.people.len(), 2, "{plan:?}");
    assert_eq!(roles_of(&library, &admin, lan).await, ["author so-vhttdl"], "nothing is done before it is agreed to");
    // Someone joins meanwhile: something else than what was shown would be done.
    let late = library.account(&admin, "muon", Role::Author, "so-gddt").await;
    let kept = links::issue(context, &admin, late).await.unwrap().code;
    let agreement = Agreement { mark: Some(plan.mark), ..Agreement::default() };
    assert_eq!(code(organisations::change(context, &admin, &merger, agreement).await), "plan-changed");
    assert_eq!(change(&library, &admin, &merger).await, "ok");

    let new = "so-giao-duc-va-van-hoa";
    assert_eq!(roles_of(&library, &admin, lan).await, [format!("author {new}")]);
    assert_eq!(roles_of(&library, &admin, hoa).await, [format!("manager {new}")], "the higher of two roles stays");
    assert_eq!(roles_of(&library, &admin, late).await, [format!("author {new}")]);
    let here = IpAddr::from([127, 0, 0, 1]);
    assert_eq!(code(links::open(context, &kept, here).await), "link-invalid", "given out for another role");
    let acts = async |of: Of| {
        let trail = audit::trail(context, &admin, of, None).await.unwrap();
        trail.lines.into_iter().map(|line| line.act).collect::<Vec<_>>()
    };
    for of in [
        Of::Account(lan),
        Of::Account(hoa),
        Of::Organisation(id("so-vhttdl")),
        Of::Organisation(id("so-gddt")),
        Of::Organisation(id(new)),
    ] {
        assert_eq!(acts(of.clone()).await.first().map(String::as_str), Some("organisation.merge"), "{of:?}");
    }
    let catalogue = context.catalogue();
    let old = catalogue.organisation(&id("so-vhttdl")).unwrap();
    assert_eq!(old.ended_on.unwrap().to_string(), "2026-10-31");
    assert_eq!(old.names.last().unwrap().to, old.ended_on);
    let begun = catalogue.organisation(&id(new)).unwrap();
    assert_eq!((begun.kind, begun.parent.clone()), (old.kind, old.parent.clone()));
    assert!(catalogue.sub_organisations(&id("so-gddt")).iter().all(|unit| unit.ended_on.is_some()));
    let refused = roles::give(context, &admin, lan, grant(Role::Author, "so-vhttdl")).await;
    assert_eq!(code(refused), "organisation-ended");
}

/// What each person may do with what belonged to the ended body, before and after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn moved_roles_open_what_the_old_ones_did() {
    let library = Library::new(AccountRules::default()).await;
    let admin = library.administrator().await;
    for (number, role) in [Role::Reader, Role::Author, Role::Reviewer, Role::Manager].into_iter().enumerate() {
        library.account(&admin, &format!("nguoi{number}"), role, "so-vhttdl").await;
        library.account(&admin, &format!("tren{number}"), role, "ubnd-tinh").await;
    }
    let powers = async || {
        let object = Object::of(&library.context.catalogue(), &id("so-vhttdl"));
        let mut all = Vec::new();
        for login in (0..4).flat_map(|number| [format!("nguoi{number}"), format!("tren{number}")]) {
            let actor = library.sign_in(&login).await.actor;
            all.extend(Verb::ALL.iter().map(|verb| may(&actor, *verb, &object)));
        }
        all
    };
    let before = powers().await;
    let split = typed(Kind::Split, "so-vhttdl", &[], vec![heir("", "Sở Văn hóa"), heir("", "Sở Du lịch")]);
    assert_eq!(change(&library, &admin, &split).await, "ok");
    assert_eq!(powers().await, before);
    let object = Object::of(&library.context.catalogue(), &id("so-du-lich"));
    assert!(may(&library.sign_in("nguoi1").await.actor, Verb::Write, &object), "and what is new of the heirs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_split_sends_each_person_where_they_are_sent() {
    let library = Library::new(AccountRules::default()).await;
    let context = &library.context;
    let admin = library.administrator().await;
    let lan = library.account(&admin, "lan", Role::Author, "so-vhttdl").await;
    let hoa = library.account(&admin, "hoa", Role::Author, "so-vhttdl").await;
    let split = typed(Kind::Split, "so-vhttdl", &[], vec![heir("", "Sở Văn hóa"), heir("so-gddt", "")]);
    let plan = organisations::preview_change(context, &admin, &split).await.unwrap();
    let chosen = [(lan, id("so-van-hoa")), (hoa, id("so-yt"))].into();
    let agreement = Agreement { mark: Some(plan.mark), chosen };
    organisations::change(context, &admin, &split, agreement).await.unwrap();
    assert_eq!(roles_of(&library, &admin, lan).await, ["author so-van-hoa"]);
    assert_eq!(roles_of(&library, &admin, hoa).await, ["author so-gddt", "author so-van-hoa"], "no heir is no choice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_move_without_people_and_an_abolished_body_keeps_no_one_but_an_administrator() {
    let library = Library::new(AccountRules::default()).await;
    let (context, admin) = (&library.context, library.administrator().await);
    let lan = library.account(&admin, "lan", Role::Author, "so-vhttdl").await;
    let boss = library.account(&admin, "sep", Role::Admin, "so-vhttdl").await;
    let mut transfer = typed(Kind::TransferFunction, "so-vhttdl", &[], vec![heir("so-gddt", "")]);
    assert_eq!(change(&library, &admin, &transfer).await, "functions-invalid");
    transfer.functions = "Quản lý thư viện trường học\n\n".to_owned();
    assert_eq!(change(&library, &admin, &transfer).await, "ok");
    assert_eq!(roles_of(&library, &admin, lan).await, ["author so-vhttdl"]);
    let catalogue = context.catalogue();
    assert_eq!(catalogue.organisation_events().last().unwrap().functions, ["Quản lý thư viện trường học"]);
    assert_eq!(catalogue.organisation_heirs(&id("so-vhttdl")).len(), 1, "nobody has its materials but itself");

    assert_eq!(change(&library, &admin, &typed(Kind::Abolish, "so-vhttdl", &[], Vec::new())).await, "ok");
    assert!(roles_of(&library, &admin, lan).await.is_empty());
    assert_eq!(roles_of(&library, &admin, boss).await, ["admin so-vhttdl"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mistaken_entry_is_taken_back_on_its_day_with_all_that_it_did() {
    let library = Library::new(AccountRules::default()).await;
    let (context, clock) = (&library.context, &library.clock);
    let admin = library.administrator().await;
    let lan = library.account(&admin, "lan", Role::Author, "so-vhttdl").await;
    let before = context.catalogue();
    let merger = typed(Kind::Merge, "so-vhttdl", &[], vec![heir("so-gddt", "")]);
    assert_eq!(change(&library, &admin, &merger).await, "ok");
    let entered = taking_back::of_today(context, &admin, "so-gddt").await.unwrap();
    assert!(entered.is_empty(), "the row of an heir is as it was");
    let entered = taking_back::of_today(context, &admin, "so-vhttdl").await.unwrap().remove(0);
    let rename = typed(Kind::Rename, "so-gddt", &[], vec![heir("", "Sở Học tập")]);
    assert_eq!(change(&library, &admin, &rename).await, "ok");
    let built_on = taking_back::take_back(context, &admin, entered.id).await;
    assert_eq!(code(built_on), "amendment-built-on", "the heir was renamed since");
    let renamed = taking_back::of_today(context, &admin, "so-gddt").await.unwrap().remove(0);
    taking_back::take_back(context, &admin, renamed.id).await.unwrap();
    taking_back::take_back(context, &admin, entered.id).await.unwrap();
    assert_eq!(code(taking_back::take_back(context, &admin, entered.id).await), "missing", "once");
    let after = context.catalogue();
    assert_eq!(after.organisations().collect::<Vec<_>>(), before.organisations().collect::<Vec<_>>());
    assert_eq!(after.organisation_events(), before.organisation_events());
    assert_eq!(roles_of(&library, &admin, lan).await, ["author so-vhttdl"]);
    let trail = audit::trail(context, &admin, Of::Organisation(id("so-vhttdl")), None).await.unwrap();
    assert_eq!(trail.lines[0].act, "amendment.take-back");

    let new = NewOrganisation {
        name: "Trung tâm Khuyến nông".into(),
        details: TypedDetails { kind: "sub_department".into(), parent: "so-nnmt".into(), ..TypedDetails::default() },
        date: "01/11/2026".into(),
        legal_basis: "Quyết định 5/QĐ-UBND".into(),
        ..NewOrganisation::default()
    };
    let made = organisations::add(context, &admin, new.clone()).await.unwrap();
    assert_eq!(code(organisations::add(context, &admin, new).await), "name-taken");
    let entry = taking_back::of_today(context, &admin, made.as_str()).await.unwrap().remove(0);
    let worker = library.account(&admin, "khuyennong", Role::Author, made.as_str()).await;
    assert_eq!(code(taking_back::take_back(context, &admin, entry.id).await), "amendment-in-use");
    roles::take(context, &admin, worker, made.clone()).await.unwrap();
    clock.set(clock.now() + TimeDelta::days(1));
    assert_eq!(code(taking_back::take_back(context, &admin, entry.id).await), "amendment-too-old");
    clock.set(clock.now() - TimeDelta::days(1));
    taking_back::take_back(context, &admin, entry.id).await.unwrap();
    assert!(context.catalogue().organisation(&made).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_refused_by_name() {
    let library = Library::new(AccountRules::default()).await;
    let admin = library.administrator().await;
    let cases = [
        (typed(Kind::Merge, "so-vhttdl", &[], Vec::new()), "organisation-unknown"),
        (typed(Kind::Merge, "so-vhttdl", &[], vec![heir("", "Sở Một mình")]), "organisations-too-few"),
        (typed(Kind::Merge, "so-vhttdl", &["khong-co"], vec![heir("so-gddt", "")]), "organisation-unknown"),
        (typed(Kind::Merge, "so-vhttdl", &["so-nnptnt"], vec![heir("so-gddt", "")]), "organisation-ended"),
        (typed(Kind::Merge, "so-vhttdl", &[], vec![heir("so-nnptnt", "")]), "organisation-ended"),
        (typed(Kind::Merge, "he-thong", &[], vec![heir("so-gddt", "")]), "organisation-unknown"),
        (typed(Kind::Split, "so-vhttdl", &[], vec![heir("so-gddt", "")]), "organisations-too-few"),
        (typed(Kind::Split, "so-vhttdl", &[], vec![heir("so-vhttdl", ""), heir("so-yt", "")]), "split-continues"),
        (typed(Kind::Rename, "so-vhttdl", &[], Vec::new()), "name-invalid"),
        (typed(Kind::Rename, "so-vhttdl", &[], vec![heir("", "sở y tế tỉnh Quảng Trị")]), "name-taken"),
        (typed(Kind::TransferFunction, "so-vhttdl", &[], vec![heir("so-vhttdl", "")]), "transfer-to-itself"),
    ];
    for (typed, expected) in cases {
        assert_eq!(change(&library, &admin, &typed).await, expected, "{typed:?}");
    }
    let dated = |date: &str| TypedChange {
        date: date.to_owned(),
        ..typed(Kind::Rename, "so-vhttdl", &[], vec![heir("", "Sở Mới")])
    };
    for (date, expected) in
        [("2026-11-25", "date-ahead"), ("2020-01-01", "date-too-early"), ("hôm qua", "date-invalid")]
    {
        assert_eq!(change(&library, &admin, &dated(date)).await, expected, "{date}");
    }
    let circle = TypedDetails { kind: "department".into(), parent: "so-nnmt".into(), ..TypedDetails::default() };
    let refused = organisations::update(&library.context, &admin, &id("so-nnmt"), &circle).await;
    assert_eq!(code(refused), "parent-circular");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_manages_an_agency_manages_nothing_of_the_province() {
    let library = Library::new(AccountRules::default()).await;
    let context = &library.context;
    let admin = library.administrator().await;
    library.account(&admin, "lan", Role::Manager, "ubnd-tinh").await;
    let manager = library.sign_in("lan").await.actor;
    let (topic, area) = (TopicId::parse("agri.bee").unwrap(), AreaId::parse("qt.gio-linh").unwrap());
    let merger = typed(Kind::Merge, "so-vhttdl", &[], vec![heir("so-gddt", "")]);
    let area_change = areas::TypedChange {
        kind: areas::AreaChange::Rename,
        of: area.clone(),
        others: Vec::new(),
        heir: String::new(),
        full_name: "Xã Gio Mới".into(),
        date: "2026-11-01".into(),
        legal_basis: "NQ".into(),
    };
    for by in [&manager, &Actor::Visitor] {
        let all = [
            code(organisations::list(context, by, "").await),
            code(organisations::show(context, by, &id("so-yt")).await),
            code(organisations::add(context, by, NewOrganisation::default()).await),
            code(organisations::update(context, by, &id("so-yt"), &TypedDetails::default()).await),
            code(organisations::preview_change(context, by, &merger).await),
            code(organisations::change(context, by, &merger, Agreement::default()).await),
            code(topics::list(context, by, "").await),
            code(topics::show(context, by, &topic).await),
            code(topics::add(context, by, "", ("X", "")).await),
            code(topics::relabel(context, by, &topic, ("X", "")).await),
            code(topics::move_below(context, by, &topic, "env").await),
            code(topics::merge_into(context, by, &topic, "agri.rice").await),
            code(areas::list(context, by, "").await),
            code(areas::show(context, by, &area).await),
            code(areas::add(context, by, areas::NewArea::default()).await),
            code(areas::update(context, by, &area, &areas::TypedDetails::default()).await),
            code(areas::preview_change(context, by, &area_change).await),
            code(areas::change(context, by, &area_change, "").await),
            code(taking_back::of_today(context, by, "so-yt").await),
        ];
        assert!(all.iter().all(|code| *code == "forbidden"), "{all:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_legal_basis_is_put_right_on_all_that_share_it_told_in_the_trail_and_taken_back() {
    let library = Library::new(AccountRules::default()).await;
    let context = &library.context;
    let admin = library.administrator().await;
    let merger = typed(Kind::Merge, "so-vhttdl", &["so-gddt"], vec![heir("", "Sở Giáo dục và Văn hóa")]);
    assert_eq!(change(&library, &admin, &merger).await, "ok");
    let new = id("so-giao-duc-va-van-hoa");
    let [wrong] = grounds::of_organisation(context, &new).try_into().unwrap();
    let right = TypedGround { date: "2026-10-15".to_owned(), legal_basis: "Nghị quyết 21/NQ-HĐND".to_owned() };
    let author = library.account(&admin, "lan", Role::Manager, "so-yt").await;
    let manager = library.sign_in("lan").await.actor;
    assert_eq!(manager.account(), Some(author));
    let both = || (wrong.clone(), right.clone());
    assert_eq!(code(grounds::correct_organisation(context, &manager, new.clone(), both()).await), "forbidden");
    assert_eq!(code(grounds::correct_organisation(context, &admin, new.clone(), both()).await), "ok");
    let catalogue = context.catalogue();
    let heir = catalogue.organisation(&new).unwrap();
    assert_eq!(heir.names[0].legal_basis.as_deref(), Some("Nghị quyết 21/NQ-HĐND"));
    let last_day = "2026-10-14".parse().ok();
    assert_eq!(catalogue.organisation(&id("so-gddt")).unwrap().ended_on, last_day);
    assert_eq!(catalogue.organisation_events().last().unwrap().legal_basis.as_deref(), Some("Nghị quyết 21/NQ-HĐND"));
    let trail = audit::trail(context, &admin, Of::Organisation(id("so-gddt")), None).await.unwrap();
    assert_eq!(trail.lines[0].act, "organisation.correct");
    assert_eq!(code(grounds::correct_organisation(context, &admin, new.clone(), both()).await), "amendment-missing");
    let entry = taking_back::of_today(context, &admin, new.as_str()).await.unwrap().remove(0);
    taking_back::take_back(context, &admin, entry.id).await.unwrap();
    assert_eq!(grounds::of_organisation(context, &new), [wrong]);
}
