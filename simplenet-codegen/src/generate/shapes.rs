use std::collections::HashSet;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use simplenet_schema::{Declaration, Fields, Primitive, RawSchema, Shape, Type};
use syn::Ident;

use super::{Context, types};

/// Generates the shape of each declared and external type: the structure of its bytes, by which
/// the runtime finds fields in a payload. The shapes of shared types come from their module.
pub(super) fn generate(context: &Context<'_>) -> TokenStream {
    let Context { runtime, .. } = context;
    let uses = context.ir.shared.iter().filter(|shared| !shared.names.is_empty());
    let uses = uses.map(|shared| {
        let path = &shared.path;
        let names = shared.names.iter().map(|name| declared_shape(name));
        quote! { #[doc(hidden)] pub use #path::{#(#names,)*}; }
    });
    let declared = context.ir.raw.types.iter().map(|declared| declaration(context, declared));
    let used = used_externals(&context.ir.raw);
    let externals = context.ir.raw.externals.iter().enumerate();
    let externals = externals.filter(|(_, external)| used.contains(external.path.as_str()));
    let externals = externals.map(|(index, external)| {
        let name = external_shape(index);
        let r#type = types::external(&external.path);
        quote! {
            static #name: #runtime::__private::Shape =
                #runtime::__private::Shape::external::<#r#type>();
        }
    });
    quote! { #runtime::__private::if_session! { #(#uses)* #(#declared)* #(#externals)* } }
}

/// Generates the method that returns the payloads of the channel.
pub(super) fn payloads(context: &Context<'_>) -> TokenStream {
    let Context { runtime, .. } = context;
    let raw = &context.ir.raw;
    let connect = shape(context, &raw.connect);
    let named = |name: &String| (name.clone(), Type::Named(name.clone()));
    let client_messages = variants(context, raw.client_messages.iter().map(named));
    let server_messages = variants(context, raw.server_messages.iter().map(named));
    let requests = raw.client_requests.iter();
    let client_requests = variants(context, requests.clone().map(|each| named(&each.name)));
    let responses = requests.map(|each| (each.name.clone(), each.response.clone()));
    let responses = variants(context, responses);
    quote! {
        #runtime::__private::if_session! {
            fn payloads() -> &'static #runtime::__private::Payloads {
                static CONNECT: &#runtime::__private::Shape = #connect;
                static CLIENT_MSG: #runtime::__private::Shape = #client_messages;
                static CLIENT_REQUEST: #runtime::__private::Shape = #client_requests;
                static SERVER_MSG: #runtime::__private::Shape = #server_messages;
                static SERVER_RESPONSE: #runtime::__private::Shape = #responses;
                static PAYLOADS: ::std::sync::LazyLock<#runtime::__private::Payloads> =
                    ::std::sync::LazyLock::new(|| #runtime::__private::Payloads::new(
                        CONNECT,
                        [&CLIENT_MSG, &CLIENT_REQUEST, &SERVER_MSG, &SERVER_RESPONSE],
                    ));
                &PAYLOADS
            }
        }
    }
}

/// Generates the same method for a channel with errors.
pub(super) fn no_payloads(context: &Context<'_>) -> TokenStream {
    let Context { runtime, .. } = context;
    quote! {
        #runtime::__private::if_session! {
            fn payloads() -> &'static #runtime::__private::Payloads {
                ::core::unreachable!()
            }
        }
    }
}

/// Returns the external types that this module uses. A shared type may use others, whose paths need
/// not be valid in this crate.
fn used_externals(raw: &RawSchema) -> HashSet<&str> {
    let mut used = HashSet::new();
    let declared = raw.types.iter().flat_map(|declared| declared.shape.types());
    let responses = raw.client_requests.iter().map(|request| &request.response);
    let mut open: Vec<&Type> = declared.chain(responses).chain([&raw.connect]).collect();
    while let Some(next) = open.pop() {
        if let Type::External(path) = next {
            used.insert(path.as_str());
        }
        open.extend(next.arguments());
    }
    used
}

/// Returns the shape of a payload: an enum whose variants have one field without a name.
fn variants(context: &Context<'_>, variants: impl Iterator<Item = (String, Type)>) -> TokenStream {
    let Context { runtime, .. } = context;
    let variants = variants.map(|(name, r#type)| {
        let shape = shape(context, &r#type);
        quote! { (#name, &[("", #shape)]) }
    });
    quote! { #runtime::__private::Shape::Enum(&[#(#variants),*]) }
}

fn declaration(context: &Context<'_>, declared: &Declaration) -> TokenStream {
    let Context { runtime, .. } = context;
    let name = declared_shape(&declared.name);
    let shape = match &declared.shape {
        Shape::Struct(contents) => {
            let fields = fields(context, contents);
            quote! { #runtime::__private::Shape::Fields(#fields) }
        }
        Shape::Enum(variants) => {
            let variants = variants.iter().map(|variant| {
                let (name, fields) = (&variant.name, fields(context, &variant.fields));
                quote! { (#name, #fields) }
            });
            quote! { #runtime::__private::Shape::Enum(&[#(#variants),*]) }
        }
    };
    quote! {
        #[doc(hidden)]
        pub static #name: #runtime::__private::Shape = #shape;
    }
}

fn fields(context: &Context<'_>, fields: &Fields) -> TokenStream {
    let fields = fields.types().into_iter().enumerate().map(|(index, r#type)| {
        let (label, shape) = (fields.label(index), shape(context, r#type));
        quote! { (#label, #shape) }
    });
    quote! { &[#(#fields),*] }
}

/// Returns a reference to the shape of a type.
fn shape(context: &Context<'_>, r#type: &Type) -> TokenStream {
    let Context { runtime, .. } = context;
    let arguments = r#type.arguments().into_iter().map(|inner| shape(context, inner));
    let kind = match r#type {
        Type::Named(name) => {
            let name = declared_shape(name);
            return quote! { &#name };
        }
        Type::External(path) => {
            let mut externals = context.ir.raw.externals.iter();
            let index = externals.position(|external| external.path == *path);
            let name = external_shape(index.unwrap_or_default());
            return quote! { &#name };
        }
        Type::Primitive(primitive) => self::primitive(*primitive),
        Type::Option(_) => quote! { Option(#(#arguments),*) },
        Type::Vec(_) => quote! { List(#(#arguments),*) },
        Type::HashSet(_) | Type::BTreeSet(_) => quote! { Set(#(#arguments),*) },
        Type::HashMap(..) | Type::BTreeMap(..) => quote! { Map(#(#arguments),*) },
        Type::Boxed(_) => quote! { Boxed(#(#arguments),*) },
        Type::Array(_, length) => {
            let length = Literal::usize_unsuffixed(*length);
            quote! { Array(#(#arguments,)* #length) }
        }
        Type::Tuple(_) => {
            let fields = arguments.enumerate().map(|(index, shape)| {
                let label = index.to_string();
                quote! { (#label, #shape) }
            });
            quote! { Fields(&[#(#fields),*]) }
        }
        Type::Result(..) => {
            let variants = arguments.zip(["Ok", "Err"]).map(|(shape, name)| {
                quote! { (#name, &[("0", #shape)]) }
            });
            quote! { Enum(&[#(#variants),*]) }
        }
    };
    quote! { &#runtime::__private::Shape::#kind }
}

fn primitive(primitive: Primitive) -> TokenStream {
    match primitive {
        Primitive::Bool => quote!(Bool),
        Primitive::U8 | Primitive::I8 => quote!(Byte),
        Primitive::U16 | Primitive::I16 => quote!(Integer(16)),
        Primitive::U32 | Primitive::I32 => quote!(Integer(32)),
        Primitive::U64 | Primitive::I64 => quote!(Integer(64)),
        Primitive::U128 | Primitive::I128 => quote!(Integer(128)),
        Primitive::F32 => quote!(Float(4)),
        Primitive::F64 => quote!(Float(8)),
        Primitive::Char => quote!(Char),
        Primitive::String => quote!(Text),
        Primitive::Bytes => quote!(Bytes),
    }
}

fn declared_shape(name: &str) -> Ident {
    format_ident!("__shape_{name}")
}

fn external_shape(index: usize) -> Ident {
    format_ident!("__external_shape_{index}")
}
