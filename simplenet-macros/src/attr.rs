use proc_macro2::TokenStream;
use syn::{Error, Ident, LitStr, Path, Result, Token, ext::IdentExt, parse::Parser, parse_quote};

/// What stands in `#[channel(..)]`.
pub(crate) struct Attribute {
    /// The path of the schema file, as it is written.
    pub(crate) schema: LitStr,
    /// The path of the runtime crate.
    pub(crate) runtime: Path,
}

impl Attribute {
    pub(crate) fn parse(tokens: TokenStream) -> Result<Self> {
        let mut schema = None;
        let mut runtime = None;
        let parse = |input: syn::parse::ParseStream<'_>| {
            while !input.is_empty() {
                let name = Ident::parse_any(input)?;
                input.parse::<Token![=]>()?;
                match name.to_string().as_str() {
                    "schema" => set(&mut schema, input.parse::<LitStr>()?, &name)?,
                    "crate" => set(&mut runtime, Path::parse_mod_style(input)?, &name)?,
                    _ => {
                        let message = format!(
                            "unknown argument `{name}`: `schema = \"..\"` and `crate = ..` are known"
                        );
                        return Err(Error::new(name.span(), message));
                    }
                }
                if !input.is_empty() {
                    input.parse::<Token![,]>()?;
                }
            }
            Ok(input.span())
        };
        let end = Parser::parse2(parse, tokens)?;
        let missing = "name the schema: `#[channel(schema = \"path/from/Cargo.toml/chat.ron\")]`";
        Ok(Self {
            schema: schema.ok_or_else(|| Error::new(end, missing))?,
            runtime: runtime.unwrap_or_else(|| parse_quote!(::simplenet)),
        })
    }
}

fn set<T>(slot: &mut Option<T>, value: T, name: &Ident) -> Result<()> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Error::new(name.span(), format!("`{name}` is given twice"))),
    }
}
