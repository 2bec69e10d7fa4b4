use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use simplenet_schema::{Declaration, Fields, Shape, Type, Variant};
use syn::Ident;

use super::{Context, doc::doc};
use crate::names::ident;
use crate::resolve::{Derive, TYPES_CHANNEL};

/// The declared types.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    context.outline.parts.types.iter().map(|declared| declaration(context, declared)).collect()
}

fn declaration(context: &Context<'_>, declared: &Declaration) -> TokenStream {
    let name = declared_name(context, &declared.name, &declared.name);
    let docs = docs(context, &declared.name, || role(context, &declared.name));
    let derives = derives(context, &declared.name);
    let item = match &declared.shape {
        Shape::Struct(contents) => {
            let fields = fields(context, &declared.name, contents, &quote!(pub));
            match contents {
                Fields::Named(_) => quote! { pub struct #name #fields },
                _ => quote! { pub struct #name #fields; },
            }
        }
        Shape::Enum(variants) => {
            let variants = variants.iter().map(|each| variant(context, &declared.name, each));
            quote! { pub enum #name { #(#variants,)* } }
        }
    };
    quote! { #docs #derives #item }
}

fn variant(context: &Context<'_>, owner: &str, variant: &Variant) -> TokenStream {
    let path = format!("{owner}.{}", variant.name);
    let docs = docs(context, &path, || format!("The variant `{}` of `{owner}`.", variant.name));
    let name = declared_name(context, &path, &variant.name);
    let fields = fields(context, &path, &variant.fields, &TokenStream::new());
    quote! { #docs #name #fields }
}

fn fields(
    context: &Context<'_>,
    owner: &str,
    fields: &Fields,
    visibility: &TokenStream,
) -> TokenStream {
    match fields {
        Fields::Unit => TokenStream::new(),
        Fields::Newtype(_) | Fields::Tuple(_) => {
            let fields = fields.types().into_iter().enumerate().map(|(index, r#type)| {
                let docs = written_docs(context, &format!("{owner}.{index}"));
                let r#type = self::r#type(context, r#type);
                quote! { #docs #visibility #r#type }
            });
            quote! { ( #(#fields),* ) }
        }
        Fields::Named(fields) => {
            let fields = fields.iter().map(|field| {
                let path = format!("{owner}.{}", field.name);
                let docs =
                    docs(context, &path, || format!("The field `{}` of `{owner}`.", field.name));
                let name = declared_name(context, &path, &field.name);
                let r#type = self::r#type(context, &field.r#type);
                quote! { #docs #visibility #name: #r#type }
            });
            quote! { { #(#fields,)* } }
        }
    }
}

/// A name where it is declared.
fn declared_name(context: &Context<'_>, path: &str, name: &str) -> Ident {
    let mut name = ident(name);
    if let Some(span) = context.outline.spans.get(path) {
        name.set_span(*span);
    }
    name
}

/// A type as it is named inside the channel's module.
pub(super) fn r#type(context: &Context<'_>, written: &Type) -> TokenStream {
    let runtime = context.runtime;
    let arguments = written.arguments().into_iter().map(|inner| r#type(context, inner));
    match written {
        Type::Primitive(simplenet_schema::Primitive::String) => quote!(::std::string::String),
        Type::Primitive(simplenet_schema::Primitive::Bytes) => quote!(#runtime::Bytes),
        Type::Primitive(primitive) => ident(primitive.name()).into_token_stream(),
        Type::Named(name) => ident(name).into_token_stream(),
        Type::External(path) => external(path),
        Type::Option(_) => quote!(::core::option::Option<#(#arguments),*>),
        Type::Vec(_) => quote!(::std::vec::Vec<#(#arguments),*>),
        Type::Array(_, length) => {
            let length = Literal::usize_unsuffixed(*length);
            quote!([#(#arguments)*; #length])
        }
        Type::Tuple(_) => quote!((#(#arguments),*)),
        Type::Result(..) => quote!(::core::result::Result<#(#arguments),*>),
        Type::Boxed(_) => quote!(::std::boxed::Box<#(#arguments),*>),
        Type::HashMap(..) => quote!(::std::collections::HashMap<#(#arguments),*>),
        Type::BTreeMap(..) => quote!(::std::collections::BTreeMap<#(#arguments),*>),
        Type::HashSet(_) => quote!(::std::collections::HashSet<#(#arguments),*>),
        Type::BTreeSet(_) => quote!(::std::collections::BTreeSet<#(#arguments),*>),
    }
}

/// The path of an external type: of a crate, unless it begins with `crate`.
fn external(path: &str) -> TokenStream {
    let mut segments = path.split("::");
    let first = segments.next().unwrap_or_default();
    let rest = segments.map(ident);
    if first == "crate" {
        quote!(crate #(::#rest)*)
    } else {
        let first = ident(first);
        quote!(::#first #(::#rest)*)
    }
}

/// What every generated type derives, and where serde is found.
pub(super) fn standard_derives(context: &Context<'_>) -> TokenStream {
    let runtime = context.runtime;
    quote! {
        ::core::clone::Clone,
        ::core::fmt::Debug,
        ::core::cmp::PartialEq,
        #runtime::__private::serde::Serialize,
        #runtime::__private::serde::Deserialize
    }
}

/// Tells the derives of serde where serde is.
pub(super) fn serde_crate(context: &Context<'_>) -> TokenStream {
    let runtime = context.runtime;
    let path = quote!(#runtime::__private::serde).to_string().replace(' ', "");
    quote!(#[serde(crate = #path)])
}

fn derives(context: &Context<'_>, name: &str) -> TokenStream {
    let standard = standard_derives(context);
    let serde = serde_crate(context);
    let asked =
        context.outline.derives.get(name).into_iter().flatten().map(|derive| match derive {
            Derive::Copy => quote!(::core::marker::Copy),
            Derive::Eq => quote!(::core::cmp::Eq),
            Derive::Hash => quote!(::core::hash::Hash),
            Derive::PartialOrd => quote!(::core::cmp::PartialOrd),
            Derive::Ord => quote!(::core::cmp::Ord),
            Derive::Default => quote!(::core::default::Default),
            Derive::Path(path) => external(path),
        });
    quote!(#[derive(#standard #(, #asked)*)] #serde)
}

fn docs(context: &Context<'_>, path: &str, otherwise: impl FnOnce() -> String) -> TokenStream {
    let text = context.outline.docs.get(path).cloned().unwrap_or_else(otherwise);
    doc(&text)
}

fn written_docs(context: &Context<'_>, path: &str) -> TokenStream {
    context.outline.docs.get(path).map_or_else(TokenStream::new, |text| doc(text))
}

/// What a type is there for, where the schema does not say.
fn role(context: &Context<'_>, name: &str) -> String {
    let parts = &context.outline.parts;
    let channel = context.channel();
    let request = parts.client_requests.iter().find(|request| request.name == name);
    if let Some(request) = request {
        format!("A request of a client of `{channel}`, answered with `{}`.", request.response)
    } else if parts.client_messages.iter().any(|message| message == name) {
        format!("A message that a client of `{channel}` sends.")
    } else if parts.server_messages.iter().any(|message| message == name) {
        format!("A message that the server of `{channel}` sends.")
    } else if matches!(&parts.connect, Type::Named(connect) if connect == name) {
        format!("What a client of `{channel}` sends as it connects.")
    } else if channel == TYPES_CHANNEL {
        format!("The type `{name}`.")
    } else {
        format!("The type `{name}` of the channel `{channel}`.")
    }
}
