//! Schemas in memory.

use std::{
    fs,
    io::{Error, ErrorKind, Result},
    path::Path,
};

use proc_macro2::TokenStream;
use simplenet_codegen::{
    Channel, Compiled, Compiler, Failure, Report, TypesModule, format_code, generate, generate_stub,
};

/// Compiles `schemas/main.ron`. Each other file is given as its path and its text.
pub(crate) fn compiled(main: &str, others: &[(&str, &str)]) -> Compiled {
    let mut read = |path: &Path| {
        let path = path.to_str().expect("paths in tests are UTF-8");
        let main = ("/work/schemas/main.ron", main);
        let found = others.iter().chain([&main]).find(|(known, _)| *known == path);
        match found {
            Some((_, text)) => Ok((*text).to_owned()),
            None => Err(Error::new(ErrorKind::NotFound, "no such file")),
        }
    };
    compiler(&[], &mut read).schema(Path::new("/work/schemas/main.ron"))
}

pub(crate) fn compiler<'a>(
    shared: &'a [TypesModule],
    read: &'a mut dyn FnMut(&Path) -> Result<String>,
) -> Compiler<'a> {
    Compiler { shown_from: Path::new("/work"), shared, read }
}

/// Returns a compiler that reads files from the disk.
pub(crate) fn from_disk() -> Compiler<'static> {
    let read = Box::leak(Box::new(|path: &Path| fs::read_to_string(path)));
    Compiler { shown_from: Path::new(""), shared: &[], read }
}

pub(crate) fn channel(main: &str) -> Channel {
    match compiled(main, &[]).outcome {
        Ok(channel) => channel,
        Err(failure) => panic!("{}", errors_of(&failure)),
    }
}

pub(crate) fn failure(main: &str) -> Failure {
    compiled(main, &[]).outcome.expect_err("the schema has errors")
}

/// Returns all errors of a schema.
pub(crate) fn errors(main: &str) -> String {
    format!("{}\n", errors_of(&failure(main)))
}

/// Returns all errors, separated by empty lines.
pub(crate) fn errors_of(failure: &Failure) -> String {
    let errors: Vec<String> = failure.errors.iter().map(Report::to_string).collect();
    errors.join("\n\n")
}

/// Returns a channel that declares these types.
pub(crate) fn with_types(types: &str) -> String {
    format!("Channel(\n    name: \"chat\",\n    types: {{\n        {types}\n    }},\n)\n")
}

fn runtime() -> syn::Path {
    syn::parse_quote!(::simplenet)
}

/// Returns the generated code, formatted.
pub(crate) fn expanded(channel: &Channel) -> String {
    formatted(generate(channel, &runtime()))
}

pub(crate) fn stub(failure: &Failure) -> String {
    formatted(generate_stub(failure, "chat", &runtime()))
}

fn formatted(tokens: TokenStream) -> String {
    syn::parse2::<syn::File>(tokens.clone()).expect("the generated code is Rust");
    format_code(&tokens)
}
