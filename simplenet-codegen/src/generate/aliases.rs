use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, doc::doc};
use crate::names::ident;

/// Generates aliases of the generic runtime types for this channel.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let channel = context.channel();
    let server = SERVER.map(|alias| alias.declare(context));
    let client = CLIENT.map(|alias| alias.declare(context));
    let token = doc(&format!("The token that answers one request `R` of a client of `{channel}`."));
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

/// An alias of the runtime type with the same name.
#[derive(Clone, Copy)]
struct Alias {
    name: &'static str,
    /// The docs, without the name of the channel at the end.
    docs: &'static str,
}

const SERVER: [Alias; 3] = [
    Alias { name: "Server", docs: "A server of" },
    Alias { name: "ServerHandle", docs: "A handle of a server of" },
    Alias { name: "ServerEvent", docs: "An event of a server of" },
];
const CLIENT: [Alias; 3] = [
    Alias { name: "Client", docs: "A client of" },
    Alias { name: "ClientHandle", docs: "A handle of a client of" },
    Alias { name: "ClientEvent", docs: "An event of a client of" },
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
