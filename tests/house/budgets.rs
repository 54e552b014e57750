//! Budgets of size: files, folders and functions stay small enough to be read.

use super::files::below;
use std::collections::BTreeMap;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// A file without its inline tests may have so many lines.
const MAX_FILE_LINES: usize = 400;
/// A folder may have so many files and folders.
const MAX_SIBLINGS: usize = 25;
/// A function may have so many lines, signature and body (clippy holds the same for bodies).
const MAX_FUNCTION_LINES: usize = 62;
/// Nine of ten functions of the index crate stay within this.
const INDEX_P90: usize = 30;
/// Nine of ten functions of the service stay within this.
const SERVICE_P90: usize = 40;

fn without_tests(text: &str) -> usize {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text).lines().count()
}

#[test]
fn files_stay_within_400_lines() {
    let code = below("src", &[".rs"]).into_iter().chain(below("index/src", &[".rs"]));
    let mut sizes: Vec<_> = code.map(|(path, text)| (without_tests(&text), path)).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    for (lines, path) in sizes.iter().take(10) {
        println!("{lines:4} {path}");
    }
    let broken: Vec<_> = sizes.iter().filter(|(lines, _)| *lines > MAX_FILE_LINES).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[test]
fn folders_have_no_more_than_25_siblings() {
    let mut siblings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, _) in below("src", &[".rs", ".html"]).into_iter().chain(below("index/src", &[".rs"])) {
        if let Some((folder, name)) = path.rsplit_once('/') {
            siblings.entry(folder.to_owned()).or_default().push(name.to_owned());
        }
    }
    let broken: Vec<_> = siblings.iter().filter(|(_, names)| names.len() > MAX_SIBLINGS).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

#[derive(Default)]
struct Functions {
    lines: Vec<(usize, String)>,
}

impl Functions {
    fn measure(&mut self, name: &syn::Ident, span: proc_macro2::Span) {
        let lines = span.end().line - span.start().line + 1;
        self.lines.push((lines, name.to_string()));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.ident != "tests" {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig.ident, function.sig.span().join(function.block.span()).unwrap_or(function.span()));
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig.ident, function.sig.span().join(function.block.span()).unwrap_or(function.span()));
        syn::visit::visit_impl_item_fn(self, function);
    }
}

fn functions(folder: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (path, text) in below(folder, &[".rs"]) {
        let mut functions = Functions::default();
        functions.visit_file(&syn::parse_file(&text).expect("Rust"));
        found.extend(functions.lines.into_iter().map(|(lines, name)| (lines, format!("{path}: {name}"))));
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found
}

#[test]
fn functions_stay_small() {
    for (folder, p90) in [("src", SERVICE_P90), ("index/src", INDEX_P90)] {
        let all = functions(folder);
        for (lines, name) in all.iter().take(10) {
            println!("{lines:3} {name}");
        }
        let broken: Vec<_> = all.iter().filter(|(lines, _)| *lines > MAX_FUNCTION_LINES).collect();
        assert!(broken.is_empty(), "{broken:?}");
        let tenth = all[all.len() / 10].0;
        assert!(tenth <= p90, "{folder}: one function of ten has {tenth} lines or more");
    }
}
