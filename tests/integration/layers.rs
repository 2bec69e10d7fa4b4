//! The modules of the runtime import each other without cycles. Each item is imported from the
//! module that owns it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The imports between top-level modules. Maps each importing module to its imported modules, and
/// each of these to a file with the import.
type Imports = BTreeMap<String, BTreeMap<String, PathBuf>>;

#[test]
fn runtime_modules_import_without_a_cycle() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../simplenet/src");
    let (modules, imports) = read_imports(&source);
    assert!(modules.contains("session") && modules.contains("server"), "{modules:?}");

    for (importer, imported) in &imports {
        for (name, file) in imported {
            assert!(
                modules.contains(name),
                "{}: `{importer}` imports `crate::{name}`, which is not a module: import the item \
                 from the module that owns it",
                file.display()
            );
        }
    }
    if let Some(cycle) = find_cycle(&imports) {
        panic!("modules import each other in a cycle: {}", cycle.join(" -> "));
    }
}

#[test]
fn cycle_between_modules_is_found() {
    let imports = |edges: &[(&str, &str)]| {
        let mut imports = Imports::new();
        for (importer, imported) in edges {
            let entry = imports.entry((*importer).to_owned()).or_default();
            entry.insert((*imported).to_owned(), PathBuf::new());
        }
        imports
    };
    assert_eq!(find_cycle(&imports(&[("a", "b"), ("a", "c"), ("b", "c")])), None);
    let cycle = find_cycle(&imports(&[("a", "b"), ("b", "c"), ("c", "b")]));
    assert_eq!(cycle, Some(vec!["b".to_owned(), "c".to_owned(), "b".to_owned()]));
}

#[test]
fn every_form_of_import_is_read() {
    let source = "use crate::{alpha::A, beta::{B, inner::C}}; use super::gamma::D;
                  fn f() { crate::delta::g(super::super::epsilon::E); }
                  #[cfg(test)] mod tests { use crate::zeta; }";
    let mut found = BTreeSet::new();
    collect_imports(source.parse().unwrap(), 2, &mut found);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["alpha", "beta", "delta", "epsilon"]);
}

/// Reads the names of the top-level modules, and the imports between them.
fn read_imports(source: &Path) -> (BTreeSet<String>, Imports) {
    let mut modules = BTreeSet::new();
    let mut imports = Imports::new();
    let mut folders = vec![source.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let relative = path.strip_prefix(source).unwrap().with_extension("");
            let mut names: Vec<_> =
                relative.iter().map(|name| name.to_string_lossy().into_owned()).collect();
            // Tests may import from every module.
            if names.last().is_some_and(|name| name == "tests" || name == "lib") {
                continue;
            }
            modules.insert(names[0].clone());
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if names.last().is_some_and(|name| name == "mod") {
                names.pop();
            }
            let mut found = BTreeSet::new();
            collect_imports(
                fs::read_to_string(&path).unwrap().parse().unwrap(),
                names.len(),
                &mut found,
            );
            found.remove(&names[0]);
            let imported = imports.entry(names[0].clone()).or_default();
            for name in found {
                imported.entry(name).or_insert_with(|| path.clone());
            }
        }
    }
    (modules, imports)
}

/// Collects the top-level modules that a module imports. Their names follow `crate::`, or `super::`
/// repeated `depth` times. `depth` is the level of the importing module below the root.
fn collect_imports(tokens: TokenStream, depth: usize, found: &mut BTreeSet<String>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut supers = 0;
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                let attribute = tokens.next().map(|attribute| attribute.to_string());
                let is_test = attribute.is_some_and(|attribute| {
                    attribute.contains("cfg")
                        && attribute.contains("test")
                        && !attribute.contains("not")
                });
                if is_test {
                    skip_item(&mut tokens);
                }
            }
            TokenTree::Ident(ident) if ident == "crate" || ident == "super" => {
                supers += 1;
                let at_root = ident == "crate" || supers == depth;
                let colons = tokens.by_ref().take(2).count();
                let next = tokens.peek().cloned();
                match next {
                    Some(TokenTree::Ident(name)) if at_root && colons == 2 => {
                        found.insert(name.to_string());
                        supers = 0;
                    }
                    Some(TokenTree::Ident(name)) if name == "super" => {}
                    Some(TokenTree::Group(group)) if at_root => {
                        collect_first_names(group.stream(), found);
                        supers = 0;
                    }
                    _ => supers = 0,
                }
            }
            TokenTree::Group(group) => collect_imports(group.stream(), depth, found),
            _ => {}
        }
    }
}

/// Collects the first name of each path in the braces of a `use`.
fn collect_first_names(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let mut is_first = true;
    for token in tokens {
        match token {
            TokenTree::Ident(name) if is_first => {
                found.insert(name.to_string());
                is_first = false;
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => is_first = true,
            _ => {}
        }
    }
}

/// Skips the rest of an item, which ends with braces or a semicolon.
fn skip_item(tokens: &mut impl Iterator<Item = TokenTree>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return,
            _ => {}
        }
    }
}

/// Returns the modules of one cycle, with the first module repeated at the end.
fn find_cycle(imports: &Imports) -> Option<Vec<String>> {
    fn visit(
        module: &str,
        imports: &Imports,
        path: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = path.iter().position(|present| present == module) {
            let mut cycle = path[start..].to_vec();
            cycle.push(module.to_owned());
            return Some(cycle);
        }
        if done.contains(module) {
            return None;
        }
        path.push(module.to_owned());
        for imported in imports.get(module).into_iter().flat_map(BTreeMap::keys) {
            if let Some(cycle) = visit(imported, imports, path, done) {
                return Some(cycle);
            }
        }
        path.pop();
        done.insert(module.to_owned());
        None
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|module| visit(module, imports, &mut Vec::new(), &mut done))
}
