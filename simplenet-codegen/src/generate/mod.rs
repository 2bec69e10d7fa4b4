//! From a channel to the Rust items of its module.
//!
//! Everything that is not declared in the module is reached by an absolute path, so the code means the same wherever
//! the module stands and whatever the user's own types are called.

mod aliases;
mod directions;
mod doc;
mod incoming;
mod module;
mod pack;
mod service;
mod shared;
mod stub;
mod types;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use simplenet_schema::{canonical, protocol_hash};
use syn::{Ident, Path};

pub use self::module::Module;
pub use self::stub::{generate_stub, generate_types_stub};
use crate::{Channel, Outline, SharedTypes};

/// The items of a channel's module. `runtime` is the path of the crate `simplenet`, usually `::simplenet`.
pub fn generate(channel: &Channel, runtime: &Path) -> TokenStream {
    let canonical = canonical::write(&channel.schema);
    let hash = protocol_hash(&canonical);
    let protocol = Protocol { hash, canonical };
    let context = Context::new(&channel.outline, &protocol, runtime);
    let items = items(&context);
    let service = service::generate(&context);
    let checks = shared::checks(&context);
    quote! { #items #service #checks }
}

/// The items of a module of types that channels share.
pub fn generate_types(types: &SharedTypes, runtime: &Path) -> TokenStream {
    let canonical = canonical::write(&types.schema);
    let hash = protocol_hash(&canonical);
    let protocol = Protocol { hash, canonical };
    let context = Context::new(&types.outline, &protocol, runtime);
    let shared = shared::uses(&context);
    let types = types::generate(&context);
    let checks = shared::checks(&context);
    let hash = shared::declare(hash);
    quote! { #shared #types #hash #checks }
}

/// What stands for the schema at run time.
struct Protocol {
    hash: u128,
    canonical: String,
}

/// Everything but the service.
fn items(context: &Context<'_>) -> TokenStream {
    let shared = shared::uses(context);
    let types = types::generate(context);
    let pack = pack::generate(context);
    let directions = directions::generate(context);
    let incoming = incoming::generate(context);
    let aliases = aliases::generate(context);
    quote! { #shared #types #pack #directions #incoming #aliases }
}

/// What all parts of the generator look at.
struct Context<'a> {
    outline: &'a Outline,
    protocol: &'a Protocol,
    runtime: &'a Path,
    /// The channel's tag type.
    tag: Ident,
}

impl<'a> Context<'a> {
    fn new(outline: &'a Outline, protocol: &'a Protocol, runtime: &'a Path) -> Self {
        Self { outline, protocol, runtime, tag: crate::names::tag(&outline.parts.name) }
    }

    fn channel(&self) -> &str {
        &self.outline.parts.name
    }
}

/// In hexadecimal, all 32 digits, as it is printed everywhere else.
fn hash(hash: u128) -> Literal {
    let digits = format!("0x{hash:032x}u128");
    digits.parse().unwrap_or_else(|_| Literal::u128_suffixed(hash))
}
