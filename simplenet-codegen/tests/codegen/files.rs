//! Schemas in memory.

use std::{
    io::{Error, ErrorKind},
    path::Path,
};

use proc_macro2::TokenStream;
use simplenet_codegen::{Channel, Compiled, Failure, compile, generate, generate_stub};

/// Compiles `schemas/main.ron`; the other files are told by their paths.
pub(crate) fn compiled(main: &str, others: &[(&str, &str)]) -> Compiled {
    let mut read = |path: &Path| {
        let path = path.to_str().expect("paths in tests are texts");
        let main = ("/work/schemas/main.ron", main);
        let found = others.iter().chain([&main]).find(|(known, _)| *known == path);
        match found {
            Some((_, text)) => Ok((*text).to_owned()),
            None => Err(Error::new(ErrorKind::NotFound, "no such file")),
        }
    };
    compile(Path::new("/work/schemas/main.ron"), Path::new("/work"), &mut read)
}

pub(crate) fn channel(main: &str) -> Channel {
    match compiled(main, &[]).outcome {
        Ok(channel) => channel,
        Err(failure) => panic!("{}", failure.errors.join("\n\n")),
    }
}

pub(crate) fn failure(main: &str) -> Failure {
    compiled(main, &[]).outcome.expect_err("the schema has errors")
}

/// All errors, one after the other.
pub(crate) fn errors(main: &str) -> String {
    let mut text = failure(main).errors.join("\n\n");
    text.push('\n');
    text
}

/// A channel of these types that clients send the first of, on one line each.
pub(crate) fn with_types(types: &str) -> String {
    format!("Channel(\n    name: \"chat\",\n    types: {{\n        {types}\n    }},\n)\n")
}

fn runtime() -> syn::Path {
    syn::parse_quote!(::simplenet)
}

/// The generated code, formatted.
pub(crate) fn expanded(channel: &Channel) -> String {
    formatted(generate(channel, &runtime()))
}

pub(crate) fn stub(failure: &Failure) -> String {
    formatted(generate_stub(failure, "chat", &runtime()))
}

fn formatted(tokens: TokenStream) -> String {
    let file = syn::parse2(tokens).expect("the generated code is Rust");
    prettyplease::unparse(&file)
}
