use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Path};

use super::{Context, Protocol, items, service, shapes, shared, types};
use crate::{
    ir::Ir,
    names::{self, GENERATED_NAMES},
    resolve::Failure,
};

/// Generates the items of a channel with errors, so that code that uses the channel gets no errors
/// of its own.
///
/// Items whose declaration is known are generated as by [`generate`](super::generate). All other
/// names are imported from a module that does not exist. The caller adds a `compile_error!` to the
/// stub, and then the compiler reports neither that import nor any use of such a name. The glob
/// import covers paths into the stub. Code that imports everything from the stub by a glob needs
/// the aliases. `module` is the name of the channel if its schema cannot be read.
pub fn generate_stub(failure: &Failure, module: &str, runtime: &Path) -> TokenStream {
    let (known, missing) = match &failure.ir {
        Some(ir) => known(ir, &failure.names, runtime),
        None => (TokenStream::new(), unknown(&failure.names, module)),
    };
    with_missing(&known, &missing)
}

/// Generates the stub of a module of types that several channels share.
pub fn generate_types_stub(failure: &Failure, runtime: &Path) -> TokenStream {
    let mut missing: BTreeSet<&str> = failure.names.iter().map(String::as_str).collect();
    let protocol = Protocol { hash: 0, canonical: String::new() };
    let known = failure.ir.as_ref().map(|ir| {
        let context = Context::new(ir, &protocol, runtime);
        for declared in &ir.raw.types {
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

/// Returns the known items of a channel, and the names of the others.
fn known(ir: &Ir, names: &[String], runtime: &Path) -> (TokenStream, Vec<Ident>) {
    let protocol = Protocol { hash: 0, canonical: String::new() };
    let context = Context::new(ir, &protocol, runtime);
    let items = items(&context, &shapes::no_payloads(&context));
    let service = service::stub(&context);
    let shared = ir.shared.iter().flat_map(|shared| &shared.names);
    let declared = ir.raw.types.iter().map(|each| &each.name);
    let declared: BTreeSet<&str> = declared.chain(shared).map(String::as_str).collect();
    let tag = names::tag(&ir.raw.name);
    let names = identifiers(names.iter().map(String::as_str)).filter(|name| {
        *name != tag && !declared.contains(name.to_string().as_str()) && !is_generated(name)
    });
    // `Service` is not generated: it may lack a method, whose implementations the compiler would
    // report.
    let missing = names.chain(identifiers(SERVICE.into_iter()));
    (quote! { #items #service }, missing.collect())
}

/// Returns all names that the module may contain.
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
