use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, doc::doc};
use crate::names::ident;

/// Generates `IncomingRequest`, which pairs each request with the token for its response.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let docs = doc(&format!(
        "A request from a client of `{}`, with the token that answers it.",
        context.channel()
    ));
    let variants = context.ir.raw.client_requests.iter().map(|request| {
        let name = ident(&request.name);
        let docs = doc(&format!(
            "A `{}` request, with the token for its response, `{}`.",
            request.name, request.response
        ));
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
