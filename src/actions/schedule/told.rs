//! Classes and courses in words, field by field, for the audit trail of their organisation; how to reach people stays out.

use crate::domain::alteration::{self, Alteration, between};
use crate::domain::catalogue::Catalogue;
use crate::domain::class::Class;
use crate::domain::course::{Course, Teaching};

/// What a class says otherwise than before.
pub(super) fn of_class(catalogue: &Catalogue, before: &Class, after: &Class) -> Vec<Alteration> {
    let others = |class: &Class| {
        let names = class.co_organisers.iter();
        let names = names.map(|id| catalogue.organisation(id).map_or(id.as_str(), |one| one.latest_name()));
        names.collect::<Vec<_>>().join(", ")
    };
    let capacity = |class: &Class| class.capacity.map(|count| count.to_string()).unwrap_or_default();
    let reason = |class: &Class| class.reason.clone().unwrap_or_default();
    let mut altered = of_teaching(catalogue, &before.teaching, &after.teaching);
    altered.extend(between([
        ("co_organisers", others(before), others(after)),
        ("capacity", capacity(before), capacity(after)),
        ("registration", before.registration.label().to_owned(), after.registration.label().to_owned()),
        ("count", before.count.label().to_owned(), after.count.label().to_owned()),
        ("state", before.state.label().to_owned(), after.state.label().to_owned()),
        ("reason", reason(before), reason(after)),
    ]));
    altered
}

/// What a course says otherwise than before.
pub(super) fn of_course(catalogue: &Catalogue, before: &Course, after: &Course) -> Vec<Alteration> {
    let mut altered = of_teaching(catalogue, &before.teaching, &after.teaching);
    altered.extend(between([
        ("syllabus", before.syllabus.join("; "), after.syllabus.join("; ")),
        ("retired", alteration::yes(before.retired), alteration::yes(after.retired)),
    ]));
    altered
}

fn of_teaching(catalogue: &Catalogue, before: &Teaching, after: &Teaching) -> Vec<Alteration> {
    let topics = |told: &Teaching| alteration::topics(catalogue, &told.topics);
    let audiences = |told: &Teaching| alteration::audiences(&told.audiences);
    let languages = |told: &Teaching| alteration::languages(&told.languages);
    let materials = |told: &Teaching| told.materials.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    between([
        ("title", before.title.clone(), after.title.clone()),
        ("summary", before.summary.clone(), after.summary.clone()),
        ("kind", before.class_type.label().to_owned(), after.class_type.label().to_owned()),
        ("topics", topics(before), topics(after)),
        ("audiences", audiences(before), audiences(after)),
        ("languages", languages(before), languages(after)),
        ("materials", materials(before), materials(after)),
    ])
}
