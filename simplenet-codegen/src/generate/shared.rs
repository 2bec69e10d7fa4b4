use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Context, doc::doc, hash};
use crate::names::ident;
use crate::resolve::SharedUse;

/// The types that are generated elsewhere, by the names that they would have here.
pub(super) fn uses(context: &Context<'_>) -> TokenStream {
    let uses = context.outline.shared.iter().filter(|shared| !shared.names.is_empty());
    uses.map(|SharedUse { path, names, .. }| {
        let names = names.iter().map(|name| ident(name));
        quote! { pub use #path::{#(#names,)*}; }
    })
    .collect()
}

/// Holds the modules to what the schema says of their types: a module of another crate may be older or newer.
pub(super) fn checks(context: &Context<'_>) -> TokenStream {
    let checks = context.outline.shared.iter().map(|SharedUse { path, file, hash, .. }| {
        let hash = self::hash(*hash);
        let constant = constant();
        let text = path.to_string().replace(' ', "");
        let message =
            format!("`{text}` was generated from other types than the included `{file}` has");
        quote! { const _: () = ::core::assert!(#path::#constant == #hash, #message); }
    });
    checks.collect()
}

/// What [`checks`] looks at.
pub(super) fn declare(hash: u128) -> TokenStream {
    let hash = self::hash(hash);
    let docs = doc("Stands for all types of this module.");
    let constant = constant();
    quote! {
        #docs
        #[doc(hidden)]
        pub const #constant: u128 = #hash;
    }
}

fn constant() -> Ident {
    ident("__TYPES")
}
