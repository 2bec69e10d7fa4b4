use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, doc::doc};
use crate::names::ident;

/// The types of the runtime that users name most, for this channel.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let channel = context.channel();
    let server = SERVER.map(|alias| alias.declare(context));
    let client = CLIENT.map(|alias| alias.declare(context));
    let token = doc(&format!("Answers one request `R` of a client of `{channel}`."));
    quote! {
        #runtime::__private::if_server! {
            #(#server)*

            #token
            pub type RequestToken<R> = #runtime::RequestToken<#tag, R>;
        }
        #runtime::__private::if_client! {
            #(#client)*
        }
    }
}

/// An alias of a runtime type of the same name.
#[derive(Clone, Copy)]
struct Alias {
    name: &'static str,
    /// Followed by the channel's name.
    docs: &'static str,
}

const SERVER: [Alias; 3] = [
    Alias { name: "Server", docs: "A server of" },
    Alias { name: "ServerHandle", docs: "A handle of a server of" },
    Alias { name: "ServerEvent", docs: "What a server's `next()` returns, for" },
];
const CLIENT: [Alias; 3] = [
    Alias { name: "Client", docs: "A client of" },
    Alias { name: "ClientHandle", docs: "A handle of a client of" },
    Alias { name: "ClientEvent", docs: "What a client's `next()` returns, for" },
];

impl Alias {
    fn declare(self, context: &Context<'_>) -> TokenStream {
        let Context { tag, runtime, .. } = context;
        let name = ident(self.name);
        let docs = doc(&format!("{} `{}`.", self.docs, context.channel()));
        quote! {
            #docs
            pub type #name = #runtime::#name<#tag>;
        }
    }
}
