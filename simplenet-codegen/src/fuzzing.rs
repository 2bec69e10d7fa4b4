//! The fuzz targets `schema` and `inline`.
//!
//! Every source compiles to a channel or to errors, and the generated code is valid Rust.

#![expect(clippy::expect_used, reason = "a fuzz target reports a finding by a panic")]

#[cfg(test)]
mod tests;

use std::{
    io::{Error, ErrorKind},
    path::Path,
};

use proc_macro2::{Span, TokenStream};
use simplenet_schema::canonical;
use syn::{LitStr, parse_quote};

use crate::{
    generate::{generate, generate_stub},
    resolve::{Compiled, Compiler, Failure},
    source::inline::Inline,
};

/// Compiles the text of a schema file. The text after a line `=====` is the content of
/// `common.ron`, which the schema may include.
pub fn schema(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let (main, common) = text.split_once("\n=====\n").unwrap_or((text, ""));
    let main_path = Path::new("/schemas/main.ron");
    assert_channel_or_errors(&with_files(
        &[("/schemas/main.ron", main), ("/schemas/common.ron", common)],
        |compiler| compiler.schema(main_path),
    ));
}

/// Compiles the items of a module under `#[channel]`.
pub fn inline(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if exceeds_nesting_limit(text) {
        return;
    }
    let Ok(file) = syn::parse_file(text) else { return };
    let includes: &[LitStr] = &[parse_quote!("common.ron")];
    let externals: &[(syn::Path, LitStr)] = &[(parse_quote!(uuid::Uuid), parse_quote!("uuid-1"))];
    let inline = Inline {
        name: ("fuzzed".to_owned(), Span::call_site()),
        items: &file.items,
        includes,
        externals,
        directory: Path::new("/schemas"),
    };
    let common = r#"Types(types: { "RoomId": Newtype("u32") })"#;
    assert_channel_or_errors(&with_files(&[("/schemas/common.ron", common)], |compiler| {
        compiler.inline(&inline)
    }));
}

fn with_files(files: &[(&str, &str)], compile: impl FnOnce(Compiler<'_>) -> Compiled) -> Compiled {
    let read = &mut |path: &Path| {
        let found = files.iter().find(|(known, _)| Path::new(known) == path);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| Error::from(ErrorKind::NotFound))
    };
    compile(Compiler { shown_from: Path::new("/"), shared: &[], read })
}

fn assert_channel_or_errors(compiled: &Compiled) {
    let runtime = parse_quote!(::simplenet);
    match &compiled.outcome {
        Ok(channel) => {
            let form = canonical::write(channel.schema());
            assert_eq!(canonical::read(&form).as_ref(), Ok(channel.schema()));
            assert_rust(generate(channel, &runtime));
        }
        Err(failure) => {
            assert!(has_errors(failure), "a failure without an error");
            assert_rust(generate_stub(failure, "fuzzed", &runtime));
        }
    }
}

fn has_errors(failure: &Failure) -> bool {
    !failure.errors.is_empty() && failure.errors.iter().all(|error| !error.text.is_empty())
}

fn assert_rust(tokens: TokenStream) {
    syn::parse2::<syn::File>(tokens).expect("the generated code is Rust");
}

/// Whether the text may nest deeper than 128 levels. The compiler refuses such code before it calls
/// a macro, and `syn` depends on that.
fn exceeds_nesting_limit(text: &str) -> bool {
    let opening = text.matches(['(', '[', '{', '<', '&', '*', '!', '-', '|']).count();
    opening > 128
}
