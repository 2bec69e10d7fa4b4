use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{File, ImplItem, Item, ItemImpl, Macro, parse_quote};

/// Formats code.
///
/// The formatter does not format the arguments of macros. But half of the code of a channel is
/// inside macro calls, which remove it from builds without a server or a client. So a placeholder
/// replaces each macro call, and the argument is formatted by itself and inserted again.
pub fn format_code(code: &TokenStream) -> String {
    match syn::parse2::<File>(code.clone()) {
        Ok(file) => format_file(file),
        Err(_) => code.to_string(),
    }
}

fn format_file(mut file: File) -> String {
    let mut extracted = Vec::new();
    extract_from_items(&mut file.items, &mut extracted);
    let text = prettyplease::unparse(&file);
    let mut lines = Vec::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        match position(line).and_then(|position| extracted.get(position)) {
            Some(text) => lines.extend(text.lines().map(|line| indented(line, indent))),
            None => lines.push(line.to_owned()),
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn indented(line: &str, indent: usize) -> String {
    if line.is_empty() { String::new() } else { format!("{:indent$}{line}", "") }
}

/// The prefix of the constants that replace macro calls.
const PLACEHOLDER: &str = "__PLACEHOLDER_";

fn position(line: &str) -> Option<usize> {
    let rest = line.trim_start().strip_prefix("const ")?.strip_prefix(PLACEHOLDER)?;
    rest.split(':').next()?.parse().ok()
}

fn placeholder(position: usize) -> TokenStream {
    let name = quote::format_ident!("{PLACEHOLDER}{position}");
    quote! { const #name: () = (); }
}

fn extract_from_items(items: &mut [Item], extracted: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    extract_from_items(items, extracted);
                }
            }
            Item::Impl(implementation) => extract_from_impl(implementation, extracted),
            Item::Macro(call) => {
                let inner = syn::parse2::<File>(call.mac.tokens.clone());
                if let (true, Ok(inner)) = (in_braces(&call.mac), inner) {
                    let text = macro_call(&call.mac, &format_file(inner));
                    let placeholder = placeholder(extracted.len());
                    *item = parse_quote!(#placeholder);
                    extracted.push(text);
                }
            }
            _ => {}
        }
    }
}

fn extract_from_impl(implementation: &mut ItemImpl, extracted: &mut Vec<String>) {
    for item in &mut implementation.items {
        let ImplItem::Macro(call) = item else { continue };
        let tokens = &call.mac.tokens;
        let inner = syn::parse2::<File>(quote!(impl Inner { #tokens }));
        if let (true, Ok(inner)) = (in_braces(&call.mac), inner) {
            let text = format_file(inner);
            let lines: Vec<&str> = text.lines().collect();
            let inner = lines.get(1..lines.len().saturating_sub(1)).unwrap_or_default();
            let inner: Vec<&str> =
                inner.iter().map(|line| line.strip_prefix("    ").unwrap_or(line)).collect();
            let text = macro_call(&call.mac, &inner.join("\n"));
            let placeholder = placeholder(extracted.len());
            *item = parse_quote!(#placeholder);
            extracted.push(text);
        }
    }
}

fn in_braces(call: &Macro) -> bool {
    matches!(call.delimiter, syn::MacroDelimiter::Brace(_))
}

fn macro_call(call: &Macro, inner: &str) -> String {
    let path = call.path.to_token_stream().to_string().replace(' ', "");
    let lines: Vec<String> = inner.lines().map(|line| indented(line, 4)).collect();
    format!("{path}! {{\n{}\n}}", lines.join("\n"))
}
