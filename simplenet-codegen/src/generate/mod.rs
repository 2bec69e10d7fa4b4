//! The code generator: returns the Rust items of the module of a channel.
//!
//! Generated code refers to every item outside of its module by an absolute path, so types of the
//! user cannot shadow such an item.

mod aliases;
mod directions;
mod doc;
mod incoming;
mod module;
mod pack;
mod service;
mod shapes;
mod shared;
mod stub;
mod types;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use simplenet_schema::{canonical, protocol_hash};
use syn::{Ident, Path};

pub use self::module::Module;
pub use self::stub::{generate_stub, generate_types_stub};
use crate::ir::{Channel, Ir, SharedTypes};

/// Generates the items of a channel. `runtime` is the path of the crate `simplenet`, usually
/// `::simplenet`.
pub fn generate(channel: &Channel, runtime: &Path) -> TokenStream {
    let canonical = canonical::write(&channel.schema);
    let hash = protocol_hash(&canonical);
    let protocol = Protocol { hash, canonical };
    let context = Context::new(&channel.ir, &protocol, runtime);
    let items = items(&context, &shapes::payloads(&context));
    let shapes = shapes::generate(&context);
    let service = service::generate(&context);
    let checks = shared::checks(&context);
    quote! { #items #shapes #service #checks }
}

/// Generates the items of a module of types that several channels share.
pub fn generate_types(types: &SharedTypes, runtime: &Path) -> TokenStream {
    let canonical = canonical::write(&types.schema);
    let hash = protocol_hash(&canonical);
    let protocol = Protocol { hash, canonical };
    let context = Context::new(&types.ir, &protocol, runtime);
    let shared = shared::uses(&context);
    let types = types::generate(&context);
    let shapes = shapes::generate(&context);
    let checks = shared::checks(&context);
    let hash = shared::declare(hash);
    quote! { #shared #types #shapes #hash #checks }
}

/// The constants that represent the schema at run time.
struct Protocol {
    hash: u128,
    canonical: String,
}

/// Generates all items except the shapes and the service. `payloads` is the method that returns the
/// payloads.
fn items(context: &Context<'_>, payloads: &TokenStream) -> TokenStream {
    let shared = shared::uses(context);
    let types = types::generate(context);
    let pack = pack::generate(context, payloads);
    let directions = directions::generate(context);
    let incoming = incoming::generate(context);
    let aliases = aliases::generate(context);
    quote! { #shared #types #pack #directions #incoming #aliases }
}

/// The input of every function of the generator.
struct Context<'a> {
    ir: &'a Ir,
    protocol: &'a Protocol,
    runtime: &'a Path,
    /// The channel's tag type.
    tag: Ident,
}

impl<'a> Context<'a> {
    fn new(ir: &'a Ir, protocol: &'a Protocol, runtime: &'a Path) -> Self {
        Self { ir, protocol, runtime, tag: crate::names::tag(&ir.raw.name) }
    }

    fn channel(&self) -> &str {
        &self.ir.raw.name
    }
}

/// Returns the literal of a hash, with all 32 hexadecimal digits.
fn hash(hash: u128) -> Literal {
    let digits = format!("0x{hash:032x}u128");
    digits.parse().unwrap_or_else(|_| Literal::u128_suffixed(hash))
}
