use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use super::{GENERATED_NAMES, Protocol, items, names};
use crate::{Failure, Outline};

/// The items that stand in for those of a channel with errors, so that code that uses them says nothing further.
///
/// They are what [`generate`](super::generate) would return as far as the channel is known. The rest is the type
/// [`Failure::ERRONEOUS`], which the caller declares: as a type the compiler knows to be in error, it fits everywhere.
/// `module` names the channel where its schema does not.
pub fn generate_stub(failure: &Failure, module: &str, runtime: &Path) -> TokenStream {
    match &failure.outline {
        Some(outline) => known(outline, &failure.names, runtime),
        None => unknown(failure, module),
    }
}

fn known(outline: &Outline, names: &[String], runtime: &Path) -> TokenStream {
    let protocol = Protocol { hash: 0, canonical: String::new() };
    let items = items(outline, &protocol, runtime);
    let declared: BTreeSet<&str> =
        outline.parts.types.iter().map(|each| each.name.as_str()).collect();
    let missing = names.iter().filter(|name| {
        !declared.contains(name.as_str()) && !GENERATED_NAMES.contains(&name.as_str())
    });
    let placeholders = missing.map(|name| placeholder(name));
    quote! { #items #(#placeholders)* }
}

/// All names that the module might have had.
fn unknown(failure: &Failure, module: &str) -> TokenStream {
    let tag = names::channel_name_to_tag(module);
    let mut missing: BTreeSet<&str> = failure.names.iter().map(String::as_str).collect();
    missing.extend(GENERATED_NAMES);
    missing.insert(&tag);
    let placeholders = missing.into_iter().map(placeholder);
    quote! { #(#placeholders)* }
}

/// Something of this name, as a type and as a value.
fn placeholder(name: &str) -> TokenStream {
    if syn::parse_str::<syn::Ident>(name).is_err() {
        return TokenStream::new();
    }
    let name = names::ident(name);
    let erroneous = names::ident(Failure::ERRONEOUS);
    quote! {
        #[doc(hidden)]
        pub type #name = #erroneous;
        #[doc(hidden)]
        #[allow(non_upper_case_globals, reason = "stands for a type")]
        pub const #name: #erroneous = loop {};
    }
}
