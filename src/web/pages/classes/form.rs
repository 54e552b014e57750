//! The form of what is taught, for courses and classes alike.

use super::{Choice, named_choices};
use crate::actions::schedule::{materials_named, typed::TypedTeaching};
use crate::domain::course::ClassType;
use crate::domain::id::MaterialId;
use crate::domain::material::Audience;
use crate::web::error::Problem;
use crate::web::forms::Form;
use crate::web::pages::review::form::{Group, coded, languages, topics};
use crate::web::state::AppState;

/// What is taught, as a form.
#[derive(Debug, Clone, Default)]
pub(super) struct TeachingView {
    pub(super) typed: TypedTeaching,
    pub(super) types: Vec<Choice>,
    pub(super) topics: Vec<Group>,
    pub(super) chosen_topics: String,
    pub(super) audiences: Vec<Choice>,
    pub(super) has_audiences: bool,
    pub(super) languages: Vec<Choice>,
    pub(super) materials: Vec<Choice>,
}

impl TeachingView {
    pub(super) async fn of(state: &AppState, typed: TypedTeaching) -> Result<Self, Problem> {
        let groups = topics(&state.context.catalogue(), &typed.topics);
        let chosen = groups.iter().flat_map(|group| &group.choices).filter(|choice| choice.selected);
        let chosen: Vec<String> = chosen.map(|choice| choice.label.clone()).collect();
        let materials = materials_named(&state.context, &typed.materials).await?;
        Ok(Self {
            types: coded(ClassType::ALL, |one| (one.code(), one.label()), &[&typed.class_type]),
            topics: groups,
            chosen_topics: chosen.join(", "),
            audiences: coded(Audience::ALL, |one| (one.code(), one.label()), &typed.audiences),
            has_audiences: !typed.audiences.is_empty(),
            languages: languages(&typed.languages),
            materials: named_choices(&materials, &typed.materials),
            typed,
        })
    }
}

/// What a form says is taught.
pub(super) fn typed(form: &Form) -> TypedTeaching {
    let all = |name: &'static str| form.values(name).map(str::to_owned).collect::<Vec<_>>();
    let mut materials = all("hoc-lieu");
    materials.extend(pasted(form.value("hoc-lieu-them")));
    TypedTeaching {
        title: form.value("ten").to_owned(),
        summary: form.value("tom-tat").to_owned(),
        class_type: form.value("loai").to_owned(),
        topics: all("chu-de"),
        audiences: all("doi-tuong"),
        languages: all("ngon-ngu"),
        materials,
    }
}

/// The materials whose addresses or ids stand in a text.
fn pasted(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, '/' | ';' | ',' | '?' | '#'));
    parts.filter(|part| part.len() == 36 && MaterialId::parse(part).is_ok()).map(str::to_owned).collect()
}

#[cfg(test)]
pub(super) fn sample() -> TeachingView {
    let choice = || Choice { value: "a".to_owned(), label: "<thử>".to_owned(), selected: true };
    TeachingView {
        typed: TypedTeaching { title: "<thử>".to_owned(), summary: "<thử>".to_owned(), ..TypedTeaching::default() },
        types: vec![choice()],
        topics: vec![Group { label: "<thử>".to_owned(), open: true, choices: vec![choice()] }],
        chosen_topics: "<thử>".to_owned(),
        audiences: vec![choice()],
        has_audiences: true,
        languages: vec![choice()],
        materials: vec![choice()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn materials_are_read_out_of_pasted_addresses() {
        let id = "0190b5a0-0000-7000-8000-000000000001";
        let text = format!("http://vidu.vn/hoc-lieu/{id}/trong-nem?trang=2 {id}; abc");
        assert_eq!(pasted(&text), [id, id]);
    }
}
