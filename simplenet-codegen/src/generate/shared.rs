use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::{Context, doc::doc, hash};
use crate::{ir::SharedUse, names::ident};

/// Imports the types that other modules hold.
pub(super) fn uses(context: &Context<'_>) -> TokenStream {
    let uses = context.ir.shared.iter().filter(|shared| !shared.names.is_empty());
    uses.map(|SharedUse { path, names, .. }| {
        let names = names.iter().map(|name| ident(name));
        quote! { pub use #path::{#(#names,)*}; }
    })
    .collect()
}

/// Generates assertions that each module holds the same types as this schema. They may differ,
/// because a module of another crate may come from a different version of the file.
pub(super) fn checks(context: &Context<'_>) -> TokenStream {
    let checks = context.ir.shared.iter().map(|SharedUse { path, file, hash, .. }| {
        let hash = self::hash(*hash);
        let constant = constant();
        let text = path.to_string().replace(' ', "");
        let message =
            format!("`{text}` was generated from another version of the included file `{file}`");
        quote! { const _: () = ::core::assert!(#path::#constant == #hash, #message); }
    });
    checks.collect()
}

/// Generates the constant that [`checks`] compares.
pub(super) fn declare(hash: u128) -> TokenStream {
    let hash = self::hash(hash);
    let docs = doc("The hash of all types of this module.");
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
