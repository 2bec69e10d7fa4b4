use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path};

use super::{Context, Protocol, items, service, shared, types};
use crate::{
    Failure, Outline,
    names::{self, GENERATED_NAMES},
};

/// The items that stand in for those of a channel with errors, so that code that uses them says nothing further.
///
/// They are what [`generate`](super::generate) would return as far as the channel is known. The rest is imported from
/// a module that does not exist: in a module where a `compile_error!` stands, which the caller sees to, the compiler
/// does not mention that, and takes whatever has such a name for something it has complained about already.
/// The glob serves paths into the module; a glob import of
/// the module itself sees only what is named. `module` names the channel where its schema does not.
pub fn generate_stub(failure: &Failure, module: &str, runtime: &Path) -> TokenStream {
    let (known, missing) = match &failure.outline {
        Some(outline) => known(outline, &failure.names, runtime),
        None => (TokenStream::new(), unknown(&failure.names, module)),
    };
    with_missing(&known, &missing)
}

/// The same for a module of types that channels share.
pub fn generate_types_stub(failure: &Failure, runtime: &Path) -> TokenStream {
    let mut missing: BTreeSet<&str> = failure.names.iter().map(String::as_str).collect();
    let protocol = Protocol { hash: 0, canonical: String::new() };
    let known = failure.outline.as_ref().map(|outline| {
        let context = Context::new(outline, &protocol, runtime);
        for declared in &outline.parts.types {
            missing.remove(declared.name.as_str());
        }
        let shared = shared::uses(&context);
        let types = types::generate(&context);
        quote! { #shared #types }
    });
    let missing: Vec<Ident> = identifiers(missing.into_iter()).collect();
    with_missing(&known.unwrap_or_default(), &missing)
}

fn with_missing(known: &TokenStream, missing: &[Ident]) -> TokenStream {
    let erroneous = names::ident(Failure::ERRONEOUS);
    let types = missing.iter().filter(|name| !SERVICE.iter().any(|service| name == service));
    quote! {
        #known
        pub use self::__erroneous::*;
        #(#[doc(hidden)] pub type #types = #erroneous;)*
    }
}

/// The items of a channel that is known in part, and the names it is known to lack.
fn known(outline: &Outline, names: &[String], runtime: &Path) -> (TokenStream, Vec<Ident>) {
    let protocol = Protocol { hash: 0, canonical: String::new() };
    let context = Context::new(outline, &protocol, runtime);
    let items = items(&context);
    let service = service::stub(&context);
    let shared = outline.shared.iter().flat_map(|shared| &shared.names);
    let declared = outline.parts.types.iter().map(|each| &each.name);
    let declared: BTreeSet<&str> = declared.chain(shared).map(String::as_str).collect();
    let tag = names::tag(&outline.parts.name);
    let names = identifiers(names.iter().map(String::as_str)).filter(|name| {
        *name != tag && !declared.contains(name.to_string().as_str()) && !is_generated(name)
    });
    // Of a trait that lacks a method, implementations of it would be blamed.
    let missing = names.chain(identifiers(SERVICE.into_iter()));
    (quote! { #items #service }, missing.collect())
}

/// All names that the module might have had.
fn unknown(names: &[String], module: &str) -> Vec<Ident> {
    let tag = names::channel_name_to_tag(module);
    let names = names.iter().map(String::as_str).chain(GENERATED_NAMES).chain([tag.as_str()]);
    identifiers(names).collect()
}

const SERVICE: [&str; 2] = ["Service", "ServiceContext"];

fn is_generated(name: &Ident) -> bool {
    GENERATED_NAMES.iter().any(|generated| name == generated)
}

fn identifiers<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = Ident> {
    let names: BTreeSet<&str> = names.collect();
    names.into_iter().filter_map(names::identifier)
}
