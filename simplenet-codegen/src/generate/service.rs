use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, doc::doc, types};
use crate::names::{ident, method};

/// Generates the trait `Service`, and the dispatch of events to its methods.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    let runtime = context.runtime;
    let declared = declare(context);
    let serves = implement(context);
    quote! {
        #runtime::__private::if_server! {
            #declared
            #serves
        }
    }
}

/// Generates the trait `Serves` for every type, for a channel whose schema has errors. So code that
/// uses a service gets no further errors.
pub(super) fn stub(context: &Context<'_>) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let connect = types::r#type(context, &context.ir.raw.connect);
    quote! {
        #runtime::__private::if_server! {
            #[automatically_derived]
            impl<S: ::core::marker::Send + ::core::marker::Sync + 'static> #runtime::Serves<S>
                for #tag
            {
                async fn connected(_: &S, _: #runtime::ServiceContext<Self>, _: #connect) {}
                async fn message(_: &S, _: #runtime::ServiceContext<Self>, _: ClientMsg) {}
                async fn request(_: &S, _: #runtime::ServiceContext<Self>, _: IncomingRequest) {}
                async fn disconnected(
                    _: &S,
                    _: #runtime::ServiceContext<Self>,
                    _: #runtime::CloseReason,
                ) {}
            }
        }
    }
}

fn declare(context: &Context<'_>) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let raw = &context.ir.raw;
    let channel = context.channel();
    let connect = types::r#type(context, &raw.connect);
    let docs = doc(&format!(
        "A service of `{channel}`, with a handler for every message and request of a client.\n\
         \n\
         The messages of a client are handled one at a time, in order. The requests of a client are\n\
         handled concurrently."
    ));
    let context_docs =
        doc(&format!("The context of a handler of `{channel}`: the session of a client."));
    let messages = raw.client_messages.iter().map(|message| {
        let docs = doc(&format!("Handles the message `{message}` of a client."));
        let method = method(message);
        let r#type = ident(message);
        quote! {
            #docs
            fn #method(
                &self,
                context: ServiceContext,
                message: #r#type,
            ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send;
        }
    });
    let requests = raw.client_requests.iter().map(|request| {
        let docs = doc(&format!("Handles the request `{}` of a client.", request.name));
        let method = method(&request.name);
        let r#type = ident(&request.name);
        let response = types::r#type(context, &request.response);
        quote! {
            #docs
            fn #method(
                &self,
                context: ServiceContext,
                request: #r#type,
            ) -> impl ::core::future::Future<Output = #runtime::Reply<#response>> + ::core::marker::Send;
        }
    });
    quote! {
        #context_docs
        pub type ServiceContext = #runtime::ServiceContext<#tag>;

        #docs
        pub trait Service: ::core::marker::Send + ::core::marker::Sync + 'static {
            /// Handles the beginning of a session. The other handlers of the session run after this
            /// handler returns.
            fn connected(
                &self,
                context: ServiceContext,
                message: #connect,
            ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
                let _ = (context, message);
                async {}
            }

            /// Handles the end of a session, after its unfinished request handlers are dropped.
            fn disconnected(
                &self,
                context: ServiceContext,
                reason: #runtime::CloseReason,
            ) -> impl ::core::future::Future<Output = ()> + ::core::marker::Send {
                let _ = (context, reason);
                async {}
            }

            #(#messages)*
            #(#requests)*
        }
    }
}

fn implement(context: &Context<'_>) -> TokenStream {
    let Context { tag, runtime, .. } = context;
    let connect = types::r#type(context, &context.ir.raw.connect);
    let on_message = on_message(context);
    let on_request = on_request(context);
    quote! {
        #[automatically_derived]
        impl<S: Service> #runtime::Serves<S> for #tag {
            async fn connected(service: &S, context: ServiceContext, message: #connect) {
                <S as Service>::connected(service, context, message).await
            }

            async fn message(service: &S, context: ServiceContext, message: ClientMsg) {
                #on_message
            }

            async fn request(service: &S, context: ServiceContext, request: IncomingRequest) {
                #on_request
            }

            async fn disconnected(
                service: &S,
                context: ServiceContext,
                reason: #runtime::CloseReason,
            ) {
                <S as Service>::disconnected(service, context, reason).await
            }
        }
    }
}

fn on_message(context: &Context<'_>) -> TokenStream {
    let arms: Vec<_> = context.ir.raw.client_messages.iter().map(|message| {
        let method = method(message);
        let variant = ident(message);
        quote! {
            ClientMsg::#variant(message) => <S as Service>::#method(service, context, message).await,
        }
    }).collect();
    if arms.is_empty() {
        return quote! { let _ = (service, context); match message {} };
    }
    quote! { match message { #(#arms)* } }
}

fn on_request(context: &Context<'_>) -> TokenStream {
    let arms: Vec<_> = context
        .ir
        .raw
        .client_requests
        .iter()
        .map(|request| {
            let method = method(&request.name);
            let variant = ident(&request.name);
            quote! {
                IncomingRequest::#variant(request, token) => {
                    let reply = <S as Service>::#method(service, context, request).await;
                    let _ = token.reply(reply);
                }
            }
        })
        .collect();
    if arms.is_empty() {
        return quote! { let _ = (service, context); match request {} };
    }
    quote! { match request { #(#arms)* } }
}
