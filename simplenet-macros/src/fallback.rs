use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use simplenet_codegen::{Failure, Report, generate_stub, generate_types_stub};
use syn::{Error, ItemMod, Path, parse_quote};

/// Expands a channel with errors to the errors and a stub of the channel, so that code that uses
/// the channel gets no errors of its own. Errors in files are reported at `span`.
pub(crate) fn stub(failure: &Failure, span: Span, module: &ItemMod, runtime: &Path) -> TokenStream {
    let errors = errors(failure, span);
    let items = generate_stub(failure, &module.ident.to_string(), runtime);
    quote! { #errors #items }
}

/// Expands a module of types with errors in the same way as [`stub`].
pub(crate) fn types_stub(failure: &Failure, span: Span, runtime: &Path) -> TokenStream {
    let errors = errors(failure, span);
    let items = generate_types_stub(failure, runtime);
    quote! { #errors #items }
}

/// Expands a channel whose arguments have an error.
pub(crate) fn without_schema(error: &Error, module: &ItemMod) -> TokenStream {
    stub(&failure(error), error.span(), module, &parse_quote!(::simplenet))
}

/// Expands a module with `#[types]` if the arguments of the attribute have an error.
pub(crate) fn types_without_schema(error: &Error) -> TokenStream {
    types_stub(&failure(error), error.span(), &parse_quote!(::simplenet))
}

fn failure(error: &Error) -> Failure {
    Failure::without_schema(Report::new(error.to_string(), Some(error.span())))
}

fn errors(failure: &Failure, span: Span) -> TokenStream {
    let errors = failure.errors.iter();
    errors
        .map(|Report { text, span: own }| {
            let span = own.unwrap_or(span);
            quote_spanned!(span=> ::core::compile_error!{#text})
        })
        .collect()
}
