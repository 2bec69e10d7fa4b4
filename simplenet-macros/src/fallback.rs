use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use simplenet_codegen::{Failure, generate_stub};
use syn::{Error, ItemMod, parse_quote};

use crate::attr::Attribute;

/// What stands in the module of a channel with errors: the errors, and all that is known of the channel, so that the
/// code that uses it adds no errors of its own.
pub(crate) fn stub(failure: &Failure, attribute: &Attribute, module: &ItemMod) -> TokenStream {
    let errors = errors(failure, attribute.schema.span());
    let items = generate_stub(failure, &module.ident.to_string(), &attribute.runtime);
    quote! { #errors #items }
}

/// The same where not even the schema's path is known.
pub(crate) fn without_schema(error: &Error, module: &ItemMod) -> TokenStream {
    let failure = Failure::without_schema(error.to_string());
    let errors = errors(&failure, error.span());
    let items = generate_stub(&failure, &module.ident.to_string(), &parse_quote!(::simplenet));
    quote! { #errors #items }
}

fn errors(failure: &Failure, span: Span) -> TokenStream {
    let errors = failure.errors.iter();
    errors.map(|error| quote_spanned!(span=> ::core::compile_error!{#error})).collect()
}
