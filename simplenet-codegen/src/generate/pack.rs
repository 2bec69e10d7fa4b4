use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, doc::doc, hash, types};
use crate::names::ident;

/// Generates the tag type and its `ChannelPack`. `payloads` is the method that returns the
/// payloads.
pub(super) fn generate(context: &Context<'_>, payloads: &TokenStream) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let name = context.channel();
    let docs = doc(&format!("The channel `{name}`, as a type argument of servers and clients."));
    let hash = hash(context.protocol.hash);
    let canonical = &context.protocol.canonical;
    let connect = types::r#type(context, &context.ir.raw.connect);
    let requests = context.ir.raw.client_requests.iter().map(|each| ident(&each.name));
    let incoming = match requests.len() {
        // Without requests, `request` is an enum without variants.
        0 => quote! { let _ = token; match request {} },
        _ => quote! {
            match request {
                #(ClientRequest::#requests(request) => IncomingRequest::#requests(
                    request,
                    #runtime::RequestToken::from_raw(token),
                ),)*
            }
        },
    };
    quote! {
        #docs
        #[derive(
            ::core::clone::Clone,
            ::core::marker::Copy,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
            ::core::cmp::Eq,
            ::core::hash::Hash
        )]
        pub enum #tag {}

        #[automatically_derived]
        impl #runtime::ChannelPack for #tag {
            const PROTOCOL: #runtime::Protocol = #runtime::Protocol::new(#name, #hash, #canonical);
            type ConnectMsg = #connect;
            type ClientMsg = ClientMsg;
            type ClientRequest = ClientRequest;
            type ServerMsg = ServerMsg;
            type ServerResponse = ServerResponse;

            #payloads

            #runtime::__private::if_server! {
                type IncomingRequest = IncomingRequest;

                fn incoming(
                    request: ClientRequest,
                    token: #runtime::RawToken,
                ) -> IncomingRequest {
                    #incoming
                }
            }
        }
    }
}
