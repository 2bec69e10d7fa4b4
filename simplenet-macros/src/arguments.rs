use proc_macro2::{Span, TokenStream};
use simplenet_codegen::TypesModule;
use syn::{
    Error, Ident, LitStr, Path, Result, Token,
    ext::IdentExt,
    parenthesized,
    parse::{Parse, ParseStream, Parser},
    parse_quote,
    punctuated::Punctuated,
};

use crate::pin::Pin;

/// The arguments of `#[channel(..)]` and `#[types(..)]`. Each macro checks which arguments may be
/// combined.
#[derive(Default)]
pub(crate) struct Arguments {
    /// The path of the schema file.
    pub(crate) schema: Option<LitStr>,
    /// The path of the runtime crate.
    runtime: Option<Path>,
    /// The name of an inline channel.
    pub(crate) name: Option<LitStr>,
    /// The required protocol hash.
    pub(crate) hash: Option<Pin>,
    /// The files that an inline channel includes.
    pub(crate) files: Vec<LitStr>,
    /// The modules that hold the types of included files.
    pub(crate) modules: Vec<TypesModule>,
    /// The external types of an inline channel, with their fingerprints.
    pub(crate) externals: Vec<(Path, LitStr)>,
    /// The span of `external`.
    pub(crate) external: Option<Span>,
    /// The span of `include`.
    include: Option<Span>,
}

const KNOWN: &str =
    "`schema`, `hash`, `include(..)` or `crate`, or without a schema file `name` or `external(..)`";

impl Arguments {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        Parser::parse2(
            |input: ParseStream<'_>| {
                let mut arguments = Self::default();
                while !input.is_empty() {
                    arguments.argument(input)?;
                    if !input.is_empty() {
                        input.parse::<Token![,]>()?;
                    }
                }
                Ok(arguments)
            },
            tokens,
        )
    }

    /// Returns the path of the runtime crate.
    pub(crate) fn runtime(&self) -> Path {
        self.runtime.clone().unwrap_or_else(|| parse_quote!(::simplenet))
    }

    fn argument(&mut self, input: ParseStream<'_>) -> Result<()> {
        let name = Ident::parse_any(input)?;
        match name.to_string().as_str() {
            "schema" => set(&mut self.schema, value(input)?, &name),
            "name" => set(&mut self.name, value(input)?, &name),
            "hash" => set(&mut self.hash, Pin::new(&value(input)?)?, &name),
            "crate" => {
                input.parse::<Token![=]>()?;
                set(&mut self.runtime, Path::parse_mod_style(input)?, &name)
            }
            "include" => {
                set(&mut self.include, name.span(), &name)?;
                for included in list(input)? {
                    match included {
                        Included::File(path) => self.files.push(path),
                        Included::Module(module) => self.modules.push(module),
                    }
                }
                Ok(())
            }
            "external" => {
                set(&mut self.external, name.span(), &name)?;
                self.externals.extend(
                    list(input)?
                        .into_iter()
                        .map(|External { path, fingerprint }| (path, fingerprint)),
                );
                Ok(())
            }
            _ => Err(Error::new(name.span(), format!("unknown argument `{name}`: use {KNOWN}"))),
        }
    }
}

fn value(input: ParseStream<'_>) -> Result<LitStr> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn list<T: Parse>(input: ParseStream<'_>) -> Result<Punctuated<T, Token![,]>> {
    let content;
    parenthesized!(content in input);
    Punctuated::parse_terminated(&content)
}

fn set<T>(slot: &mut Option<T>, value: T, name: &Ident) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new(name.span(), format!("duplicate argument `{name}`"))),
    }
}

/// `"../schemas/common.ron"`, or `common = crate::common`.
enum Included {
    File(LitStr),
    Module(TypesModule),
}

impl Parse for Included {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(LitStr) {
            return input.parse().map(Self::File);
        }
        let file = Ident::parse_any(input)?;
        input.parse::<Token![=]>()?;
        let path = Path::parse_mod_style(input)?;
        Ok(Self::Module(TypesModule { file: file.unraw().to_string(), span: file.span(), path }))
    }
}

/// `uuid::Uuid = "uuid-1"`.
struct External {
    path: Path,
    fingerprint: LitStr,
}

impl Parse for External {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let path = Path::parse_mod_style(input)?;
        Ok(Self { path, fingerprint: value(input)? })
    }
}
