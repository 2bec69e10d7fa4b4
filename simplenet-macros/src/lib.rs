//! The attribute macro of `simplenet`. Use it through that crate, which documents it.

mod attr;
mod expand;
mod fallback;

use proc_macro::TokenStream;

/// Generates a channel from its schema, into the module it stands on.
///
/// ```ignore
/// #[simplenet::channel(schema = "../schemas/chat.ron")]
/// pub mod chat {}
/// ```
///
/// - `schema = "path"`: the schema file, relative to the directory of the crate's `Cargo.toml`.
/// - `crate = path`: where the crate `simplenet` is found; `::simplenet` unless given.
///
/// The crate is compiled anew whenever the schema changes, or a file that it includes.
#[proc_macro_attribute]
pub fn channel(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::channel(attribute.into(), item.into()).into()
}
