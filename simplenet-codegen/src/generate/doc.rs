use proc_macro2::TokenStream;
use quote::quote;

/// Returns a documentation comment.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| format!(" {line}"));
    quote!(#(#[doc = #lines])*)
}
