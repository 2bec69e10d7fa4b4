use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{AttrStyle, Attribute, Ident, Visibility};

use super::doc::doc;

/// The module around generated items.
pub struct Module<'a> {
    /// The attributes and docs that the user wrote.
    pub attributes: &'a [Attribute],
    /// The visibility of the module.
    pub visibility: &'a Visibility,
    /// The name of the module.
    pub name: &'a Ident,
    /// The docs of a module that has none.
    pub docs: &'a str,
}

impl Module<'_> {
    /// Generates the module with these items.
    pub fn fill(&self, items: &TokenStream) -> TokenStream {
        let Self { attributes, visibility, name, docs } = self;
        let documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
        let docs = (!documented).then(|| doc(docs));
        let attributes = attributes.iter().map(outer);
        quote! {
            #docs
            #(#attributes)*
            #[allow(
                clippy::all,
                clippy::pedantic,
                dead_code,
                nonstandard_style,
                unreachable_pub,
                reason = "the schema chooses the names, and a program may use a part of the channel"
            )]
            #visibility mod #name { #items }
        }
    }
}

/// Returns an attribute as an outer one.
fn outer(attribute: &Attribute) -> TokenStream {
    let style = AttrStyle::Outer;
    Attribute { style, ..attribute.clone() }.into_token_stream()
}
