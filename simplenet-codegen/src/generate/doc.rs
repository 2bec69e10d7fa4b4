use proc_macro2::TokenStream;
use quote::quote;

/// A documentation comment.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| format!(" {line}"));
    quote!(#(#[doc = #lines])*)
}
