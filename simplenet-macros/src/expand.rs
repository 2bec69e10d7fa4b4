use std::{
    env, fs,
    path::{Path, PathBuf},
};

use proc_macro2::TokenStream;
use quote::quote;
use simplenet_codegen::{Compiled, compile, generate};
use syn::{Error, ItemMod, Result};

use crate::{attr::Attribute, fallback};

/// `#[channel(..)] mod name {}`.
pub(crate) fn channel(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let module = match syn::parse2::<ItemMod>(item.clone()).and_then(empty) {
        Ok(module) => module,
        Err(error) => {
            let error = error.into_compile_error();
            return quote! { #error #item };
        }
    };
    let body = match Attribute::parse(attribute) {
        Ok(attribute) => from_schema(&attribute, &module),
        Err(error) => fallback::without_schema(&error, &module),
    };
    fill(&module, &body)
}

/// With a schema file the module's own content would be a second source.
fn empty(module: ItemMod) -> Result<ItemMod> {
    match &module.content {
        Some((_, items)) if items.is_empty() => Ok(module),
        Some((brace, _)) => Err(Error::new(
            brace.span.join(),
            "the schema file says what is in this module: leave it empty, `{}`",
        )),
        None => Err(Error::new_spanned(
            &module.ident,
            "the generated code needs a place: write `{}` instead of `;`",
        )),
    }
}

fn from_schema(attribute: &Attribute, module: &ItemMod) -> TokenStream {
    let Compiled { files, outcome } = {
        let path = manifest_directory().join(attribute.schema.value());
        let shown_from = env::current_dir().unwrap_or_default();
        compile(&path, &shown_from, &mut |path| fs::read_to_string(path))
    };
    let tracked = tracked(&files);
    let items = match outcome {
        Ok(channel) => generate(&channel, &attribute.runtime),
        Err(failure) => fallback::stub(&failure, attribute, module),
    };
    quote! { #tracked #items }
}

/// Cargo tells every crate that it compiles where its `Cargo.toml` is.
fn manifest_directory() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

/// Makes the compiler watch the files, which is what including their bytes does.
fn tracked(files: &[PathBuf]) -> TokenStream {
    let current = env::current_dir().unwrap_or_default();
    let paths = files.iter().filter_map(|file| absolute(&current, file));
    quote! { #(const _: &[u8] = ::core::include_bytes!(#paths);)* }
}

/// A path in `include_bytes!` would else be relative to the user's source file.
fn absolute(current: &Path, file: &Path) -> Option<String> {
    current.join(file).to_str().map(str::to_owned)
}

/// The module with its attributes and visibility, and this in it.
fn fill(module: &ItemMod, body: &TokenStream) -> TokenStream {
    let ItemMod { attrs, vis, mod_token, ident, .. } = module;
    let documented = attrs.iter().any(|attribute| attribute.path().is_ident("doc"));
    let docs = (!documented).then(|| {
        let text = format!("The channel `{ident}`, generated from its schema.");
        quote!(#[doc = #text])
    });
    quote! {
        #docs
        #(#attrs)*
        #[allow(
            dead_code,
            nonstandard_style,
            unreachable_pub,
            reason = "names are the schema's, and no program uses all of a channel"
        )]
        #vis #mod_token #ident { #body }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of every `compile_error!` in an expansion.
    fn errors(attribute: &str, item: &str) -> Vec<String> {
        let parse = |text: &str| text.parse::<TokenStream>().expect("tokens");
        let expanded = channel(parse(attribute), parse(item)).to_string();
        assert!(syn::parse_str::<syn::File>(&expanded).is_ok(), "{expanded}");
        let starts = expanded.match_indices("compile_error !").map(|(at, found)| at + found.len());
        starts
            .map(|start| {
                let literal = expanded[start..].trim_start_matches([' ', '{', '(']);
                let end = literal[1..].find("\" ").expect("the end of the message") + 2;
                syn::parse_str::<syn::LitStr>(&literal[..end]).expect("a message").value()
            })
            .collect()
    }

    #[test]
    fn arguments() {
        let told = |attribute: &str| errors(attribute, "mod chat {}");
        assert_eq!(
            told(""),
            ["name the schema: `#[channel(schema = \"path/from/Cargo.toml/chat.ron\")]`"]
        );
        assert_eq!(
            told("shema = \"chat.ron\""),
            ["unknown argument `shema`: `schema = \"..\"` and `crate = ..` are known"]
        );
        assert_eq!(told("schema = \"a\", schema = \"b\""), ["`schema` is given twice"]);
        assert_eq!(told("schema = chat"), ["expected string literal"]);
    }

    #[test]
    fn the_module_is_there_and_empty() {
        let told = |item: &str| errors("schema = \"../schemas/chat.ron\"", item);
        assert_eq!(
            told("mod chat;"),
            ["the generated code needs a place: write `{}` instead of `;`"]
        );
        assert_eq!(
            told("mod chat { struct Own; }"),
            ["the schema file says what is in this module: leave it empty, `{}`"]
        );
        assert_eq!(told("struct Chat;"), ["expected `mod`"]);
    }

    #[test]
    fn a_missing_file() {
        let told = errors("schema = \"nowhere/chat.ron\"", "mod chat {}");
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("cannot read the schema `"), "{}", told[0]);
    }

    #[test]
    fn every_file_is_watched_and_the_module_kept() {
        let attribute = "schema = \"../schemas/chat.ron\", crate = crate::net".parse().unwrap();
        let item = "#[cfg(all())] pub(crate) mod talk {}".parse().unwrap();
        let expanded = channel(attribute, item).to_string();
        for file in ["chat.ron", "common.ron"] {
            let watched = expanded.match_indices("include_bytes ! (").any(|(at, found)| {
                let rest = &expanded[at + found.len()..];
                let path = rest.split('"').nth(1).unwrap_or_default();
                Path::new(path).is_absolute() && path.ends_with(file)
            });
            assert!(watched, "{file} in {expanded}");
        }
        assert!(expanded.contains("# [cfg (all ())]"), "{expanded}");
        assert!(expanded.contains("pub (crate) mod talk {"), "{expanded}");
        assert!(expanded.contains("impl crate :: net :: ChannelPack for Chat"), "{expanded}");
    }
}
