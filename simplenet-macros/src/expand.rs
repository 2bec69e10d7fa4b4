use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use proc_macro2::{Span, TokenStream};
use quote::quote;
use simplenet_codegen::{
    Compiled, Compiler, Inline, Module, TypesModule, generate, generate_types,
};
use syn::{Error, Item, ItemMod, LitStr, Result, ext::IdentExt};

use crate::{arguments::Arguments, fallback};

/// Expands `#[channel(..)] mod name {..}`.
pub(crate) fn channel(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let (module, items) = match module(item.clone()) {
        Ok(module) => module,
        Err(error) => return error_and_item(&error, &item),
    };
    let source = Arguments::parse(attribute).and_then(|arguments| {
        let source = Source::new(&arguments, &module, &items)?;
        Ok((source, arguments))
    });
    let body = match source {
        Ok((source, arguments)) => expand(&source, &arguments, &module, &items),
        Err(error) => fallback::without_schema(&error, &module),
    };
    fill(&module, &format!("The channel `{}`.", module.ident), &body)
}

/// Expands `#[types(..)] mod name {}`.
pub(crate) fn types(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let module = match module(item.clone()).and_then(|(module, items)| {
        require_empty(&items)?;
        Ok(module)
    }) {
        Ok(module) => module,
        Err(error) => return error_and_item(&error, &item),
    };
    let arguments = Arguments::parse(attribute).and_then(|arguments| {
        let schema = arguments.only_schema()?.clone();
        Ok((schema, arguments))
    });
    let body = match arguments {
        Ok((schema, arguments)) => expand_types(&schema, &arguments),
        Err(error) => fallback::types_without_schema(&error),
    };
    fill(&module, "Types that several channels share.", &body)
}

/// Parses a module. Returns the module without its items, and the items.
fn module(item: TokenStream) -> Result<(ItemMod, Vec<Item>)> {
    let mut module = syn::parse2::<ItemMod>(item)?;
    match module.content.take() {
        Some((_, items)) => Ok((module, items)),
        None => Err(Error::new_spanned(
            &module.ident,
            "the module has no body for the generated code: write `{}` instead of `;`",
        )),
    }
}

fn require_empty(items: &[Item]) -> Result<()> {
    match items.first() {
        None => Ok(()),
        Some(first) => {
            Err(Error::new_spanned(first, "the module of a schema file must be empty: write `{}`"))
        }
    }
}

fn error_and_item(error: &Error, item: &TokenStream) -> TokenStream {
    let error = error.to_compile_error();
    quote! { #error #item }
}

/// The source of a channel.
enum Source {
    /// A schema file, by its path.
    Schema(LitStr),
    /// The module itself, with the name of the channel.
    Inline { name: String, span: Span },
}

impl Source {
    fn new(arguments: &Arguments, module: &ItemMod, items: &[Item]) -> Result<Self> {
        if arguments.schema.is_some() {
            require_empty(items)?;
            return arguments.only_schema().cloned().map(Self::Schema);
        }
        if items.is_empty() {
            let message = "the channel has neither a schema file nor declarations: write \
                           `#[channel(schema = \"path/from/Cargo.toml/chat.ron\")]`, \
                           or declare the channel in the module";
            return Err(Error::new(module.ident.span(), message));
        }
        Ok(match &arguments.name {
            Some(name) => Self::Inline { name: name.value(), span: name.span() },
            None => {
                Self::Inline { name: module.ident.unraw().to_string(), span: module.ident.span() }
            }
        })
    }

    /// Returns the span at which errors in files are reported.
    fn span(&self, arguments: &Arguments) -> Span {
        match (self, arguments.files.first()) {
            (Self::Schema(path), _) | (_, Some(path)) => path.span(),
            (Self::Inline { span, .. }, None) => *span,
        }
    }
}

impl Arguments {
    /// Returns the path of the schema file.
    ///
    /// # Errors
    ///
    /// Fails if the argument `schema` is missing, or if there is an argument for inline channels
    /// only.
    fn only_schema(&self) -> Result<&LitStr> {
        let Some(schema) = &self.schema else {
            let message =
                "the schema file is missing: write `schema = \"path/from/Cargo.toml/common.ron\"`";
            return Err(Error::new(Span::call_site(), message));
        };
        let inline_only = [
            ("name", self.name.as_ref().map(LitStr::span)),
            ("include", self.files.first().map(LitStr::span)),
            ("external", self.external),
        ];
        match inline_only.into_iter().find_map(|(name, span)| Some((name, span?))) {
            None => Ok(schema),
            Some((name, span)) => {
                let message = format!("`{name}` belongs in the schema file: remove it here");
                Err(Error::new(span, message))
            }
        }
    }
}

fn expand(source: &Source, arguments: &Arguments, module: &ItemMod, items: &[Item]) -> TokenStream {
    let runtime = arguments.runtime();
    let compiled = with_compiler(&arguments.modules, |compiler| match source {
        Source::Schema(path) => compiler.schema(&manifest_directory().join(path.value())),
        Source::Inline { name, span } => compiler.inline(&Inline {
            name: (name.clone(), *span),
            items,
            includes: &arguments.files,
            externals: &arguments.externals,
            directory: &manifest_directory(),
        }),
    });
    let Compiled { files, outcome } = compiled;
    let tracked = tracked(&files);
    let items = match outcome {
        Ok(channel) => {
            let pinned = arguments.hash.as_ref().map(|pin| pin.check(&channel));
            let items = generate(&channel, &runtime);
            quote! { #pinned #items }
        }
        Err(failure) => fallback::stub(&failure, source.span(arguments), module, &runtime),
    };
    quote! { #tracked #items }
}

fn expand_types(schema: &LitStr, arguments: &Arguments) -> TokenStream {
    let runtime = arguments.runtime();
    let Compiled { files, outcome } = with_compiler(&arguments.modules, |compiler| {
        compiler.types(&manifest_directory().join(schema.value()))
    });
    let tracked = tracked(&files);
    let items = match outcome {
        Ok(types) => generate_types(&types, &runtime),
        Err(failure) => fallback::types_stub(&failure, schema.span(), &runtime),
    };
    quote! { #tracked #items }
}

fn with_compiler<T>(shared: &[TypesModule], run: impl FnOnce(Compiler<'_>) -> T) -> T {
    let shown_from = env::current_dir().unwrap_or_default();
    let read: &mut dyn FnMut(&Path) -> io::Result<String> = &mut |path| fs::read_to_string(path);
    run(Compiler { shown_from: &shown_from, shared, read })
}

/// Returns the directory of `Cargo.toml`. Cargo sets a variable with this path for every crate that
/// it compiles.
fn manifest_directory() -> PathBuf {
    env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

/// Includes the bytes of the files, so that the compiler runs the macro again when a file changes.
fn tracked(files: &[PathBuf]) -> TokenStream {
    let current = env::current_dir().unwrap_or_default();
    let paths = files.iter().filter_map(|file| absolute(&current, file));
    quote! { #(const _: &[u8] = ::core::include_bytes!(#paths);)* }
}

/// Returns an absolute path. `include_bytes!` would look for a relative one beside the source file.
fn absolute(current: &Path, file: &Path) -> Option<String> {
    current.join(file).to_str().map(str::to_owned)
}

fn fill(module: &ItemMod, docs: &str, body: &TokenStream) -> TokenStream {
    let ItemMod { attrs, vis, ident, .. } = module;
    Module { attributes: attrs, visibility: vis, name: ident, docs }.fill(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the message of every `compile_error!` in an expansion.
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
    fn wrong_arguments_are_refused() {
        let reported = |attribute: &str| errors(attribute, "mod chat {}");
        assert_eq!(
            reported(""),
            ["the channel has neither a schema file nor declarations: write \
              `#[channel(schema = \"path/from/Cargo.toml/chat.ron\")]`, \
              or declare the channel in the module"]
        );
        assert_eq!(
            reported("shema = \"chat.ron\""),
            ["unknown argument `shema`: use `schema`, `hash`, `include(..)` or `crate`, \
              or without a schema file `name` or `external(..)`"]
        );
        assert_eq!(reported("schema = \"a\", schema = \"b\""), ["duplicate argument `schema`"]);
        assert_eq!(reported("schema = chat"), ["expected string literal"]);
        assert_eq!(
            reported("external(a::B = \"1\"), external()"),
            ["duplicate argument `external`"]
        );
        let schema = "schema = \"../schemas/chat.ron\"";
        for (more, name) in [
            ("name = \"other\"", "name"),
            ("include(\"common.ron\")", "include"),
            ("external(a::B = \"1\")", "external"),
        ] {
            let expected = format!("`{name}` belongs in the schema file: remove it here");
            assert_eq!(reported(&format!("{schema}, {more}")), [expected]);
        }
    }

    #[test]
    fn module_without_an_empty_body_is_refused() {
        let reported = |item: &str| errors("schema = \"../schemas/chat.ron\"", item);
        assert_eq!(
            reported("mod chat;"),
            ["the module has no body for the generated code: write `{}` instead of `;`"]
        );
        assert_eq!(
            reported("mod chat { struct Own; }"),
            ["the module of a schema file must be empty: write `{}`"]
        );
        assert_eq!(reported("struct Chat;"), ["expected `mod`"]);
    }

    #[test]
    fn pinned_hash_of_another_channel_is_refused() {
        let reported = |pin: &str| {
            errors(
                &format!("schema = \"../schemas/chat-old.ron\", hash = \"{pin}\""),
                "mod chat {}",
            )
        };
        let refusal = &reported("0123456789abcdef")[0];
        let (_, hash) = refusal.split_once("the protocol hash is `").expect("the hash");
        let hash = &hash[..32];
        assert!(refusal.contains(&format!("`hash = \"{hash}\"`")), "{refusal}");
        assert_eq!(reported(hash), [""; 0]);
        assert_eq!(reported(&hash.to_uppercase()), [""; 0]);
        assert_eq!(reported(&hash[..8]), [""; 0]);
        for invalid in [&hash[..7], &format!("{hash}0"), "0x345678", ""] {
            assert!(reported(invalid)[0].starts_with("invalid protocol hash"));
        }
    }

    #[test]
    fn inline_channel_is_expanded() {
        let module = "pub mod talk { //! Talks.\n #[server_message] pub struct Posted; }";
        let expand = |attribute: &str| {
            let attribute = attribute.parse().expect("tokens");
            channel(attribute, module.parse().expect("tokens")).to_string()
        };
        let expanded = expand("");
        assert!(expanded.contains("# [doc = \" Talks.\"]"), "{expanded}");
        assert!(expanded.contains("impl :: simplenet :: ChannelPack for Talk"), "{expanded}");
        assert!(expand("name = \"gossip\"").contains("ChannelPack for Gossip"));
        let reported = errors("include(\"../schemas/common.ron\", comon = crate::c)", module);
        assert_eq!(reported.len(), 1);
        assert!(
            reported[0].starts_with("no included file has the name `comon`"),
            "{}",
            reported[0]
        );
        assert!(reported[0].contains("did you mean `common`?"), "{}", reported[0]);
    }

    #[test]
    fn shared_types_are_generated_from_a_file() {
        let attribute = "schema = \"../schemas/common.ron\"".parse().expect("tokens");
        let expanded = types(attribute, "pub mod common {}".parse().expect("tokens")).to_string();
        assert!(expanded.contains("pub struct RoomId"), "{expanded}");
        assert!(!expanded.contains("ChannelPack"), "{expanded}");
        for (attribute, expected) in
            [("", "the schema file is missing"), ("name = \"a\"", "the schema file is missing")]
        {
            let expanded =
                types(attribute.parse().expect("tokens"), "mod a {}".parse().expect("tokens"));
            assert!(expanded.to_string().contains(expected), "{expanded}");
        }
    }

    #[test]
    fn missing_schema_file_is_reported() {
        let reported = errors("schema = \"missing/chat.ron\"", "mod chat {}");
        assert_eq!(reported.len(), 1);
        assert!(reported[0].starts_with("cannot read the schema `"), "{}", reported[0]);
    }

    #[test]
    fn every_file_is_watched_and_the_module_is_kept() {
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
