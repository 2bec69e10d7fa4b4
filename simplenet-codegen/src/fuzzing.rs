//! What the fuzz targets `schema` and `inline` call.
//!
//! Whatever a user writes comes to an end as a channel or as errors, and what is generated is Rust either way.

#![expect(clippy::expect_used, reason = "a fuzz target tells what it found by a panic")]

#[cfg(test)]
mod tests;

use std::{
    io::{Error, ErrorKind},
    path::Path,
};

use proc_macro2::{Span, TokenStream};
use simplenet_schema::canonical;
use syn::{LitStr, parse_quote};

use crate::{Compiled, Compiler, Failure, Inline, generate, generate_stub};

/// The text of a schema file; behind a line with `=====`, that of `common.ron`, which it may include.
pub fn schema(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    let (main, common) = text.split_once("\n=====\n").unwrap_or((text, ""));
    let main_path = Path::new("/schemas/main.ron");
    survives(&with_files(&[("/schemas/main.ron", main), ("/schemas/common.ron", common)], |it| {
        it.schema(main_path)
    }));
}

/// The items of a module under `#[channel]`, as the compiler hands them to the macro.
pub fn inline(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if nests_deeper_than_compilers_go(text) {
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
    survives(&with_files(&[("/schemas/common.ron", common)], |it| it.inline(&inline)));
}

fn with_files(files: &[(&str, &str)], compile: impl FnOnce(Compiler<'_>) -> Compiled) -> Compiled {
    let read = &mut |path: &Path| {
        let found = files.iter().find(|(known, _)| Path::new(known) == path);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| Error::from(ErrorKind::NotFound))
    };
    compile(Compiler { shown_from: Path::new("/"), shared: &[], read })
}

fn survives(compiled: &Compiled) {
    let runtime = parse_quote!(::simplenet);
    match &compiled.outcome {
        Ok(channel) => {
            let form = canonical::write(channel.schema());
            assert_eq!(canonical::read(&form).as_ref(), Ok(channel.schema()));
            is_rust(generate(channel, &runtime));
        }
        Err(failure) => {
            assert!(tells(failure), "it fails without an error");
            is_rust(generate_stub(failure, "fuzzed", &runtime));
        }
    }
}

fn tells(failure: &Failure) -> bool {
    !failure.errors.is_empty() && failure.errors.iter().all(|error| !error.text.is_empty())
}

fn is_rust(tokens: TokenStream) {
    syn::parse2::<syn::File>(tokens).expect("what is generated is Rust");
}

/// The compiler refuses what nests deeper than 128 before a macro sees it, and the parser of Rust relies on that.
fn nests_deeper_than_compilers_go(text: &str) -> bool {
    let opening = text.matches(['(', '[', '{', '<', '&', '*', '!', '-', '|']).count();
    opening > 128
}
