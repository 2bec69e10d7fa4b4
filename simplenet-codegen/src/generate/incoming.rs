use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, doc::doc};
use crate::names::ident;

/// `IncomingRequest`: every request beside the token that answers it and no other.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let docs = doc(&format!(
        "A request of a client of `{}`, with the token that answers it.",
        context.channel()
    ));
    let variants = context.outline.parts.client_requests.iter().map(|request| {
        let name = ident(&request.name);
        let docs = doc(&format!("A `{}`; its token takes `{}`.", request.name, request.response));
        quote! { #docs #name(#name, #runtime::RequestToken<#tag, #name>) }
    });
    quote! {
        #runtime::__private::if_server! {
            #docs
            #[derive(::core::fmt::Debug)]
            pub enum IncomingRequest { #(#variants,)* }
        }
    }
}
