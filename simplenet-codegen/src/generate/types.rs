use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use simplenet_schema::{Declaration, Fields, Shape, Type, Variant};
use syn::Ident;

use super::{Context, doc::doc};
use crate::{
    ir::{Derive, TYPES_CHANNEL},
    names::ident,
};

/// Generates the declared types.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    context.ir.raw.types.iter().map(|declared| declaration(context, declared)).collect()
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
                let docs = explicit_docs(context, &format!("{owner}.{index}"));
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

/// Returns the identifier of a declaration, with the span of its source.
fn declared_name(context: &Context<'_>, path: &str, name: &str) -> Ident {
    let mut name = ident(name);
    if let Some(span) = context.ir.spans.get(path) {
        name.set_span(*span);
    }
    name
}

/// Returns the path of a type inside the module of the channel.
pub(super) fn r#type(context: &Context<'_>, declared: &Type) -> TokenStream {
    let runtime = context.runtime;
    let arguments = declared.arguments().into_iter().map(|inner| r#type(context, inner));
    match declared {
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

/// Returns the absolute path of an external type.
pub(super) fn external(path: &str) -> TokenStream {
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

/// Returns the derives of every generated type.
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

/// Returns the attribute that tells the derives of serde the path of the crate.
pub(super) fn serde_crate(context: &Context<'_>) -> TokenStream {
    let runtime = context.runtime;
    let path = quote!(#runtime::__private::serde).to_string().replace(' ', "");
    quote!(#[serde(crate = #path)])
}

fn derives(context: &Context<'_>, name: &str) -> TokenStream {
    let standard = standard_derives(context);
    let serde = serde_crate(context);
    let requested = context.ir.derives.get(name).into_iter().flatten().map(|derive| match derive {
        Derive::Copy => quote!(::core::marker::Copy),
        Derive::Eq => quote!(::core::cmp::Eq),
        Derive::Hash => quote!(::core::hash::Hash),
        Derive::PartialOrd => quote!(::core::cmp::PartialOrd),
        Derive::Ord => quote!(::core::cmp::Ord),
        Derive::Default => quote!(::core::default::Default),
        Derive::Path(path) => external(path),
    });
    quote!(#[derive(#standard #(, #requested)*)] #serde)
}

fn docs(context: &Context<'_>, path: &str, default: impl FnOnce() -> String) -> TokenStream {
    let text = context.ir.docs.get(path).cloned().unwrap_or_else(default);
    doc(&text)
}

fn explicit_docs(context: &Context<'_>, path: &str) -> TokenStream {
    context.ir.docs.get(path).map_or_else(TokenStream::new, |text| doc(text))
}

/// Returns docs for a type without docs: its role in the channel.
fn role(context: &Context<'_>, name: &str) -> String {
    let raw = &context.ir.raw;
    let channel = context.channel();
    let request = raw.client_requests.iter().find(|request| request.name == name);
    if let Some(request) = request {
        format!("A request from a client of `{channel}`, answered with `{}`.", request.response)
    } else if raw.client_messages.iter().any(|message| message == name) {
        format!("A message from a client of `{channel}`.")
    } else if raw.server_messages.iter().any(|message| message == name) {
        format!("A message from the server of `{channel}`.")
    } else if matches!(&raw.connect, Type::Named(connect) if connect == name) {
        format!("The connect message of a client of `{channel}`.")
    } else if channel == TYPES_CHANNEL {
        format!("The type `{name}`.")
    } else {
        format!("The type `{name}` of the channel `{channel}`.")
    }
}
