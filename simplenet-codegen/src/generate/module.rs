use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{AttrStyle, Attribute, Ident, Visibility};

use super::doc::doc;

/// The module around generated items.
pub struct Module<'a> {
    /// The user's own attributes and docs.
    pub attributes: &'a [Attribute],
    /// Who sees it.
    pub visibility: &'a Visibility,
    /// Its name.
    pub name: &'a Ident,
    /// Docs, if the user wrote none.
    pub docs: &'a str,
}

impl Module<'_> {
    /// The module with these items in it.
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
                reason = "names are the schema's, and no program uses all of a channel"
            )]
            #visibility mod #name { #items }
        }
    }
}

/// As it is written before the module, though it may have stood inside.
fn outer(attribute: &Attribute) -> TokenStream {
    let style = AttrStyle::Outer;
    Attribute { style, ..attribute.clone() }.into_token_stream()
}
