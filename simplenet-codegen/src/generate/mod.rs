//! From a channel to the Rust items of its module.
//!
//! Everything that is not declared in the module is reached by an absolute path, so the code means the same wherever
//! the module stands and whatever the user's own types are called.

mod aliases;
mod directions;
mod incoming;
mod names;
mod pack;
mod service;
mod stub;
mod types;

use proc_macro2::TokenStream;
use quote::quote;
use simplenet_schema::{canonical, protocol_hash};
use syn::{Ident, Path};

pub(crate) use self::names::{GENERATED_NAMES, channel_name_to_tag, identifier, method_name};
pub use self::stub::generate_stub;
use crate::{Channel, Outline};

/// The items of a channel's module. `runtime` is the path of the crate `simplenet`, usually `::simplenet`.
pub fn generate(channel: &Channel, runtime: &Path) -> TokenStream {
    let canonical = canonical::write(&channel.schema);
    let hash = protocol_hash(&canonical);
    let protocol = Protocol { hash, canonical };
    let context = Context::new(&channel.outline, &protocol, runtime);
    let items = items(&context);
    let service = service::generate(&context);
    quote! { #items #service }
}

/// What stands for the schema at run time.
struct Protocol {
    hash: u128,
    canonical: String,
}

/// Everything but the service.
fn items(context: &Context<'_>) -> TokenStream {
    let types = types::generate(context);
    let pack = pack::generate(context);
    let directions = directions::generate(context);
    let incoming = incoming::generate(context);
    let aliases = aliases::generate(context);
    quote! { #types #pack #directions #incoming #aliases }
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
        Self { outline, protocol, runtime, tag: names::tag(&outline.parts.name) }
    }

    fn channel(&self) -> &str {
        &self.outline.parts.name
    }
}
