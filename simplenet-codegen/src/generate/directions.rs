use proc_macro2::TokenStream;
use quote::quote;
use simplenet_schema::Request;
use syn::Ident;

use super::{Context, doc::doc, types};
use crate::names::ident;

/// Generates one enum per direction, and the traits of its messages.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    let raw = &context.ir.raw;
    let channel = context.channel();
    let client_messages: Vec<Ident> = raw.client_messages.iter().map(|name| ident(name)).collect();
    let server_messages: Vec<Ident> = raw.server_messages.iter().map(|name| ident(name)).collect();
    let requests: Vec<Ident> = raw.client_requests.iter().map(|each| ident(&each.name)).collect();

    let client = Direction {
        name: ident("ClientMsg"),
        docs: format!("Any message from a client of `{channel}`."),
        variants: variants_by_type(&client_messages),
    };
    let request = Direction {
        name: ident("ClientRequest"),
        docs: format!("Any request from a client of `{channel}`."),
        variants: variants_by_type(&requests),
    };
    let server = Direction {
        name: ident("ServerMsg"),
        docs: format!("Any message from the server of `{channel}`."),
        variants: variants_by_type(&server_messages),
    };
    let response = Direction {
        name: ident("ServerResponse"),
        docs: format!("Any response from the server of `{channel}`, by its request."),
        variants: raw
            .client_requests
            .iter()
            .map(|each| (ident(&each.name), types::r#type(context, &each.response)))
            .collect(),
    };
    let enums = [&client, &request, &server, &response].map(|each| each.declare(context));
    let from = [&client, &request, &server].map(Direction::implement_from);
    let client_messages = messages(context, "ClientMessage", &client);
    let server_messages = messages(context, "ServerMessage", &server);
    let requests = raw.client_requests.iter().map(|each| implement_request(context, each));
    quote! { #(#enums)* #(#from)* #client_messages #server_messages #(#requests)* }
}

/// The enum of one direction.
struct Direction {
    name: Ident,
    docs: String,
    variants: Vec<(Ident, TokenStream)>,
}

/// Returns one variant for each type, with the name of the type.
fn variants_by_type(names: &[Ident]) -> Vec<(Ident, TokenStream)> {
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

    /// Implements `From` for each variant.
    fn implement_from(&self) -> TokenStream {
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

/// Implements the message trait for the enum and for each type in it.
fn messages(context: &Context<'_>, r#trait: &str, direction: &Direction) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let r#trait = ident(r#trait);
    let name = &direction.name;
    let others = others(direction.variants.len());
    let contents = direction.variants.iter().map(|(variant, content)| {
        quote! {
            #[automatically_derived]
            impl #runtime::#r#trait<#tag> for #content {
                fn from_message(message: &#name) -> ::core::option::Option<&Self> {
                    match message {
                        #name::#variant(message) => ::core::option::Option::Some(message),
                        #others
                    }
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #runtime::#r#trait<#tag> for #name {
            fn from_message(message: &#name) -> ::core::option::Option<&Self> {
                ::core::option::Option::Some(message)
            }
        }
        #(#contents)*
    }
}

/// Returns the `_` arm of a `match` over `count` variants. `None` for one variant, because the arm
/// would be unreachable.
fn others(count: usize) -> Option<TokenStream> {
    (count > 1).then(|| quote!(_ => ::core::option::Option::None,))
}

fn implement_request(context: &Context<'_>, request: &Request) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let name = ident(&request.name);
    let response = types::r#type(context, &request.response);
    let count = context.ir.raw.client_requests.len();
    let others = others(count);
    let other_requests = (count > 1).then(|| quote!(other => ::core::result::Result::Err(other),));
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

        #runtime::__private::if_server! {
            #[automatically_derived]
            impl #runtime::ReceivedRequest<#tag> for #name {
                fn from_incoming(
                    request: IncomingRequest,
                ) -> ::core::result::Result<
                    (Self, #runtime::RequestToken<#tag, Self>),
                    IncomingRequest,
                > {
                    match request {
                        IncomingRequest::#name(request, token) => {
                            ::core::result::Result::Ok((request, token))
                        }
                        #other_requests
                    }
                }
            }
        }
    }
}
