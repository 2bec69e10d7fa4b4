use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{File, ImplItem, Item, ItemImpl, Macro, parse_quote};

/// The code as somebody would write it.
///
/// A formatter leaves alone what is given to a macro, and half of a channel is given to one that leaves it out of builds
/// without a server or a client. So that is taken out, formatted by itself, and put back in its place.
pub fn format_code(code: &TokenStream) -> String {
    match syn::parse2::<File>(code.clone()) {
        Ok(file) => format_file(file),
        Err(_) => code.to_string(),
    }
}

fn format_file(mut file: File) -> String {
    let mut taken = Vec::new();
    take_from_items(&mut file.items, &mut taken);
    let text = prettyplease::unparse(&file);
    let mut lines = Vec::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        match position(line).and_then(|position| taken.get(position)) {
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

/// What stands in the place of a macro.
const PLACE: &str = "__TAKEN_OUT_";

fn position(line: &str) -> Option<usize> {
    let rest = line.trim_start().strip_prefix("const ")?.strip_prefix(PLACE)?;
    rest.split(':').next()?.parse().ok()
}

fn place(position: usize) -> TokenStream {
    let name = quote::format_ident!("{PLACE}{position}");
    quote! { const #name: () = (); }
}

fn take_from_items(items: &mut [Item], taken: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Mod(module) => {
                if let Some((_, items)) = &mut module.content {
                    take_from_items(items, taken);
                }
            }
            Item::Impl(implementation) => take_from_impl(implementation, taken),
            Item::Macro(call) => {
                let inner = syn::parse2::<File>(call.mac.tokens.clone());
                if let (true, Ok(inner)) = (in_braces(&call.mac), inner) {
                    let text = around(&call.mac, &format_file(inner));
                    let place = place(taken.len());
                    *item = parse_quote!(#place);
                    taken.push(text);
                }
            }
            _ => {}
        }
    }
}

fn take_from_impl(implementation: &mut ItemImpl, taken: &mut Vec<String>) {
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
            let text = around(&call.mac, &inner.join("\n"));
            let place = place(taken.len());
            *item = parse_quote!(#place);
            taken.push(text);
        }
    }
}

fn in_braces(call: &Macro) -> bool {
    matches!(call.delimiter, syn::MacroDelimiter::Brace(_))
}

fn around(call: &Macro, inner: &str) -> String {
    let path = call.path.to_token_stream().to_string().replace(' ', "");
    let lines: Vec<String> = inner.lines().map(|line| indented(line, 4)).collect();
    format!("{path}! {{\n{}\n}}", lines.join("\n"))
}
