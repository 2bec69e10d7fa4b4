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
