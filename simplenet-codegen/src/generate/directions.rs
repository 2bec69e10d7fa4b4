use proc_macro2::TokenStream;
use quote::quote;
use simplenet_schema::Request;
use syn::Ident;

use super::{Context, doc::doc, types};
use crate::names::ident;

/// One enum per direction, and which types go in it.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    let parts = &context.outline.parts;
    let channel = context.channel();
    let client_messages: Vec<Ident> =
        parts.client_messages.iter().map(|name| ident(name)).collect();
    let server_messages: Vec<Ident> =
        parts.server_messages.iter().map(|name| ident(name)).collect();
    let requests: Vec<Ident> = parts.client_requests.iter().map(|each| ident(&each.name)).collect();

    let client = Direction {
        name: ident("ClientMsg"),
        docs: format!("Every message that a client of `{channel}` may send."),
        variants: plain(&client_messages),
    };
    let request = Direction {
        name: ident("ClientRequest"),
        docs: format!("Every request that a client of `{channel}` may make."),
        variants: plain(&requests),
    };
    let server = Direction {
        name: ident("ServerMsg"),
        docs: format!("Every message that the server of `{channel}` may send."),
        variants: plain(&server_messages),
    };
    let response = Direction {
        name: ident("ServerResponse"),
        docs: format!("Every response of the server of `{channel}`, by the request it answers."),
        variants: parts
            .client_requests
            .iter()
            .map(|each| (ident(&each.name), types::r#type(context, &each.response)))
            .collect(),
    };
    let enums = [&client, &request, &server, &response].map(|each| each.declare(context));
    let from = [&client, &request, &server].map(Direction::from);
    let client_messages = messages(context, "ClientMessage", &client);
    let server_messages = messages(context, "ServerMessage", &server);
    let requests = parts.client_requests.iter().map(|each| implement_request(context, each));
    quote! { #(#enums)* #(#from)* #client_messages #server_messages #(#requests)* }
}

/// The enum of all that goes one way.
struct Direction {
    name: Ident,
    docs: String,
    variants: Vec<(Ident, TokenStream)>,
}

/// Variants that are called like what they hold.
fn plain(names: &[Ident]) -> Vec<(Ident, TokenStream)> {
    names.iter().map(|name| (name.clone(), quote!(#name))).collect()
}

impl Direction {
    fn declare(&self, context: &Context<'_>) -> TokenStream {
        let Self { name, docs, variants } = self;
        let docs = doc(docs);
        let derives = types::standard_derives(context);
        let serde = types::serde_crate(context);
        let variants = variants.iter().map(|(variant, content)| {
            let docs = doc(&format!("`{variant}`."));
            quote! { #docs #variant(#content) }
        });
        quote! {
            #docs
            #[derive(#derives)]
            #serde
            pub enum #name { #(#variants,)* }
        }
    }

    fn from(&self) -> TokenStream {
        let name = &self.name;
        let variants = self.variants.iter().map(|(variant, content)| {
            quote! {
                #[automatically_derived]
                impl ::core::convert::From<#content> for #name {
                    fn from(message: #content) -> Self {
                        Self::#variant(message)
                    }
                }
            }
        });
        quote! { #(#variants)* }
    }
}

/// The enum itself may be sent as well as each of its messages.
fn messages(context: &Context<'_>, r#trait: &str, direction: &Direction) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let r#trait = ident(r#trait);
    let contents = direction.variants.iter().map(|(_, content)| content);
    let name = &direction.name;
    quote! {
        #[automatically_derived]
        impl #runtime::#r#trait<#tag> for #name {}
        #(#[automatically_derived] impl #runtime::#r#trait<#tag> for #contents {})*
    }
}

fn implement_request(context: &Context<'_>, request: &Request) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let name = ident(&request.name);
    let response = types::r#type(context, &request.response);
    // With a single request there is no other response that could come.
    let others = (context.outline.parts.client_requests.len() > 1)
        .then(|| quote!(_ => ::core::option::Option::None,));
    quote! {
        #[automatically_derived]
        impl #runtime::Request<#tag> for #name {
            type Response = #response;

            fn into_response(response: #response) -> ServerResponse {
                ServerResponse::#name(response)
            }

            fn from_response(response: ServerResponse) -> ::core::option::Option<#response> {
                match response {
                    ServerResponse::#name(response) => ::core::option::Option::Some(response),
                    #others
                }
            }
        }
    }
}
