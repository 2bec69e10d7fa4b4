use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use simplenet_codegen::{Failure, generate_stub};
use syn::{Error, Ident, ItemMod};

use crate::attr::Attribute;

/// What stands in the module of a channel with errors: the errors, and all that is known of the channel, so that the
/// code that uses it adds no errors of its own.
pub(crate) fn stub(failure: &Failure, attribute: &Attribute, module: &ItemMod) -> TokenStream {
    let erroneous = erroneous(&failure.errors, attribute.schema.span());
    let items = generate_stub(failure, &module.ident.to_string(), &attribute.runtime);
    quote! { #erroneous #items }
}

/// The same where not even the schema's path is known.
pub(crate) fn without_schema(error: &Error, module: &ItemMod) -> TokenStream {
    let failure = Failure::without_schema(error.to_string());
    let erroneous = erroneous(&failure.errors, error.span());
    let items = generate_stub(&failure, &module.ident.to_string(), &syn::parse_quote!(::simplenet));
    quote! { #erroneous #items }
}

/// Tells the errors, and declares the type that stands for whatever they concern: being in error itself, it fits
/// wherever it is used.
fn erroneous(errors: &[String], span: Span) -> TokenStream {
    let name = Ident::new(Failure::ERRONEOUS, Span::call_site());
    let mut errors = errors.iter();
    let first = errors.next();
    let others = errors.map(|error| quote_spanned!(span=> ::core::compile_error!{#error}));
    let first = first.map(|error| quote_spanned!(span=> ::core::compile_error!{#error}));
    quote! {
        #[doc(hidden)]
        pub type #name = #first;
        #(#others)*
    }
}
